"""Coordinates that are possible, but only make sense the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from takeback.core.problem import Problem
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.wellformed_places import swapped

FAR_DEG = 10.0  # a swapped place lies far outside its region,
NEAR_DEG = 3.0  # and inside it when swapped back
FEWEST = 3


def swapped_places(problem: CollectionProblem) -> Iterator[Problem]:
    """Yield an error for each place far from all others that is near them once latitude and longitude are swapped."""
    known = [
        (k, place.lat, place.lon)
        for k, place in enumerate(problem.locations)
        if place.lat is not None and place.lon is not None
    ]
    if len(known) < FEWEST:
        return
    lat, lon = median(one[1] for one in known), median(one[2] for one in known)
    for k, here_lat, here_lon in known:
        as_given = abs(here_lat - lat) + abs(here_lon - lon)
        other_way = abs(here_lon - lat) + abs(here_lat - lon)
        if as_given > FAR_DEG and other_way < NEAR_DEG:
            yield swapped(problem.locations[k], f"locations[{k}] ({problem.locations[k].id})")
