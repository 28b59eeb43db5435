"""What would make room for one more task on the routes that pass it nearest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from takeback.core.message import Message, msg
from takeback.plan.collection.explain.case import case
from takeback.plan.collection.explain.conflict import Conflict, conflict
from takeback.plan.collection.explain.limits import bounds
from takeback.plan.collection.explain.paths import Straight
from takeback.plan.collection.problem import CollectionProblem, Started
from takeback.plan.collection.schedule import Limit, Scheduler, Visit
from takeback.plan.collection.solution import Route

MOST_ROUTES = 2  # looked at, the nearest first,
MOST_PLACES = 2  # and places in each, the cheapest first


def room(problem: CollectionProblem, routes: Sequence[Route], k: int) -> Message | None:
    """Return which change of one number would let one of the nearest routes take task `k` in; None: none is found."""
    found = []
    for route in sorted(routes, key=partial(_metres_to, problem, k))[:MOST_ROUTES]:
        one = _missing(problem, route, k)
        if one is not None and one.remedy is not None:
            found.append((one.share, route, one.remedy))
    if not found:
        return None
    _, route, remedy = min(found, key=lambda one: one[0])
    name = f"{route.vehicle_type} {route.vehicle}"
    return msg("{vehicle} could take it with: {changes}", vehicle=name, changes=remedy)


def _metres_to(problem: CollectionProblem, k: int, route: Route) -> int:
    """Return the metres from the route's nearest stop."""
    vehicle = next(one for one in problem.vehicle_types if one.id == route.vehicle_type)
    places = {task.id: task.location for task in problem.tasks}
    here = [places[stop.task] for stop in route.stops if stop.task]
    here.append(problem.depots[vehicle.start_depot].location)
    return min(int(problem.profile(vehicle).distance_m[place, problem.tasks[k].location]) for place in here)


def _missing(problem: CollectionProblem, route: Route, k: int) -> Conflict | None:
    """Return the limits that keep the task out of the places in the route where it would cost least."""
    vehicle = next(one for one in problem.vehicle_types if one.id == route.vehicle_type)
    tasks = {task.id: task for task in problem.tasks}
    mine = [tasks[stop.task] for stop in route.stops if stop.task]
    begun = next((s for s in problem.started if (s.vehicle_type, s.vehicle) == (vehicle.id, route.vehicle)), None)
    leaves = Started(vehicle.id, 1, (), begun.departure_s) if begun else None
    day = case(Straight(problem), vehicle, [*mine, problem.tasks[k]], leaves, ordered=False)
    order = [stop.task or stop.site for stop in route.stops]
    found = []
    for place in _cheapest(day, order, problem.tasks[k].id, len(begun.stops) if begun else 0):
        longer = [*order[:place], problem.tasks[k].id, *order[place:]]
        one = conflict(day, partial(_fits, longer))
        if one is not None and one.remedy is not None:
            found.append(one)
    return min(found, key=lambda one: one.share, default=None)


def _cheapest(day: CollectionProblem, order: list[str], name: str, first: int) -> list[int]:
    """Return the places where the task costs least in a day without limits, the cheapest first."""
    for bound in bounds(day):
        day = bound.without(day)
    costs = []
    for place in range(first, len(order) + 1):
        route = _route(day, [*order[:place], name, *order[place:]])
        if route is not None:
            costs.append((route.cost, route.duration_s, place))
    return [place for _, _, place in sorted(costs)[:MOST_PLACES]]


def _fits(order: Sequence[str], day: CollectionProblem) -> bool:
    return _route(day, order) is not None


def _route(day: CollectionProblem, order: Sequence[str]) -> Route | None:
    tasks = {task.id: k for k, task in enumerate(day.tasks)}
    sites = {site.id: -1 - k for k, site in enumerate(day.sites)}
    visits = [Visit(tasks[name] if name in tasks else sites[name]) for name in order]
    route = Scheduler(day).route(day.vehicle_types[0], 1, visits)
    return None if isinstance(route, Limit) else route
