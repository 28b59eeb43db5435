"""Shortest ways from place to place, through any other places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from takeback.plan.collection.problem import CollectionProblem, Matrix, Profile, VehicleType
from takeback.plan.collection.wellformed import LARGEST


class Tables(Protocol):
    """Gives the metres and seconds between some places by the way a vehicle type travels."""

    problem: CollectionProblem

    def tables(self, vehicle: VehicleType, places: Sequence[int]) -> tuple[Matrix, Matrix]:
        """Return two square tables."""


class Straight:
    """The ways as the problem has them."""

    def __init__(self, problem: CollectionProblem) -> None:
        self.problem = problem

    def tables(self, vehicle: VehicleType, places: Sequence[int]) -> tuple[Matrix, Matrix]:
        """Return the metres and seconds between `places`."""
        profile = self.problem.profile(vehicle)
        these = np.ix_(list(places), list(places))
        return profile.distance_m[these], profile.duration_s[these]


class Paths:
    """Matrices need not be metric: what is quicker through another task's place must not count as impossible.

    A row is worked out when it is first asked for (Dijkstra on the full table, n^2 steps).
    """

    def __init__(self, problem: CollectionProblem) -> None:
        self.problem = problem
        self._rows: dict[tuple[str, str, int], Matrix] = {}

    def tables(self, vehicle: VehicleType, places: Sequence[int]) -> tuple[Matrix, Matrix]:
        """Return the shortest metres and seconds between `places`, each the shortest of its kind."""
        profile = self.problem.profile(vehicle)
        return self._table("m", profile, places), self._table("s", profile, places)

    def _table(self, kind: str, profile: Profile, places: Sequence[int]) -> Matrix:
        return np.array([self._row(kind, profile, place)[list(places)] for place in places])

    def _row(self, kind: str, profile: Profile, source: int) -> Matrix:
        key = (profile.id, kind, source)
        if key not in self._rows:
            self._rows[key] = _shortest(profile.distance_m if kind == "m" else profile.duration_s, source)
        return self._rows[key]


def _shortest(matrix: Matrix, source: int) -> Matrix:
    best, done = matrix[source].copy(), np.zeros(len(matrix), dtype=bool)
    for _ in range(len(matrix)):
        nearest = int(np.argmin(np.where(done, 2 * LARGEST, best)))
        done[nearest] = True
        np.minimum(best, best[nearest] + matrix[nearest], out=best)
    shortest: Matrix = np.minimum(best, LARGEST)
    return shortest
