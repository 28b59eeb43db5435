"""Vehicles under way whose promises contradict each other or cannot be kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.explain.case import MOST_TASKS, case, works
from takeback.plan.collection.explain.conflict import conflict
from takeback.plan.collection.explain.paths import Paths
from takeback.plan.collection.problem import CollectionProblem, Started


def contradictions(problem: CollectionProblem) -> Iterator[Problem]:
    """Yield an error for each started vehicle that cannot go on, and for promises that exclude each other."""
    yield from _two_alternatives(problem)
    torn = list(_torn_orders(problem))
    yield from torn
    told = {error.where for error in torn}
    paths = Paths(problem)
    tasks = {task.id: task for task in problem.tasks}
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
    for k, one in enumerate(problem.started):
        vehicle = vehicles[one.vehicle_type]
        unknown = [name for name in one.stops if name not in tasks and vehicle.sites and name not in vehicle.sites]
        if unknown:
            yield _barred_site(k, one, unknown)
            continue
        mine = [tasks[name] for name in (*one.stops, *one.keeps) if name in tasks]
        small = len(mine) <= MOST_TASKS and f"started[{k}]" not in told
        found = conflict(case(paths, vehicle, mine, one), works) if small else None
        if found is not None:
            yield Problem(
                "collection.started-impossible",
                msg("What vehicle {name} has begun or promised cannot be done", name=_name(one)),
                where=f"started[{k}]",
                found=found.needed or ", ".join((*one.stops, *one.keeps)) or None,
                expected=found.told,
                remedy=None if found.remedy is None else msg("To make it fit: {changes}.", changes=found.remedy),
            )


def _two_alternatives(problem: CollectionProblem) -> Iterator[Problem]:
    groups = {task.id: task.group for task in problem.tasks}
    promised: defaultdict[str, list[str]] = defaultdict(list)
    for one in problem.started:
        for name in (*one.stops, *one.keeps):
            if groups.get(name):
                promised[groups[name]].append(name)
    for group, names in promised.items():
        if len(names) > 1:
            yield Problem(
                "collection.started-alternatives",
                msg("Several alternatives of group {group} are promised", group=group),
                where="started",
                found=", ".join(names),
                expected=msg("at most one of a group"),
                remedy=msg("Take all but one of them out of the started routes."),
            )


def _torn_orders(problem: CollectionProblem) -> Iterator[Problem]:
    """Yield an error where the second of two is promised where the first cannot come before it."""
    owner = {name: k for k, one in enumerate(problem.started) for name in (*one.stops, *one.keeps)}
    begun = {name: (k, n) for k, one in enumerate(problem.started) for n, name in enumerate(one.stops)}
    for relation in problem.relations:
        first, second = owner.get(relation.first), owner.get(relation.second)
        torn = first is not None and second is not None and first != second
        late = relation.second in begun and not _is_earlier(begun.get(relation.first), begun[relation.second])
        if torn or late:
            yield Problem(
                "collection.started-order",
                msg("Task {second} is promised where {first} cannot come before it", second=relation.second,
                    first=relation.first),
                where=f"started[{second}]",
                found=", ".join((*problem.started[second or 0].stops, *problem.started[second or 0].keeps)),
                expected=msg("{first} before {second} on one route", first=relation.first, second=relation.second),
                remedy=msg("Promise both to one vehicle, in this order, or neither."),
            )  # fmt: skip


def _is_earlier(first: tuple[int, int] | None, second: tuple[int, int]) -> bool:
    """Return whether a stop (vehicle, place) is on the same vehicle and before another one."""
    return first is not None and first[0] == second[0] and first[1] < second[1]


def _barred_site(k: int, one: Started, names: list[str]) -> Problem:
    return Problem(
        "collection.started-impossible",
        msg("What vehicle {name} has begun or promised cannot be done", name=_name(one)),
        where=f"started[{k}]",
        found=", ".join(names),
        expected=msg("sites that {vehicle} may visit", vehicle=one.vehicle_type),
    )


def _name(one: Started) -> str:
    return f"{one.vehicle_type} {one.vehicle}"
