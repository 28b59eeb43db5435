"""The rest of a day: what can still be changed of a plan that is being driven, as a routing problem of its own.

What is done or under way is taken out, exactly: a vehicle on the road starts where it will be, when it will be there,
with the room that is left aboard and the hours that are left to its driver. So any engine can plan the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.collection.accepting import plan_to_drive
from takeback.operate.collection.calls import Call, calls_of
from takeback.operate.collection.confirmations import ConfirmedStop, confirmed_stops
from takeback.operate.collection.day_problem import (
    MUST,
    apart_of,
    classes_of,
    depot_of,
    dimensions_of,
    fleet_of,
    prize_of,
    task_of,
    vehicle_of,
)
from takeback.operate.collection.dispatching import DispatchedRoute, dispatched
from takeback.operate.collection.following import Expected, Followed, place_of
from takeback.operate.collection.options import AS_IT_IS, PlanningOptions
from takeback.operate.collection.progress import followed_routes, seconds, standing
from takeback.operate.collection.ways import ways
from takeback.operate.collection.zones import zones_of
from takeback.operate.distances import Travel
from takeback.operate.identity.organisations import organisation
from takeback.operate.words import DAMAGED
from takeback.plan.collection.found import Routes, Visit
from takeback.plan.collection.parts import Depot, Location, Task, VehicleType, Window
from takeback.plan.collection.problem import CollectionProblem

Name = tuple[str, int]
"""A vehicle: the code of its type, and its number among them."""


@dataclass(frozen=True, slots=True)
class Rig:
    """A vehicle of the running plan: `fixed` stops stay, those `ahead` may change; `broken`: it drives no further."""

    name: Name
    row: sa.Row[Any]
    followed: Followed
    fixed: tuple[Expected, ...]
    ahead: tuple[Expected, ...]
    broken: bool
    aboard_kg: int
    aboard_places: int
    aboard: frozenset[str]

    @property
    def started(self) -> bool:
        """Whether it is on the road."""
        return self.followed.started or bool(self.fixed)

    @property
    def free_s(self) -> int:
        """When it is done with what is fixed."""
        return self.fixed[-1].departure_s if self.fixed else self.followed.departure_s

    @property
    def id(self) -> str:
        """The id of its vehicle type in the problem of the rest: it is one of a kind there."""
        return f"{self.name[0]} №{self.name[1]}"


@dataclass(frozen=True, slots=True)
class Rest:
    """The rest of a day. Locations: the depot, where rigs on the road will be, the calls; tasks: first the calls.

    `broken`: vehicles that drive no further, whether the plan has them or not.
    """

    plan: dict[str, Any]
    midnight: datetime
    now: datetime
    said: Mapping[str, ConfirmedStop]
    rigs: tuple[Rig, ...]
    broken: frozenset[Name]
    spare: Mapping[str, tuple[int, ...]]
    calls: list[Call]
    problem: CollectionProblem
    provenance: str
    depot: sa.Row[Any]
    fleet: Sequence[sa.Row[Any]]

    @property
    def fixed(self) -> frozenset[str]:
        """The tasks that stay as they are."""
        return frozenset(one.stop["task"] for rig in self.rigs for one in rig.fixed)

    def index(self, task: str) -> int | None:
        """Return the number of a task, None when there is nothing to be fetched any more."""
        return next((k for k, call in enumerate(self.calls) if call.task == task), None)

    @property
    def as_it_is(self) -> Routes:
        """What the vehicles of the plan have ahead, as routes of the problem."""
        kinds = {kind.id: k for k, kind in enumerate(self.problem.vehicle_types)}
        tasks = {task.id: k for k, task in enumerate(self.problem.tasks)}
        routes = []
        for rig in self.rigs:
            ahead = [*(one.stop["task"] for one in rig.ahead), f"@{rig.id}"]
            visits = tuple(Visit(tasks[task]) for task in ahead if task in tasks)
            if visits and rig.id in kinds:
                routes.append((kinds[rig.id], visits))
        return tuple(routes)


def rest_of(
    connection: sa.Connection,
    org: UUID,
    site: UUID,
    day: date,
    *,
    now: datetime,
    ahead: timedelta = timedelta(),
    numbers: Sequence[str] = (),
    whole_day: bool = False,
    options: PlanningOptions = AS_IT_IS,
) -> Rest:
    """Return what can still be changed of the accepted plan of a site's day.

    `ahead`: what vehicles will be under way to so much later is fixed, too, since a search takes time. Orders `numbers`
    come on top of those of the plan; with `whole_day`, for a search, all that may be fetched that day do, and each
    vehicle on the road has a task that only it can serve: to come home, which costs whether it fetches more or not.

    Raises
    ------
    Problem
        ``collection.none-accepted`` (409), ``collection.no-vehicles``.
    """
    plan = plan_to_drive(connection, site, day)
    midnight = datetime.combine(day, time(), ZoneInfo(organisation(connection, org).time_zone))
    lines = {(line.vehicle, line.number): line for line in dispatched(connection, site, day)}
    said = standing(plan, lines, confirmed_stops(connection, site, day))
    depot = depot_of(connection, site)
    fleet = fleet_of(connection, depot)
    followed = followed_routes(plan, lines, said, midnight, now, until=now + ahead)
    rigs = tuple(_rig(one, fleet, lines, said) for one in followed)
    calls = _calls(connection, site, midnight, rigs, said, numbers, options, whole_day=whole_day)
    broken = broken_of(lines.values())
    spare = _spare(fleet, {rig.name for rig in rigs} | broken, options)
    problem, way = _problem(connection, depot, fleet, rigs, spare, calls, midnight, now, options)
    if whole_day:
        home = [Task(f"@{rig.id}", 0, prize=MUST, only=(rig.id,)) for rig in rigs if rig.started and not rig.broken]
        problem = replace(problem, tasks=(*problem.tasks, *home))
    return Rest(plan, midnight, now, said, rigs, broken, spare, calls, problem, way.provenance, depot, fleet)


def _rig(
    followed: Followed,
    fleet: Sequence[sa.Row[Any]],
    lines: Mapping[Name, DispatchedRoute],
    said: Mapping[str, ConfirmedStop],
) -> Rig:
    route = followed.route
    name = (route["vehicle"], route["number"])
    line = lines.get(name)
    broken = line is not None and line.broken_at is not None
    done = sum(one.confirmed for one in followed.stops)
    fixed = followed.stops[: done if broken else followed.fixed]
    kg = sum(fetched_kg(one.stop, said) for one in fixed)
    places = sum(one.stop.get("places", 0) for one in fixed if fetched_kg(one.stop, said))
    aboard = frozenset(one.stop.get("goods", "") for one in fixed if fetched_kg(one.stop, said))
    row = next((row for row in fleet if row.code == name[0]), None)
    if row is None:
        title = msg("A vehicle of the running plan is no longer registered.")
        raise Problem("collection.no-vehicle", title, found=name[0], status=409)
    return Rig(name, row, followed, fixed, followed.stops[len(fixed) :], broken, kg, places, aboard - {""})


def fetched_kg(stop: Mapping[str, Any], said: Mapping[str, ConfirmedStop]) -> int:
    """Return what is aboard of a stop: what was collected there, or will be; the heavier of scale and declaration."""
    one = said.get(stop["task"])
    if one is None:
        return int(stop["pickup_kg"])
    return -(-max(one.fetched_g, one.weight_g or 0) // 1000)


def _calls(
    connection: sa.Connection,
    site: UUID,
    midnight: datetime,
    rigs: Sequence[Rig],
    said: Mapping[str, ConfirmedStop],
    numbers: Sequence[str],
    options: PlanningOptions,
    *,
    whole_day: bool,
) -> list[Call]:
    """Return what is still to be planned: what vehicles have ahead of them, what is asked for, nothing twice."""
    end = midnight + timedelta(days=1)
    wanted = {one.stop["order"] for rig in rigs for one in rig.ahead} | set(numbers)
    found = calls_of(connection, site, end, numbers=sorted(wanted))
    if whole_day:
        more = calls_of(connection, site, end)
        found += [call for call in more if call.number not in wanted and call.number not in options.leave_out]
    settled = {one.stop["task"] for rig in rigs for one in rig.fixed} | said.keys()
    return [call for call in found if call.task not in settled]


def _problem(
    connection: sa.Connection,
    depot: sa.Row[Any],
    fleet: Sequence[sa.Row[Any]],
    rigs: Sequence[Rig],
    spare: Mapping[str, tuple[int, ...]],
    calls: Sequence[Call],
    midnight: datetime,
    now: datetime,
    options: PlanningOptions,
) -> tuple[CollectionProblem, Travel]:
    """Return the problem of the rest, and the travel that it is made of."""
    driving = [rig for rig in rigs if rig.started and not rig.broken]
    home = Location(depot.code, depot.lat, depot.lon)
    stands = [place_of(rig.fixed[-1].stop) if rig.fixed else home for rig in driving]
    way, first = ways([home, *stands, *(call.place for call in calls)]), 1 + len(driving)
    places = (
        home,
        *(Location(f"@{rig.id}", place.lat, place.lon) for rig, place in zip(driving, stands, strict=True)),
        *(Location(call.task, call.lat, call.lon) for call in calls),
    )
    prizes = [prize_of(call, midnight, options, way, fleet, place) for place, call in enumerate(calls, start=first)]
    classes, dimensions = classes_of(fleet, calls), dimensions_of(fleet)
    types = _vehicle_types(rigs, driving, fleet, spare, seconds(midnight, now), dimensions, classes)
    problem = CollectionProblem(
        locations=places,
        distance_m=way.distance_m,
        duration_s=way.duration_s,
        tasks=tuple(_tasks(rigs, calls, prizes, first, midnight, dimensions, classes)),
        depots=(Depot(depot.code, 0), *(Depot(f"@{rig.id}", k) for k, rig in enumerate(driving, start=1))),
        vehicle_types=types,
        load_dimensions=dimensions,
        apart=apart_of(classes),
        zones=zones_of(connection, places, first, _ids_of(fleet, rigs, types)),
    )
    return problem, way


def _tasks(
    rigs: Sequence[Rig],
    calls: Sequence[Call],
    prizes: Sequence[int],
    first: int,
    midnight: datetime,
    dimensions: Sequence[str],
    classes: Sequence[str],
) -> Iterator[Task]:
    """Yield the calls as tasks, the first one at place `first`; what the running plan promised is not left out."""
    promised = {one.stop["task"]: one.start_s for rig in rigs for one in rig.ahead}
    for place, (call, prize) in enumerate(zip(calls, prizes, strict=True), start=first):
        worth = MUST if call.task in promised else prize
        yield _promised(task_of(call, place, midnight, dimensions, classes, worth), promised)


def _vehicle_types(
    rigs: Sequence[Rig],
    driving: Sequence[Rig],
    fleet: Sequence[sa.Row[Any]],
    spare: Mapping[str, tuple[int, ...]],
    now_s: int,
    dimensions: Sequence[str],
    classes: Sequence[str],
) -> tuple[VehicleType, ...]:
    """Return the vehicles that can drive: each rig as a type of its own, then those that the plan does not use."""
    rigged = (
        _driving(rig, depot, dimensions, classes)
        if rig.started
        else _waiting(vehicle_of(rig.row, dimensions, classes, 1), rig.id, now_s, rig.followed.return_s)
        for rig, depot in _numbered(rigs, driving)
    )
    unused = (
        _waiting(vehicle_of(row, dimensions, classes, len(spare[row.code])), row.code, now_s, 0)
        for row in fleet
        if spare[row.code]
    )
    return (*rigged, *unused)


def _ids_of(fleet: Sequence[sa.Row[Any]], rigs: Sequence[Rig], types: Sequence[VehicleType]) -> dict[str, list[str]]:
    """Return the ids that the vehicles of a code have among `types`, by code."""
    known = {kind.id for kind in types}
    named = {row.code: [row.code, *(rig.id for rig in rigs if rig.name[0] == row.code)] for row in fleet}
    return {code: [one for one in ids if one in known] for code, ids in named.items()}


def _numbered(rigs: Sequence[Rig], driving: Sequence[Rig]) -> list[tuple[Rig, int]]:
    """Return the rigs that can drive, each with the number of the depot where it starts."""
    numbers = {rig.name: k for k, rig in enumerate(driving, start=1)}
    return [(rig, numbers.get(rig.name, 0)) for rig in rigs if not rig.broken]


def _promised(task: Task, promised: Mapping[str, int]) -> Task:
    """Return a task with hours that the running plan can keep: who is late already must not be left for it."""
    if task.id not in promised or not task.windows:
        return task
    window = task.windows[0]
    return replace(task, windows=(Window(window.start_s, max(window.end_s, promised[task.id])),))


def _driving(rig: Rig, depot: int, dimensions: Sequence[str], classes: Sequence[str]) -> VehicleType:
    """Return a vehicle on the road, with the room, the kilometres and the hours that are left to it."""
    whole = vehicle_of(rig.row, dimensions, classes, 1)
    aboard = (rig.aboard_kg, rig.aboard_places)
    back, free = rig.followed.return_s, rig.free_s
    limits: dict[str, Any] = {}
    if whole.max_duration_s is not None:
        spent = free - rig.followed.departure_s
        left = whole.max_duration_s - spent
        over = max(0, whole.max_overtime_s + min(0, left), back - free - max(0, left))
        limits = {"max_duration_s": max(0, left), "max_overtime_s": over}
    return replace(
        whole,
        id=rig.id,
        capacity=tuple(max(0, room - load) for room, load in zip(whole.capacity, aboard, strict=False)),
        start_depot=depot,
        end_depot=0,
        shift=Window(free, max(free, whole.shift.end_s, back)),
        cost_fixed=0,
        breaks=tuple(one for one in whole.breaks if one.end_s >= free and not _taken(rig, one.start_s, one.end_s)),
        carries=_beside(whole.carries, rig.aboard),
        **limits,
    )


def _taken(rig: Rig, start_s: int, end_s: int) -> bool:
    """Tell whether a break of these hours was planned before the vehicle is free."""
    return any(start_s <= begin <= end_s and begin < rig.free_s for _, begin, _ in rig.followed.route.get("breaks", ()))


def _beside(carries: tuple[str, ...] | None, aboard: frozenset[str]) -> tuple[str, ...] | None:
    """Return the classes of goods that may come to what is aboard."""
    if carries is None or not aboard:
        return carries
    return tuple(one for one in carries if (one == DAMAGED) == (DAMAGED in aboard))


def _waiting(whole: VehicleType, name: str, now_s: int, back_s: int) -> VehicleType:
    """Return a vehicle that has not left: it leaves no earlier than now."""
    start = max(whole.shift.start_s, min(now_s, whole.shift.end_s))
    return replace(whole, id=name, shift=Window(start, max(whole.shift.end_s, back_s)))


def broken_of(lines: Iterable[DispatchedRoute]) -> frozenset[Name]:
    """Return the vehicles that broke down."""
    return frozenset((line.vehicle, line.number) for line in lines if line.broken_at is not None)


def _spare(
    fleet: Sequence[sa.Row[Any]], used: Collection[Name], options: PlanningOptions
) -> dict[str, tuple[int, ...]]:
    """Return the numbers of the vehicles that are not used, by the code of their type."""
    count = {row.code: min(row._mapping["count"], options.vehicles.get(row.code, 10**6)) for row in fleet}
    return {code: tuple(n for n in range(1, most + 1) if (code, n) not in used) for code, most in count.items()}
