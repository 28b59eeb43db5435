"""Straight lines times a factor."""

from __future__ import annotations

import re

import numpy as np
import pytest

from takeback import __version__
from takeback.core.places import Place, haversine_matrix_m
from takeback.core.problem import Problem
from takeback.operate.distances import CIRCUITY, Haversine, travel
from takeback.operate.distances.profiles import Region, Rush, TravelProfile, TravelTable, built_in
from takeback.operate.distances.travel import key
from takeback.plan.collection import Location
from tests.operate.distances.places import SHANGHAI, SUZHOU, TOWNS


def test_all_ways_are_the_straight_line_times_the_factor() -> None:
    """Metres are great circle x 1.3, seconds those metres at the usual 65 km/h; 0 from a place to itself."""
    way = travel(TOWNS)
    straight = haversine_matrix_m([p.lat for p in TOWNS], [p.lon for p in TOWNS])
    assert np.array_equal(way.distance_m, np.rint(straight * CIRCUITY).astype(np.int64))
    assert np.abs(way.duration_s - straight * CIRCUITY / (65 / 3.6)).max() <= 0.5
    assert way.distance_m.dtype == way.duration_s.dtype == np.int64
    assert np.array_equal(Haversine().matrix(TOWNS).distance_m, way.distance_m)


def test_the_provenance_says_what_the_figures_rest_on() -> None:
    """Provider, factor, speed, version and the hash of the question are all there."""
    said = travel(TOWNS, circuity=1.25, metres_per_second=10).provenance
    assert said.startswith("haversine x 1.25, 36 km/h")
    assert f"takeback {__version__}" in said
    assert re.search(r"sha256:[0-9a-f]{16}$", said)


def test_the_smallest_region_that_holds_both_ends_counts() -> None:
    """Inside the city its factor holds, between city and province the province's, beyond both the table's own."""
    city = Region(name="city", south=31, west=121, north=32, east=122, circuity=1.2, speed_percent=50)
    province = Region(name="province", south=30, west=120, north=33, east=123, circuity=1.4)
    far, near = Place(40.0, 116.0), Place(31.5, 121.5)
    table = TravelTable(circuity=1.3, profiles=built_in().profiles, regions=(city, province))
    places = [SHANGHAI, near, SUZHOU, far]
    way = Haversine(table).matrix(places)
    straight = haversine_matrix_m([p.lat for p in places], [p.lon for p in places])
    for (i, j), factor in {(0, 1): 1.2, (0, 2): 1.4, (2, 3): 1.3}.items():
        assert way.distance_m[i, j] == round(straight[i, j] * factor)
    assert way.duration_s[0, 1] == round(straight[0, 1] * 1.2 / (65 / 3.6) / 0.5)
    assert "city x 1.2 at 50 %" in way.provenance and "province x 1.4" in way.provenance


def test_each_class_of_vehicle_has_its_speed_and_rush_hours() -> None:
    """A profile's own speed is driven; in its rush hours travel takes so much longer, at other hours it does not."""
    slow = TravelProfile(kmh=30, rush=(Rush(start="07:00", end="09:00", percent=150),))
    provider = Haversine(TravelTable(profiles={**built_in().profiles, "slow": slow}))
    base = provider.matrix(TOWNS, profile="slow")
    assert base.duration_s[0, 1] == pytest.approx(base.distance_m[0, 1] / (30 / 3.6), abs=1)
    rush = provider.matrix(TOWNS, profile="slow", depart_s=86_400 + 8 * 3600)
    assert np.abs(rush.duration_s - base.duration_s * 1.5).max() <= 1
    assert "150 %" in rush.provenance
    assert np.array_equal(provider.matrix(TOWNS, profile="slow", depart_s=9 * 3600).duration_s, base.duration_s)


def test_a_profile_that_nobody_described_is_told_with_those_there_are() -> None:
    """The problem names the profile, and what may be asked for."""
    with pytest.raises(Problem) as caught:
        Haversine().matrix(TOWNS, profile="balloon")
    assert caught.value.kind == "distances.unknown-profile"
    assert caught.value.found == "balloon"
    assert "dangerous-goods, lorry, van" in str(caught.value.expected)


def test_places_without_coordinates_are_all_named() -> None:
    """Every location without a latitude or longitude is told at once; exchanged ones are refused as such."""
    with pytest.raises(Problem) as caught:
        Haversine().matrix([Location("a", 1.0, 2.0), Location("b"), Location("c", 1.0, None)])
    assert caught.value.where == "b (1), c (2)"
    with pytest.raises(Problem, match="exchanged"):
        Haversine().matrix([Location("a", 121.4, 31.2)])


def test_no_place_gives_an_empty_matrix() -> None:
    """Nothing asked, nothing found."""
    assert Haversine().matrix([]).distance_m.shape == (0, 0)


def test_the_hash_changes_with_whatever_changes_the_answer() -> None:
    """Places, their order, profile and hour make another hash; the same question has the same one."""
    asked = [key(TOWNS, "", None), key(TOWNS[::-1], "", None), key(TOWNS, "van", None), key(TOWNS, "", 0)]
    assert len(set(asked)) == 4
    assert key(list(TOWNS), "", None) == asked[0]
