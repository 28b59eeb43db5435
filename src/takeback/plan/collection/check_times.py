"""Drives one route again, stop by stop: times, breaks, zones, limits and cost, from the definition alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from takeback.plan.collection.check_parts import Parts
from takeback.plan.collection.problem import Pause, Slice, Window
from takeback.plan.collection.solution import BreakTaken, Route, Stop
from takeback.plan.doors import Violation


class _Call(NamedTuple):
    """What a stop asks for, be it a task or a site. `shut`: closed windows of its zones."""

    location: int
    windows: tuple[Window, ...]
    service_s: int
    shut: tuple[Window, ...]


class _Taken(NamedTuple):
    """A break as told, and the moment from which it could be taken."""

    told: BreakTaken
    moment_s: int


def check_times(parts: Parts, route: Route, where: str) -> Iterator[Violation]:
    """Yield every rule of time and distance that `route` breaks, and every figure of it that is wrong."""
    return _Drive(parts, route, where).run()


class _Drive:
    """One route on its clock. Each figure is recomputed from the told one before it, so that a slip is told once."""

    def __init__(self, parts: Parts, route: Route, where: str) -> None:
        self.parts, self.route, self.where = parts, route, where
        self.vehicle = parts.vehicles[route.vehicle_type]
        self.profile = parts.profile(self.vehicle)
        self.first, self.last = parts.depots(self.vehicle)
        self.calls = [self._call(stop) for stop in route.stops]
        self.places = [self.first.location, *(call.location for call in self.calls), self.last.location]
        self.taken: list[_Taken] = []

    def _call(self, stop: Stop) -> _Call:
        if stop.site:
            site = self.parts.sites[stop.site]
            windows = (site.window,) if site.window else ()
            return _Call(site.location, windows, site.service_s, self.parts.closed(site.location, self.vehicle))
        task = self.parts.tasks[stop.task]
        return _Call(task.location, task.windows, task.service_s, self.parts.closed(task.location, self.vehicle))

    def run(self) -> Iterator[Violation]:
        """Yield everything wrong with the route."""
        yield from self._times()
        yield from self._breaks()
        yield from self._ends()
        yield from self._figures()

    def _times(self) -> Iterator[Violation]:
        clock = self.route.departure_s
        for k, (stop, call) in enumerate(zip(self.route.stops, self.calls, strict=True)):
            arrival = self._arrival(k, self._rested(k, clock))
            if stop.arrival_s != arrival:
                yield Violation("time.arrival", f"{self.where}, stop {k + 1}", stop.arrival_s, arrival)
            yield from _check_service(call, stop, f"{self.where}, stop {k + 1}")
            clock = stop.departure_s
        back = self._arrival(len(self.calls), self._rested(len(self.calls), clock))
        expected = max(back, self.last.window.start_s if self.last.window else 0, self.vehicle.shift.start_s)
        if self.route.return_s != expected:
            yield Violation("time.return", self.where, self.route.return_s, expected)

    def _rested(self, after: int, clock: int) -> int:
        """Return when the breaks told after so many stops are over; notes from when each could be taken."""
        for told in self.route.breaks:
            if told.after == after:
                self.taken.append(_Taken(told, clock))
                clock = told.end_s
        return clock

    def _arrival(self, leg: int, clock: int) -> int:
        normal_s = int(self.profile.duration_s[self.places[leg], self.places[leg + 1]])
        return clock + stretched_s(normal_s, clock, self.profile.slices)

    def _breaks(self) -> Iterator[Violation]:
        """All breaks are taken that are due, each once, as early as may be, within its window."""
        order = [told.after for told in self.route.breaks]
        if order != sorted(order) or any(not 0 <= after <= len(self.calls) for after in order):
            yield Violation("break.place", self.where, order, f"in order, from 0 to {len(self.calls)}")
        pauses = list(enumerate(self.vehicle.breaks))
        due = {k for k, pause in pauses if self.route.departure_s <= pause.end_s <= self.route.return_s}
        matched = _matched(self.taken, self.vehicle.breaks, due)
        strange = [one for k, one in enumerate(self.taken) if k not in matched]
        missing = [pause for k, pause in pauses if k in due and k not in matched.values()]
        for one, pause in zip(strange, missing, strict=False):
            yield from _check_break(one, pause, self.where)
        for one in strange[len(missing) :]:
            yield Violation("break.unknown", self.where, (one.told.start_s, one.told.end_s), "no further break")
        for pause in missing[len(strange) :]:
            yield Violation("break.missing", self.where, "not taken", tuple(pause))

    def _ends(self) -> Iterator[Violation]:
        """Leaving and returning lie within shift and depot hours, the route within its limits."""
        for moment, depot, what in (
            (self.route.departure_s, self.first, "departure"),
            (self.route.return_s, self.last, "return"),
        ):
            for window in (self.vehicle.shift, depot.window):
                if window is not None and not window.start_s <= moment <= window.end_s:
                    yield Violation(f"time.{what}-hours", self.where, moment, tuple(window))
        longest, farthest = self.vehicle.max_duration_s, self.vehicle.max_distance_m
        if longest is not None and self.route.duration_s > longest + self.vehicle.max_overtime_s:
            most = longest + self.vehicle.max_overtime_s
            yield Violation("time.duration-limit", self.where, self.route.duration_s, most)
        if farthest is not None and self.route.distance_m > farthest:
            yield Violation("distance.limit", self.where, self.route.distance_m, farthest)

    def _figures(self) -> Iterator[Violation]:
        vehicle, legs = self.vehicle, pairwise(self.places)
        metres = sum(int(self.profile.distance_m[leg]) for leg in legs)
        seconds = self.route.return_s - self.route.departure_s
        over = max(0, seconds - vehicle.max_duration_s) if vehicle.max_duration_s is not None else 0
        parts = 18 * vehicle.cost_per_km * metres
        parts += 5 * (vehicle.cost_per_hour * seconds + vehicle.cost_per_overtime_hour * over)
        cost = vehicle.cost_fixed + (parts + 17_999) // 18_000
        for name, found, expected in (
            ("distance.figure", self.route.distance_m, metres),
            ("duration.figure", self.route.duration_s, seconds),
            ("cost.figure", self.route.cost, cost),
        ):
            if found != expected:
                yield Violation(name, self.where, found, expected)


def stretched_s(normal_s: int, leaves_s: int, slices: Sequence[Slice]) -> int:
    """Return the seconds on the clock for a leg of `normal_s` that begins at `leaves_s`."""
    clock, rest = leaves_s, normal_s
    for k, piece in enumerate(slices):
        ends = slices[k + 1].start_s if k + 1 < len(slices) else None
        if ends is not None and clock >= ends:
            continue
        needed = -(-rest * piece.percent // 100)
        if ends is None or needed <= ends - clock:
            return clock + needed - leaves_s
        rest -= 100 * (ends - clock) // piece.percent
        clock = ends
    return clock + rest - leaves_s


def _check_service(call: _Call, stop: Stop, where: str) -> Iterator[Violation]:
    """Service begins at the first moment at which a window and the zones allow it, and lasts as long as it says."""
    open_then = not call.windows or any(w.start_s <= stop.start_s <= w.end_s for w in call.windows)
    if not open_then:
        yield Violation("time.window", where, stop.start_s, [tuple(w) for w in call.windows])
    closed = [tuple(w) for w in call.shut if _clash(stop.start_s, call.service_s, w)]
    if closed:
        yield Violation("zone.closed", where, stop.start_s, f"no service within {closed}")
    first = _first_moment(call, stop.arrival_s)
    if open_then and not closed and stop.start_s != first:
        yield Violation("time.start", where, stop.start_s, first)
    if stop.departure_s != stop.start_s + call.service_s:
        yield Violation("time.service", where, stop.departure_s, stop.start_s + call.service_s)


def _clash(start_s: int, service_s: int, closed: Window) -> bool:
    """Return whether service is going on between the ends of a closed window."""
    return closed.start_s < closed.end_s and start_s < closed.end_s and start_s + service_s > closed.start_s


def _first_moment(call: _Call, arrival_s: int) -> int | None:
    """Return the first moment at which service may begin; only openings and ends of closures can be one."""
    moments = {arrival_s, *(w.start_s for w in call.windows), *(w.end_s for w in call.shut)}
    for moment in sorted(moments):
        is_open = not call.windows or any(w.start_s <= moment <= w.end_s for w in call.windows)
        if moment >= arrival_s and is_open and not any(_clash(moment, call.service_s, w) for w in call.shut):
            return moment
    return None


def _matched(taken: Sequence[_Taken], pauses: Sequence[Pause], due: set[int]) -> dict[int, int]:
    """Return break taken -> pause: as many of those due as can be, then as many of the others (augmenting paths)."""
    chosen: dict[int, int] = {}

    def place(pause: int, seen: set[int]) -> bool:
        for k, one in enumerate(taken):
            if k in seen or not _fits(one, pauses[pause]):
                continue
            seen.add(k)
            if k not in chosen or place(chosen[k], seen):
                chosen[k] = pause
                return True
        return False

    for pause in sorted(range(len(pauses)), key=lambda p: p not in due):
        place(pause, set())
    return chosen


def _fits(one: _Taken, pause: Pause) -> bool:
    told = one.told
    in_time = told.start_s == max(one.moment_s, pause.start_s) <= pause.end_s
    return in_time and told.end_s - told.start_s == pause.duration_s


def _check_break(one: _Taken, pause: Pause, where: str) -> Iterator[Violation]:
    """Say what keeps a break taken from being the one that is due."""
    told, earliest = one.told, max(one.moment_s, pause.start_s)
    if told.end_s - told.start_s != pause.duration_s:
        yield Violation("break.duration", where, told.end_s - told.start_s, pause.duration_s)
    if not pause.start_s <= told.start_s <= pause.end_s:
        yield Violation("break.window", where, told.start_s, (pause.start_s, pause.end_s))
    elif told.start_s != earliest:
        yield Violation("break.start", where, told.start_s, earliest)
