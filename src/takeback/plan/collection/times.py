"""When a vehicle is where: travel by the hour, windows, closed zones, breaks, and when it had best leave."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from takeback.plan.collection.found import Visit
from takeback.plan.collection.limits import Limit
from takeback.plan.collection.problem import CollectionProblem, Pause, Slice, Task, VehicleType, Window
from takeback.plan.collection.solution import BreakTaken

FOREVER = 2**62
MOST_DEPARTURES = 6  # tried one after the other where a task has several windows


class Times(NamedTuple):
    """A drive: (arrival, start, end) of each visit. It may leave `slack` later without breaking a window, and has
    `waited` so many seconds; `visited` says where breaks were taken."""

    departure_s: int
    stops: tuple[tuple[int, int, int], ...]
    breaks: tuple[BreakTaken, ...]
    return_s: int
    slack: int
    waited: int

    @property
    def duration_s(self) -> int:
        """Return the seconds from leaving to return."""
        return self.return_s - self.departure_s


class _State(NamedTuple):
    """The vehicle is ready to drive on at `now`; `path` is what it did, last first."""

    now: int
    slack: int
    waited: int
    path: tuple[object, ...] | None


class Clock:
    """The rules of time of a problem."""

    def __init__(self, problem: CollectionProblem, promises: Mapping[str, Window] | None = None) -> None:
        self.problem = problem
        self.places = [task.location for task in problem.tasks] + [site.location for site in reversed(problem.sites)]
        self._services = [t.service_s for t in problem.tasks] + [s.service_s for s in reversed(problem.sites)]
        self._windows = [_promised(task, (promises or {}).get(task.id)) for task in problem.tasks]
        self._windows += [(site.window or Window(0, FOREVER),) for site in reversed(problem.sites)]
        self._allowed: dict[tuple[int, tuple[bool, ...]], list[Window]] = {}
        profiles = {v.profile: problem.profile(v) for v in problem.vehicle_types}
        self._distance = {name: profile.distance_m.data for name, profile in profiles.items()}
        self._duration = {name: profile.duration_s.data for name, profile in profiles.items()}
        self._slices = {name: tuple(sorted(profile.slices)) for name, profile in profiles.items()}

    def distance(self, vehicle: VehicleType) -> memoryview:
        """Return the metres by which a vehicle type travels, indexed [from, to]."""
        return self._distance[vehicle.profile]

    def cheapest(self, vehicle: VehicleType, visits: Sequence[Visit], departure_s: int | None) -> Times | Limit:
        """Return the cheapest drive that keeps the vehicle's hours, leaving at `departure_s` if that is given."""
        first, _ = open_hours(self.problem, vehicle)
        if first.start_s > first.end_s or (departure_s is not None and not first.start_s <= departure_s <= first.end_s):
            return Limit.SHIFT
        drives = (
            self._drives(vehicle, visits, first) if departure_s is None else [self.drive(vehicle, visits, departure_s)]
        )
        best: Times | None = None
        met: Limit | None = None
        for drive in drives:
            if isinstance(drive, Limit):
                met = met or drive
            elif best is None or drive.duration_s < best.duration_s:
                best = drive
        if best is None:
            return met or Limit.SHIFT
        if vehicle.max_duration_s is None or best.duration_s <= vehicle.max_duration_s + vehicle.max_overtime_s:
            return best
        return Limit.DURATION

    def _drives(self, vehicle: VehicleType, visits: Sequence[Visit], first: Window) -> Iterator[Times | Limit]:
        """Yield drives with different departures; every cost grows with the duration, so the shortest is best."""
        slices = self._slices[vehicle.profile]
        starts = [first.start_s]
        starts += [pause.end_s + 1 for pause in _pauses(vehicle)]
        starts += [one.start_s for one in slices]
        if any(visit.window for visit in visits):
            hinted = self.drive(vehicle, visits, first.start_s, hinted=True)
            if isinstance(hinted, Times):
                starts.append(first.start_s + max(0, min(hinted.slack, hinted.waited)))
        for k, start in enumerate(starts):
            if k and not first.start_s < start <= first.end_s:
                continue
            yield from self._from(vehicle, visits, start, first, several=k == 0)

    def _from(
        self, vehicle: VehicleType, visits: Sequence[Visit], start: int, first: Window, *, several: bool
    ) -> Iterator[Times | Limit]:
        """Yield the drive that leaves at `start` or as much later as is free; and those that miss its windows."""
        tries = MOST_DEPARTURES if several and self._may_choose(vehicle, visits) else 1
        for _ in range(tries):
            drive = self.drive(vehicle, visits, start)
            if isinstance(drive, Limit):
                yield drive
                return
            yield self._later(vehicle, visits, drive, first)
            start = drive.departure_s + max(0, drive.slack) + 1
            if start > first.end_s or drive.slack >= FOREVER // 2:
                return

    def _may_choose(self, vehicle: VehicleType, visits: Sequence[Visit]) -> bool:
        return any(len(self._hours(vehicle, visit, hinted=False)) > 1 for visit in visits)

    def _later(self, vehicle: VehicleType, visits: Sequence[Visit], drive: Times, first: Window) -> Times:
        """Return the drive with the latest departure that brings the vehicle back at the same moment."""
        most = first.end_s - drive.departure_s
        if not self._slices[vehicle.profile]:
            later = min(drive.slack, drive.waited, most)
            shifted = self.drive(vehicle, visits, drive.departure_s + later) if later > 0 else drive
            return shifted if isinstance(shifted, Times) and shifted.return_s <= drive.return_s else drive
        best, low, high = drive, 0, most if drive.waited else 0
        while low < high:
            middle = (low + high + 1) // 2
            shifted = self.drive(vehicle, visits, drive.departure_s + middle)
            if isinstance(shifted, Times) and shifted.return_s <= drive.return_s:
                best, low = shifted, middle
            else:
                high = middle - 1
        return best

    def drive(
        self, vehicle: VehicleType, visits: Sequence[Visit], departure_s: int, *, hinted: bool = False
    ) -> Times | Limit:
        """Return the earliest drive that leaves at a given moment, breaks where they delay it least."""
        pauses = [pause for pause in _pauses(vehicle) if pause.end_s >= departure_s]
        drive = self._drive(vehicle, visits, departure_s, pauses, hinted=hinted)
        if isinstance(drive, Limit) and pauses:
            without = self._drive(vehicle, visits, departure_s, [], hinted=hinted)
            return without if isinstance(without, Limit) else Limit.BREAK
        return drive

    def _drive(
        self, vehicle: VehicleType, visits: Sequence[Visit], departure_s: int, pauses: list[Pause], *, hinted: bool
    ) -> Times | Limit:
        """Drive on in parallel with no, one, two... breaks taken so far."""
        states: list[_State | None] = [_State(departure_s, FOREVER, 0, None)] + [None] * len(pauses)
        here = self.problem.depots[vehicle.start_depot].location
        _rest(states, pauses, 0)
        for after, visit in enumerate(visits, 1):
            there, hours = self.places[visit.task], self._hours(vehicle, visit, hinted=hinted)
            arrivals = [state and self._travel(vehicle, here, there, state.now) for state in states]
            service = self._services[visit.task]
            states = [
                None if state is None or arrival is None else _served(state, arrival, hours, service)
                for state, arrival in zip(states, arrivals, strict=True)
            ]
            if not any(states):
                return self._missed(visit, [arrival for arrival in arrivals if arrival is not None])
            _rest(states, pauses, after)
            here = there
        return self._back(vehicle, here, departure_s, states, pauses)

    def _back(
        self, vehicle: VehicleType, here: int, departure_s: int, states: list[_State | None], pauses: list[Pause]
    ) -> Times | Limit:
        """Return the drive with the fewest breaks that is back in time, and before the window of the next one ends."""
        last = open_hours(self.problem, vehicle)[1]
        depot = self.problem.depots[vehicle.last_depot].location
        for taken, state in enumerate(states):
            if state is None:
                continue
            back = self._travel(vehicle, here, depot, state.now)
            return_s = max(back, last.start_s)
            if return_s > last.end_s or any(pause.end_s <= return_s for pause in pauses[taken:]):
                continue
            waited = state.waited + return_s - back
            stops, breaks = _told(state)
            return Times(departure_s, stops, breaks, return_s, min(state.slack, waited + last.end_s - return_s), waited)
        return Limit.SHIFT

    def _travel(self, vehicle: VehicleType, here: int, there: int, moment: int) -> int:
        normal = self._duration[vehicle.profile][here, there]
        slices = self._slices[vehicle.profile]
        return stretched(slices, moment, normal) if slices else moment + normal

    def _hours(self, vehicle: VehicleType, visit: Visit, *, hinted: bool) -> list[Window]:
        """Return when service may begin, both ends included: the windows less what closed zones rule out."""
        shut = tuple(vehicle.id not in zone.passes for zone in self.problem.zones)
        key = (visit.task, shut)
        if key not in self._allowed:
            place, service = self.places[visit.task], self._services[visit.task]
            closed = [
                window
                for zone, matters in zip(self.problem.zones, shut, strict=True)
                if matters and place in zone.locations
                for window in zone.closed
            ]
            self._allowed[key] = opened(self._windows[visit.task], closed, service)
        if not hinted or visit.window is None:
            return self._allowed[key]
        start, end = visit.window
        within = [Window(max(w.start_s, start), min(w.end_s, end)) for w in self._allowed[key]]
        return [window for window in within if window.start_s <= window.end_s]

    def _missed(self, visit: Visit, arrivals: list[int]) -> Limit:
        """Return whether it is a closed zone or the task's own windows that no arrival was in time for."""
        in_time = any(arrival <= window.end_s for arrival in arrivals for window in self._windows[visit.task])
        return Limit.ZONE if in_time else Limit.WINDOW


def open_hours(problem: CollectionProblem, vehicle: VehicleType) -> tuple[Window, Window]:
    """Return when `vehicle` may leave its first depot, and when it may be back at its last one."""
    hours = []
    for depot in (problem.depots[vehicle.start_depot], problem.depots[vehicle.last_depot]):
        window = depot.window or Window(0, FOREVER)
        start, end = max(window.start_s, vehicle.shift.start_s), min(window.end_s, vehicle.shift.end_s)
        hours.append(Window(start, end))
    return hours[0], hours[1]


def opened(windows: Sequence[Window], closed: Sequence[Window], service_s: int) -> list[Window]:
    """Return the moments, in order, at which service may begin within `windows` and not go on in `closed`."""
    hours = sorted(windows)
    for shut in closed:
        before = [Window(w.start_s, min(w.end_s, shut.start_s - service_s)) for w in hours]
        behind = [Window(max(w.start_s, shut.end_s), w.end_s) for w in hours]
        if shut.start_s < shut.end_s:
            hours = sorted({w for w in (*before, *behind) if w.start_s <= w.end_s})
    return _joined(hours)


def _promised(task: Task, promise: Window | None) -> tuple[Window, ...]:
    """Return a task's windows, of which what is later than promised is cut off."""
    windows = task.windows or (Window(0, FOREVER),)
    if promise is None:
        return windows
    return tuple(Window(w.start_s, min(w.end_s, promise.end_s)) for w in windows if w.start_s <= promise.end_s)


def _joined(hours: list[Window]) -> list[Window]:
    joined: list[Window] = []
    for window in hours:
        if joined and window.start_s <= joined[-1].end_s + 1:
            joined[-1] = Window(joined[-1].start_s, max(joined[-1].end_s, window.end_s))
        else:
            joined.append(window)
    return joined


def stretched(slices: Sequence[Slice], moment: int, normal: int) -> int:
    """Return the arrival of a leg of `normal` seconds that begins at `moment`; before the first slice 100 % holds."""
    k = bisect_right(slices, moment, key=lambda one: one.start_s) - 1
    rest = normal
    while True:
        percent = slices[k].percent if k >= 0 else 100
        if k + 1 == len(slices):
            return moment - (-rest * percent // 100)
        covered = 100 * (slices[k + 1].start_s - moment) // percent
        if covered >= rest:
            return moment - (-rest * percent // 100)
        rest -= covered
        k += 1
        moment = slices[k].start_s


def _pauses(vehicle: VehicleType) -> list[Pause]:
    return sorted(vehicle.breaks, key=lambda pause: (pause.end_s, pause.start_s, pause.duration_s))


def _served(state: _State, arrival: int, hours: list[Window], service_s: int) -> _State | None:
    k = bisect_left(hours, arrival, key=lambda window: window.end_s)
    if k == len(hours):
        return None
    start = max(arrival, hours[k].start_s)
    waited = state.waited + start - arrival
    slack = min(state.slack, waited + hours[k].end_s - start)
    end = start + service_s
    return _State(end, slack, waited, ((arrival, start, end), state.path))


def _rest(states: list[_State | None], pauses: list[Pause], after: int) -> None:
    """Let the vehicle take its next breaks after so many stops, where it is then ready sooner than otherwise."""
    for taken, pause in enumerate(pauses):
        state, later = states[taken], states[taken + 1]
        if state is None:
            continue
        start = max(state.now, pause.start_s)
        end = start + pause.duration_s
        if start > pause.end_s or (later is not None and later.now <= end):
            continue
        waited = state.waited + start - state.now
        slack = min(state.slack, waited + pause.end_s - start)
        states[taken + 1] = _State(end, slack, waited, (BreakTaken(after, start, end), state.path))


def _told(state: _State) -> tuple[tuple[tuple[int, int, int], ...], tuple[BreakTaken, ...]]:
    """Return the stops and breaks of a state's path, first first."""
    stops: list[tuple[int, int, int]] = []
    breaks: list[BreakTaken] = []
    path = state.path
    while path is not None:
        done, path = path  # type: ignore[assignment]
        if isinstance(done, BreakTaken):
            breaks.append(done)
        else:
            stops.append(done)  # type: ignore[arg-type]
    return tuple(reversed(stops)), tuple(reversed(breaks))
