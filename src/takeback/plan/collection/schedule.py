"""Times, loads and cost of a given sequence of visits; the rules of a route on the solver's side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from takeback.plan.collection.found import Sequence as Planned
from takeback.plan.collection.found import Visit
from takeback.plan.collection.limits import Limit
from takeback.plan.collection.problem import CollectionProblem, Depot, Site, Started, VehicleType, Window
from takeback.plan.collection.solution import Route, Stop
from takeback.plan.collection.times import FOREVER, Clock, Times, open_hours
from takeback.plan.collection.trips import Trips

__all__ = ["FOREVER", "Limit", "Scheduler", "Visit", "numbered", "open_hours", "route_cost"]

REMEMBERED = 10_000  # drives


class Scheduler:
    """Turns sequences of visits into routes. Reads the matrices in place, however large they are."""

    def __init__(self, problem: CollectionProblem, promises: Mapping[str, Window] | None = None) -> None:
        """`promises`: by task id, when service was promised to begin; later than that is not allowed."""
        self.problem = problem
        self.places = [task.location for task in problem.tasks]
        self.loads = [problem.task_load(task) for task in problem.tasks]
        self.limited = any(s.intake for s in problem.sites) or any(d.intake for d in problem.depots)
        self.clock = Clock(problem, promises)
        self._driven: dict[tuple[VehicleType, tuple[Visit, ...], int | None], Times | Limit] = {}
        self._trips = Trips(problem, self.loads)
        self._index = {task.id: k for k, task in enumerate(problem.tasks)}
        self._site = {site.id: -1 - k for k, site in enumerate(problem.sites)}
        self._before: dict[int, list[int]] = {}
        for relation in problem.relations:
            first, second = self._index[relation.first], self._index[relation.second]
            self._before.setdefault(second, []).append(first)
        self.started = {(one.vehicle_type, one.vehicle): one for one in problem.started}
        self._owner = {
            self._index[name]: (one.vehicle_type, one.vehicle)
            for one in problem.started
            for name in (*one.stops, *one.keeps)
            if name in self._index
        }

    def route(self, vehicle: VehicleType, number: int, visits: Sequence[Visit]) -> Route | Limit:
        """Return the cheapest route through `visits` in this order, or the limit it runs into.

        The vehicle leaves as late as is free. Which windows are used follows from when it leaves; a visit's own
        window is a hint for that. With breaks, hour slices or several windows the cheapest of a few departures is
        taken, and breaks are in the order of their ends.
        """
        limit = self._forbidden(vehicle, number, visits)
        if limit is not None:
            return limit
        loads = self._trips.loads(vehicle, visits)
        if isinstance(loads, Limit):
            return loads
        distance_m = self.distance_m(vehicle, visits)
        if vehicle.max_distance_m is not None and distance_m > vehicle.max_distance_m:
            return Limit.DISTANCE
        started = self.started.get((vehicle.id, number))
        times = self._times(vehicle, tuple(visits), started.departure_s if started else None)
        if isinstance(times, Limit):
            return times
        return self._route(vehicle, number, visits, loads, distance_m, times)

    def _times(self, vehicle: VehicleType, visits: tuple[Visit, ...], departure_s: int | None) -> Times | Limit:
        """Return the cheapest drive; searches ask for the same one again and again."""
        key = (vehicle, visits, departure_s)
        if key not in self._driven:
            if len(self._driven) >= REMEMBERED:
                self._driven.clear()
            self._driven[key] = self.clock.cheapest(vehicle, visits, departure_s)
        return self._driven[key]

    def prefix(self, started: Started) -> list[Visit]:
        """Return the visits that the route of a started vehicle begins with."""
        return [Visit(self._index[name] if name in self._index else self._site[name]) for name in started.stops]

    def kept(self, started: Started) -> list[Visit]:
        """Return the tasks that stay on a started vehicle in any place behind its first visits."""
        return [Visit(self._index[name]) for name in started.keeps]

    def distance_m(self, vehicle: VehicleType, visits: Sequence[Visit]) -> int:
        """Return the metres of a route."""
        legs, depots = self.clock.distance(vehicle), self.problem.depots
        here, total = depots[vehicle.start_depot].location, 0
        for visit in visits:
            there = self.clock.places[visit.task]
            total += legs[here, there]
            here = there
        return total + legs[here, depots[vehicle.last_depot].location]

    def within_intake(self, routes: Iterable[Route]) -> bool:
        """Return whether sites and depots take what all routes unload there."""
        problem = self.problem
        kinds = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
        places: list[Site | Depot] = [*problem.sites, *problem.depots]
        brought: Counter[tuple[int, int]] = Counter()
        for route in routes:
            ends = len(problem.sites) + kinds[route.vehicle_type].last_depot
            aboard: Counter[int] = Counter()
            for stop in route.stops:
                if stop.task:
                    aboard.update(dict(enumerate(self.loads[self._index[stop.task]][1])))
                else:
                    brought.update({(-1 - self._site[stop.site], d): load for d, load in aboard.items()})
                    aboard = Counter()
            brought.update({(ends, d): load for d, load in aboard.items()})
        return all(brought[k, d] <= most for k, place in enumerate(places) for d, most in enumerate(place.intake))

    def _forbidden(self, vehicle: VehicleType, number: int, visits: Sequence[Visit]) -> Limit | None:
        """Return the rule of who may do what, in which order, that the visits break."""
        tasks = self.problem.tasks
        seen: set[int] = set()
        groups: set[str] = set()
        for visit in visits:
            if visit.task < 0:
                continue
            task = tasks[visit.task]
            if (task.only and vehicle.id not in task.only) or vehicle.id in task.never:
                return Limit.VEHICLE
            if task.goods and vehicle.carries is not None and task.goods not in vehicle.carries:
                return Limit.GOODS
            if self._owner.get(visit.task, (vehicle.id, number)) != (vehicle.id, number):
                return Limit.STARTED
            if visit.task in seen or (task.group and task.group in groups):
                return Limit.ALTERNATIVES
            if any(first not in seen for first in self._before.get(visit.task, ())):
                return Limit.RELATION
            seen.add(visit.task)
            groups.add(task.group)
        started = self.started.get((vehicle.id, number))
        return Limit.STARTED if started and not self._goes_on(started, visits, seen) else None

    def _goes_on(self, started: Started, visits: Sequence[Visit], served: set[int]) -> bool:
        begun = [visit.task for visit in self.prefix(started)]
        kept = {visit.task for visit in self.kept(started)}
        return [visit.task for visit in visits[: len(begun)]] == begun and kept <= served

    def _route(
        self,
        vehicle: VehicleType,
        number: int,
        visits: Sequence[Visit],
        loads: list[tuple[int, ...]],
        distance_m: int,
        times: Times,
    ) -> Route:
        problem = self.problem
        return Route(
            vehicle_type=vehicle.id,
            vehicle=number,
            departure_s=times.departure_s,
            return_s=times.return_s,
            load=loads[0],
            stops=tuple(
                Stop(
                    problem.tasks[visit.task].id if visit.task >= 0 else "",
                    *stop,
                    load,
                    "" if visit.task >= 0 else problem.sites[-1 - visit.task].id,
                )
                for visit, stop, load in zip(visits, times.stops, loads[1:], strict=True)
            ),
            distance_m=distance_m,
            duration_s=times.duration_s,
            cost=route_cost(vehicle, distance_m, times.duration_s),
            breaks=times.breaks,
        )


def numbered(problem: CollectionProblem, routes: Sequence[Planned]) -> list[tuple[VehicleType, int, tuple[Visit, ...]]]:
    """Return (vehicle type, vehicle number, visits) of each route.

    Routes that hold what a started vehicle has begun with or keeps get its number; one that has begun with nothing
    gets the first that it can drive, in the order given. Without any such route it gets an empty one of its own,
    because it drives all the same.
    """
    scheduler, result, free = Scheduler(problem), [], list(routes)
    known = sorted(scheduler.started.items(), key=lambda item: not (item[1].stops or item[1].keeps))
    for (kind, number), started in known:
        vehicle = next(v for v in problem.vehicle_types if v.id == kind)
        route = next((r for r in free if _is_own(scheduler, r, vehicle, started)), None)
        if route is not None:
            free.remove(route)
        result.append((vehicle, number, tuple(route[1]) if route else ()))
    taken = {(vehicle.id, number) for vehicle, number, _ in result}
    for index, visits in free:
        vehicle = problem.vehicle_types[index]
        number = next(k for k in range(1, len(problem.tasks) + vehicle.count + 2) if (vehicle.id, k) not in taken)
        taken.add((vehicle.id, number))
        result.append((vehicle, number, tuple(visits)))
    return result


def _is_own(scheduler: Scheduler, route: Planned, vehicle: VehicleType, started: Started) -> bool:
    """Return whether a route is that of a started vehicle; one that has begun nothing may own any that it can drive."""
    if scheduler.problem.vehicle_types[route[0]] is not vehicle:
        return False
    begun = [visit.task for visit in scheduler.prefix(started)]
    own = {visit.task for visit in scheduler.kept(started)} | {k for k in begun if k >= 0}
    tasks = [visit.task for visit in route[1]]
    if own:
        return not own.isdisjoint(tasks)
    if tasks[: len(begun)] != begun:
        return False
    return isinstance(scheduler.route(vehicle, started.vehicle, route[1]), Route)


def route_cost(vehicle: VehicleType, distance_m: int, duration_s: int) -> int:
    """Return the cost of a route in minor units, rounded up."""
    overtime_s = 0 if vehicle.max_duration_s is None else max(0, duration_s - vehicle.max_duration_s)
    running = 18 * vehicle.cost_per_km * distance_m + 5 * vehicle.cost_per_hour * duration_s
    running += 5 * vehicle.cost_per_overtime_hour * overtime_s
    return vehicle.cost_fixed - (-running // 18_000)
