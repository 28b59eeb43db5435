"""Routes of a file made into a plan of a problem, with times, loads and costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.collection.formats.solutions import Routes
from takeback.plan.collection.found import Visit
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.schedule import Limit, Scheduler
from takeback.plan.collection.solution import CollectionSolution, Plan, Route, Unserved

NO_FIT = msg("The solution does not fit the problem")
NOT_THERE = msg("The solution that was read does not serve it.")


def sequences(problem: CollectionProblem, routes: Iterable[Sequence[str]]) -> tuple[tuple[int, tuple[Visit, ...]], ...]:
    """Return each route that is not empty as vehicle type (index) and visits: what a search may start from.

    Where there are several vehicle types, the place in the list says which vehicle drives, in the order of the
    types and as many as each has. Raises `Problem` naming the route and what it names.
    """
    places = {task.id: k for k, task in enumerate(problem.tasks)}
    places |= {site.id: -1 - k for k, site in enumerate(problem.sites)}
    seats = [kind for kind, vehicle in enumerate(problem.vehicle_types) for _ in range(vehicle.count)]
    if len(problem.vehicle_types) == 1:
        routes = [route for route in routes if route]
    found = []
    for k, route in enumerate(routes):
        if not route:
            continue
        if k >= len(seats):
            raise _wrong(k, msg("route {number}", number=k + 1), msg("at most {most} vehicles", most=len(seats)))
        unknown = next((name for name in route if name not in places), None)
        if unknown is not None:
            raise _wrong(k, unknown, msg("the id of a task or site of the problem"))
        found.append((seats[k], tuple(Visit(places[name]) for name in route)))
    return tuple(found)


def plan_of(problem: CollectionProblem, routes: Iterable[Sequence[str]]) -> Plan:
    """Return the plan that drives `routes` (ids of tasks and sites) in their order.

    Raises `Problem` naming each route that breaks a rule, or what is not there.
    """
    scheduler, numbers, driven, errors = Scheduler(problem), Counter[int](), [], []
    for k, (kind, visits) in enumerate(sequences(problem, routes)):
        numbers[kind] += 1
        route = scheduler.route(problem.vehicle_types[kind], numbers[kind], visits)
        if isinstance(route, Limit):
            expected = msg("a route that keeps every limit of its vehicle and its tasks")
            errors.append(_wrong(k, route.value, expected))
        else:
            driven.append(route)
    if errors:
        raise errors[0] if len(errors) == 1 else Problem("collection.bad-solution", NO_FIT, errors=errors)
    return _plan(problem, driven)


def routes_of(problem: CollectionProblem, plan: Plan) -> Routes:
    """Return the routes of a plan as a file of a solution lists them.

    Where vehicles differ there are empty ones for those that stand still before the last that drives, so that the
    place in the list says who drives.
    """
    driven = {(route.vehicle_type, route.vehicle): route.stops for route in plan.routes}
    seats = [(vehicle.id, number) for vehicle in problem.vehicle_types for number in range(1, vehicle.count + 1)]
    if len(problem.vehicle_types) == 1:
        seats = list(driven)
    last = max((k for k, seat in enumerate(seats) if seat in driven), default=-1)
    listed = [driven.get(seat, ()) for seat in seats[: last + 1]]
    return Routes(tuple(tuple(stop.site or stop.task for stop in stops) for stops in listed), plan.objective)


def solution_of(problem: CollectionProblem, routes: Iterable[Sequence[str]]) -> CollectionSolution:
    """Return these routes as a solution that `check` can judge; it has no baseline of its own and no bound."""
    plan = plan_of(problem, routes)
    return CollectionSolution(plan, baseline=plan, bound=0, iterations=0, seed=0, version="", seconds=0.0)


def _plan(problem: CollectionProblem, routes: Sequence[Route]) -> Plan:
    served = {stop.task for route in routes for stop in route.stops}
    groups = {task.group for task in problem.tasks if task.id in served and task.group}
    left = [task for task in problem.tasks if task.id not in served]
    unserved = [Unserved(task.id, "alternative" if task.group in groups else "not-found", NOT_THERE) for task in left]
    lost: dict[str, int] = {}
    for task in left:
        if task.group not in groups:
            lost[task.group or f"\0{task.id}"] = task.prize or 0
    return Plan.of(routes, unserved, sum(lost.values()))


def _wrong(route: int, found: object, expected: Message) -> Problem:
    return Problem(
        "collection.bad-solution",
        NO_FIT,
        where=f"route {route + 1}",
        found=found,
        expected=expected,
    )
