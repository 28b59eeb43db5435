"""The parts of a collection problem by their names, for its check and its figures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from takeback.plan.collection.problem import (
    CollectionProblem,
    Depot,
    Loads,
    Profile,
    Site,
    Task,
    VehicleType,
    Window,
    Zone,
)
from takeback.plan.collection.solution import Route


@dataclass(frozen=True)
class Parts:
    """Looks up what a plan names; a day of 20 000 stops is checked without searching lists."""

    problem: CollectionProblem

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """Tasks by id."""
        return {task.id: task for task in self.problem.tasks}

    @cached_property
    def sites(self) -> dict[str, Site]:
        """Unloading sites by id."""
        return {site.id: site for site in self.problem.sites}

    @cached_property
    def vehicles(self) -> dict[str, VehicleType]:
        """Vehicle types by id."""
        return {vehicle.id: vehicle for vehicle in self.problem.vehicle_types}

    @cached_property
    def groups(self) -> dict[str, list[Task]]:
        """Tasks that are alternatives, by the name of their group."""
        groups: defaultdict[str, list[Task]] = defaultdict(list)
        for task in self.problem.tasks:
            if task.group:
                groups[task.group].append(task)
        return groups

    @cached_property
    def _zones(self) -> dict[int, list[Zone]]:
        zones: defaultdict[int, list[Zone]] = defaultdict(list)
        for zone in self.problem.zones:
            for location in set(zone.locations):
                zones[location].append(zone)
        return zones

    def closed(self, location: int, vehicle: VehicleType) -> tuple[Window, ...]:
        """Return when `location` is closed to `vehicle`."""
        zones = self._zones.get(location, ())
        return tuple(window for zone in zones if vehicle.id not in zone.passes for window in zone.closed)

    def profile(self, vehicle: VehicleType) -> Profile:
        """Return how `vehicle` travels."""
        if not vehicle.profile:
            return Profile("", self.problem.distance_m, self.problem.duration_s, self.problem.slices)
        return next(one for one in self.problem.profiles if one.id == vehicle.profile)

    def depots(self, vehicle: VehicleType) -> tuple[Depot, Depot]:
        """Return where `vehicle` starts and ends."""
        last = vehicle.start_depot if vehicle.end_depot is None else vehicle.end_depot
        return self.problem.depots[vehicle.start_depot], self.problem.depots[last]

    def loads(self, task: Task) -> tuple[Loads, Loads]:
        """Return delivery and pickup of `task`, zeros where it has none."""
        zero = (0,) * len(self.problem.load_dimensions)
        return task.delivery or zero, task.pickup or zero

    def knows(self, route: Route) -> bool:
        """Return whether the route can be driven again: its vehicle and stops exist, each a task or a site."""
        return route.vehicle_type in self.vehicles and all(
            stop.site in self.sites if not stop.task else not stop.site and stop.task in self.tasks
            for stop in route.stops
        )
