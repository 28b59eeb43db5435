"""A collection problem as the arrays of the annealed search, and which problems it can say."""

from __future__ import annotations

import math

import numpy as np

from takeback.plan.collection.problem import CollectionProblem, VehicleType
from takeback.plan.collection.ruin.arrays import Array, Asked

ALL_NEAR = 150  # tasks up to which a task may return beside any other; above, beside its
NEAREST, FARTHER = 40, 40  # nearest, and others ever farther away: a cluster must not be all that it sees
ROUND = 18_000  # costs are counted in 1/18 000 minor units, in which all are whole
LARGEST = 2**30
FOREVER, LONG = 2**50, 2**40  # seconds; a window that closes later than the second never closes
MOST_ROUTES = 4_000


def asked_of(problem: CollectionProblem, seed: int) -> tuple[Asked, float]:
    """Return the arrays of `problem`, and how many of their units of cost a minor unit is.

    All vehicles of a type are alike; only as many routes are made as tasks can fill.
    """
    vehicles = problem.vehicle_types
    costs, klass, per_unit = _costs(problem)
    counts = [min(v.count, len(problem.tasks), MOST_ROUTES) for v in vehicles]
    kinds = np.repeat(np.arange(len(vehicles)), counts)
    place, opens, closes, service = _nodes(problem, kinds)
    loads = np.array([problem.task_load(task) for task in problem.tasks], dtype=np.int64)
    loads = loads.reshape(len(problem.tasks), 2, len(problem.load_dimensions))
    capacity = np.array([vehicles[k].capacity for k in kinds], dtype=np.int64)
    capacity = capacity.reshape(len(kinds), len(problem.load_dimensions))
    lose = _lose(problem, costs, per_unit)
    asked = Asked(
        cost=costs,
        back=np.ascontiguousarray(costs.transpose(0, 2, 1)),
        time=problem.duration_s.astype(np.int64 if problem.duration_s.max(initial=0) > 2**31 - 1 else np.int32),
        place=place,
        opens=opens,
        closes=closes,
        service=service,
        delivery=np.ascontiguousarray(loads[:, 0]),
        pickup=np.ascontiguousarray(loads[:, 1]),
        size=(loads.max(axis=1, initial=0) / np.maximum(1, capacity.max(axis=0, initial=1))).sum(axis=1),
        lose=lose,
        near=_near(problem, costs),
        kind=kinds.astype(np.int32),
        klass=klass[kinds].astype(np.int32),
        fixed=np.array([round(vehicles[k].cost_fixed * per_unit) for k in kinds], dtype=np.int64),
        capacity=capacity,
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        timed=clocked(problem),
        keys=np.random.default_rng(seed).integers(2**63, size=len(problem.tasks), dtype=np.uint64),
    )
    return asked, per_unit


def clocked(problem: CollectionProblem) -> bool:
    """Return whether clocks matter at all: something opens late, closes early, or may not last."""
    windows = [window for task in problem.tasks for window in task.windows]
    windows += [depot.window for depot in problem.depots if depot.window] + [v.shift for v in problem.vehicle_types]
    limited = any(v.max_duration_s is not None for v in problem.vehicle_types)
    return limited or any(window.start_s > 0 or window.end_s < LONG for window in windows)


def _costs(problem: CollectionProblem) -> tuple[Array, Array, float]:
    """Return leg costs (classes, places, places), the class of each vehicle type, units of cost in a minor unit."""
    rates = [(v.cost_per_km, v.cost_per_hour) for v in problem.vehicle_types]
    classes = sorted(set(rates))
    exact = [18 * km * problem.distance_m + 5 * hour * problem.duration_s for km, hour in classes]
    common = math.gcd(*(18 * km for km, _ in classes), *(5 * hour for _, hour in classes)) or 1
    most = max(int(matrix.max(initial=0)) for matrix in exact)
    common = max(common, -(-most // LARGEST))
    costs = np.stack([np.rint(matrix / common) for matrix in exact]).astype(np.int32)
    return costs, np.array([classes.index(rate) for rate in rates]), ROUND / common


def _nodes(problem: CollectionProblem, kinds: Array) -> tuple[Array, Array, Array, Array]:
    """Return place, begin and end of the window, and service time of each node."""
    tasks, vehicles = problem.tasks, problem.vehicle_types
    windows = [task.windows[0] if task.windows else (0, FOREVER) for task in tasks]
    rows = [(t.location, *window, t.service_s) for t, window in zip(tasks, windows, strict=True)]
    ends = [_ends(problem, vehicle) for vehicle in vehicles]
    for kind in kinds:
        rows += ends[kind]
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    opens, closes, service = (np.ascontiguousarray(table[:, k]) for k in (1, 2, 3))
    return table[:, 0].astype(np.int32), opens, closes, service


def _ends(problem: CollectionProblem, vehicle: VehicleType) -> list[tuple[int, int, int, int]]:
    """Return the rows of where a route begins and ends; a limit of duration becomes a latest return."""
    rows = []
    for depot in (problem.depots[vehicle.start_depot], problem.depots[vehicle.last_depot]):
        opens, closes = depot.window or (0, FOREVER)
        rows.append((depot.location, max(opens, vehicle.shift.start_s), min(closes, vehicle.shift.end_s), 0))
    if vehicle.max_duration_s is not None:
        location, opens, closes, _ = rows[1]
        rows[1] = (location, opens, min(closes, rows[0][1] + vehicle.max_duration_s), 0)
    return rows


def _lose(problem: CollectionProblem, costs: Array, per_unit: float) -> Array:
    """Return what each task costs that is left: its prize, or more than any detour for it."""
    fixed = max((v.cost_fixed for v in problem.vehicle_types), default=0)
    never = 4 * int(costs.max(initial=0)) + round(fixed * per_unit) + 1
    return np.array([never if t.prize is None else round(t.prize * per_unit) for t in problem.tasks], dtype=np.int64)


def _near(problem: CollectionProblem, costs: Array) -> Array:
    """Return near tasks of each task, by the cheaper direction; those that no order of visits allows come last."""
    places = np.array([task.location for task in problem.tasks], dtype=np.intp)
    ranks = _ranks(len(places) - 1)
    near = np.empty((len(places), len(ranks)), dtype=np.int32)
    windows = np.array([t.windows[0] if t.windows else (0, FOREVER) for t in problem.tasks], dtype=np.float64)
    for k, place in enumerate(places):  # row by row: no second matrix of all pairs
        away = np.minimum(costs[0, place, places], costs[0, places, place]).astype(np.float64)
        away[k] = np.inf
        late = problem.duration_s[place, places] + windows[k, 0] + problem.tasks[k].service_s > windows[:, 1]
        back = problem.duration_s[places, place] + windows[:, 0] > windows[k, 1]
        away[late & back] += LARGEST
        near[k] = np.argsort(away, kind="stable")[ranks]
    return near


def _ranks(others: int) -> Array:
    """Return which of so many others, from the nearest on, are looked at."""
    if others <= ALL_NEAR:
        return np.arange(max(0, others))
    farther = np.geomspace(NEAREST, others - 1, FARTHER).round().astype(np.intp)
    return np.unique(np.concatenate([np.arange(NEAREST), farther]))
