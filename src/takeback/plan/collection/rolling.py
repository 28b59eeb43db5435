"""The day in motion: what has happened stays, the rest may be planned anew, and a vehicle may break down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.found import Sequence, Visit
from takeback.plan.collection.problem import CollectionProblem, Started, Task, VehicleType, Window
from takeback.plan.collection.solution import Plan, Route, Stop


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A day without the vehicle that broke down.

    - `problem`: the day that is left to plan, with a rescue task for what is aboard; other vehicles as they were.
    - `stranded`: the tasks that it had done, whose pickups stand in it; `rescue`: the id of the task that fetches
      them, "" where it was empty.
    - `open`: the tasks that it had not done and that others may do now; `lost`: those that nobody can do, because
      what they were to be brought stands in the vehicle.
    """

    problem: CollectionProblem
    stranded: tuple[str, ...]
    rescue: str
    open: tuple[str, ...]
    lost: tuple[str, ...]


def freeze(
    problem: CollectionProblem, plan: Plan, now_s: int, *, promised: Iterable[str] = (), ahead: int = 1
) -> CollectionProblem:
    """Return the day in which what has happened by `now_s` stays and the rest may change.

    Vehicles that have left keep their departure, the stops that they have reached or are driving to (`ahead` of
    them beyond the last one reached), and all tasks whose delivery is aboard. `promised`: ids of tasks that stay on
    their vehicle, in any order. Vehicles still at the depot are free but for their promises.
    """
    kept = set(promised)
    begun = {(one.vehicle_type, one.vehicle): one for one in problem.started}
    started = [
        one
        for route in plan.routes
        if (one := _frozen(problem, route, now_s, kept, ahead, begun.get((route.vehicle_type, route.vehicle))))
    ]
    return replace(problem, started=tuple(started))


def breakdown(
    problem: CollectionProblem, plan: Plan, vehicle: tuple[str, int], now_s: int, location: int, *, service_s: int = 600
) -> Breakdown:
    """Return the day without a vehicle (type, number) that has stopped at `location` (index) at `now_s`.

    Its tasks not done are given to others. What it has aboard is fetched by a rescue task of `service_s` at the
    place where it stands, as one pickup that one other vehicle must be able to carry. The other vehicles are frozen
    at `now_s`. Raises `Problem` where the plan has no such vehicle. Times that lie before now are not planned again:
    vehicles that have not left leave no earlier than `now_s`.
    """
    route = next((r for r in plan.routes if (r.vehicle_type, r.vehicle) == vehicle), None)
    if route is None:
        raise _no_such(vehicle)
    done = [stop for stop in route.stops if stop.departure_s <= now_s]
    aboard = _aboard(done)
    kinds = {one.id: one for one in problem.vehicle_types}
    tasks = {task.id: task for task in problem.tasks}
    undone = [tasks[stop.task] for stop in route.stops if stop.task and stop not in done]
    left = route.departure_s <= now_s
    lost = {task.id for task in undone if left and any(task.delivery)}
    collected = _unload(problem, [tasks[name] for name in aboard])
    rescue = _rescue(problem, location, now_s, service_s, collected, [tasks[name] for name in aboard])
    rest = replace(plan, routes=tuple(r for r in plan.routes if r is not route))
    frozen = freeze(problem, rest, now_s)
    finished = {stop.task for stop in done if stop.task}
    remaining = [task for task in problem.tasks if task.id not in finished | lost]
    day = replace(
        frozen,
        tasks=(*remaining, *([rescue] if rescue else ())),
        vehicle_types=_without(kinds, vehicle, frozen.started, now_s),
        relations=tuple(
            one for one in problem.relations if not {one.first, one.second} & (finished | lost)
        ),
        started=_renumbered(frozen.started, vehicle),
    )  # fmt: skip
    return Breakdown(
        problem=day,
        stranded=tuple(aboard),
        rescue=rescue.id if rescue else "",
        open=tuple(task.id for task in undone if task.id not in lost),
        lost=tuple(task.id for task in undone if task.id in lost),
    )


def sequences(problem: CollectionProblem, plan: Plan) -> tuple[Sequence, ...]:
    """Return the routes of a plan as a search starts from them: tasks and sites that the problem no longer has are
    left out."""
    tasks = {task.id: k for k, task in enumerate(problem.tasks)}
    sites = {site.id: -1 - k for k, site in enumerate(problem.sites)}
    kinds = {vehicle.id: k for k, vehicle in enumerate(problem.vehicle_types)}
    return tuple(
        (kinds[route.vehicle_type], visits)
        for route in plan.routes
        if route.vehicle_type in kinds
        and (visits := tuple(Visit(k) for stop in route.stops if (k := _visited(stop, tasks, sites)) is not None))
    )


def _visited(stop: Stop, tasks: dict[str, int], sites: dict[str, int]) -> int | None:
    return tasks.get(stop.task) if stop.task else sites.get(stop.site)


def _frozen(
    problem: CollectionProblem, route: Route, now_s: int, promised: set[str], ahead: int, begun: Started | None
) -> Started | None:
    """Return what stays of a route, None where nothing has begun nor is promised."""
    kept = promised | set(begun.keeps if begun else ())
    before = begun.stops if begun else ()
    left = route.departure_s <= now_s
    count = sum(stop.arrival_s <= now_s for stop in route.stops) + ahead if left else 0
    if left and route.return_s <= now_s:
        count = len(route.stops)
    stops = tuple(stop.task or stop.site for stop in route.stops[: max(count, len(before))])
    aboard = _loaded(problem, route) if left else set()
    keeps = tuple(s.task for s in route.stops if s.task and s.task not in stops and s.task in kept | aboard)
    if not left and not stops and not keeps and begun is None:
        return None
    departure_s = route.departure_s if left else begun.departure_s if begun else None
    return Started(route.vehicle_type, route.vehicle, stops, departure_s, keeps)


def _loaded(problem: CollectionProblem, route: Route) -> set[str]:
    """Return the tasks whose delivery came aboard at the start: those of the first trip that bring something."""
    brings = {task.id for task in problem.tasks if any(task.delivery)}
    first: set[str] = set()
    for stop in route.stops:
        if stop.site:
            break
        first.add(stop.task)
    return first & brings


def _aboard(done: list[Stop]) -> list[str]:
    """Return the tasks done since the vehicle last unloaded."""
    names: list[str] = []
    for stop in done:
        names = [] if stop.site else [*names, stop.task]
    return names


def _unload(problem: CollectionProblem, tasks: list[Task]) -> tuple[int, ...]:
    pickups = [problem.task_load(task)[1] for task in tasks]
    return tuple(sum(load[dim] for load in pickups) for dim in range(len(problem.load_dimensions)))


def _rescue(
    problem: CollectionProblem, location: int, now_s: int, service_s: int, load: tuple[int, ...], from_: list[Task]
) -> Task | None:
    """Return the task that fetches what is aboard; of several classes it takes the first that some rule keeps apart."""
    if not any(load):
        return None
    names = {task.id for task in problem.tasks}
    name = next(f"rescue-{k}" for k in range(1, len(names) + 2) if f"rescue-{k}" not in names)
    watched = {goods for pair in problem.apart for goods in pair}
    watched |= {goods for v in problem.vehicle_types for goods in v.carries or ()}
    classes = sorted({task.goods for task in from_} - {""}, key=lambda goods: (goods not in watched, goods))
    last = max(v.shift.end_s for v in problem.vehicle_types)
    return Task(
        id=name,
        location=location,
        pickup=load,
        windows=(Window(now_s, max(now_s, last)),),
        service_s=service_s,
        goods=classes[0] if classes else "",
    )


def _without(
    kinds: dict[str, VehicleType], vehicle: tuple[str, int], started: tuple[Started, ...], now_s: int
) -> tuple[VehicleType, ...]:
    """Return the vehicle types with one vehicle less; where none has left, they leave no earlier than now."""
    out = {one.vehicle_type for one in started}
    result = []
    for kind in kinds.values():
        one = replace(kind, count=kind.count - 1) if kind.id == vehicle[0] else kind
        if kind.id not in out and kind.shift.start_s < now_s <= kind.shift.end_s:
            one = replace(one, shift=kind.shift._replace(start_s=now_s))
        result.append(one)
    return tuple(result)


def _renumbered(started: tuple[Started, ...], vehicle: tuple[str, int]) -> tuple[Started, ...]:
    """Return the started vehicles, those of the same type with higher numbers one less: numbers have no gap."""
    kind, number = vehicle
    return tuple(
        replace(one, vehicle=one.vehicle - 1) if one.vehicle_type == kind and one.vehicle > number else one
        for one in started
    )


def _no_such(vehicle: tuple[str, int]) -> Problem:
    return Problem(
        "collection.unknown-vehicle",
        msg("The plan has no route of this vehicle"),
        where="vehicle",
        found=f"{vehicle[0]} {vehicle[1]}",
        expected=msg("a vehicle type and a number that the plan has a route of"),
    )
