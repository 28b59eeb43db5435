"""Says before any search why a day cannot be served: which task, which limit, what would make it fit."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import numpy as np

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.collection.problem import CollectionProblem, Location, Matrix, Task, VehicleType
from takeback.plan.collection.schedule import Limit, Scheduler, Visit, open_hours

FAR_DEG = 10.0  # a swapped place lies far outside its region,
NEAR_DEG = 3.0  # and inside it when swapped back


def explain(problem: CollectionProblem) -> list[Problem]:
    """Return every reason why no plan can exist, and coordinates that look swapped; empty = none was found.

    Tasks with a prize are optional and never a reason. Not every infeasible day is recognised here: whether
    the routes fit into the fleet's day only a search can tell.
    """
    errors = [_swapped(k, place) for k, place in enumerate(problem.locations) if _looks_swapped(problem, k)]
    required = [k for k, task in enumerate(problem.tasks) if task.prize is None]
    if required and not any(vehicle.count for vehicle in problem.vehicle_types):
        return [*errors, _no_vehicle(problem)]
    scheduler = Scheduler(problem)
    stuck = [(k, limit) for k in required if (limit := alone(scheduler, k)) is not None]
    if stuck:
        shortest = Scheduler(_through_others(problem))
        errors += [_impossible(problem, k, limit) for k, limit in stuck if alone(shortest, k) is not None]
    return errors + _overloads(problem, required)


def alone(scheduler: Scheduler, task: int) -> Limit | None:
    """Return what stops every vehicle from serving `task` on a route of its own; None where one can.

    Where vehicles stop at different limits, the one that comes latest in the order of `Limit` is told.
    """
    vehicles = [vehicle for vehicle in scheduler.problem.vehicle_types if vehicle.count]
    limits = []
    for vehicle in vehicles:
        outcome = scheduler.route(vehicle, 1, [Visit(task)])
        if not isinstance(outcome, Limit):
            return None
        limits.append(outcome)
    order = list(Limit)
    return max(limits, key=order.index, default=Limit.LOAD)


def reason(problem: CollectionProblem, task: Task, limit: Limit) -> Message:
    """Return the sentence that says why no vehicle can serve `task` even alone."""
    return _SENTENCES[limit][0](task.id)


def _impossible(problem: CollectionProblem, k: int, limit: Limit) -> Problem:
    task = problem.tasks[k]
    sentence, found, expected, remedy = _SENTENCES[limit]
    return Problem(
        f"collection.task-{limit.value}",
        sentence(task.id),
        where=f"tasks[{k}] ({task.id})",
        found=found(problem, task),
        expected=expected(problem, task),
        remedy=remedy(task.id),
    )


def _no_vehicle(problem: CollectionProblem) -> Problem:
    return Problem(
        "collection.no-vehicle",
        msg("There are tasks to serve but no vehicle"),
        where="vehicle_types",
        found=0,
        expected=msg("at least one vehicle"),
        remedy=msg("Add a vehicle, or give the tasks a prize so that they may wait."),
    )


def _overloads(problem: CollectionProblem, required: list[int]) -> list[Problem]:
    """Return an error for each load dimension in which the required tasks outweigh the whole fleet."""
    errors = []
    for dim, name in enumerate(problem.load_dimensions):
        fleet = sum(vehicle.count * vehicle.capacity[dim] for vehicle in problem.vehicle_types)
        for way, direction in enumerate(("delivery", "pickup")):
            load = sum(problem.task_load(problem.tasks[k])[way][dim] for k in required)
            if load > fleet:
                errors.append(_overload(name, direction, load, fleet))
    return errors


def _overload(dimension: str, direction: str, load: int, fleet: int) -> Problem:
    return Problem(
        "collection.fleet-too-small",
        msg("The tasks that must be served are more than all vehicles together can carry"),
        where=f"load dimension {dimension}, {direction}",
        found=f"{load} {dimension}",
        expected=msg("at most {amount} {unit}", amount=fleet, unit=dimension),
        remedy=msg("Add vehicles, or give tasks a prize so that they may wait for another day."),
    )


def _looks_swapped(problem: CollectionProblem, k: int) -> bool:
    """Return whether latitude and longitude of location `k` only make sense the other way round."""
    place = problem.locations[k]
    if place.lat is None or place.lon is None:
        return False
    if abs(place.lat) > 90:
        return abs(place.lon) <= 90
    known = [p for p in problem.locations if p is not place]
    others = [(p.lat, p.lon) for p in known if p.lat is not None and p.lon is not None]
    if len(others) < 2:
        return False
    lat, lon = median(o[0] for o in others), median(o[1] for o in others)
    as_given = abs(place.lat - lat) + abs(place.lon - lon)
    swapped = abs(place.lon - lat) + abs(place.lat - lon)
    return as_given > FAR_DEG and swapped < NEAR_DEG


def _swapped(k: int, place: Location) -> Problem:
    return Problem(
        "collection.coordinates-swapped",
        msg("Latitude and longitude of location {id} look swapped", id=place.id),
        where=f"locations[{k}] ({place.id})",
        found=f"lat {place.lat}, lon {place.lon}",
        expected=msg("a place near the others, as lat {lat}, lon {lon} would be", lat=place.lon, lon=place.lat),
        remedy=msg("Give latitude (-90 to 90) first, then longitude (-180 to 180)."),
    )


def _through_others(problem: CollectionProblem) -> CollectionProblem:
    """Return the problem with shortest paths: a detour through another task may be the quicker way."""
    return CollectionProblem(
        locations=problem.locations,
        distance_m=_shortest(problem.distance_m),
        duration_s=_shortest(problem.duration_s),
        tasks=problem.tasks,
        depots=problem.depots,
        vehicle_types=problem.vehicle_types,
        load_dimensions=problem.load_dimensions,
    )


def _shortest(matrix: Matrix) -> Matrix:
    paths = matrix.copy()
    for k in range(len(paths)):
        np.minimum(paths, paths[:, k, None] + paths[k], out=paths)
    return paths


def _load_found(problem: CollectionProblem, task: Task) -> object:
    delivery, pickup = problem.task_load(task)
    most = [max(d, p) for d, p in zip(delivery, pickup, strict=True)]
    return _amounts(problem, most)


def _load_expected(problem: CollectionProblem, task: Task) -> Message:
    fleet = ", ".join(f"{v.id}: {_amounts(problem, v.capacity)}" for v in problem.vehicle_types if v.count)
    return msg("at most the capacity of a vehicle ({fleet})", fleet=fleet)


def _amounts(problem: CollectionProblem, vector: list[int] | tuple[int, ...]) -> str:
    return ", ".join(f"{v} {name}" for v, name in zip(vector, problem.load_dimensions, strict=True))


def _window_found(problem: CollectionProblem, task: Task) -> object:
    arrivals = []
    for vehicle in problem.vehicle_types:
        depot = problem.depots[vehicle.start_depot].location
        leave = open_hours(problem, vehicle)[0].start_s
        arrivals.append(leave + int(problem.duration_s[depot, task.location]))
    return clock(min(arrivals))


def _window_expected(problem: CollectionProblem, task: Task) -> Message:
    return msg("an arrival by {time}", time=clock(max(window.end_s for window in task.windows)))


def _longest(limit: Callable[[VehicleType], int | None], problem: CollectionProblem) -> int:
    return max((limit(v) or 0 for v in problem.vehicle_types if v.count), default=0)


def _round_trip(matrix: Matrix, problem: CollectionProblem, task: Task) -> int:
    trips = []
    for v in problem.vehicle_types:
        first, last = problem.depots[v.start_depot].location, problem.depots[v.last_depot].location
        trips.append(int(matrix[first, task.location] + matrix[task.location, last]))
    return min(trips)


def clock(seconds: int) -> str:
    """Return seconds since the day's origin as hours and minutes, rounded down; days are not split off."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


_Told = tuple[
    Callable[[str], Message],
    Callable[[CollectionProblem, Task], object],
    Callable[[CollectionProblem, Task], Message],
    Callable[[str], Message],
]
_SENTENCES: dict[Limit, _Told] = {
    Limit.LOAD: (
        lambda task: msg("No vehicle can carry the load of task {task}", task=task),
        _load_found,
        _load_expected,
        lambda task: msg("Split task {task}, or add a vehicle that can carry it.", task=task),
    ),
    Limit.WINDOW: (
        lambda task: msg("No vehicle can reach task {task} before its window closes", task=task),
        _window_found,
        _window_expected,
        lambda task: msg("Widen the window of task {task}, or let a vehicle start earlier.", task=task),
    ),
    Limit.SHIFT: (
        lambda task: msg("No vehicle can serve task {task} and be back before its shift ends", task=task),
        lambda p, t: f"{_round_trip(p.duration_s, p, t) + t.service_s} s",
        lambda p, t: msg("a return by {time}", time=clock(_longest(lambda v: open_hours(p, v)[1].end_s, p))),
        lambda task: msg("Lengthen a shift, or open the window of task {task} earlier.", task=task),
    ),
    Limit.DURATION: (
        lambda task: msg("A route for task {task} alone lasts longer than a vehicle may be out", task=task),
        lambda p, t: f"{_round_trip(p.duration_s, p, t) + t.service_s} s",
        lambda p, t: msg("driving and service of at most {limit} s", limit=_longest(lambda v: v.max_duration_s, p)),
        lambda task: msg("Raise the longest duration of a vehicle, or serve task {task} otherwise.", task=task),
    ),
    Limit.DISTANCE: (
        lambda task: msg("A route for task {task} alone is longer than a vehicle may drive", task=task),
        lambda p, t: f"{_round_trip(p.distance_m, p, t)} m",
        lambda p, t: msg("at most {limit} m", limit=_longest(lambda v: v.max_distance_m, p)),
        lambda task: msg("Raise the longest distance of a vehicle, or serve task {task} otherwise.", task=task),
    ),
}
