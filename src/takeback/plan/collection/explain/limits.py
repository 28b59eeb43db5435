"""The limits of a case: how each is said, how the day looks without it, which of its numbers can be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np

from takeback.core.message import Message, msg
from takeback.plan.collection.explain.words import clock, span
from takeback.plan.collection.problem import CollectionProblem, Depot, Pause, Relation, Task, VehicleType, Window, Zone
from takeback.plan.collection.wellformed import LARGEST

FAR = LARGEST - 1  # seconds or metres that no open way reaches and every closed one does
WORKING_DAY_S = 8 * 3_600
FULL = 2**50  # a load that nothing reaches
Change = Callable[[CollectionProblem], CollectionProblem]


class WithValue(Protocol):
    """Returns the day with another value in the place of a limit's number."""

    def __call__(self, day: CollectionProblem, /, value: int) -> CollectionProblem: ...  # noqa: D102


@dataclass(frozen=True)
class Knob:
    """A number of a limit: as it is, as loose as it may be, and the day with another one in its place."""

    what: Message
    now: int
    loosest: int
    shown: Callable[[int], str]
    with_value: WithValue
    is_moment: bool = False

    def share(self, value: int) -> float:
        """Return how large a change is: of a moment by the working day, of another number by itself."""
        return abs(value - self.now) / (WORKING_DAY_S if self.is_moment else max(1, abs(self.now)))

    def told(self, value: int) -> Message:
        """Return the change in words: `capacity of van: 1200 kg instead of 1000 kg`."""
        return msg(
            "{what}: {value} instead of {now}", what=self.what, value=self.shown(value), now=self.shown(self.now)
        )


@dataclass(frozen=True)
class Bound:
    """One limit. `kind`: slug for programs; `allow`: what to do where no number of it can be changed."""

    kind: str
    told: Message
    without: Change
    knobs: tuple[Knob, ...] = ()
    allow: Message | None = None


def bounds(day: CollectionProblem) -> list[Bound]:
    """Return the limits of a case, those that are told first last."""
    vehicle = day.vehicle_types[0]
    found = [*_hours(day, vehicle), *_lengths(vehicle), *_breaks(vehicle), *_zones(day, vehicle), *_roads(day, vehicle)]
    for task in day.tasks:
        found += _windows(day, task)
    found += [*_order(day), *_unloading(day), *_compartments(vehicle), *_loads(day, vehicle)]
    for task in day.tasks:
        found += _certificates(vehicle, task)
    return found


def _vehicle(day: CollectionProblem, **changes: object) -> CollectionProblem:
    return replace(day, vehicle_types=(replace(day.vehicle_types[0], **changes),))  # type: ignore[arg-type]


def _task(day: CollectionProblem, name: str, **changes: object) -> CollectionProblem:
    tasks = (replace(task, **changes) if task.id == name else task for task in day.tasks)  # type: ignore[arg-type]
    return replace(day, tasks=tuple(tasks))


def _depot(day: CollectionProblem, name: str, **changes: object) -> CollectionProblem:
    depots = (replace(one, **changes) if one.id == name else one for one in day.depots)  # type: ignore[arg-type]
    return replace(day, depots=tuple(depots))


def _range(
    what: Message, window: Window, change: Callable[[CollectionProblem, Window], CollectionProblem]
) -> tuple[Knob, Knob]:
    """Return the knobs of a window: its end may be later, its start earlier."""
    return (
        Knob(
            msg("{what}, until", what=what),
            window.end_s,
            FAR,
            clock,
            lambda day, value: change(day, Window(window.start_s, value)),
            is_moment=True,
        ),
        Knob(
            msg("{what}, from", what=what),
            window.start_s,
            0,
            clock,
            lambda day, value: change(day, Window(value, window.end_s)),
            is_moment=True,
        ),
    )


def _hours(day: CollectionProblem, vehicle: VehicleType) -> Iterator[Bound]:
    for depot in day.depots:
        if depot.window is not None:
            yield _opening(depot, depot.window)
    what = msg("shift of {vehicle}", vehicle=vehicle.id)
    yield Bound(
        "shift",
        _between(what, vehicle.shift),
        lambda d: _vehicle(d, shift=Window(0, FAR)),
        _range(what, vehicle.shift, lambda d, window: _vehicle(d, shift=window)),
    )
    leaves = day.started[0].departure_s if day.started else None
    if leaves is not None:
        yield Bound(
            "departure",
            msg("{vehicle} has left at {time}", vehicle=vehicle.id, time=clock(leaves)),
            lambda d: replace(d, started=(replace(d.started[0], departure_s=None),)),
        )


def _opening(depot: Depot, window: Window) -> Bound:
    what = msg("opening hours of {depot}", depot=depot.id)
    return Bound(
        "depot-hours",
        _between(what, window),
        lambda d: _depot(d, depot.id, window=None),
        _range(what, window, lambda d, changed: _depot(d, depot.id, window=changed)),
    )


def _between(what: Message, window: Window) -> Message:
    return msg("{what}: {start} to {end}", what=what, start=clock(window.start_s), end=clock(window.end_s))


def _lengths(vehicle: VehicleType) -> Iterator[Bound]:
    overtime, longest, farthest = vehicle.max_overtime_s, vehicle.max_duration_s, vehicle.max_distance_m
    if longest is not None:
        what = msg("longest duration of {vehicle}", vehicle=vehicle.id)
        yield Bound(
            "duration",
            msg("{what}: {most}", what=what, most=span(longest + overtime)),
            lambda d: _vehicle(d, max_duration_s=None),
            (Knob(what, longest + overtime, FAR, span, lambda d, value: _vehicle(d, max_duration_s=value - overtime)),),
        )
    if farthest is not None:
        what = msg("longest distance of {vehicle}", vehicle=vehicle.id)
        yield Bound(
            "distance",
            msg("{what}: {most}", what=what, most=f"{farthest} m"),
            lambda d: _vehicle(d, max_distance_m=None),
            (Knob(what, farthest, FAR, lambda v: f"{v} m", lambda d, value: _vehicle(d, max_distance_m=value)),),
        )


def _breaks(vehicle: VehicleType) -> Iterator[Bound]:
    for pause in vehicle.breaks:
        what = msg("break of {vehicle}, {length}", vehicle=vehicle.id, length=span(pause.duration_s))
        yield Bound(
            "break",
            _between(what, Window(pause.start_s, pause.end_s)),
            partial(_without_break, pause=pause),
            _range(what, Window(pause.start_s, pause.end_s), partial(_moved_break, pause=pause)),
        )


def _without_break(day: CollectionProblem, pause: Pause) -> CollectionProblem:
    return _vehicle(day, breaks=tuple(one for one in day.vehicle_types[0].breaks if one != pause))


def _moved_break(day: CollectionProblem, window: Window, pause: Pause) -> CollectionProblem:
    moved = Pause(window.start_s, window.end_s, pause.duration_s)
    return _vehicle(day, breaks=tuple(moved if one == pause else one for one in day.vehicle_types[0].breaks))


def _zones(day: CollectionProblem, vehicle: VehicleType) -> Iterator[Bound]:
    for zone in day.zones:
        if not zone.passes and zone.locations:
            hours = ", ".join(f"{clock(w.start_s)}-{clock(w.end_s)}" for w in zone.closed)
            yield Bound(
                "zone",
                msg("zone {zone}, closed {hours}", zone=zone.id, hours=hours),
                partial(_with_pass, name=zone.id),
                tuple(_zone_knobs(zone)),
                msg("give {vehicle} a pass for zone {zone}", vehicle=vehicle.id, zone=zone.id),
            )


def _with_pass(day: CollectionProblem, name: str) -> CollectionProblem:
    passes = (day.vehicle_types[0].id,)
    return replace(day, zones=tuple(replace(one, passes=passes) if one.id == name else one for one in day.zones))


def _zone_knobs(zone: Zone) -> Iterator[Knob]:
    """Yield the knobs of a zone that is closed once: it may close later or open earlier."""
    if len(zone.closed) == 1:
        shut = zone.closed[0]
        yield Knob(
            msg("zone {zone}, closed until", zone=zone.id),
            shut.end_s,
            shut.start_s,
            clock,
            lambda d, value: _closed(d, zone.id, Window(shut.start_s, value)),
            is_moment=True,
        )
        yield Knob(
            msg("zone {zone}, closed from", zone=zone.id),
            shut.start_s,
            shut.end_s,
            clock,
            lambda d, value: _closed(d, zone.id, Window(value, shut.end_s)),
            is_moment=True,
        )


def _closed(day: CollectionProblem, name: str, window: Window) -> CollectionProblem:
    return replace(day, zones=tuple(replace(one, closed=(window,)) if one.id == name else one for one in day.zones))


def _roads(day: CollectionProblem, vehicle: VehicleType) -> Iterator[Bound]:
    """Yield the closed legs of the travel profile as one limit; without it they take no time at all."""
    closed = day.duration_s >= LARGEST
    if closed.any():
        yield Bound(
            "road",
            msg("{vehicle} has no way there and back", vehicle=vehicle.id),
            lambda d: replace(
                d, distance_m=np.where(closed, 0, d.distance_m), duration_s=np.where(closed, 0, d.duration_s)
            ),
            allow=msg("open a way for {vehicle} in its travel profile", vehicle=vehicle.id),
        )


def _windows(day: CollectionProblem, task: Task) -> Iterator[Bound]:
    if not task.windows:
        return
    what = msg("window of task {task}", task=task.id)
    first, last = min(task.windows), max(task.windows, key=lambda window: window.end_s)
    hours = ", ".join(f"{clock(w.start_s)}-{clock(w.end_s)}" for w in task.windows)
    yield Bound(
        "window",
        msg("{what}: {hours}", what=what, hours=hours),
        lambda d: _task(d, task.id, windows=()),
        (_window_knob(task, last, 0), _window_knob(task, first, 1)),
    )


def _window_knob(task: Task, window: Window, side: int) -> Knob:
    """Return the knob of the last window's end (`side` 0) or of the first one's start (1)."""

    def change(day: CollectionProblem, changed: Window) -> CollectionProblem:
        return _task(day, task.id, windows=tuple(changed if one == window else one for one in task.windows))

    return _range(msg("window of task {task}", task=task.id), window, change)[side]


def _order(day: CollectionProblem) -> Iterator[Bound]:
    for relation in day.relations:
        yield Bound(
            "relation",
            msg("{first} before {second} on one route", first=relation.first, second=relation.second),
            partial(_without_order, second=relation.second, first=relation.first),
            allow=msg("let {second} be served without {first} before it", second=relation.second, first=relation.first),
        )
    for one, other in day.apart:
        if {one, other} <= {task.goods for task in day.tasks}:
            yield Bound(
                "apart",
                msg("{one} and {other} never on one trip", one=one, other=other),
                partial(_without_apart, pair=(one, other)),
            )


def _tied(relations: Iterable[Relation], names: set[str], *, both: bool) -> set[str]:
    """Return the tasks that come before `names` on their route; with `both` those that come behind them, too."""
    behind = {one.second for one in relations if both and one.first in names}
    return behind | {one.first for one in relations if one.second in names}


def _without_order(day: CollectionProblem, first: str, second: str) -> CollectionProblem:
    """Return the day without a relation, and without the tasks that are only there because of it."""
    relations = tuple(one for one in day.relations if (one.first, one.second) != (first, second))
    promised = {name for one in day.started for name in (*one.stops, *one.keeps)}
    needed = promised or {day.tasks[-1].id}
    while more := _tied(relations, needed, both=bool(promised)) - needed:
        needed |= more
    kept = tuple(one for one in relations if one.first in needed and one.second in needed)
    return replace(day, relations=kept, tasks=tuple(task for task in day.tasks if task.id in needed))


def _without_apart(day: CollectionProblem, pair: tuple[str, str]) -> CollectionProblem:
    return replace(day, apart=tuple(one for one in day.apart if one != pair))


def _unloading(day: CollectionProblem) -> Iterator[Bound]:
    vehicle = day.vehicle_types[0]
    depot = day.depots[vehicle.last_depot]
    if not depot.takes_load:
        yield Bound(
            "unloading",
            msg("nothing may be unloaded at {depot}, where {vehicle} ends", depot=depot.id, vehicle=vehicle.id),
            lambda d: _depot(d, depot.id, takes_load=True),
            allow=msg("let {vehicle} visit a site before it returns, or unload at {depot}", vehicle=vehicle.id,
                      depot=depot.id),
        )  # fmt: skip
    if day.sites:
        what = msg("visits of {vehicle} to sites", vehicle=vehicle.id)
        yield Bound(
            "reloads",
            msg("{what}: {most} at most", what=what, most=vehicle.most_reloads),
            lambda d: _vehicle(d, most_reloads=max(2, d.vehicle_types[0].most_reloads)),
            (Knob(what, vehicle.most_reloads, 3, str, lambda d, value: _vehicle(d, most_reloads=value)),),
        )
    for dim, unit in enumerate(day.load_dimensions):
        if depot.intake:
            yield _intake(depot, dim, unit)


def _intake(depot: Depot, dim: int, unit: str) -> Bound:
    what = msg("intake of {place}", place=depot.id)

    def change(day: CollectionProblem, value: int) -> CollectionProblem:
        here = next(one for one in day.depots if one.id == depot.id)
        return _depot(day, depot.id, intake=(*here.intake[:dim], value, *here.intake[dim + 1 :]))

    return Bound(
        "intake",
        msg("{what}: {amount} {unit}", what=what, amount=depot.intake[dim], unit=unit),
        lambda d: change(d, FULL),
        (Knob(what, depot.intake[dim], FULL, lambda v: f"{v} {unit}", change),),
    )


def _compartments(vehicle: VehicleType) -> Iterator[Bound]:
    if vehicle.compartments:
        what = msg("compartments of {vehicle}", vehicle=vehicle.id)
        yield Bound(
            "compartments",
            msg("{what}: {count} in steps of {unit}", what=what, count=vehicle.compartments,
                unit=vehicle.compartment_unit),
            lambda d: _vehicle(d, compartments=0),
            (
                Knob(what, vehicle.compartments, FAR, str, lambda d, value: _vehicle(d, compartments=value)),
                Knob(msg("step of the {what}", what=what), vehicle.compartment_unit, 1, str,
                     lambda d, value: _vehicle(d, compartment_unit=value)),
            ),
        )  # fmt: skip


def _loads(day: CollectionProblem, vehicle: VehicleType) -> Iterator[Bound]:
    for dim, unit in enumerate(day.load_dimensions):
        if any(load[dim] for task in day.tasks for load in day.task_load(task)):
            yield _capacity(vehicle, dim, unit)


def _capacity(vehicle: VehicleType, dim: int, unit: str) -> Bound:
    what = msg("capacity of {vehicle}", vehicle=vehicle.id)

    def change(day: CollectionProblem, value: int) -> CollectionProblem:
        here = day.vehicle_types[0].capacity
        return _vehicle(day, capacity=(*here[:dim], value, *here[dim + 1 :]))

    return Bound(
        "load",
        msg("{what}: {amount} {unit}", what=what, amount=vehicle.capacity[dim], unit=unit),
        lambda d: change(d, FULL),
        (Knob(what, vehicle.capacity[dim], FULL, lambda v: f"{v} {unit}", change),),
    )


def _certificates(vehicle: VehicleType, task: Task) -> Iterator[Bound]:
    if task.goods and vehicle.carries is not None and task.goods not in vehicle.carries:
        yield Bound(
            "goods",
            msg("{vehicle} may not carry {goods}", vehicle=vehicle.id, goods=task.goods),
            lambda d: _vehicle(d, carries=None),
            allow=msg("certify {vehicle} for {goods}", vehicle=vehicle.id, goods=task.goods),
        )
    if vehicle.id in task.never:
        yield Bound(
            "vehicle",
            msg("{vehicle} may not serve task {task}", vehicle=vehicle.id, task=task.id),
            lambda d: _task(d, task.id, never=()),
            allow=msg("let {vehicle} serve task {task}", vehicle=vehicle.id, task=task.id),
        )
