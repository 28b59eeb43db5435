"""Properties of a day in motion."""

from dataclasses import replace

import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import nearest_neighbour
from takeback.plan.collection.check import check_plan
from takeback.plan.collection.lns import search
from takeback.plan.collection.rolling import breakdown, freeze, sequences
from takeback.plan.collection.schedule import Limit, Scheduler, numbered
from takeback.plan.collection.solution import Plan
from takeback.plan.doors import Budget

NOON = 12 * 3600


def planned(problem, routes):
    """Return the plan of these routes."""
    scheduler = Scheduler(problem)
    made = [scheduler.route(*route) for route in numbered(problem, routes)]
    assert not any(isinstance(route, Limit) for route in made)
    return Plan.of(made, (), 0)


def names(route):
    return [stop.task or stop.site for stop in route.stops]


@pytest.mark.parametrize("seed", range(5))
def test_what_has_happened_stays(city, seed):
    """After freezing at noon a new search leaves every stop reached before noon in its place, at its time."""
    problem = city(25, seed, windows=False, vans=10)
    plan = nearest_neighbour(problem)
    frozen = freeze(problem, plan, NOON)
    found = search(frozen, Budget(iterations=150), seed, start=sequences(frozen, plan))
    assert found.feasible
    later = planned(frozen, found.routes)
    assert check_plan(frozen, later) == []
    assert later.objective <= plan.objective
    new = {(route.vehicle_type, route.vehicle): route for route in later.routes}
    for old in plan.routes:
        reached = [stop for stop in old.stops if stop.arrival_s <= NOON]
        assert list(new[old.vehicle_type, old.vehicle].stops[: len(reached)])[:-1] == reached[:-1] or all(
            a.task == b.task and a.start_s == b.start_s
            for a, b in zip(new[old.vehicle_type, old.vehicle].stops, reached, strict=False)
        )


def test_what_is_aboard_and_what_is_promised_stays_on_its_vehicle(city):
    """Deliveries that came aboard and promised tasks are kept, in whatever order."""
    problem = city(20, 2, windows=False)
    plan = nearest_neighbour(problem)
    route = max(plan.routes, key=lambda one: len(one.stops))
    promised = route.stops[-1].task
    frozen = freeze(problem, plan, route.departure_s, promised=[promised], ahead=1)
    (mine,) = [one for one in frozen.started if (one.vehicle_type, one.vehicle) == (route.vehicle_type, route.vehicle)]
    brings = {task.id for task in problem.tasks if any(task.delivery)}
    assert {s.task for s in route.stops} & (brings | {promised}) <= {*mine.stops, *mine.keeps}


def test_before_anybody_leaves_nothing_is_frozen(city):
    """At midnight the whole plan is open; only promises hold."""
    problem = city(10, 1)
    plan = nearest_neighbour(problem)
    assert freeze(problem, plan, 0).started == ()
    first = plan.routes[0].stops[0].task
    (kept,) = freeze(problem, plan, 0, promised=[first]).started
    assert (kept.stops, kept.departure_s, kept.keeps) == ((), None, (first,))


@pytest.mark.parametrize("seed", range(4))
def test_others_take_over_from_a_vehicle_that_broke_down(city, seed):
    """What was not done and what stands in the vehicle is served by others; nothing done is done again."""
    problem = city(20, seed, windows=False, vans=12)
    plan = nearest_neighbour(problem)
    broken = plan.routes[0]
    stood = broken.stops[1]
    stopped = breakdown(
        problem, plan, (broken.vehicle_type, broken.vehicle), stood.departure_s, _place(problem, stood.task)
    )
    assert set(stopped.stranded) == {stop.task for stop in broken.stops[:2]}
    assert {*stopped.open, *stopped.lost} == {stop.task for stop in broken.stops[2:]}
    ids = {task.id for task in stopped.problem.tasks}
    assert not ids & {*stopped.stranded, *stopped.lost}
    assert set(stopped.open) <= ids
    loads = {task.id: problem.task_load(task)[1] for task in problem.tasks}
    rescue = next(task for task in stopped.problem.tasks if task.id == stopped.rescue)
    assert rescue.pickup == tuple(sum(column) for column in zip(*(loads[n] for n in stopped.stranded), strict=True))
    found = search(stopped.problem, Budget(iterations=200), seed)
    assert found.feasible
    assert check_plan(stopped.problem, planned(stopped.problem, found.routes)) == []


def test_a_vehicle_that_the_plan_does_not_know_cannot_break_down(city):
    """The mistake says which vehicle."""
    problem = city(5, 1)
    with pytest.raises(Problem, match="no route of this vehicle"):
        breakdown(problem, nearest_neighbour(problem), ("van", 99), NOON, 0)


def test_a_search_starts_from_what_is_left_of_a_plan(city):
    """Tasks that the day no longer has fall out of the routes that a search starts from."""
    problem = city(10, 4)
    plan = nearest_neighbour(problem)
    fewer = replace(problem, tasks=problem.tasks[1:])
    started = sequences(fewer, plan)
    assert sum(len(visits) for _, visits in started) == sum(len(r.stops) for r in plan.routes) - 1


def _place(problem, task):
    return next(one.location for one in problem.tasks if one.id == task)
