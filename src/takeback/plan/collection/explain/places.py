"""Coordinates that are possible, but only make sense the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from takeback.core.problem import Problem
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.wellformed_places import swapped

FAR_DEG = 10.0  # a swapped place lies far outside its region,
NEAR_DEG = 3.0  # and inside it when swapped back
FEWEST = 3


Known = tuple[int, float, float]  # location, latitude, longitude


def swapped_places(problem: CollectionProblem) -> Iterator[Problem]:
    """Yield an error for each place far from the others that is near them once latitude and longitude are swapped."""
    known = [
        (k, place.lat, place.lon)
        for k, place in enumerate(problem.locations)
        if place.lat is not None and place.lon is not None
    ]
    if len(known) >= FEWEST:
        for k in _odd(known) or _fewer_half(known):
            yield swapped(problem.locations[k], f"locations[{k}] ({problem.locations[k].id})")


def _odd(known: Sequence[Known]) -> list[int]:
    """Return the places that are odd ones out of a region."""
    lat, lon = median(one[1] for one in known), median(one[2] for one in known)
    return [k for k, a, b in known if abs(a - lat) + abs(b - lon) > FAR_DEG and abs(b - lat) + abs(a - lon) < NEAR_DEG]


def _fewer_half(known: Sequence[Known]) -> list[int]:
    """Return the smaller part where the places fall into two regions that are one when a part is swapped."""
    _, lat, lon = known[0]
    near = [k for k, a, b in known if abs(a - lat) + abs(b - lon) < NEAR_DEG]
    other = [k for k, a, b in known if abs(b - lat) + abs(a - lon) < NEAR_DEG and k not in near]
    apart = abs(lat - lon) * 2 > FAR_DEG  # how far a place moves when it is swapped
    if not other or not apart or len(near) + len(other) < len(known):
        return []
    return min(other, near, key=len)
