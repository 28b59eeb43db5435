"""Times, loads and cost of a given sequence of tasks; the rules of a route on the solver's side."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from takeback.plan.collection.problem import CollectionProblem, VehicleType, Window
from takeback.plan.collection.solution import Route, Stop

FOREVER = 2**62


class Limit(Enum):
    """What a sequence of tasks runs into."""

    LOAD = "load"
    WINDOW = "window"
    SHIFT = "shift"
    DURATION = "duration"
    DISTANCE = "distance"


class Visit(NamedTuple):
    """A task (index) to be served in `window`; None = the first window that is still open on arrival."""

    task: int
    window: Window | None = None


class Scheduler:
    """Turns sequences of tasks into routes. Holds the problem as plain lists, which Python reads fastest."""

    def __init__(self, problem: CollectionProblem) -> None:
        self.problem = problem
        self.distance: list[list[int]] = problem.distance_m.tolist()
        self.duration: list[list[int]] = problem.duration_s.tolist()
        self.places = [task.location for task in problem.tasks]
        self.windows = [task.windows or (Window(0, FOREVER),) for task in problem.tasks]
        self.loads = [problem.task_load(task) for task in problem.tasks]

    def route(self, vehicle: VehicleType, number: int, visits: Sequence[Visit]) -> Route | Limit:
        """Return the cheapest route through `visits` in this order, or the limit it runs into."""
        profile = self._load_profile(vehicle, visits)
        if profile is None:
            return Limit.LOAD
        distance_m = self._distance(vehicle, visits)
        if vehicle.max_distance_m is not None and distance_m > vehicle.max_distance_m:
            return Limit.DISTANCE
        times = self._latest_start(vehicle, visits)
        if isinstance(times, Limit):
            return times
        departure_s, stops, return_s = times
        if vehicle.max_duration_s is not None and return_s - departure_s > vehicle.max_duration_s:
            return Limit.DURATION
        return Route(
            vehicle_type=vehicle.id,
            vehicle=number,
            departure_s=departure_s,
            return_s=return_s,
            load=profile[0],
            stops=tuple(
                Stop(self.problem.tasks[visit.task].id, *stop, load)
                for visit, stop, load in zip(visits, stops, profile[1:], strict=True)
            ),
            distance_m=distance_m,
            duration_s=return_s - departure_s,
            cost=route_cost(vehicle, distance_m, return_s - departure_s),
        )

    def _load_profile(self, vehicle: VehicleType, visits: Sequence[Visit]) -> list[tuple[int, ...]] | None:
        """Return the load on leaving the depot and each stop; None where it is above the capacity."""
        aboard = [0] * len(vehicle.capacity)
        for visit in visits:
            for k, amount in enumerate(self.loads[visit.task][0]):
                aboard[k] += amount
        profile = [tuple(aboard)]
        for visit in visits:
            delivery, pickup = self.loads[visit.task]
            aboard = [a - d + p for a, d, p in zip(aboard, delivery, pickup, strict=True)]
            profile.append(tuple(aboard))
        for load in profile:
            if any(a > c for a, c in zip(load, vehicle.capacity, strict=True)):
                return None
        return profile

    def _distance(self, vehicle: VehicleType, visits: Sequence[Visit]) -> int:
        depots = self.problem.depots
        here, total = depots[vehicle.start_depot].location, 0
        for visit in visits:
            there = self.places[visit.task]
            total += self.distance[here][there]
            here = there
        return total + self.distance[here][depots[vehicle.last_depot].location]

    def _latest_start(
        self, vehicle: VehicleType, visits: Sequence[Visit]
    ) -> tuple[int, list[tuple[int, int, int]], int] | Limit:
        """Return departure, (arrival, start, end) of each stop and return; leave as late as is free."""
        first, last = open_hours(self.problem, vehicle)
        if first.start_s > first.end_s:
            return Limit.SHIFT
        earliest = self._times(vehicle, visits, first.start_s, last)
        if isinstance(earliest, Limit):
            return earliest
        stops, return_s, slack, waited = earliest
        later = min(slack, waited, first.end_s - first.start_s)
        if later <= 0:
            return first.start_s, stops, return_s
        chosen = [Visit(v.task, self._window(v, stop[0])) for v, stop in zip(visits, stops, strict=True)]
        shifted = self._times(vehicle, chosen, first.start_s + later, last)
        if isinstance(shifted, Limit):  # cannot be: `slack` keeps every window
            return first.start_s, stops, return_s
        return first.start_s + later, shifted[0], shifted[1]

    def _times(
        self, vehicle: VehicleType, visits: Sequence[Visit], departure_s: int, last: Window
    ) -> tuple[list[tuple[int, int, int]], int, int, int] | Limit:
        """Return the stops' times, the return, how much later one may leave, and the seconds waited."""
        depots, tasks = self.problem.depots, self.problem.tasks
        here, now, waited, slack = depots[vehicle.start_depot].location, departure_s, 0, FOREVER
        stops = []
        for visit in visits:
            there = self.places[visit.task]
            arrival = now + self.duration[here][there]
            window = self._window(visit, arrival)
            if window is None:
                return Limit.WINDOW
            start = max(arrival, window.start_s)
            waited += start - arrival
            slack = min(slack, waited + window.end_s - start)
            here, now = there, start + tasks[visit.task].service_s
            stops.append((arrival, start, now))
        back = now + self.duration[here][depots[vehicle.last_depot].location]
        return_s = max(back, last.start_s)
        if return_s > last.end_s:
            return Limit.SHIFT
        waited += return_s - back
        return stops, return_s, min(slack, waited + last.end_s - return_s), waited

    def _window(self, visit: Visit, arrival: int) -> Window | None:
        candidates = self.windows[visit.task] if visit.window is None else (visit.window,)
        return min((window for window in candidates if arrival <= window.end_s), default=None)


def open_hours(problem: CollectionProblem, vehicle: VehicleType) -> tuple[Window, Window]:
    """Return when `vehicle` may leave its first depot, and when it may be back at its last one."""
    hours = []
    for depot in (problem.depots[vehicle.start_depot], problem.depots[vehicle.last_depot]):
        window = depot.window or Window(0, FOREVER)
        start, end = max(window.start_s, vehicle.shift.start_s), min(window.end_s, vehicle.shift.end_s)
        hours.append(Window(start, end))
    return hours[0], hours[1]


def route_cost(vehicle: VehicleType, distance_m: int, duration_s: int) -> int:
    """Return the cost of a route in minor units, rounded up."""
    running = 18 * vehicle.cost_per_km * distance_m + 5 * vehicle.cost_per_hour * duration_s
    return vehicle.cost_fixed - (-running // 18_000)
