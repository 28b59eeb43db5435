"""The plan to beat: each vehicle drives to the nearest task it may still serve."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from takeback.core.message import msg
from takeback.plan.collection.found import Visit
from takeback.plan.collection.limits import Limit
from takeback.plan.collection.problem import CollectionProblem, VehicleType
from takeback.plan.collection.schedule import Scheduler
from takeback.plan.collection.solution import Plan, Route, Unserved

NEVER_MORE = frozenset({Limit.VEHICLE, Limit.GOODS, Limit.STARTED, Limit.ALTERNATIVES})
# behind more stops it is later, farther and fuller: who does not fit now never will, unless something is unloaded
LATER_TOO = frozenset({Limit.LOAD, Limit.WINDOW, Limit.ZONE, Limit.SHIFT, Limit.DURATION, Limit.DISTANCE})
_Visits = tuple[Visit, ...]


def nearest_neighbour(problem: CollectionProblem) -> Plan:
    """Return nearest-neighbour routes that keep every rule of `problem`.

    Started vehicles come first, with what they have begun and keep. Then vehicles are filled one after the other, in
    the order given; from where it stands, each goes to the task with the fewest metres that keeps load, windows,
    shift and limits, if need be by way of a site, until none does. No optimisation of any kind: this is what a driver
    with a list does.
    """
    day = _Day(problem)
    for kind, number in day.order():
        day.fill(kind, number)
    return Plan.of(day.routes, day.unserved(), day.lost())


class _Day:
    """The routes so far, the tasks that wait, and what places may still take."""

    def __init__(self, problem: CollectionProblem) -> None:
        self.problem, self.scheduler = problem, Scheduler(problem)
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
        visits, route = self._begun(vehicle, number)
        remaining = {k for k in self.waiting if self.problem.tasks[k].group not in self.groups}
        remaining -= {visit.task for visit in visits}
        while (longer := self._longer(vehicle, number, visits, remaining)) is not None:
            visits, route = longer
            remaining.discard(visits[-1].task)
            group = self.problem.tasks[visits[-1].task].group
            remaining -= {k for k in remaining if group and self.problem.tasks[k].group == group}
        if route is not None:
            self._take(route)

    def unserved(self) -> list[Unserved]:
        """Return the tasks left."""
        left = [self.problem.tasks[k] for k in sorted(self.waiting)]
        room = msg("No vehicle had room and time left when its turn came")
        instead = msg("Another task of its group is served instead")
        return [
            Unserved(t.id, "alternative", instead) if t.group in self.groups else Unserved(t.id, "no-room", room)
            for t in left
        ]

    def lost(self) -> int:
        """Return the prizes of what is left, of each group once."""
        left = [self.problem.tasks[k] for k in sorted(self.waiting)]
        return sum({t.group or (t.id,): t.prize or 0 for t in left if t.group not in self.groups}.values())

    def _begun(self, vehicle: VehicleType, number: int) -> tuple[_Visits, Route | None]:
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

    def _longer(
        self, vehicle: VehicleType, number: int, visits: _Visits, remaining: set[int]
    ) -> tuple[_Visits, Route] | None:
        """Return the route with the nearest task that fits behind its end."""
        legs, places = self.scheduler.clock.distance(vehicle), self.scheduler.clock.places
        start = self.problem.depots[vehicle.start_depot].location
        here = places[visits[-1].task] if visits else start
        remaining -= self._too_much(vehicle, visits, remaining)
        for task in sorted(remaining, key=lambda k: (legs[here, places[k]], k)):
            for longer in self._ways(vehicle, visits, task, here):
                outcome = self._closed(vehicle, number, longer)
                if not isinstance(outcome, Limit):
                    return longer, outcome
                if outcome in NEVER_MORE or (outcome in LATER_TOO and not vehicle.most_reloads):
                    remaining.discard(task)
                    break
        return None

    def _too_much(self, vehicle: VehicleType, visits: _Visits, remaining: set[int]) -> set[int]:
        """Return the tasks that outweigh the vehicle in any order, if nothing is unloaded on the way."""
        if vehicle.most_reloads:
            return set()
        loads = self.scheduler.loads
        room = [
            (way, dim, most - sum(loads[visit.task][way][dim] for visit in visits))
            for dim, most in enumerate(vehicle.capacity)
            for way in (0, 1)
        ]
        return {k for k in remaining if any(loads[k][way][dim] > left for way, dim, left in room)}

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
            if self.problem.tasks[k].group:
                self.groups.add(self.problem.tasks[k].group)
