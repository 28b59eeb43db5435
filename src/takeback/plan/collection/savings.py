"""A first plan by savings: routes of one task each grow together where most is saved (Clarke, Wright 1964).

What is brought is aboard from the beginning and what is taken until the end, so that two routes fit together if the
first's highest load with all that the second brings fits, and the second's highest with all that the first has taken.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from takeback.plan.collection.found import Routes, Visit
from takeback.plan.collection.problem import CollectionProblem, VehicleType

NEAR = 100  # tasks near each other that are looked at as neighbours in a route
BLOCK = 500  # tasks whose distances are looked at at a time
Loads = tuple[int, ...]


def by_savings(problem: CollectionProblem) -> Routes:
    """Return routes of the type of vehicle that holds most, in which each task is served; windows are not looked at.

    Distances are taken as the same in both directions. Whether the plan keeps the other rules is for the caller to ask.
    """
    kind, vehicle = max(enumerate(problem.vehicle_types), key=lambda one: one[1].capacity)
    growing = _Growing(problem, vehicle)
    for one, two in _pairs(problem, vehicle):
        growing.join(one, two)
    return tuple((kind, tuple(Visit(task) for task in route)) for route in growing.routes if route)


def _pairs(problem: CollectionProblem, vehicle: VehicleType) -> Iterator[tuple[int, int]]:
    """Yield neighbours, those first that save most when one follows the other."""
    places = np.array([task.location for task in problem.tasks])
    home = problem.distance_m[problem.depots[vehicle.start_depot].location, places]
    found = []
    for rows in np.array_split(np.arange(len(places)), 1 + len(places) // BLOCK):
        legs = problem.distance_m[np.ix_(places[rows], places)]
        near = np.argpartition(legs, min(NEAR, len(places) - 1), axis=1)[:, :NEAR]
        saved = home[rows, None] + home[near] - np.take_along_axis(legs, near, axis=1)
        one = np.broadcast_to(rows[:, None], near.shape)
        found.append(np.stack([np.minimum(one, near), np.maximum(one, near), saved])[:, (one != near) & (saved > 0)])
    one, two, saved = np.unique(np.concatenate(found, axis=1), axis=1)
    order = np.argsort(-saved, kind="stable")
    yield from zip(one[order].tolist(), two[order].tolist(), strict=True)


class _Growing:
    """Routes that grow together: of each what it brings, what it takes, and its highest load forth and back."""

    def __init__(self, problem: CollectionProblem, vehicle: VehicleType) -> None:
        loads = [problem.task_load(task) for task in problem.tasks]
        self.capacity = vehicle.capacity
        self.routes = [[task] for task in range(len(loads))]
        self.route_of = list(range(len(loads)))
        self.brings = [brought for brought, _ in loads]
        self.takes = [taken for _, taken in loads]
        self.forth = [tuple(map(max, brought, taken)) for brought, taken in loads]
        self.back = list(self.forth)

    def join(self, one: int, two: int) -> None:
        """Let one task follow the other, if both stand at an end of another route and the loads fit."""
        x, y = self.route_of[one], self.route_of[two]
        first, second = self.routes[x], self.routes[y]
        if x == y or one not in (first[0], first[-1]) or two not in (second[0], second[-1]):
            return
        brings, takes = _sum(self.brings[x], self.brings[y]), _sum(self.takes[x], self.takes[y])
        if not self._fits(brings) or not self._fits(takes):
            return
        first_high, first_back = self._driven(x, forth=first[-1] == one)
        second_high, second_back = self._driven(y, forth=second[0] == two)
        forth = self._highest(x, first_high, y, second_high)
        back = self._highest(y, second_back, x, first_back)
        if not self._fits(forth) and not self._fits(back):
            return
        whole = (first if first[-1] == one else first[::-1]) + (second if second[0] == two else second[::-1])
        if not self._fits(forth):
            whole, forth, back = whole[::-1], back, forth
        for task in second:
            self.route_of[task] = x
        self.routes[x], self.routes[y] = whole, []
        self.brings[x], self.takes[x], self.forth[x], self.back[x] = brings, takes, forth, back

    def _driven(self, route: int, *, forth: bool) -> tuple[Loads, Loads]:
        """Return the highest load of a route as it is driven, and the other way round."""
        high, low = self.forth[route], self.back[route]
        return (high, low) if forth else (low, high)

    def _highest(self, x: int, high_x: Loads, y: int, high_y: Loads) -> Loads:
        """Return the highest load when route `y` follows `x`."""
        return tuple(map(max, _sum(high_x, self.brings[y]), _sum(self.takes[x], high_y)))

    def _fits(self, highest: Loads) -> bool:
        return all(load <= room for load, room in zip(highest, self.capacity, strict=True))


def _sum(one: Loads, two: Loads) -> Loads:
    return tuple(a + b for a, b in zip(one, two, strict=True))
