"""Checks what is aboard a route at every moment, trip by trip, from the definition alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from takeback.plan.collection.check_parts import Parts
from takeback.plan.collection.problem import Site, Task, VehicleType
from takeback.plan.collection.solution import Route
from takeback.plan.doors import Violation


@dataclass(slots=True)
class _Trip:
    """From a place of loading to the next place of unloading; `told`: what the plan says is aboard, stop by stop."""

    begins: Site | None  # None: at the start depot
    where: str
    told: list[tuple[int, ...]]
    tasks: list[Task] = field(default_factory=list)


def check_loads(parts: Parts, route: Route, where: str) -> Iterator[Violation]:
    """Yield every rule of loads, classes, compartments and sites that `route` breaks."""
    vehicle = parts.vehicles[route.vehicle_type]
    trips = _trips(parts, route, where)
    for trip in trips:
        yield from _check_profile(parts, vehicle, trip)
        yield from _check_apart(parts, trip)
        if vehicle.compartments and parts.problem.load_dimensions:
            yield from _check_compartments(parts, vehicle, trip)
        for task in trip.tasks:
            yield from _check_allowed(vehicle, task, trip.where)
    _, depot = parts.depots(vehicle)
    brought = _sum(parts, trips[-1].tasks, 1)
    if not depot.takes_load and any(brought):
        yield Violation("depot.takes-no-load", f"{where}, depot {depot.id}", tuple(brought), 0)
    yield from _check_sites(vehicle, trips, where)


def unloaded(parts: Parts, route: Route) -> Iterator[tuple[str, str, list[int]]]:
    """Yield (`site` or `depot`, id, load) for each place where `route` unloads its pickups."""
    vehicle = parts.vehicles[route.vehicle_type]
    trips = _trips(parts, route, "")
    for trip, following in pairwise(trips):
        yield "site", following.begins.id if following.begins else "", _sum(parts, trip.tasks, 1)
    yield "depot", parts.depots(vehicle)[1].id, _sum(parts, trips[-1].tasks, 1)


def _trips(parts: Parts, route: Route, where: str) -> list[_Trip]:
    trips = [_Trip(None, f"{where}, depot", [route.load])]
    for k, stop in enumerate(route.stops):
        if stop.site:
            trips.append(_Trip(parts.sites[stop.site], f"{where}, stop {k + 1}", [stop.load]))
        else:
            trips[-1].tasks.append(parts.tasks[stop.task])
            trips[-1].told.append(stop.load)
    return trips


def _sum(parts: Parts, tasks: list[Task], way: int) -> list[int]:
    """Return the load of all deliveries (`way` 0) or pickups (1)."""
    columns = zip(*(parts.loads(task)[way] for task in tasks), strict=True)
    return [sum(column) for column in columns] if tasks else [0] * len(parts.problem.load_dimensions)


def _aboard(parts: Parts, tasks: list[Task], goods: str | None = None) -> list[list[int]]:
    """Return what is aboard where the trip begins and after each task; of one class of goods, None = of all."""
    mine = [task for task in tasks if goods is None or task.goods == goods]
    profile = [_sum(parts, mine, 0)]
    for task in mine:
        delivery, pickup = parts.loads(task)
        profile.append([load - d + p for load, d, p in zip(profile[-1], delivery, pickup, strict=True)])
    return profile


def _check_profile(parts: Parts, vehicle: VehicleType, trip: _Trip) -> Iterator[Violation]:
    profile = _aboard(parts, trip.tasks)
    if trip.begins is not None and not trip.begins.supplies and any(profile[0]):
        yield Violation("trip.not-supplied", trip.where, tuple(profile[0]), "no delivery on the trip that begins here")
    for k, (expected, found) in enumerate(zip(profile, trip.told, strict=True)):
        where = f"{trip.where}, + {k}" if k else trip.where
        if tuple(expected) != tuple(found):
            yield Violation("load.figure", where, found, tuple(expected))
        if any(load > most for load, most in zip(expected, vehicle.capacity, strict=True)):
            yield Violation("load.above-capacity", where, tuple(expected), vehicle.capacity)


def _check_apart(parts: Parts, trip: _Trip) -> Iterator[Violation]:
    classes = {task.goods for task in trip.tasks}
    for one, other in parts.problem.apart:
        if one in classes and other in classes:
            yield Violation("trip.apart", trip.where, (one, other), "on different trips")


def _check_compartments(parts: Parts, vehicle: VehicleType, trip: _Trip) -> Iterator[Violation]:
    """Each class, the ordinary one "" too, has a compartment for its peak in the first dimension, rounded up."""
    sizes: defaultdict[str, int] = defaultdict(int)
    for goods in sorted({task.goods for task in trip.tasks}):
        peak = max(load[0] for load in _aboard(parts, trip.tasks, goods))
        if peak:
            sizes[goods] = -(-peak // vehicle.compartment_unit) * vehicle.compartment_unit
    if len(sizes) > vehicle.compartments:
        yield Violation("compartment.number", trip.where, sorted(sizes), vehicle.compartments)
    if sum(sizes.values()) > vehicle.capacity[0]:
        yield Violation("compartment.size", trip.where, dict(sizes), vehicle.capacity[0])


def _check_allowed(vehicle: VehicleType, task: Task, where: str) -> Iterator[Violation]:
    if task.only and vehicle.id not in task.only:
        yield Violation("task.only", where, f"{task.id} on {vehicle.id}", list(task.only))
    if vehicle.id in task.never:
        yield Violation("task.never", where, f"{task.id} on {vehicle.id}", f"not {', '.join(task.never)}")
    if vehicle.carries is not None and task.goods and task.goods not in vehicle.carries:
        yield Violation("vehicle.carries", where, f"{task.goods} of {task.id}", list(vehicle.carries))


def _check_sites(vehicle: VehicleType, trips: list[_Trip], where: str) -> Iterator[Violation]:
    if len(trips) - 1 > vehicle.most_reloads:
        yield Violation("site.reloads", where, len(trips) - 1, vehicle.most_reloads)
    for trip in trips[1:]:
        if trip.begins is not None and vehicle.sites and trip.begins.id not in vehicle.sites:
            yield Violation("site.not-allowed", trip.where, trip.begins.id, list(vehicle.sites))
