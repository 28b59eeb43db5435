"""One vehicle type and the few tasks that it should serve: the smallest day in which something can be impossible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice, permutations, product

from takeback.plan.collection.explain.paths import Tables
from takeback.plan.collection.problem import CollectionProblem, Started, Task, VehicleType
from takeback.plan.collection.schedule import Limit, Scheduler, Visit

MOST_TASKS = 6  # of one case: all their orders are tried
MOST_WAYS = 1_000  # tried; where there are more, a case counts as possible


def case(
    ways: Tables,
    vehicle: VehicleType,
    tasks: Sequence[Task],
    started: Started | None = None,
    *,
    ordered: bool = True,
) -> CollectionProblem:
    """Return the day with one vehicle of this type and these tasks only, all to be served.

    A vehicle that may not serve a task is in its `never`. `ordered` False: without the relations of order. With
    `Paths` distances and durations are shortest ways through any places of the whole day, so that nothing is called
    impossible that a detour makes possible.
    """
    problem = ways.problem
    sites = [site for site in problem.sites if not vehicle.sites or site.id in vehicle.sites]
    depots = [problem.depots[vehicle.start_depot]]
    if vehicle.last_depot != vehicle.start_depot:
        depots.append(problem.depots[vehicle.last_depot])
    located = (*(one.location for one in depots), *(one.location for one in tasks), *(one.location for one in sites))
    places = list(dict.fromkeys(located))
    index = {place: k for k, place in enumerate(places)}
    metres, seconds = ways.tables(vehicle, places)
    names = {task.id for task in tasks}
    return CollectionProblem(
        locations=tuple(problem.locations[place] for place in places),
        distance_m=metres,
        duration_s=seconds,
        tasks=tuple(_alone(task, vehicle, index[task.location]) for task in tasks),
        depots=tuple(replace(depot, location=index[depot.location]) for depot in depots),
        vehicle_types=(replace(vehicle, count=1, start_depot=0, end_depot=len(depots) - 1, profile="", sites=()),),
        load_dimensions=problem.load_dimensions,
        slices=problem.profile(vehicle).slices,
        sites=tuple(replace(site, location=index[site.location]) for site in sites),
        zones=tuple(
            replace(
                zone,
                locations=tuple(index[place] for place in zone.locations if place in index),
                passes=tuple({vehicle.id} & set(zone.passes)),
            )
            for zone in problem.zones
        ),
        apart=problem.apart,
        relations=tuple(r for r in problem.relations if ordered and {r.first, r.second} <= names),
        started=() if started is None else (replace(started, vehicle=1),),
    )


def _alone(task: Task, vehicle: VehicleType, location: int) -> Task:
    barred = vehicle.id in task.never or (bool(task.only) and vehicle.id not in task.only)
    return replace(task, location=location, only=(), never=(vehicle.id,) if barred else (), prize=None, group="")


def works(day: CollectionProblem) -> bool:
    """Return whether the one vehicle of `day` can serve all of its tasks, in any order, with visits to sites."""
    if len(day.tasks) > MOST_TASKS:
        return True
    scheduler = Scheduler(day)
    vehicle = day.vehicle_types[0]
    ways = list(islice(_ways(scheduler), MOST_WAYS + 1))
    if len(ways) > MOST_WAYS:
        return True
    return any(not isinstance(scheduler.route(vehicle, 1, way), Limit) for way in ways)


def _ways(scheduler: Scheduler) -> Iterator[list[Visit]]:
    """Yield the orders of the tasks; what the vehicle has begun with comes first."""
    day = scheduler.problem
    begun = scheduler.prefix(day.started[0]) if day.started else []
    taken = {visit.task for visit in begun}
    rest = [k for k in range(len(day.tasks)) if k not in taken]
    for order in permutations(rest):
        yield from _with_sites(day, begun, [Visit(k) for k in order])


def _with_sites(day: CollectionProblem, begun: list[Visit], rest: list[Visit]) -> Iterator[list[Visit]]:
    """Yield the visits with up to `most_reloads` visits to sites, none straight from the start depot."""
    yield begun + rest
    left = day.vehicle_types[0].most_reloads - sum(visit.task < 0 for visit in begun)
    gaps = range(0 if begun else 1, len(rest) + 1)
    for count in range(1, min(left, len(gaps)) + 1):
        for places in combinations(gaps, count):
            for sites in product(range(len(day.sites)), repeat=count):
                way = list(rest)
                for place, site in reversed(list(zip(places, sites, strict=True))):
                    way.insert(place, Visit(-1 - site))
                yield begun + way
