"""The plan to beat: each vehicle drives to the nearest task it may still serve."""

from __future__ import annotations

from takeback.core.message import msg
from takeback.plan.collection.problem import CollectionProblem, VehicleType
from takeback.plan.collection.schedule import Limit, Scheduler, Visit
from takeback.plan.collection.solution import Plan, Route, Unserved


def nearest_neighbour(problem: CollectionProblem) -> Plan:
    """Return nearest-neighbour routes that keep every rule of `problem`.

    Vehicles are filled one after the other, in the order given; from where it stands, each goes to the task
    with the fewest metres that keeps load, windows, shift and limits, until none does. No optimisation of any
    kind: this is what a driver with a list does.
    """
    scheduler = Scheduler(problem)
    waiting = set(range(len(problem.tasks)))
    routes = []
    for vehicle in problem.vehicle_types:
        for number in range(1, vehicle.count + 1):
            visits, route = _fill(scheduler, vehicle, number, waiting)
            if route is None:
                break
            waiting -= {visit.task for visit in visits}
            routes.append(route)
    left = [problem.tasks[k] for k in sorted(waiting)]
    reason = msg("No vehicle had room and time left when its turn came")
    return Plan.of(routes, [Unserved(task.id, "no-room", reason) for task in left], sum(t.prize or 0 for t in left))


def _fill(
    scheduler: Scheduler, vehicle: VehicleType, number: int, waiting: set[int]
) -> tuple[list[Visit], Route | None]:
    """Return the visits and the route of one vehicle; None where it can serve nothing."""
    visits: list[Visit] = []
    route: Route | None = None
    remaining = set(waiting)
    here = scheduler.problem.depots[vehicle.start_depot].location
    legs = scheduler.clock.distance(vehicle)
    while True:
        for task in sorted(remaining, key=lambda k: (legs[here, scheduler.places[k]], k)):
            longer = scheduler.route(vehicle, number, [*visits, Visit(task)])
            if not isinstance(longer, Limit):
                break
            if longer is Limit.LOAD:  # loads only grow: what does not fit now never will
                remaining.discard(task)
        else:
            return visits, route
        visits.append(Visit(task))
        remaining.discard(task)
        route, here = longer, scheduler.places[task]
