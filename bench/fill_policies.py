"""Three ways of deciding which bins to empty today: at a threshold, by a calendar, by looking ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bench.fill_world import CAPACITY, SENSOR_SD, Floats, Policy, Readings, Town
from takeback.plan.collection import CollectionProblem, Task
from takeback.plan.collection.selection import Point, SelectionProblem, solve, to_collection
from takeback.plan.doors import Budget

SERVICE_S = 180
FULL = 10  # what a full bin puts on the truck, in tenths of a bin


def threshold(share: float) -> Policy:
    """Return the policy that empties every bin whose reading is above `share` of its capacity."""

    def policy(town: Town, seen: Readings) -> CollectionProblem:
        return _required(town, seen.levels[-1] >= share * CAPACITY, seen.levels[-1])

    return policy


def calendar(share: float) -> Policy:
    """Return the policy that empties each bin every so many days that it is expected to be `share` full then.

    The days between are worked out once, from the readings there are at the beginning; bins of the same number of days
    go together.
    """
    gaps: list[Floats] = []
    began: list[int] = []

    def policy(town: Town, seen: Readings) -> CollectionProblem:
        if not gaps:
            gaps.append(np.maximum(1, np.floor(share * CAPACITY / np.maximum(1.0, seen.inflows()[0]))))
            began.append(len(seen.levels))
        due = (len(seen.levels) - began[0]) % gaps[0] == 0
        return _required(town, due, seen.levels[-1])

    return policy


def looking_ahead(overflow_cost: int, *, days: int = 6, trials: int = 20_000) -> Policy:
    """Return the policy of `takeback.plan.collection.selection`: prizes from forecasts, routes decide."""

    def policy(town: Town, seen: Readings) -> CollectionProblem:
        mean, sd = seen.inflows()
        points = tuple(
            Point(
                id=str(k),
                location=k + 1,
                level=float(seen.levels[-1][k]),
                inflow=(float(mean[k]),) * days,
                capacity=CAPACITY,
                overflow_cost=overflow_cost,
                level_sd=SENSOR_SD * CAPACITY,
                inflow_sd=(float(sd[k]),) * days,
                load=(FULL,),
                service_s=SERVICE_S,
            )
            for k in range(town.bins)
        )
        day = town.day()
        problem = SelectionProblem(
            locations=day.locations,
            distance_m=day.distance_m,
            duration_s=day.duration_s,
            points=points,
            depots=day.depots,
            vehicle_types=day.vehicle_types,
            days=days,
            load_dimensions=day.load_dimensions,
        )
        return to_collection(problem, 0, solve(problem, budget=Budget(iterations=trials)))

    return policy


def _required(town: Town, due: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], levels: Floats) -> CollectionProblem:
    """Return the day on which every bin that is due must be emptied."""
    tasks = tuple(
        Task(str(k), k + 1, pickup=(int(np.ceil(FULL * min(1.0, levels[k] / CAPACITY))),), service_s=SERVICE_S)
        for k in np.nonzero(due)[0].tolist()
    )
    return replace(town.day(), tasks=tasks)
