"""One pickup after the other put into a running plan: how long it takes, and whether promises are kept."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from takeback.plan.collection import CollectionProblem, Depot, Location, Task, VehicleType, Window, check, solve
from takeback.plan.collection.insertion import insert
from takeback.plan.collection.problem import Matrix
from takeback.plan.collection.rolling import freeze
from takeback.plan.collection.solution import Plan
from takeback.plan.doors import Budget

HOUR = 3_600
NOW_S = 10 * HOUR  # the vehicles have been out for three hours
PROMISED_S = 1_800  # service was promised to begin within half an hour of what the plan said
SEARCH = Budget(iterations=300)


def insertions(stops: int, seed: int, *, quick: bool) -> dict[str, object]:
    """Return the 95 % quantile of the time of one insertion (milliseconds) and how many promises were broken.

    Timed is the whole call: the problem with one task more, and the plan that serves it.
    """
    count = 40 if quick else 200
    day, calls = _day(stops, count, seed)
    solution = solve(day, budget=SEARCH, seed=seed)
    promises = _promises(solution.plan)
    running, plan = freeze(day, solution.plan, NOW_S), solution.plan
    times, placed = [], 0
    for task in calls:
        start = time.perf_counter()
        answer = insert(running, plan, task, promises)
        times.append(1_000 * (time.perf_counter() - start))
        if answer is not None:
            running, plan, placed = answer.problem, answer.plan, placed + 1
    violations = check(running, replace(solution, plan=plan, baseline=plan, bound=0))
    return {
        "stops": stops,
        "insertions": count,
        "placed": placed,
        "insert_p95_ms": round(float(np.quantile(times, 0.95)), 1),
        "insert_median_ms": round(float(np.median(times)), 1),
        "promises_broken": _broken(plan, promises) + len(violations),
        "left_out": "160 of 200 insertions" if quick else None,
    }


def _promises(plan: Plan) -> dict[str, Window]:
    return {
        stop.task: Window(max(0, stop.start_s - PROMISED_S), stop.start_s + PROMISED_S)
        for route in plan.routes
        for stop in route.stops
    }


def _broken(plan: Plan, promises: Mapping[str, Window]) -> int:
    """Return how many stops begin outside what was promised, or are no longer made."""
    begins = {stop.task: stop.start_s for route in plan.routes for stop in route.stops}
    return sum(
        task not in begins or not window.start_s <= begins[task] <= window.end_s for task, window in promises.items()
    )


def _day(stops: int, more: int, seed: int) -> tuple[CollectionProblem, list[Task]]:
    """Return a city's day of `stops` pickups, a third of them with windows, and `more` pickups that come later."""
    rng = np.random.default_rng(seed)
    towns = rng.normal(0, 15_000, (6, 2))
    places = rng.normal(0, 5_000, (stops + more + 1, 2)) + towns[rng.integers(0, 6, stops + more + 1)]
    metres: Matrix = np.rint(1.3 * np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))).astype(np.int64)
    opens = (rng.integers(8, 15, stops + more + 1) * HOUR).tolist()
    tasks = [
        Task(
            str(k),
            k,
            pickup=(int(rng.integers(10, 80)),),
            windows=(Window(opens[k], opens[k] + 3 * HOUR),) if k % 3 == 0 else (),
            service_s=300,
        )
        for k in range(1, stops + more + 1)
    ]
    later = [replace(task, windows=(Window(NOW_S, 18 * HOUR),)) for task in tasks[stops:]]
    van = VehicleType(
        "van", stops // 12, (1_500,), shift=Window(7 * HOUR, 18 * HOUR), cost_fixed=20_000, cost_per_km=150
    )
    day = CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(stops + more + 1)),
        distance_m=metres,
        duration_s=np.rint(metres / 9).astype(np.int64),
        tasks=tuple(tasks[:stops]),
        depots=(Depot("depot", 0),),
        vehicle_types=(van,),
        load_dimensions=("kg",),
        currency="CNY",
        name=f"city {stops} {seed}",
    )
    return day, later
