"""Ids given twice, names and indices that point nowhere, orders that go round in a circle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.collection.wellformed_values import wrong

if TYPE_CHECKING:
    from takeback.plan.collection.parts import Started, Task
    from takeback.plan.collection.problem import CollectionProblem

TOLD_NAMES = 8


def bad_names(problem: CollectionProblem) -> Iterator[Problem]:
    """Yield an error for each name or index that is given twice or points nowhere."""
    yield from _twice(problem)
    yield from _nowhere(problem)
    yield from _strangers(problem)
    yield from _classes(problem)
    yield from _groups(problem)
    yield from _relations(problem)
    yield from _started(problem)


def _twice(problem: CollectionProblem) -> Iterator[Problem]:
    for kind in ("locations", "tasks", "depots", "vehicle_types", "profiles", "sites", "zones"):
        seen: set[str] = set()
        for k, part in enumerate(getattr(problem, kind)):
            if part.id in seen:
                yield wrong(f"{kind}[{k}].id", part.id, msg("an id that no other one of its kind has"))
            seen.add(part.id)
    for kind in ("tasks", "sites", "vehicle_types", "profiles"):
        for k, part in enumerate(getattr(problem, kind)):
            if not part.id:
                yield wrong(f"{kind}[{k}].id", part.id, msg("an id of at least one character"))
    names = problem.load_dimensions
    for k, name in enumerate(names):
        if name in names[:k]:
            yield wrong(f"load_dimensions[{k}]", name, msg("a name that no other load dimension has"))


def _nowhere(problem: CollectionProblem) -> Iterator[Problem]:
    n, d = len(problem.locations), len(problem.depots)
    pointers = [
        (f"{kind}[{k}].location", part.location, n)
        for kind in ("tasks", "depots", "sites")
        for k, part in enumerate(getattr(problem, kind))
    ]
    pointers += [
        (f"zones[{k}].locations[{i}]", location, n)
        for k, zone in enumerate(problem.zones)
        for i, location in enumerate(zone.locations)
    ]
    for k, vehicle in enumerate(problem.vehicle_types):
        pointers.append((f"vehicle_types[{k}].start_depot", vehicle.start_depot, d))
        pointers.append((f"vehicle_types[{k}].end_depot", vehicle.last_depot, d))
    for where, index, size in pointers:
        if not 0 <= index < size:
            yield wrong(where, index, msg("an index from 0 to {last}", last=size - 1))


def _strangers(problem: CollectionProblem) -> Iterator[Problem]:
    """Yield an error for each vehicle type, profile or site named that does not exist."""
    vehicles = {vehicle.id for vehicle in problem.vehicle_types}
    for kind, fields in (("tasks", ("only", "never")), ("zones", ("passes",))):
        for k, part in enumerate(getattr(problem, kind)):
            for field in fields:
                yield from _unknown(f"{kind}[{k}].{field}", getattr(part, field), vehicles, msg("a vehicle type"))
    profiles = {profile.id for profile in problem.profiles}
    sites = {site.id for site in problem.sites}
    for k, vehicle in enumerate(problem.vehicle_types):
        used = (vehicle.profile,) if vehicle.profile else ()
        yield from _unknown(f"vehicle_types[{k}].profile", used, profiles, msg("a travel profile"))
        yield from _unknown(f"vehicle_types[{k}].sites", vehicle.sites, sites, msg("a site"))


def _unknown(where: str, names: Collection[str], known: Collection[str], kind: Message) -> Iterator[Problem]:
    for i, name in enumerate(names):
        if name not in known:
            some = ", ".join(sorted(known)[:TOLD_NAMES]) or "-"
            expected = msg("the id of {kind} of this problem: {names}", kind=kind, names=some)
            yield wrong(f"{where}[{i}]", name, expected, kind="collection.unknown-name")


def _classes(problem: CollectionProblem) -> Iterator[Problem]:
    """Classes that stand apart are two; one class cannot be kept from itself."""
    for k, pair in enumerate(problem.apart):
        if len(pair) != 2 or pair[0] == pair[1] or not all(pair):
            yield wrong(f"apart[{k}]", list(pair), msg("two different classes of goods"))


def _groups(problem: CollectionProblem) -> Iterator[Problem]:
    first: dict[str, tuple[int, Task]] = {}
    for k, task in enumerate(problem.tasks):
        if not task.group:
            continue
        n, other = first.setdefault(task.group, (k, task))
        if task.prize != other.prize:
            yield Problem(
                "collection.group-prizes",
                msg("The alternatives of group {group} do not have the same prize", group=task.group),
                where=f"tasks[{k}].prize",
                found=_prize(task),
                expected=msg("{prize}, as task {task} has (tasks[{n}])", prize=_prize(other), task=other.id, n=n),
                remedy=msg("The prize is lost once, when none of the group is served: give it to each of them."),
            )


def _prize(task: Task) -> str:
    return "-" if task.prize is None else str(task.prize)


def _relations(problem: CollectionProblem) -> Iterator[Problem]:
    tasks = {task.id for task in problem.tasks}
    before: defaultdict[str, set[str]] = defaultdict(set)
    for k, relation in enumerate(problem.relations):
        yield from _unknown(f"relations[{k}]", (relation.first, relation.second), tasks, msg("a task"))
        before[relation.second].add(relation.first)
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        yield Problem(
            "collection.relation-cycle",
            msg("The order of tasks goes round in a circle"),
            where="relations",
            found=" < ".join(circle),
            expected=msg("an order in which no task comes before itself"),
            remedy=msg("Take out one relation of the circle."),
        )


def _started(problem: CollectionProblem) -> Iterator[Problem]:
    """Vehicles that have begun exist and are told once; their stops exist, and no task stands twice."""
    counts = {vehicle.id: vehicle.count for vehicle in problem.vehicle_types}
    tasks, sites = {task.id for task in problem.tasks}, {site.id for site in problem.sites}
    seen: dict[str, str] = {}
    vehicles: set[tuple[str, int]] = set()
    for k, one in enumerate(problem.started):
        where = f"started[{k}]"
        if one.vehicle_type not in counts:
            yield from _unknown(f"{where}.vehicle_type", (one.vehicle_type,), counts, msg("a vehicle type"))
        elif not 1 <= one.vehicle <= counts[one.vehicle_type]:
            expected = msg("a number from 1 to {count}, the vehicles of this type", count=counts[one.vehicle_type])
            yield wrong(f"{where}.vehicle", one.vehicle, expected)
        if (one.vehicle_type, one.vehicle) in vehicles:
            yield wrong(where, f"{one.vehicle_type} {one.vehicle}", msg("each vehicle once"))
        vehicles.add((one.vehicle_type, one.vehicle))
        yield from _unknown(f"{where}.stops", one.stops, tasks | sites, msg("a task or site"))
        yield from _unknown(f"{where}.keeps", one.keeps, tasks, msg("a task"))
        yield from _ambiguous(where, one, tasks & sites)
        yield from _promised_twice(where, one, tasks, seen)


def _ambiguous(where: str, one: Started, both: set[str]) -> Iterator[Problem]:
    for i, name in enumerate(one.stops):
        if name in both:
            yield wrong(f"{where}.stops[{i}]", name, msg("an id that not both a task and a site have"))


def _promised_twice(where: str, one: Started, tasks: set[str], seen: dict[str, str]) -> Iterator[Problem]:
    for field, names in (("stops", one.stops), ("keeps", one.keeps)):
        for i, name in enumerate(names):
            here = f"{where}.{field}[{i}]"
            if name in tasks and name in seen:
                expected = msg("each task once; {task} stands at {place} already", task=name, place=seen[name])
                yield wrong(here, name, expected)
            seen.setdefault(name, here)
