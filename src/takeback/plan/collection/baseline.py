"""The plan to beat: each vehicle drives to the nearest task it may still serve."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import numpy as np
import numpy.typing as npt

from takeback.core.message import msg
from takeback.plan.collection.found import Routes, Visit
from takeback.plan.collection.limits import Limit, never
from takeback.plan.collection.problem import CollectionProblem, VehicleType
from takeback.plan.collection.schedule import Scheduler
from takeback.plan.collection.solution import Plan, Route, Unserved, prizes_lost

NEVER_MORE = frozenset({Limit.VEHICLE, Limit.GOODS, Limit.STARTED, Limit.ALTERNATIVES})
# behind more stops it is later, farther and fuller: who does not fit now never will, unless something is unloaded
LATER_TOO = frozenset({Limit.LOAD, Limit.WINDOW, Limit.ZONE, Limit.SHIFT, Limit.DURATION, Limit.DISTANCE})
_Visits = tuple[Visit, ...]
_Flags = npt.NDArray[np.bool_]


def nearest_neighbour(problem: CollectionProblem, late: Callable[[], bool] = never) -> Plan:
    """Return nearest-neighbour routes that keep every rule of `problem`.

    Started vehicles come first, with what they have begun and keep. Then vehicles are filled one after the other, in
    the order given; from where it stands, each goes to the task with the fewest metres that keeps load, windows,
    shift and limits, if need be by way of a site, until none does. No optimisation of any kind: this is what a driver
    with a list does. Once it is `late`, what is not yet on a route is left.
    """
    day = _Day(problem, late)
    for kind, number in day.order():
        day.fill(kind, number)
    return Plan.of(day.routes, day.unserved(), day.lost())


def begun(problem: CollectionProblem) -> Routes:
    """Return the routes of started vehicles with what they have begun and keep, as a search takes them."""
    day = _Day(problem, never)
    kinds = {vehicle.id: k for k, vehicle in enumerate(problem.vehicle_types)}
    routes = []
    for kind, number in day.scheduler.started:
        visits, _ = day.begun(problem.vehicle_types[kinds[kind]], number)
        routes.append((kinds[kind], visits))
    return tuple(routes)


class _Day:
    """The routes so far, the tasks that wait, and what places may still take."""

    def __init__(self, problem: CollectionProblem, late: Callable[[], bool]) -> None:
        self.problem, self.scheduler, self.late = problem, Scheduler(problem), late
        loads = np.array(self.scheduler.loads, dtype=np.int64)
        self.loads = loads.reshape(len(problem.tasks), 2, len(problem.load_dimensions))
        self.places = np.array(self.scheduler.places, dtype=np.intp)
        self.open = np.ones(len(problem.tasks), dtype=bool)
        self.rivals: dict[str, list[int]] = {}
        for k, task in enumerate(problem.tasks):
            self.rivals.setdefault(task.group, []).append(k)
        self.waiting = set(range(len(problem.tasks)))
        self.groups: set[str] = set()
        self.routes: list[Route] = []

    def order(self) -> Iterator[tuple[VehicleType, int]]:
        """Yield the vehicles, those that have started first; of a type that finds nothing to do no more."""
        started = self.scheduler.started
        kinds = {vehicle.id: vehicle for vehicle in self.problem.vehicle_types}
        yield from ((kinds[kind], number) for kind, number in started)
        for vehicle in self.problem.vehicle_types:
            for number in range(1, vehicle.count + 1):
                if (vehicle.id, number) in started:
                    continue
                before = len(self.routes)
                yield vehicle, number
                if len(self.routes) == before:
                    break

    def fill(self, vehicle: VehicleType, number: int) -> None:
        """Plan the route of one vehicle."""
        visits, route = self.begun(vehicle, number)
        open_ = self.open.copy()
        self._close(open_, (visit.task for visit in visits if visit.task >= 0))
        while not self.late() and (longer := self._longer(vehicle, number, visits, open_)) is not None:
            visits, route = longer
            self._close(open_, [visits[-1].task])
        if route is not None:
            self._take(route)

    def unserved(self) -> list[Unserved]:
        """Return the tasks left."""
        left = [self.problem.tasks[k] for k in sorted(self.waiting)]
        kind, why = "no-room", msg("No vehicle had room and time left when its turn came")
        if self.late():
            kind, why = "not-found", msg("The search ended before it was given a place; search longer")
        instead = msg("Another task of its group is served instead")
        return [
            Unserved(t.id, "alternative", instead) if t.group in self.groups else Unserved(t.id, kind, why)
            for t in left
        ]

    def lost(self) -> int:
        """Return the prizes of what is left, of each group once."""
        left = [self.problem.tasks[k] for k in sorted(self.waiting)]
        return prizes_lost(task for task in left if task.group not in self.groups)

    def begun(self, vehicle: VehicleType, number: int) -> tuple[_Visits, Route | None]:
        """Return what a started vehicle must do, each task that it keeps in the first place where all fits."""
        started = self.scheduler.started.get((vehicle.id, number))
        if started is None:
            return (), None
        visits = tuple(self.scheduler.prefix(started))
        first, kept = len(visits), self.scheduler.kept(started)
        for k, task in enumerate(kept):
            places = range(len(visits), first - 1, -1)
            options = [(*visits[:place], task, *visits[place:]) for place in places]
            rest = tuple(kept[k + 1 :])
            fits = (v for v in options if isinstance(self._closed(vehicle, number, (*v, *rest)), Route))
            visits = next(fits, options[0])
        route = self._closed(vehicle, number, visits)
        return visits, route if isinstance(route, Route) else None

    def _close(self, open_: _Flags, tasks: Iterable[int]) -> None:
        """Note that tasks, and with each those of its group, wait no more."""
        for k in tasks:
            group = self.problem.tasks[k].group
            open_[self.rivals[group] if group else k] = False

    def _longer(
        self, vehicle: VehicleType, number: int, visits: _Visits, open_: _Flags
    ) -> tuple[_Visits, Route] | None:
        """Return the route with the nearest open task that fits behind its end; those that never will are closed."""
        start = self.problem.depots[vehicle.start_depot].location
        here = self.scheduler.clock.places[visits[-1].task] if visits else start
        open_ &= self._light_enough(vehicle, visits)
        for task in self._nearest(vehicle, here, open_):
            if self.late():
                return None
            for longer in self._ways(vehicle, visits, task, here):
                outcome = self._closed(vehicle, number, longer)
                if not isinstance(outcome, Limit):
                    return longer, outcome
                if outcome in NEVER_MORE or (outcome in LATER_TOO and not vehicle.most_reloads):
                    open_[task] = False
                    break
        return None

    def _nearest(self, vehicle: VehicleType, here: int, open_: _Flags) -> list[int]:
        """Return the open tasks by their metres from `here`."""
        tasks = np.flatnonzero(open_)
        metres = self.problem.profile(vehicle).distance_m[here, self.places[tasks]]
        ranked: list[int] = tasks[np.argsort(metres, kind="stable")].tolist()
        return ranked

    def _light_enough(self, vehicle: VehicleType, visits: _Visits) -> _Flags:
        """Return (tasks,) which tasks a vehicle has room for behind the visits, if nothing is unloaded on the way.

        What a task is brought is aboard from the start on; what is picked up stays.
        """
        if vehicle.most_reloads:
            return np.ones(len(self.places), dtype=bool)
        done = self.loads[[visit.task for visit in visits if visit.task >= 0]]
        aboard = done[:, 0].sum(axis=0) + np.cumsum(done[:, 1] - done[:, 0], axis=0)
        most = np.maximum(done[:, 0].sum(axis=0), aboard.max(axis=0, initial=0))
        room = np.array(vehicle.capacity) - np.stack([most, done[:, 1].sum(axis=0)])
        fits: _Flags = (self.loads <= room).all(axis=(1, 2))
        return fits

    def _ways(self, vehicle: VehicleType, visits: _Visits, task: int, here: int) -> Iterator[_Visits]:
        """Yield the visits with the task behind them, straight on or by way of a site."""
        yield (*visits, Visit(task))
        if visits and visits[-1].task >= 0:
            for site in self._sites(vehicle, here):
                yield (*visits, site, Visit(task))

    def _closed(self, vehicle: VehicleType, number: int, visits: _Visits) -> Route | Limit:
        """Return the route through the visits, or what stops it; at the end by way of a site if it must."""
        here, met = self.scheduler.clock.places[visits[-1].task] if visits else 0, Limit.INTAKE
        endings: Iterator[_Visits] = ((site,) for site in self._sites(vehicle, here) if visits)
        for ending in chain([()], endings):
            route = self.scheduler.route(vehicle, number, (*visits, *ending))
            if not isinstance(route, Limit):
                if self._room(route):
                    return route
            elif not ending:
                met = route
                if route in NEVER_MORE:
                    break
        return met

    def _sites(self, vehicle: VehicleType, here: int) -> list[Visit]:
        """Return visits to the sites that a vehicle may go to, the nearest first."""
        if not vehicle.most_reloads:
            return []
        legs = self.scheduler.clock.distance(vehicle)
        sites = [k for k, s in enumerate(self.problem.sites) if not vehicle.sites or s.id in vehicle.sites]
        return [Visit(-1 - k) for k in sorted(sites, key=lambda k: (legs[here, self.problem.sites[k].location], k))]

    def _room(self, route: Route) -> bool:
        """Return whether sites and depots take what the route brings, beside the routes before it."""
        return not self.scheduler.limited or self.scheduler.within_intake([*self.routes, route])

    def _take(self, route: Route) -> None:
        self.routes.append(route)
        served = {stop.task for stop in route.stops}
        for k in [k for k in self.waiting if self.problem.tasks[k].id in served]:
            self.waiting.discard(k)
            self._close(self.open, [k])
            if self.problem.tasks[k].group:
                self.groups.add(self.problem.tasks[k].group)
