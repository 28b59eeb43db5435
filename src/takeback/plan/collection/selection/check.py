"""Checks a selection against its problem, from the definition alone: no code of the search is used."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator

from takeback.plan.collection.parts import VehicleType
from takeback.plan.collection.selection.problem import Point, SelectionProblem
from takeback.plan.collection.selection.solution import SelectionSolution
from takeback.plan.doors import Violation

NEAR = 1e-6  # figures may differ by so much of themselves


def check(problem: SelectionProblem, solution: SelectionSolution) -> list[Violation]:
    """Return every rule of `problem` that `solution` breaks and every figure in it that is wrong; empty = valid.

    Recomputed: who is emptied when, fill and risk of each visit, and the objective. Not recomputed: that no choice is
    below `bound`, beyond bound <= objective; the baseline's figure; worths, beyond being there and not negative.
    """
    found = list(_days(problem, solution))
    if found:
        return found
    chosen = {point.id: sorted(one.day for one in solution.chosen if one.point == point.id) for point in problem.points}
    for one in solution.chosen:
        point = next(point for point in problem.points if point.id == one.point)
        before = [day for day in chosen[point.id] if day < one.day]
        mean, _ = _level(point, before, one.day)
        found += _figure(f"{one.point}, day {one.day}", "fill", one.fill, mean / point.capacity)
        found += _figure(f"{one.point}, day {one.day}", "risk", one.risk, _risk(point, before, one.day))
    found += _figure("objective", "objective", solution.objective, _objective(problem, chosen))
    if not 0 <= solution.bound <= solution.objective * (1 + NEAR):
        found.append(Violation("bound.above-objective", "bound", solution.bound, solution.objective))
    if solution.objective > solution.baseline * (1 + NEAR):
        found.append(Violation("objective.above-baseline", "objective", solution.objective, solution.baseline))
    return found


def _days(problem: SelectionProblem, solution: SelectionSolution) -> Iterator[Violation]:
    ids = {point.id for point in problem.points}
    for (name, day), times in Counter((one.point, one.day) for one in solution.chosen).items():
        if name not in ids:
            yield Violation("point.unknown", f"day {day}", name, "a point of the problem")
        if times > 1:
            yield Violation("point.twice", f"{name}, day {day}", times, 1)
        if not 0 <= day < problem.days or day in problem.closed_days:
            yield Violation("day.closed", name, day, "a day of the horizon that is not closed")
    shape = (len(solution.worth), {len(row) for row in solution.worth})
    if shape != (len(problem.points), {problem.days} if problem.points else set()):
        yield Violation("worth.shape", "worth", shape, (len(problem.points), problem.days))
    for point, row in zip(problem.points, solution.worth, strict=False):
        if any(worth < 0 for worth in row):
            yield Violation("worth.negative", point.id, row, "0 or more")


def _figure(where: str, name: str, found: float, expected: float) -> list[Violation]:
    near = math.isclose(found, expected, rel_tol=NEAR, abs_tol=NEAR)
    return [] if near else [Violation(f"figure.{name}", where, found, expected)]


def _level(point: Point, emptied: Collection[int], day: int) -> tuple[float, float]:
    """Return mean and variance of the level on the morning of `day`, before emptying."""
    start = max((d for d in emptied if d < day), default=None)
    sd = point.inflow_sd or (0.0,) * len(point.inflow)
    first = 0 if start is None else start
    mean = sum(point.inflow[first:day]) + (point.level if start is None else 0.0)
    variance = sum(s**2 for s in sd[first:day]) + (point.level_sd**2 if start is None else 0.0)
    return mean, variance


def _risk(point: Point, emptied: Collection[int], day: int) -> float:
    """Return P(level > capacity) in the evening of `day`: the morning of the day after."""
    mean, variance = _level(point, emptied, day + 1)
    if not variance:
        return float(mean > point.capacity)
    return 0.5 * math.erfc((point.capacity - mean) / math.sqrt(2 * variance))


def _objective(problem: SelectionProblem, chosen: dict[str, list[int]]) -> float:
    vehicle = max(
        (one for one in problem.vehicle_types if one.count),
        key=lambda one: sum(one.capacity) / max(1, one.cost_fixed + one.cost_per_km),
    )
    total = sum(_own(problem, vehicle, point, chosen[point.id]) for point in problem.points)
    for day in range(problem.days):
        total += _day(problem, vehicle, day, chosen)
    return total


def _own(problem: SelectionProblem, vehicle: VehicleType, point: Point, days: list[int]) -> float:
    risks = sum(_risk(point, days, day) for day in range(problem.days))
    last, _ = _level(point, days, problem.days)
    return point.overflow_cost * risks + _usual(problem, vehicle, point) * min(1.0, last / point.capacity)


def _way(problem: SelectionProblem, vehicle: VehicleType, a: int, b: int) -> float:
    metres = (int(problem.distance_m[a, b]) + int(problem.distance_m[b, a])) / 2
    return metres * vehicle.cost_per_km / 1000 + _seconds(problem, a, b) * vehicle.cost_per_hour / 3600


def _seconds(problem: SelectionProblem, a: int, b: int) -> float:
    return (int(problem.duration_s[a, b]) + int(problem.duration_s[b, a])) / 2


def _share(vehicle: VehicleType, point: Point) -> float:
    trips = 1 + vehicle.most_reloads
    pairs = list(zip(point.load, vehicle.capacity, strict=False))
    return max((load / (most * trips) if most else float(load > 0) for load, most in pairs), default=0.0)


def _usual(problem: SelectionProblem, vehicle: VehicleType, point: Point) -> float:
    if point.visit_cost is not None:
        return point.visit_cost
    n = len(problem.points)
    due = sum(sum(one.inflow) / problem.days / one.capacity for one in problem.points)
    place = min(max(1, n - 1), max(1, round(n / due) if due else n))
    ways = sorted(
        _way(problem, vehicle, point.location, other.location) for other in problem.points if other is not point
    )
    nearest = ([0.0, *ways])[min(place, n - 1)]
    depot = problem.depots[vehicle.start_depot].location
    out = _share(vehicle, point) * (2 * _way(problem, vehicle, depot, point.location) + vehicle.cost_fixed)
    return 0.7124 / 0.6331 * nearest + out + point.service_s * vehicle.cost_per_hour / 3600


def _day(problem: SelectionProblem, vehicle: VehicleType, day: int, chosen: dict[str, list[int]]) -> float:
    """Return the estimate of a day: tree (Kruskal) x stretch, service, vehicles and their ways out and back."""
    points = [point for point in problem.points if day in chosen[point.id]]
    if not points:
        return 0.0
    depot = problem.depots[vehicle.start_depot].location
    places = [depot, *(point.location for point in points)]
    cost, seconds = _tree(problem, vehicle, places)
    service = sum(point.service_s for point in points)
    load = sum(_share(vehicle, point) * _filled(point, chosen[point.id], day) for point in points)
    shift = vehicle.shift.end_s - vehicle.shift.start_s
    shift = max(1, shift if vehicle.max_duration_s is None else min(shift, vehicle.max_duration_s))
    stretch = 0.7124 / 0.6331
    used = max(1, math.ceil(load - 1e-9), math.ceil((seconds * stretch + service) / shift - 1e-9))
    out = sum(_way(problem, vehicle, depot, place) for place in places[1:]) / len(points)
    total = cost * stretch + service * vehicle.cost_per_hour / 3600 + (used - 1) * 2 * out + used * vehicle.cost_fixed
    over = used - sum(one.count for one in problem.vehicle_types)
    return total + (over * 4.0 * total / used if over > 0 else 0.0)


def _filled(point: Point, days: list[int], day: int) -> float:
    return min(1.0, _level(point, [d for d in days if d < day], day)[0] / point.capacity)


def _tree(problem: SelectionProblem, vehicle: VehicleType, places: list[int]) -> tuple[float, float]:
    """Return cost and seconds of the cheapest tree over all places."""
    edges = sorted(
        (_way(problem, vehicle, a, b), _seconds(problem, a, b), i, j)
        for i, a in enumerate(places)
        for j, b in enumerate(places)
        if i < j
    )
    part = list(range(len(places)))
    cost = seconds = 0.0
    for price, duration, i, j in edges:
        if part[i] != part[j]:
            cost, seconds = cost + price, seconds + duration
            old, new = part[j], part[i]
            part = [new if one == old else one for one in part]
    return cost, seconds
