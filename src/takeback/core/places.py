"""Places on the earth: WGS 84 inside, the Chinese map grids at the border, distances by great circle."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback.core.message import msg
from takeback.core.problem import Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_M = 6_371_008.8  # mean radius of WGS 84 (IUGG)

# Road metres per metre as the crow flies. Driving between towns 1.3 +- 0.1 (Wang et al. 2024, npj
# Complexity); inside cities 1.2-1.23 (Newell 1980; O'Sullivan and Morrall 1996).
CIRCUITY = 1.3
CIRCUITY_IN_CITY = 1.22

Degrees = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A point in WGS 84: latitude and longitude in degrees, north and east positive.

    Raises `Problem` outside -90..90 and -180..180, with a hint where the two may have been exchanged.
    """

    lat: float
    lon: float

    def __post_init__(self) -> None:
        lat, lon = self.lat, self.lon
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            swapped = -90 <= lon <= 90 and -180 <= lat <= 180
            raise Problem(
                "place.outside",
                msg("This is not a place on the earth"),
                found=f"latitude {lat}, longitude {lon}",
                expected=msg("a latitude from -90 to 90 and a longitude from -180 to 180"),
                remedy=msg("Latitude and longitude may have been exchanged.") if swapped else None,
            )

    @classmethod
    def from_gcj02(cls, lat: float, lon: float) -> Place:
        """Return the place of a GCJ-02 position (the maps of Amap, Tencent and most Chinese apps)."""
        return cls(*_inverse(_gcj02, (lat, lon)))

    @classmethod
    def from_bd09(cls, lat: float, lon: float) -> Place:
        """Return the place of a BD-09 position (Baidu's maps)."""
        return cls(*_inverse(_bd09, (lat, lon)))

    @property
    def gcj02(self) -> Degrees:
        """Latitude and longitude in GCJ-02; the same outside China."""
        return _gcj02((self.lat, self.lon))

    @property
    def bd09(self) -> Degrees:
        """Latitude and longitude in BD-09; the same outside China."""
        return _bd09((self.lat, self.lon))

    @property
    def geo_uri(self) -> str:
        """The place as a geo URI (RFC 5870), as EPCIS read points may have it: `geo:31.5,120.3`."""
        lat, lon = (f"{degrees:.7f}".rstrip("0").rstrip(".") for degrees in (self.lat, self.lon))
        return f"geo:{lat},{lon}"


def in_china(lat: float, lon: float) -> bool:
    """Tell whether the Chinese map grids shift this place: the rectangle that their converters agree on."""
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347


def haversine_m(a: Place, b: Place) -> float:
    """Return the great-circle distance in metres, on a sphere (at most 0.6 % from the ellipsoid's)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def haversine_matrix_m(
    lat: ArrayLike, lon: ArrayLike, to_lat: ArrayLike | None = None, to_lon: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Return great-circle distances in metres, shape (n, m): from n places to m places, or among the n.

    Latitudes and longitudes in degrees, WGS 84, as arrays of shape (n,) and (m,).
    """
    import numpy as np  # noqa: PLC0415 -- most commands need no arrays, and importing them takes time

    lat_a, lon_a = np.radians(np.asarray(lat, float)), np.radians(np.asarray(lon, float))
    lat_b = lat_a if to_lat is None else np.radians(np.asarray(to_lat, float))
    lon_b = lon_a if to_lon is None else np.radians(np.asarray(to_lon, float))
    h = np.sin((lat_b[None, :] - lat_a[:, None]) / 2) ** 2
    h += np.cos(lat_a)[:, None] * np.cos(lat_b)[None, :] * np.sin((lon_b[None, :] - lon_a[:, None]) / 2) ** 2
    distances: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(h, 1.0)))
    return distances


def road_m(a: Place, b: Place, circuity: float = CIRCUITY) -> float:
    """Return the estimated road distance in metres: the great circle times `circuity`."""
    return circuity * haversine_m(a, b)


# The grids below are published only as code; constants and series as in the converters in common use
# (eviltransform; coordtransform). They agree with the maps to about a metre.
_AXIS_M = 6378245.0  # Krasovsky 1940
_ECCENTRICITY_2 = 0.00669342162296594323


def _gcj02(point: Degrees) -> Degrees:
    lat, lon = point
    if not in_china(lat, lon):
        return point
    x, y = lon - 105.0, lat - 35.0
    waves = _waves(6.0 * x, 2.0 * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += _swell(y, ((20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30)))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += _swell(x, ((20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30)))
    flat = 1 - _ECCENTRICITY_2 * math.sin(math.radians(lat)) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_2) / flat**1.5
    parallel_m = _AXIS_M / math.sqrt(flat) * math.cos(math.radians(lat))
    return lat + math.degrees(north / meridian_m), lon + math.degrees(east / parallel_m)


def _waves(a: float, b: float) -> float:
    return (20.0 * math.sin(a * math.pi) + 20.0 * math.sin(b * math.pi)) * 2.0 / 3.0


def _swell(angle: float, terms: tuple[tuple[float, float], ...]) -> float:
    return sum(size * math.sin(angle * rate * math.pi) for size, rate in terms) * 2.0 / 3.0


def _bd09(point: Degrees) -> Degrees:
    if not in_china(*point):
        return point
    lat, lon = _gcj02(point)
    turn = math.pi * 3000.0 / 180.0
    radius = math.hypot(lat, lon) + 0.00002 * math.sin(lat * turn)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * turn)
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065


def _inverse(shift: Callable[[Degrees], Degrees], target: Degrees) -> Degrees:
    """Return the WGS 84 point that `shift` takes to `target`, to about 1e-11 degrees.

    Newton's method with the identity for a slope: the shift is at most 0.02 degrees and nearly the same
    everywhere, so that each step gains two digits or more. At the edge of the rectangle, where the shift
    begins, there may be no such point: the target itself then, at most 0.02 degrees off.
    """
    lat, lon = target
    for _ in range(30):
        shifted = shift((lat, lon))
        error = shifted[0] - target[0], shifted[1] - target[1]
        lat, lon = lat - error[0], lon - error[1]
        if max(map(abs, error)) < 1e-11:
            return lat, lon
    return target
