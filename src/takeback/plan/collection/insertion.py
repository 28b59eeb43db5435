"""Puts one more pickup into a plan that is being driven, in milliseconds, without searching anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.found import Visit
from takeback.plan.collection.limits import Limit
from takeback.plan.collection.problem import CollectionProblem, Task, VehicleType, Window
from takeback.plan.collection.schedule import Scheduler
from takeback.plan.collection.solution import Plan, Route, prizes_lost

_Visits = tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class Insertion:
    """A plan with one task more.

    - `problem`: the day with the task; `plan`: the plan that serves it.
    - `route`: index in `plan.routes` of the route that changed; `position` of the task among its stops, from 0;
      `site`: a visit to a site was added beside it.
    - `extra`: what it costs, minor units, before any prize; `later_s`: by how many seconds the service of other
      tasks begins later (negative: earlier), tasks that did not move left out.
    """

    problem: CollectionProblem
    plan: Plan
    route: int
    position: int
    extra: int
    later_s: Mapping[str, int]
    site: bool = False


class Inserter:
    """A running plan that tasks are put into, one after the other. It holds what stays the same between them.

    `promises`: when service was promised to begin, by task id: what is put in breaks none of them. Stops that the
    problem's `started` vehicles have begun with stay as they are.
    """

    def __init__(self, problem: CollectionProblem, plan: Plan, promises: Mapping[str, Window] | None = None) -> None:
        self.problem, self.plan, self.promises = problem, plan, dict(promises or {})
        self.scheduler = Scheduler(problem, self.promises)
        self._index = {task.id: k for k, task in enumerate(problem.tasks)}
        self._sites = {site.id: -1 - k for k, site in enumerate(problem.sites)}
        self._types = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
        self._places = {task.id: task.location for task in problem.tasks}

    def insert(self, task: str, promise: Window | None = None) -> Insertion | None:
        """Return the plan with `task` (an id of the problem, not served so far) where it costs least.

        `promise`: when its service is to begin; it is kept from then on. None where it fits nowhere. The plan is
        not changed until `accept`.
        """
        if task not in self._index:
            raise _unknown(task)
        k = self._index[task]
        if promise is not None:
            self.promises[task] = promise
            self.scheduler = Scheduler(self.problem, self.promises)
        if self._served_already(k):
            return None
        best: tuple[int, int, _Visits, Route] | None = None
        for bound, row, position, visits, vehicle, number in sorted(self._options(k), key=lambda one: one[:3]):
            if best is not None and bound >= best[0]:
                break
            for longer in self._ways(visits, position, k, vehicle):
                route = self.scheduler.route(vehicle, number, longer)
                if isinstance(route, Limit) or not self._kept(route) or not self._room(row, route):
                    continue
                extra = route.cost - (self.plan.routes[row].cost if row < len(self.plan.routes) else 0)
                if best is None or extra < best[0]:
                    best = (extra, row, longer, route)
                break
        return None if best is None else self._answer(k, *best)

    def accept(self, insertion: Insertion) -> None:
        """Go on from the plan of an insertion."""
        self.plan = insertion.plan

    def _options(self, k: int) -> Iterator[tuple[int, int, int, _Visits, VehicleType, int]]:
        """Yield each place: the least it can cost (minor units), row of the route, position, visits, vehicle."""
        there = self.problem.tasks[k].location
        for at, (vehicle, number, visits) in enumerate(self._routes()):
            row = min(at, len(self.plan.routes))  # new routes come last
            if self._hopeless(k, vehicle, visits):
                continue
            legs, depots = self.scheduler.clock.distance(vehicle), self.problem.depots
            here = depots[vehicle.start_depot].location
            stops = [self.scheduler.clock.places[visit.task] for visit in visits]
            started = self.scheduler.started.get((vehicle.id, number))
            fixed = len(started.stops) if started else 0
            new = 0 if row < len(self.plan.routes) else vehicle.cost_fixed
            for position, beyond in enumerate([*stops, depots[vehicle.last_depot].location]):
                if position >= fixed:
                    metres = legs[here, there] + legs[there, beyond] - legs[here, beyond]
                    least = new + (metres * vehicle.cost_per_km) // 1_000
                    yield least, row, position, visits, vehicle, number
                here = beyond

    def _routes(self) -> Iterator[tuple[VehicleType, int, _Visits]]:
        """Yield the routes of the plan, and an empty one for each type with a vehicle at rest."""
        used: dict[str, set[int]] = {}
        for route in self.plan.routes:
            visits = tuple(
                Visit(self._index[stop.task] if stop.task else self._sites[stop.site]) for stop in route.stops
            )
            used.setdefault(route.vehicle_type, set()).add(route.vehicle)
            yield self._types[route.vehicle_type], route.vehicle, visits
        for vehicle in self.problem.vehicle_types:
            numbers = range(1, vehicle.count + 1)
            number = next((n for n in numbers if n not in used.get(vehicle.id, ())), None)
            if number is not None:
                yield vehicle, number, ()

    def _hopeless(self, k: int, vehicle: VehicleType, visits: _Visits) -> bool:
        """Return whether no place on the route can do: a vehicle that may not, or more than it can carry."""
        task = self.problem.tasks[k]
        if (task.only and vehicle.id not in task.only) or vehicle.id in task.never:
            return True
        if vehicle.most_reloads:
            return False
        loads = self.scheduler.loads
        for dim, capacity in enumerate(vehicle.capacity):
            for way in (0, 1):
                if loads[k][way][dim] + sum(loads[visit.task][way][dim] for visit in visits) > capacity:
                    return True
        return False

    def _ways(self, visits: _Visits, position: int, k: int, vehicle: VehicleType) -> Iterator[_Visits]:
        """Yield the visits with the task in its place, straight on, or with a site behind or before it."""
        before, behind = visits[:position], visits[position:]
        yield (*before, Visit(k), *behind)
        if vehicle.most_reloads > sum(visit.task < 0 for visit in visits):
            for s, site in enumerate(self.problem.sites):
                if not vehicle.sites or site.id in vehicle.sites:
                    yield (*before, Visit(k), Visit(-1 - s), *behind)
                    yield (*before, Visit(-1 - s), Visit(k), *behind)

    def _kept(self, route: Route) -> bool:
        """Return whether every promise on the route is kept."""
        promises = self.promises
        return all(
            promises[stop.task].start_s <= stop.start_s <= promises[stop.task].end_s
            for stop in route.stops
            if stop.task in promises
        )

    def _served_already(self, k: int) -> bool:
        task = self.problem.tasks[k]
        served = {stop.task for route in self.plan.routes for stop in route.stops}
        return task.id in served or any(
            other.group == task.group and other.id in served for other in self.problem.tasks if task.group
        )

    def _room(self, row: int, route: Route) -> bool:
        """Return whether sites and depots take what all routes bring with the changed one."""
        if not self.scheduler.limited:
            return True
        routes = list(self.plan.routes)
        routes[row : row + 1] = [route]
        return self.scheduler.within_intake(routes)

    def _answer(self, k: int, extra: int, row: int, visits: _Visits, route: Route) -> Insertion:
        old = self.plan.routes[row] if row < len(self.plan.routes) else None
        routes = list(self.plan.routes)
        routes[row : row + 1] = [route]
        task = self.problem.tasks[k]
        unserved = [one for one in self.plan.unserved if one.task != task.id]
        rivals = {t.id for t in self.problem.tasks if task.group and t.group == task.group}
        unserved = [
            replace(one, kind="alternative", reason=_INSTEAD) if one.task in rivals else one for one in unserved
        ]
        left = {one.task for one in unserved if one.kind != "alternative"}
        lost = prizes_lost(one for one in self.problem.tasks if one.id in left)
        begins = {stop.task: stop.start_s for stop in old.stops if stop.task} if old else {}
        later = {s.task: s.start_s - begins[s.task] for s in route.stops if s.task in begins}
        return Insertion(
            problem=self.problem,
            plan=Plan.of(routes, unserved, lost),
            route=row,
            position=[stop.task for stop in route.stops].index(task.id),
            extra=extra,
            later_s={name: seconds for name, seconds in later.items() if seconds},
            site=len(visits) > (len(old.stops) if old else 0) + 1,
        )


def insert(
    problem: CollectionProblem,
    plan: Plan,
    task: Task | str,
    promises: Mapping[str, Window] | None = None,
    promise: Window | None = None,
) -> Insertion | None:
    """Return `plan` with one more task where it costs least, without a search; None where it fits nowhere.

    `task`: a task of the problem by its id, or one that is new to it (its place must be one of the matrices').
    `promises`: when service was promised to begin, by task id: none is broken; `promise`: the new task's own. For
    many tasks one after the other, and where milliseconds count, keep an `Inserter`.
    """
    name = task if isinstance(task, str) else task.id
    if isinstance(task, Task) and all(one.id != name for one in problem.tasks):
        problem = replace(problem, tasks=(*problem.tasks, task))
    return Inserter(problem, plan, promises).insert(name, promise)


_INSTEAD = msg("Another task of its group is served instead")


def _unknown(task: str) -> Problem:
    return Problem(
        "collection.unknown-task",
        msg("The task to be put into the plan is not one of the day's"),
        where="task",
        found=task,
        expected=msg("the id of a task of the problem"),
    )
