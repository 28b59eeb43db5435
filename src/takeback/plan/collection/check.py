"""Checks a collection solution against its problem, from the definition alone: no code of the solver is used.

Every rule that can be broken has a slug, stable for programs. This module: who is served by whom.

- `task.unknown`, `task.once` (served or listed as left, once), `task.required`, `task.reason` (a kind of leaving that
  does not exist);
- `group.twice` (two alternatives are served), `group.required` (none is, and one must be), `group.kind` (the kind
  `alternative` stands for just those of whose group another one is served);
- `relation.order` (the second is served without the first before it in its route);
- `vehicle.unknown`, `vehicle.twice`, `site.unknown`, `stop.kind` (a stop is either a task or a site), `route.empty`;
- `started.missing` (a started vehicle does not drive), `started.prefix`, `started.departure`, `started.keeps`;
- `intake.site`, `intake.depot` (all routes together unload more than a place takes);
- `sum.distance-m`, `sum.duration-s`, `sum.objective`, `bound.above-objective`, `effort.negative`.

When and how far, in `check_times`:

- `time.arrival`, `time.window`, `time.start` (not the first moment allowed), `time.service`, `time.return`,
  `time.departure-hours`, `time.return-hours`, `time.duration-limit` (overtime included), `zone.closed`;
- `break.missing`, `break.unknown` (none of the vehicle's, or twice), `break.place`, `break.window`, `break.start`,
  `break.duration`;
- `distance.limit`, `distance.figure`, `duration.figure`, `cost.figure`.

What is aboard, in `check_loads`:

- `load.figure`, `load.above-capacity`, `trip.not-supplied` (a delivery that came aboard nowhere), `trip.apart`,
  `depot.takes-no-load`, `compartment.number`, `compartment.size`;
- `site.reloads` (more visits than `most_reloads`), `site.not-allowed`;
- `task.only`, `task.never`, `vehicle.carries`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from takeback.plan.collection.check_loads import check_loads, unloaded
from takeback.plan.collection.check_parts import Parts
from takeback.plan.collection.check_times import check_times
from takeback.plan.collection.problem import CollectionProblem, Started
from takeback.plan.collection.solution import CollectionSolution, Plan, Route, Stop
from takeback.plan.doors import Violation

UNSERVED_KINDS = frozenset({"impossible", "no-room", "not-worth", "not-found", "alternative"})


def check(problem: CollectionProblem, solution: CollectionSolution) -> list[Violation]:
    """Return every rule of `problem` that `solution` breaks and every figure in it that is wrong; empty = valid.

    Both plans are recomputed: who is served and when, loads, windows, limits, metres, seconds, cost, objective.
    Only the proof's own validity (that no plan is below `bound`) is not checked, beyond bound <= objective; and
    the baseline may leave tasks that must be served, be it because a vehicle has promised them.
    """
    violations = check_plan(problem, solution.plan)
    violations += check_plan(problem, solution.baseline, "baseline", every_task=False)
    if not 0 <= solution.bound <= solution.objective:
        violations.append(Violation("bound.above-objective", "bound", solution.bound, solution.objective))
    if solution.seconds < 0 or solution.iterations < 0:
        found = (solution.seconds, solution.iterations)
        violations.append(Violation("effort.negative", "seconds, iterations", found, 0))
    return violations


def check_plan(
    problem: CollectionProblem, plan: Plan, name: str = "plan", *, every_task: bool = True
) -> list[Violation]:
    """Return what is wrong with one plan; `every_task` False: tasks that must be served may be left."""
    parts = Parts(problem)
    violations = [
        *_check_names(parts, plan, name),
        *_check_tasks(parts, plan, name, every_task=every_task),
        *_check_groups(parts, plan, name, every_task=every_task),
        *_check_relations(problem, plan, name),
        *_check_fleet(problem, plan, name),
        *_check_started(problem, plan, name, every_task=every_task),
        *_check_sums(parts, plan, name),
    ]
    known = [(k, route) for k, route in enumerate(plan.routes) if parts.knows(route)]
    for k, route in known:
        violations += check_times(parts, route, f"{name}, route {k + 1}")
        violations += check_loads(parts, route, f"{name}, route {k + 1}")
    return violations + list(_check_intake(parts, [route for _, route in known], name))


def _check_names(parts: Parts, plan: Plan, name: str) -> Iterator[Violation]:
    """Each stop is one task or one site, and those exist."""
    for k, route in enumerate(plan.routes):
        for n, stop in enumerate(route.stops):
            where = f"{name}, route {k + 1}, stop {n + 1}"
            if bool(stop.task) == bool(stop.site):
                yield Violation("stop.kind", where, (stop.task, stop.site), "a task or a site")
            elif stop.site and stop.site not in parts.sites:
                yield Violation("site.unknown", where, stop.site, "a site of the problem")
    named = [stop.task for stop in _stops(plan) if stop.task] + [one.task for one in plan.unserved]
    for unknown in sorted(set(named) - parts.tasks.keys()):
        yield Violation("task.unknown", name, unknown, "a task of the problem")


def _check_tasks(parts: Parts, plan: Plan, name: str, *, every_task: bool) -> Iterator[Violation]:
    """Each task is served once or listed as left once, never both; a task that must be served is served."""
    served = Counter(stop.task for stop in _stops(plan))
    left = Counter(one.task for one in plan.unserved)
    for task in parts.problem.tasks:
        times = served[task.id] + left[task.id]
        if times != 1:
            yield Violation("task.once", f"{name}, task {task.id}", times, 1)
        if every_task and task.prize is None and not task.group and not served[task.id]:
            yield Violation("task.required", f"{name}, task {task.id}", "not served", "served")
    for one in plan.unserved:
        if one.kind not in UNSERVED_KINDS:
            yield Violation("task.reason", f"{name}, task {one.task}", one.kind, sorted(UNSERVED_KINDS))


def _check_groups(parts: Parts, plan: Plan, name: str, *, every_task: bool) -> Iterator[Violation]:
    """At most one of a group is served, one where it must be; the others are listed as alternatives to it."""
    served = {stop.task for stop in _stops(plan)}
    taken = Counter(task.group for task in parts.problem.tasks if task.id in served)
    for group, members in parts.groups.items():
        if taken[group] > 1:
            yield Violation("group.twice", f"{name}, group {group}", taken[group], "at most 1")
        if every_task and members[0].prize is None and not taken[group]:
            yield Violation("group.required", f"{name}, group {group}", 0, 1)
    for one in plan.unserved:
        group = parts.tasks[one.task].group if one.task in parts.tasks else ""
        replaced = bool(group) and taken[group] > 0
        if one.kind in UNSERVED_KINDS and replaced != (one.kind == "alternative"):
            expected = "alternative" if replaced else "another kind: none of its group is served"
            yield Violation("group.kind", f"{name}, task {one.task}", one.kind, expected)


def _check_relations(problem: CollectionProblem, plan: Plan, name: str) -> Iterator[Violation]:
    """Whoever serves the second has served the first before."""
    places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for k, route in enumerate(plan.routes):
        for n, stop in enumerate(route.stops):
            places[stop.task].append((k, n))
    for relation in problem.relations:
        for k, n in places[relation.second]:
            if not any(route == k and position < n for route, position in places[relation.first]):
                where = f"{name}, route {k + 1}, stop {n + 1}"
                yield Violation("relation.order", where, relation.second, f"{relation.first} before it")


def _check_fleet(problem: CollectionProblem, plan: Plan, name: str) -> Iterator[Violation]:
    """Each vehicle exists and drives at most one route, which goes somewhere unless it has begun already."""
    counts = {vehicle.id: vehicle.count for vehicle in problem.vehicle_types}
    used = Counter((route.vehicle_type, route.vehicle) for route in plan.routes)
    for (kind, number), times in used.items():
        where = f"{name}, vehicle {kind} {number}"
        if kind not in counts or not 1 <= number <= counts[kind]:
            yield Violation("vehicle.unknown", where, number, f"1 to {counts.get(kind, 0)}")
        if times > 1:
            yield Violation("vehicle.twice", where, times, 1)
    started = {(one.vehicle_type, one.vehicle) for one in problem.started}
    for k, route in enumerate(plan.routes):
        if not route.stops and (route.vehicle_type, route.vehicle) not in started:
            yield Violation("route.empty", f"{name}, route {k + 1}", 0, "at least one stop")


def _check_started(problem: CollectionProblem, plan: Plan, name: str, *, every_task: bool) -> Iterator[Violation]:
    """What has begun goes on: the vehicle drives, in the order begun, and keeps what it has aboard."""
    for one in problem.started:
        where = f"{name}, vehicle {one.vehicle_type} {one.vehicle}"
        mine = [
            route for route in plan.routes if (route.vehicle_type, route.vehicle) == (one.vehicle_type, one.vehicle)
        ]
        if every_task and not mine:
            yield Violation("started.missing", where, "no route", "a route")
        for route in mine:
            yield from _check_begun(one, route, where, every_task=every_task)


def _check_begun(one: Started, route: Route, where: str, *, every_task: bool) -> Iterator[Violation]:
    order = [stop.task or stop.site for stop in route.stops]
    if tuple(order[: len(one.stops)]) != one.stops:
        yield Violation("started.prefix", where, order[: len(one.stops)], list(one.stops))
    if one.departure_s is not None and route.departure_s != one.departure_s:
        yield Violation("started.departure", where, route.departure_s, one.departure_s)
    tasks = {stop.task for stop in route.stops}
    for kept in one.keeps:
        if every_task and kept not in tasks:
            yield Violation("started.keeps", where, f"without {kept}", f"{kept} on this vehicle")


def _check_sums(parts: Parts, plan: Plan, name: str) -> Iterator[Violation]:
    served = {stop.task for stop in _stops(plan)}
    left = {one.task for one in plan.unserved}
    lost = sum(task.prize or 0 for task in parts.problem.tasks if not task.group and task.id in left)
    for members in parts.groups.values():
        if not served & {task.id for task in members}:
            lost += members[0].prize or 0
    sums = {
        "distance_m": sum(route.distance_m for route in plan.routes),
        "duration_s": sum(route.duration_s for route in plan.routes),
        "objective": sum(route.cost for route in plan.routes) + lost,
    }
    for figure, expected in sums.items():
        if getattr(plan, figure) != expected:
            yield Violation(f"sum.{figure.replace('_', '-')}", name, getattr(plan, figure), expected)


def _check_intake(parts: Parts, routes: Sequence[Route], name: str) -> Iterator[Violation]:
    """No place takes more than its intake from all routes together."""
    problem = parts.problem
    total: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(problem.load_dimensions))
    for route in routes:
        for kind, place, load in unloaded(parts, route):
            total[kind, place] = [a + b for a, b in zip(total[kind, place], load, strict=True)]
    limits = [("site", site.id, site.intake) for site in problem.sites]
    limits += [("depot", depot.id, depot.intake) for depot in problem.depots]
    for kind, place, intake in limits:
        if intake and any(load > most for load, most in zip(total[kind, place], intake, strict=True)):
            yield Violation(f"intake.{kind}", f"{name}, {kind} {place}", tuple(total[kind, place]), intake)


def _stops(plan: Plan) -> list[Stop]:
    return [stop for route in plan.routes for stop in route.stops]
