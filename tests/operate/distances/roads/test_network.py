"""An own road graph as a provider."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from takeback.core.places import Place
from takeback.core.problem import Problem
from takeback.operate.distances.hours import collection_profile
from takeback.operate.distances.profiles import Rush, TravelProfile, TravelTable, built_in
from takeback.operate.distances.roads import RoadNetwork
from takeback.operate.distances.roads.dijkstra import Dijkstra
from takeback.operate.distances.roads.read import read_graph
from takeback.plan.collection import Location, Slice
from tests.operate.distances.roads.town import EDGES, NODES, write_town

WEST, EAST = Location("west", 31.0, 121.0), Location("east", 31.0, 121.02)
NORTH, YARD = Location("north", 31.01, 121.01), Location("yard", 31.0, 121.03)


@pytest.fixture(params=["usual", "dijkstra"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> RoadNetwork:
    folder = write_town(tmp_path / "town")
    return RoadNetwork(folder, engine=Dijkstra(read_graph(folder)) if request.param == "dijkstra" else None)


def test_the_fastest_way_is_driven(town: RoadNetwork) -> None:
    """Metres of the roads, seconds at the speed of their class; no straight line, no factor."""
    way = town.matrix([WEST, EAST])
    assert way.distance_m.tolist() == [[0, 2000], [2000, 0]]
    assert way.duration_s[0, 1] == round(2000 * 3.6 / built_in().profile("lorry").road_kmh["primary"])


def test_dangerous_goods_go_round_the_tunnel_and_the_bridge(town: RoadNetwork, tmp_path: Path) -> None:
    """Closed roads are not driven: with the tunnel closed the bridge is taken, with both there is no way.

    The problem says which place is cut off, and by what.
    """
    with pytest.raises(Problem) as caught:
        town.matrix([WEST, NORTH, EAST], profile="dangerous-goods")
    assert caught.value.kind == "distances.unreachable"
    assert caught.value.where == "east"
    assert "closed to dangerous goods" in str(caught.value.errors[0].title)
    open_bridge = write_town(
        tmp_path / "open", EDGES.replace("north,east,2000,secondary,,,yes", "north,east,2000,secondary,,,")
    )
    way = RoadNetwork(open_bridge).matrix([WEST, EAST], profile="dangerous-goods")
    assert way.distance_m[0, 1] == 4000  # west - north - east, or west - mid - north - east: both 4 km by secondary
    assert town.matrix([WEST, EAST], profile="van").distance_m[0, 1] == 2000


def test_a_lorry_too_heavy_for_the_gate_is_told(town: RoadNetwork) -> None:
    """18 t stay out of the yard for 12 t, a van drives in."""
    with pytest.raises(Problem) as caught:
        town.matrix([WEST, EAST, YARD])
    assert caught.value.where == "yard"
    assert "weight or height" in str(caught.value.errors[0].title)
    assert town.matrix([WEST, YARD], profile="van").distance_m[0, 1] == 2500


def test_hours_of_the_day_lengthen_their_roads(tmp_path: Path) -> None:
    """In the rush hour of the main road its detour is faster, and taken; at another hour the main road is."""
    rush = TravelProfile(
        kmh=50,
        road_kmh={"primary": 60, "secondary": 60},
        rush=(Rush(start="07:00", end="09:00", percent=300, roads=("primary",)),),
    )
    network = RoadNetwork(write_town(tmp_path / "town"), TravelTable(profiles={"lorry": rush}))
    noon, morning = (network.matrix([WEST, EAST], depart_s=hour * 3600) for hour in (12, 8))
    assert (noon.distance_m[0, 1], noon.duration_s[0, 1]) == (2000, 120)
    assert (morning.distance_m[0, 1], morning.duration_s[0, 1]) == (4000, 240)
    assert "at 8:00" in morning.provenance and "at" not in noon.provenance.split(";")[1].replace("at 12:00", "")


def test_slices_of_the_collection_problem_follow_the_roads(tmp_path: Path) -> None:
    """The hours' percents are those of all ways together; equal neighbours are one slice."""
    rush = TravelProfile(kmh=50, road_kmh={"primary": 60}, rush=(Rush(start="07:00", end="09:00", percent=150),))
    network = RoadNetwork(write_town(tmp_path / "town"), TravelTable(profiles={"lorry": rush}))
    hours = [6 * 3600, 7 * 3600, 8 * 3600, 9 * 3600]
    profile, way = collection_profile(network, [WEST, EAST], hours=hours)
    assert profile.slices == (Slice(0, 100), Slice(7 * 3600, 150), Slice(9 * 3600, 100))
    assert np.array_equal(profile.distance_m, way.distance_m)
    assert collection_profile(network, [WEST, EAST])[0].slices == ()


def test_a_place_beside_the_road_is_reached_over_the_last_metres(town: RoadNetwork) -> None:
    """The straight line to the nearest junction is added, at a walking pace."""
    off = Location("off", 31.001, 121.02)  # 111 m north of east
    way = town.matrix([WEST, off])
    assert way.distance_m[0, 1] == pytest.approx(2111, abs=1)
    assert way.duration_s[0, 1] > town.matrix([WEST, EAST]).duration_s[0, 1]


def test_two_orders_at_one_address_have_no_way_between_them(town: RoadNetwork) -> None:
    """Places at the same spot are 0 m apart, neighbours as far as they are, though the junction lies farther off."""
    here, same, near = (Location(name, 31.001, lon) for name, lon in (("a", 121.02), ("b", 121.02), ("c", 121.0201)))
    way = town.matrix([here, same, near, WEST])
    assert way.distance_m[0, 1] == 0 and way.duration_s[0, 1] == 0
    assert way.distance_m[0, 2] == pytest.approx(9.5, abs=1)
    assert way.distance_m[0, 3] == way.distance_m[1, 3] > 2000


def test_no_places_have_no_ways(town: RoadNetwork) -> None:
    """Nothing asked, nothing found, by either engine."""
    assert town.matrix([]).distance_m.shape == (0, 0)


def test_a_place_on_an_island_is_taken_to_the_main_network_or_refused(town: RoadNetwork) -> None:
    """The quay's own road leads nowhere: too far from the rest, the place is off the map, with the distance told."""
    with pytest.raises(Problem) as caught:
        town.matrix([WEST, Location("quay", 31.05, 121.05), Place(35.0, 121.0)])
    assert caught.value.kind == "distances.off-the-map"
    assert caught.value.found == 2
    assert "quay: 5." in str(caught.value.where)


def test_the_provenance_names_map_edition_engine_and_profile(town: RoadNetwork) -> None:
    """Whoever reads a plan sees which roads its kilometres come from."""
    said = town.matrix([WEST, EAST], profile="van").provenance
    assert said.startswith("own roads; town, roads sha256:")
    assert town.engine.name in said and "profile van" in said


@pytest.mark.parametrize(
    ("edges", "nodes", "where", "found"),
    [
        (EDGES.replace("west,mid", "west,nowhere"), NODES, "edges.csv, row 2, column to", "nowhere"),
        (EDGES.replace("1000,primary", "-7,primary"), NODES, "edges.csv, row 2, column length_m", "-7"),
        (EDGES.replace(",E,", ",F,"), NODES, "edges.csv, row 3, column tunnel", "F"),
        (EDGES.replace("yes", "maybe"), NODES, "edges.csv, row 5, column no_dangerous_goods", "maybe"),
        (EDGES.replace("from,to", "a,b"), NODES, "edges.csv, row 1, column from, to", None),
        (EDGES, NODES.replace("mid,31", "west,31"), "nodes.csv, row 3, column id", "west"),
        (EDGES, NODES.replace("31.000,121.000", "121.000,31.000"), "nodes.csv, row 2, column lat, lon", None),
    ],
)
def test_a_mistake_in_the_tables_is_told(tmp_path: Path, edges: str, nodes: str, where: str, found: object) -> None:
    """File, row and column, what was found and what is right."""
    with pytest.raises(Problem) as caught:
        RoadNetwork(write_town(tmp_path / "town", edges, nodes)).matrix([WEST])
    assert caught.value.kind == "distances.bad-roads"
    assert caught.value.where == where
    assert found is None or caught.value.found == found
    assert caught.value.expected is not None


@pytest.mark.parametrize("name", ["gone.npz", "gone.osm.pbf", "empty"])
def test_a_source_without_roads_is_told(tmp_path: Path, name: str) -> None:
    """An absent file and an empty folder: the problem names them and what may be given."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(Problem) as caught:
        RoadNetwork(tmp_path / name).matrix([WEST])
    assert caught.value.kind in ("distances.no-roads", "distances.needs-extra")
