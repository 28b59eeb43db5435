"""Checks a collection solution against its problem, from the definition alone: no code of the solver is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from takeback.plan.collection.problem import CollectionProblem, Task, VehicleType
from takeback.plan.collection.solution import CollectionSolution, Plan, Route
from takeback.plan.doors import Violation

UNSERVED_KINDS = frozenset({"impossible", "no-room", "not-worth", "not-found"})


def check(problem: CollectionProblem, solution: CollectionSolution) -> list[Violation]:
    """Return every rule of `problem` that `solution` breaks and every figure in it that is wrong; empty = valid.

    Both plans are recomputed: who is served and when, loads, windows, limits, metres, seconds, cost, objective.
    Only the proof's own validity (that no plan is below `bound`) is not checked, beyond bound <= objective; and
    the baseline may leave tasks that must be served.
    """
    violations = list(_check_plan(problem, solution.plan, "plan", every_task=True))
    violations += _check_plan(problem, solution.baseline, "baseline", every_task=False)
    if not 0 <= solution.bound <= solution.objective:
        violations.append(Violation("bound.above-objective", "bound", solution.bound, solution.objective))
    if solution.seconds < 0 or solution.iterations < 0:
        found = (solution.seconds, solution.iterations)
        violations.append(Violation("effort.negative", "seconds, iterations", found, 0))
    return violations


def _check_plan(problem: CollectionProblem, plan: Plan, name: str, *, every_task: bool) -> Iterator[Violation]:
    yield from _check_tasks(problem, plan, name, every_task=every_task)
    yield from _check_fleet(problem, plan, name)
    tasks = {task.id: task for task in problem.tasks}
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
    for k, route in enumerate(plan.routes):
        known = all(stop.task in tasks for stop in route.stops)
        if known and route.vehicle_type in vehicles:
            yield from _RouteCheck(problem, vehicles[route.vehicle_type], tasks, route, f"{name}, route {k + 1}").run()
    lost = sum(tasks[one.task].prize or 0 for one in plan.unserved if one.task in tasks)
    sums = {
        "distance_m": sum(route.distance_m for route in plan.routes),
        "duration_s": sum(route.duration_s for route in plan.routes),
        "objective": sum(route.cost for route in plan.routes) + lost,
    }
    for figure, expected in sums.items():
        if getattr(plan, figure) != expected:
            yield Violation(f"sum.{figure.replace('_', '-')}", name, getattr(plan, figure), expected)


def _check_tasks(problem: CollectionProblem, plan: Plan, name: str, *, every_task: bool) -> Iterator[Violation]:
    """Each task is served once or listed as left once, never both; a task that must be served is served."""
    served = Counter(stop.task for route in plan.routes for stop in route.stops)
    left = Counter(one.task for one in plan.unserved)
    tasks = {task.id: task for task in problem.tasks}
    for unknown in sorted((served.keys() | left.keys()) - tasks.keys()):
        yield Violation("task.unknown", name, unknown, "a task of the problem")
    for task in problem.tasks:
        times = served[task.id] + left[task.id]
        if times != 1:
            yield Violation("task.once", f"{name}, task {task.id}", times, 1)
        if every_task and task.prize is None and not served[task.id]:
            yield Violation("task.required", f"{name}, task {task.id}", "not served", "served")
    for one in plan.unserved:
        if one.kind not in UNSERVED_KINDS:
            yield Violation("task.reason", f"{name}, task {one.task}", one.kind, sorted(UNSERVED_KINDS))


def _check_fleet(problem: CollectionProblem, plan: Plan, name: str) -> Iterator[Violation]:
    """Each vehicle exists and drives at most one route."""
    counts = {vehicle.id: vehicle.count for vehicle in problem.vehicle_types}
    used = Counter((route.vehicle_type, route.vehicle) for route in plan.routes)
    for (kind, number), times in used.items():
        where = f"{name}, vehicle {kind} {number}"
        if kind not in counts or not 1 <= number <= counts[kind]:
            yield Violation("vehicle.unknown", where, number, f"1 to {counts.get(kind, 0)}")
        if times > 1:
            yield Violation("vehicle.twice", where, times, 1)


class _RouteCheck:
    """Drives one route again, stop by stop."""

    def __init__(
        self,
        problem: CollectionProblem,
        vehicle: VehicleType,
        tasks: dict[str, Task],
        route: Route,
        where: str,
    ) -> None:
        self.problem, self.vehicle, self.route, self.where = problem, vehicle, route, where
        self.tasks = [tasks[stop.task] for stop in route.stops]
        ends = [problem.depots[vehicle.start_depot].location]
        last = vehicle.start_depot if vehicle.end_depot is None else vehicle.end_depot
        self.places = ends + [task.location for task in self.tasks] + [problem.depots[last].location]
        self.legs = list(pairwise(self.places))
        self.last = last

    def run(self) -> Iterator[Violation]:
        """Yield everything wrong with the route."""
        if not self.route.stops:
            yield Violation("route.empty", self.where, 0, "at least one stop")
        yield from self._times()
        yield from self._ends()
        yield from self._loads()
        yield from self._figures()

    def _times(self) -> Iterator[Violation]:
        clock = self.route.departure_s
        for k, (stop, task) in enumerate(zip(self.route.stops, self.tasks, strict=True)):
            where = f"{self.where}, stop {k + 1}"
            arrival = clock + int(self.problem.duration_s[self.legs[k]])
            if stop.arrival_s != arrival:
                yield Violation("time.arrival", where, stop.arrival_s, arrival)
            if task.windows and not any(w.start_s <= stop.start_s <= w.end_s for w in task.windows):
                yield Violation("time.window", where, stop.start_s, [tuple(w) for w in task.windows])
            begins = {max(stop.arrival_s, window.start_s) for window in task.windows} or {stop.arrival_s}
            if stop.start_s not in begins:
                yield Violation("time.start", where, stop.start_s, sorted(begins))
            if stop.departure_s != stop.start_s + task.service_s:
                yield Violation("time.service", where, stop.departure_s, stop.start_s + task.service_s)
            clock = stop.departure_s
        back = clock + int(self.problem.duration_s[self.legs[-1]])
        opening = self.problem.depots[self.last].window
        expected = max(back, opening.start_s if opening else 0, self.vehicle.shift.start_s)
        if self.route.return_s != expected:
            yield Violation("time.return", self.where, self.route.return_s, expected)

    def _ends(self) -> Iterator[Violation]:
        """Leaving and returning lie within shift and depot hours, the route within its limits."""
        for moment, depot, what in (
            (self.route.departure_s, self.vehicle.start_depot, "departure"),
            (self.route.return_s, self.last, "return"),
        ):
            for window in (self.vehicle.shift, self.problem.depots[depot].window):
                if window is not None and not window.start_s <= moment <= window.end_s:
                    yield Violation(f"time.{what}-hours", self.where, moment, tuple(window))
        longest, farthest = self.vehicle.max_duration_s, self.vehicle.max_distance_m
        if longest is not None and self.route.duration_s > longest:
            yield Violation("time.duration-limit", self.where, self.route.duration_s, longest)
        if farthest is not None and self.route.distance_m > farthest:
            yield Violation("distance.limit", self.where, self.route.distance_m, farthest)

    def _loads(self) -> Iterator[Violation]:
        zero = [0] * len(self.problem.load_dimensions)
        aboard = [sum(column) for column in zip(zero, *(task.delivery or zero for task in self.tasks), strict=True)]
        profile = [aboard]
        for task in self.tasks:
            changes = zip(profile[-1], task.delivery or zero, task.pickup or zero, strict=True)
            profile.append([load - delivery + pickup for load, delivery, pickup in changes])
        told = [self.route.load, *(stop.load for stop in self.route.stops)]
        for k, (expected, found) in enumerate(zip(profile, told, strict=True)):
            where = f"{self.where}, stop {k}" if k else f"{self.where}, depot"
            if tuple(expected) != tuple(found):
                yield Violation("load.figure", where, found, tuple(expected))
            if any(load > most for load, most in zip(expected, self.vehicle.capacity, strict=True)):
                yield Violation("load.above-capacity", where, tuple(expected), self.vehicle.capacity)

    def _figures(self) -> Iterator[Violation]:
        metres = sum(int(self.problem.distance_m[leg]) for leg in self.legs)
        seconds = self.route.return_s - self.route.departure_s
        thousandths = 18 * self.vehicle.cost_per_km * metres + 5 * self.vehicle.cost_per_hour * seconds
        cost = self.vehicle.cost_fixed + (thousandths + 17_999) // 18_000
        for name, found, expected in (
            ("distance.figure", self.route.distance_m, metres),
            ("duration.figure", self.route.duration_s, seconds),
            ("cost.figure", self.route.cost, cost),
        ):
            if found != expected:
                yield Violation(name, self.where, found, expected)
