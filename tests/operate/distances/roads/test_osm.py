"""Roads of OpenStreetMap: the extract of Helsinki's centre that pyrosm brings along."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from takeback.core.places import Place, haversine_matrix_m
from takeback.operate.distances.roads import RoadNetwork, read_graph
from takeback.operate.distances.roads.dijkstra import Dijkstra
from takeback.operate.distances.roads.graph import RoadGraph
from takeback.operate.distances.roads.osm import _directions, kmh, metres, tonnes

pandas = pytest.importorskip("pandas", reason="the extra takeback[roads] is not installed")
pyrosm = pytest.importorskip("pyrosm", reason="the extra takeback[roads] is not installed")
pytest.importorskip("pyroutingkit", reason="the extra takeback[roads] is not installed")


@pytest.fixture(scope="module")
def helsinki() -> Path:
    return Path(pyrosm.get_data("helsinki_pbf"))


@pytest.fixture(scope="module")
def graph(helsinki: Path) -> RoadGraph:
    return read_graph(helsinki)


def _junctions(graph: RoadGraph, count: int, seed: int) -> list[Place]:
    """Return places of junctions with a street of Helsinki's centre."""
    rng = np.random.default_rng(seed)
    streets = np.unique(graph.tail[np.isin(graph.road, ["primary", "secondary", "tertiary"])])
    return [Place(graph.lat[k], graph.lon[k]) for k in rng.choice(streets, count, replace=False)]


def test_the_extract_has_streets_and_what_is_forbidden_on_them(graph: RoadGraph) -> None:
    """More than a thousand junctions; limits of weight and height that the map knows of; speeds as signed."""
    assert graph.nodes > 1_000 and graph.arcs > graph.nodes
    assert {2.5, 12.0, 24.0} <= set(graph.max_weight_t[np.isfinite(graph.max_weight_t)])
    assert graph.max_height_m.min() == pytest.approx(2.2)
    assert {30.0, 40.0} <= set(graph.limit_kmh)
    assert 0.1 < graph.length_m.mean() < 200


def test_the_two_engines_agree_on_real_streets(helsinki: Path, graph: RoadGraph) -> None:
    """Forty places: the same seconds, and metres to the metre, by hierarchies and by Dijkstra."""
    places = _junctions(graph, 40, seed=1)
    quick = RoadNetwork(helsinki).matrix(places, profile="van")
    plain = RoadNetwork(helsinki, engine=Dijkstra(graph)).matrix(places, profile="van")
    assert np.abs(quick.duration_s - plain.duration_s).max() <= 1
    assert np.abs(quick.distance_m - plain.distance_m).max() <= 1


def test_no_street_is_shorter_than_the_straight_line(helsinki: Path, graph: RoadGraph) -> None:
    """Real distances are asymmetric (one-way streets) and longer than the straight line by what is known of cities."""
    places = _junctions(graph, 40, seed=2)
    way = RoadNetwork(helsinki).matrix(places)
    straight = haversine_matrix_m([p.lat for p in places], [p.lon for p in places])
    far = straight > 300
    assert np.all(way.distance_m[far] >= straight[far] - 1)
    assert 1.15 < (way.distance_m[far] / straight[far]).mean() < 2.0
    assert not np.array_equal(way.distance_m, way.distance_m.T)


def test_a_vehicle_that_fits_nowhere_low_drives_farther_or_as_far(helsinki: Path, graph: RoadGraph) -> None:
    """What is closed to the lorry only ever lengthens the fastest way in seconds at equal speeds."""
    from dataclasses import replace  # noqa: PLC0415

    from takeback.operate.distances.profiles import TravelTable, built_in  # noqa: PLC0415

    van = built_in().profile("van")
    table = TravelTable(profiles={"lorry": replace(van, lorry=True, gross_t=18, height_m=3.8), "van": van})
    network, places = RoadNetwork(helsinki, table), _junctions(graph, 30, seed=3)
    lorry, light = network.matrix(places), network.matrix(places, profile="van")
    assert np.all(lorry.duration_s >= light.duration_s - 1)


@pytest.mark.parametrize(
    ("oneway", "junction", "highway", "expected"),
    [
        ("", "", "primary", (True, True)),
        ("yes", "", "primary", (True, False)),
        ("-1", "", "primary", (False, True)),
        ("no", "", "motorway", (True, True)),
        ("", "", "motorway", (True, False)),
        ("", "roundabout", "tertiary", (True, False)),
    ],
)
def test_one_way_streets_are_driven_one_way(
    oneway: str, junction: str, highway: str, expected: tuple[bool, bool]
) -> None:
    """By their own tag, by being a roundabout or a motorway; `-1` means against the direction of drawing."""
    edges = pandas.DataFrame({"oneway": [oneway], "junction": [junction], "highway": [highway]})
    forward, backward = _directions(edges)
    assert (bool(forward[0]), bool(backward[0])) == expected


def test_limits_are_read_in_the_units_that_mappers_write() -> None:
    """km/h and mph, tonnes, kilograms and short tons, metres and feet; words are no limit."""
    assert kmh("50") == 50 and kmh("30 mph") == pytest.approx(48.28, abs=0.01) and np.isinf(kmh("FI:urban"))
    assert tonnes("7.5") == tonnes("7.5 t") == tonnes("7500 kg") == 7.5 and np.isinf(tonnes("none"))
    assert tonnes("5 st") == pytest.approx(4.536, abs=0.001)
    assert metres("3.8") == metres("3.8 m") == 3.8 and metres("12'6\"") == pytest.approx(3.81, abs=0.001)
    assert np.isinf(metres("default"))


def test_without_the_extra_the_package_is_named(helsinki: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever set a map without installing the extra is told what to install."""
    monkeypatch.setitem(__import__("sys").modules, "pyrosm", None)
    with pytest.raises(Exception, match="takeback\\[roads\\]") as caught:
        read_graph(helsinki)
    assert caught.value.kind == "distances.needs-extra"  # type: ignore[attr-defined]


def test_a_file_that_is_no_extract_is_told(tmp_path: Path) -> None:
    """Not an exception of the library, but the problem that names the file."""
    (tmp_path / "map.osm.pbf").write_bytes(b"not a map at all")
    with pytest.raises(Exception, match="No roads could be read"):
        read_graph(tmp_path / "map.osm.pbf")
