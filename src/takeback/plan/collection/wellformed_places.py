"""Coordinates beyond the globe, most often latitude and longitude in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING

from takeback.core.message import msg
from takeback.core.problem import Problem

if TYPE_CHECKING:
    from takeback.plan.collection.parts import Location
    from takeback.plan.collection.problem import CollectionProblem


def bad_places(problem: CollectionProblem) -> Iterator[Problem]:
    """Yield an error for each place that lies nowhere; one for all of them where all are swapped."""
    beyond = [k for k, place in enumerate(problem.locations) if _is_swapped(place)]
    located = [place for place in problem.locations if place.lat is not None and place.lon is not None]
    if len(beyond) > 1 and len(beyond) == len(located):
        yield swapped(problem.locations[beyond[0]], f"locations ({len(beyond)})")
        return
    for k, place in enumerate(problem.locations):
        if _is_swapped(place):
            yield swapped(place, f"locations[{k}] ({place.id})")
        elif not _is_on_globe(place):
            yield Problem(
                "collection.bad-coordinates",
                msg("The coordinates of location {id} are nowhere on Earth", id=place.id),
                where=f"locations[{k}] ({place.id})",
                found=f"lat {place.lat}, lon {place.lon}",
                expected=msg("latitude from -90 to 90 and longitude from -180 to 180, or neither"),
            )


def swapped(place: Location, where: str) -> Problem:
    """Return the error of a place whose coordinates only make sense the other way round."""
    return Problem(
        "collection.coordinates-swapped",
        msg("Latitude and longitude of location {id} look swapped", id=place.id),
        where=where,
        found=f"lat {place.lat}, lon {place.lon}",
        expected=msg("latitude from -90 to 90, near the other places"),
        remedy=msg("Swap the two: lat {lat}, lon {lon}.", lat=place.lon, lon=place.lat),
    )


def _is_swapped(place: Location) -> bool:
    if place.lat is None or place.lon is None:
        return False
    return 90 < abs(place.lat) <= 180 and abs(place.lon) <= 90


def _is_on_globe(place: Location) -> bool:
    if place.lat is None and place.lon is None:
        return True
    if place.lat is None or place.lon is None:
        return False
    return isfinite(place.lat) and isfinite(place.lon) and abs(place.lat) <= 90 and abs(place.lon) <= 180
