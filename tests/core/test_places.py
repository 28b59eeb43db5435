"""Places, map grids and distances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.places import CIRCUITY, EARTH_RADIUS_M, Place, haversine_m, haversine_matrix_m, in_china, road_m
from takeback.core.problem import Problem

anywhere = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
# The rectangle of the Chinese grids, without the band at its edge that the shift may cross.
inside = st.builds(Place, st.floats(0.86, 55.79), st.floats(72.04, 137.79))
outside = anywhere.filter(lambda p: not in_china(p.lat, p.lon) and not in_china(p.lat + 0.03, p.lon + 0.03))


@given(inside)
def test_grids_are_undone(place: Place) -> None:
    """From either Chinese grid a place comes back to a ten-millionth of a degree (a centimetre)."""
    for back in (Place.from_gcj02(*place.gcj02), Place.from_bd09(*place.bd09)):
        assert abs(back.lat - place.lat) < 1e-7
        assert abs(back.lon - place.lon) < 1e-7


@given(inside)
def test_grids_shift_by_hundreds_of_metres(place: Place) -> None:
    """Inside China the grids are not the same as WGS 84, and never further off than two kilometres."""
    assert haversine_m(place, Place(*place.gcj02)) < 1200
    assert 100 < haversine_m(place, Place(*place.bd09)) < 2500


@given(outside)
def test_grids_are_the_same_outside_china(place: Place) -> None:
    """Outside China all three are the same."""
    assert place.gcj02 == place.bd09 == (place.lat, place.lon)
    assert Place.from_gcj02(place.lat, place.lon) == Place.from_bd09(place.lat, place.lon) == place


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ],
)
def test_known_positions(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    """The positions that eviltransform tests with (Shanghai, Shenzhen, Beijing) are shifted as there."""
    assert Place(*wgs84).gcj02 == pytest.approx(gcj02, abs=1e-12)


@pytest.mark.parametrize(("lat", "lon", "hint"), [(121.5, 31.2, True), (200, 300, False), (float("nan"), 0, False)])
def test_what_is_no_place(lat: float, lon: float, hint: bool) -> None:
    """Degrees that are no place are refused, with a hint where exchanging them would make one."""
    with pytest.raises(Problem) as caught:
        Place(lat, lon)
    assert (caught.value.remedy is not None) == hint


@given(anywhere, anywhere, anywhere)
def test_distance_is_a_metric(a: Place, b: Place, c: Place) -> None:
    """Distances are symmetric, zero to oneself, at most half round the earth, and a detour is never shorter."""
    assert haversine_m(a, b) == pytest.approx(haversine_m(b, a), abs=1e-6)
    assert haversine_m(a, a) == 0
    assert haversine_m(a, b) <= np.pi * EARTH_RADIUS_M + 1e-6
    # Near antipodes the formula itself is exact to a few centimetres only.
    assert haversine_m(a, c) <= haversine_m(a, b) + haversine_m(b, c) + 0.5


@given(st.lists(anywhere, min_size=1, max_size=5), st.lists(anywhere, min_size=1, max_size=5))
def test_matrix_agrees_with_single_distances(sources: list[Place], targets: list[Place]) -> None:
    """Each entry of the matrix is the distance of its pair; without targets it is among the sources."""
    lat, lon = [p.lat for p in sources], [p.lon for p in sources]
    matrix = haversine_matrix_m(lat, lon, [p.lat for p in targets], [p.lon for p in targets])
    expected = [[haversine_m(a, b) for b in targets] for a in sources]
    assert matrix == pytest.approx(np.array(expected), abs=0.5)
    assert haversine_matrix_m(lat, lon).shape == (len(sources), len(sources))


def test_known_distances() -> None:
    """A degree of a great circle, and Paris to London within half a per cent of the geodesic (343.6 km)."""
    degree = np.pi * EARTH_RADIUS_M / 180
    assert haversine_m(Place(0, 179.5), Place(0, -179.5)) == pytest.approx(degree)
    paris, london = Place(48.8566, 2.3522), Place(51.5074, -0.1278)
    assert haversine_m(paris, london) == pytest.approx(343_600, rel=0.005)
    assert road_m(paris, london) == pytest.approx(CIRCUITY * haversine_m(paris, london))


def test_geo_uri() -> None:
    """A place is written as RFC 5870 has it, to a centimetre and without idle zeros."""
    assert Place(31.5, -120.25).geo_uri == "geo:31.5,-120.25"
    assert Place(0, 100).geo_uri == "geo:0,100"
