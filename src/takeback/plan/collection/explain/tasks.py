"""Tasks that no vehicle can serve even alone, and groups none of whose alternatives can be served."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.collection.explain.case import MOST_TASKS, case, works
from takeback.plan.collection.explain.conflict import Conflict, conflict
from takeback.plan.collection.explain.paths import Paths
from takeback.plan.collection.problem import CollectionProblem, Started, Task, VehicleType
from takeback.plan.collection.schedule import Limit, Scheduler, Visit

MOST_TOLD = 20  # tasks, each with all its limits; the others are counted
MOST_VEHICLES = 5  # vehicle types of one task


class Alone:
    """Asks of each task whether any vehicle type could serve it, with nothing else to do."""

    def __init__(self, problem: CollectionProblem) -> None:
        self.problem = problem
        self._paths = Paths(problem)
        self._index = {task.id: k for k, task in enumerate(problem.tasks)}
        self._owner = {
            name: one.vehicle_type
            for one in problem.started
            for name in (*one.stops, *one.keeps)
            if name in self._index
        }
        self._started = {name: one for one in problem.started for name in (*one.stops, *one.keeps)}
        self._vehicles = _unlike(problem)
        self._before: defaultdict[str, list[str]] = defaultdict(list)
        for relation in problem.relations:
            self._before[relation.second].append(relation.first)
        self._scheduler = Scheduler(replace(problem, started=()) if problem.started else problem)

    def conflicts(self, k: int) -> list[Conflict]:
        """Return what stops each vehicle type from serving task `k`, the least first; empty where one can."""
        if self._owner.get(self.problem.tasks[k].id):
            return []  # what has begun is looked at as a whole
        if any(self._plainly(vehicle, k) for vehicle in self._vehicles):
            return []
        found = []
        chain = self._chain(k)
        begun = list(dict.fromkeys(self._started[task.id] for task in chain if task.id in self._started))
        if begun:
            return self._behind(begun, chain)
        for vehicle in self._vehicles:
            one = conflict(case(self._paths, vehicle, chain), works) if len(chain) <= MOST_TASKS else None
            if one is None:
                return []
            found.append(one)
        return sorted(found, key=lambda one: (len(one.limits), one.share))

    def _behind(self, begun: Sequence[Started], chain: Sequence[Task]) -> list[Conflict]:
        """Return what stops the one vehicle that has begun with, or keeps, a task before the last of `chain`."""
        one = begun[0]
        vehicle = next(vehicle for vehicle in self.problem.vehicle_types if vehicle.id == one.vehicle_type)
        mine = [self.problem.tasks[self._index[name]] for name in (*one.stops, *one.keeps) if name in self._index]
        barred = any(vehicle.sites and name not in (*self._index, *vehicle.sites) for name in one.stops)
        every = list({task.id: task for task in (*mine, *chain)}.values())
        if len(begun) > 1 or barred or len(every) > MOST_TASKS or not works(case(self._paths, vehicle, mine, one)):
            return []
        found = conflict(case(self._paths, vehicle, every, one), works)
        return [] if found is None else [replace(found, vehicle=f"{one.vehicle_type} {one.vehicle}")]

    def _plainly(self, vehicle: VehicleType, k: int) -> bool:
        """Return whether a vehicle may serve the task by the straight way: the common case, asked first."""
        return not isinstance(self._scheduler.route(vehicle, 1, [Visit(k)]), Limit)

    def _chain(self, k: int) -> list[Task]:
        """Return the tasks that must be served before `k` on its route, and itself last."""
        names = [self.problem.tasks[k].id]
        for name in names:
            names += [first for first in self._before[name] if first not in names]
        return [self.problem.tasks[self._index[name]] for name in reversed(names)]


def impossible_tasks(problem: CollectionProblem, alone: Alone, told: set[str]) -> Iterator[Problem]:
    """Yield an error for each task that must be served and cannot be, and for each such group.

    Their ids go into `told`.
    """
    single = [k for k, task in enumerate(problem.tasks) if task.prize is None and not task.group]
    more = 0
    for k in single:
        conflicts = alone.conflicts(k) if len(told) < MOST_TOLD else []
        if conflicts:
            told.add(problem.tasks[k].id)
            yield task_error(problem, k, conflicts)
        elif len(told) == MOST_TOLD:
            more += 1
    if more:
        yield _unasked(more)
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for k, task in enumerate(problem.tasks):
        if task.prize is None and task.group:
            groups[task.group].append(k)
    for group, members in groups.items():
        found = {k: alone.conflicts(k) for k in members}
        if all(found.values()):
            told |= {problem.tasks[k].id for k in members}
            yield _group_error(problem, group, found)


def task_error(problem: CollectionProblem, k: int, conflicts: Sequence[Conflict]) -> Problem:
    """Return the error of one task: the vehicle type nearest to serving it, and under `errors` the others."""
    task, nearest = problem.tasks[k], conflicts[0]
    return Problem(
        f"collection.task-{nearest.kind}",
        sentence(task, nearest.kind),
        where=f"tasks[{k}] ({task.id})",
        found=nearest.needed,
        expected=nearest.told,
        remedy=_remedy(nearest),
        errors=[_vehicle_error(one) for one in conflicts[1 : 1 + MOST_VEHICLES]],
    )


def _vehicle_error(one: Conflict) -> Problem:
    title = msg("Nor can {vehicle}", vehicle=one.vehicle)
    return Problem(
        f"collection.task-{one.kind}",
        title,
        where=one.vehicle,
        found=one.needed,
        expected=one.told,
        remedy=_remedy(one),
    )


def _remedy(one: Conflict) -> Message | None:
    return None if one.remedy is None else msg("To make it fit: {changes}.", changes=one.remedy)


def _group_error(problem: CollectionProblem, group: str, found: dict[int, list[Conflict]]) -> Problem:
    return Problem(
        "collection.group-impossible",
        msg("None of the alternatives of group {group} can be served", group=group),
        where=", ".join(f"tasks[{k}] ({problem.tasks[k].id})" for k in found),
        expected=msg("at least one alternative that a vehicle can serve"),
        remedy=msg("Ease one of them, or give all of the group a prize so that it may be left."),
        errors=[task_error(problem, k, conflicts) for k, conflicts in found.items()],
    )


def _unasked(count: int) -> Problem:
    return Problem(
        "collection.more-tasks",
        msg("{count} more tasks were not looked at", count=count),
        remedy=msg("Put these right first, then ask again."),
    )


def sentence(task: Task, kind: str) -> Message:
    """Return why no vehicle can serve `task` even alone, in one sentence."""
    return _SENTENCES[kind](task.id) if kind in _SENTENCES else msg("No vehicle can serve task {task}", task=task.id)


def _unlike(problem: CollectionProblem) -> list[VehicleType]:
    """Return one vehicle type of each kind that can do what no other one can: of a large fleet few are unlike."""
    named: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for task in problem.tasks:
        for kind, names in (("only", task.only), ("never", task.never)):
            for name in names:
                named[name].add((kind, task.id))
    for zone in problem.zones:
        for name in zone.passes:
            named[name].add(("zone", zone.id))
    first: dict[tuple[object, ...], VehicleType] = {}
    for vehicle in problem.vehicle_types:
        if vehicle.count:
            alike = tuple(getattr(vehicle, name) for name in VehicleType.__slots__ if name not in _UNIMPORTANT)
            first.setdefault((frozenset(named[vehicle.id]), *alike), vehicle)
    return list(first.values())


_UNIMPORTANT = {"id", "count", "cost_fixed", "cost_per_km", "cost_per_hour", "cost_per_overtime_hour", "co2_g_per_km"}
_SENTENCES: dict[str, Callable[[str], Message]] = {
    "load": lambda task: msg("No vehicle can carry the load of task {task}", task=task),
    "compartments": lambda task: msg("No vehicle has compartments for task {task}", task=task),
    "goods": lambda task: msg("No vehicle that could serve task {task} is certified for its goods", task=task),
    "vehicle": lambda task: msg("No vehicle that could serve task {task} may do so", task=task),
    "window": lambda task: msg("No vehicle can reach task {task} before its window closes", task=task),
    "zone": lambda task: msg("No vehicle can serve task {task} while its zone is open", task=task),
    "break": lambda task: msg("No vehicle can serve task {task} and take its breaks", task=task),
    "shift": lambda task: msg("No vehicle can serve task {task} and be back before its shift ends", task=task),
    "depot-hours": lambda task: msg("No vehicle can serve task {task} within the hours of its depot", task=task),
    "duration": lambda task: msg("A route for task {task} alone lasts longer than a vehicle may be out", task=task),
    "distance": lambda task: msg("A route for task {task} alone is longer than a vehicle may drive", task=task),
    "road": lambda task: msg("No vehicle has a way to task {task} and back", task=task),
    "relation": lambda task: msg("No vehicle can serve task {task} behind the tasks before it", task=task),
    "unloading": lambda task: msg("No vehicle can unload what it brings from task {task}", task=task),
    "intake": lambda task: msg("What task {task} gives is more than is taken in", task=task),
}
