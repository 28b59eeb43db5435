"""Zones of a live day: which places lie in them, and which vehicles have a pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from takeback.plan.collection.parts import Location, Window, Zone

_ZONES = sa.text("select code, ring, closed, passes from zone order by code")


def zones_of(
    connection: sa.Connection, places: Sequence[Location], first: int, vehicles: Mapping[str, Iterable[str]]
) -> tuple[Zone, ...]:
    """Return the zones of a day in which there are places to be served, from index `first` on.

    `vehicles`: the ids that vehicles of a code have in the day's problem. A zone says nothing of streets that are
    driven through: only of service within it.
    """
    found = []
    for row in connection.execute(_ZONES):
        ring = [(corner["lat"], corner["lon"]) for corner in row.ring]
        inside = tuple(k for k in range(first, len(places)) if contains(ring, places[k]))
        if inside and row.closed:
            closed = tuple(Window(one["start_s"], one["end_s"]) for one in row.closed)
            passes = tuple(name for code in row.passes for name in vehicles.get(code, ()))
            found.append(Zone(row.code, inside, closed, passes))
    return tuple(found)


def contains(ring: Sequence[tuple[float, float]], place: Any) -> bool:
    """Tell whether a place lies in a ring of (latitude, longitude), by the even-odd rule on straight edges in degrees.

    What lies on an edge may count as either side.
    """
    if place.lat is None or place.lon is None:
        return False
    odd = False
    for (lat, lon), (lat_2, lon_2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (lat > place.lat) != (lat_2 > place.lat):
            crossing = lon + (place.lat - lat) * (lon_2 - lon) / (lat_2 - lat)
            odd ^= place.lon < crossing
    return odd
