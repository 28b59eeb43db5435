"""Properties of putting one more pickup into a running plan."""

from dataclasses import replace

import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import Started, Task, Window, nearest_neighbour
from takeback.plan.collection.check import check_plan
from takeback.plan.collection.insertion import Inserter, insert
from takeback.plan.collection.schedule import Limit, Scheduler, Visit
from takeback.plan.collection.solution import Plan
from tests.plan.collection.strategies import FEATURES, rich_problem


def without(problem, task):
    """Return the nearest-neighbour plan of the day before `task` was asked for, as a plan of the whole day."""
    earlier = replace(
        problem,
        tasks=tuple(t for t in problem.tasks if t.id != task),
        relations=tuple(r for r in problem.relations if task not in (r.first, r.second)),
        started=tuple(s for s in problem.started if task not in (*s.stops, *s.keeps)),
    )
    return nearest_neighbour(earlier)


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_with_one_task_more_keeps_every_rule(seed):
    """Whatever rules the day has, what was put in is served and nothing else changed for the worse."""
    problem = rich_problem(seed, [f for f in FEATURES if f not in {"relations", "started"}])
    task = problem.tasks[-1].id
    before = without(problem, task)
    result = insert(problem, before, task)
    if result is None:
        return
    assert check_plan(problem, result.plan, every_task=False) == []
    assert result.plan.routes[result.route].stops[result.position].task == task
    served = {s.task for route in before.routes for s in route.stops if s.task}
    assert {s.task for route in result.plan.routes for s in route.stops if s.task} == served | {task}
    assert sum(r.cost for r in result.plan.routes) == sum(r.cost for r in before.routes) + result.extra


@pytest.mark.parametrize("seed", range(6))
def test_no_place_is_cheaper(city, seed):
    """Trying every place of every route by driving it finds none that costs less."""
    problem = city(20, seed, windows=seed % 2 == 0)
    before = without(problem, "t20")
    scheduler, index = Scheduler(problem), {task.id: k for k, task in enumerate(problem.tasks)}
    types = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
    costs = []
    for route in before.routes:
        visits = [Visit(index[stop.task]) for stop in route.stops]
        for position in range(len(visits) + 1):
            longer = [*visits[:position], Visit(index["t20"]), *visits[position:]]
            outcome = scheduler.route(types[route.vehicle_type], route.vehicle, longer)
            if not isinstance(outcome, Limit):
                costs.append(outcome.cost - route.cost)
    result = insert(problem, before, "t20")
    assert result is not None
    assert result.extra <= min(costs)


@pytest.mark.parametrize("seed", range(5))
def test_no_promise_is_broken(city, seed):
    """Stops that were promised a quarter of an hour keep it, whatever comes in; the new one keeps its own."""
    problem = city(30, seed, windows=False)
    before = without(problem, "t30")
    promises = {
        stop.task: Window(stop.start_s - 450, stop.start_s + 450) for route in before.routes for stop in route.stops
    }
    result = insert(problem, before, "t30", promises, Window(7 * 3600, 18 * 3600))
    assert result is not None
    begins = {stop.task: stop.start_s for route in result.plan.routes for stop in route.stops}
    assert all(window.start_s <= begins[task] <= window.end_s for task, window in promises.items())
    assert result.later_s == {
        task: begins[task] - promises[task].start_s - 450
        for task in promises
        if begins[task] != promises[task].start_s + 450
    }


def test_what_has_begun_stays_in_front(city):
    """Nothing is put before the stops that a started vehicle has reached."""
    problem = city(12, 3, windows=False)
    before = without(problem, "t12")
    route = before.routes[0]
    begun = tuple(stop.task for stop in route.stops[:3])
    running = replace(problem, started=(Started(route.vehicle_type, route.vehicle, begun, route.departure_s),))
    result = insert(running, before, "t12")
    assert result is not None
    changed = result.plan.routes[result.route]
    if changed.vehicle == route.vehicle and changed.vehicle_type == route.vehicle_type:
        assert tuple(stop.task for stop in changed.stops[:3]) == begun


def test_a_new_task_joins_the_day_and_many_follow_each_other(city):
    """A task that the day did not know is added to it; an inserter goes on from what was accepted."""
    problem = city(10, 1, windows=False)
    new = Task("late call", 4, pickup=(50, 1), service_s=300)
    result = insert(problem, nearest_neighbour(problem), new)
    assert result is not None
    assert check_plan(result.problem, result.plan, every_task=False) == []
    inserter = Inserter(problem, Plan.of((), (), 0))
    for task in problem.tasks:
        answer = inserter.insert(task.id)
        assert answer is not None
        inserter.accept(answer)
    assert check_plan(problem, inserter.plan) == []


def test_a_task_that_fits_nowhere_or_is_unknown(city):
    """What no vehicle can take is refused; what nobody knows is a mistake."""
    problem = city(5, 1, windows=False)
    heavy = Task("piano", 3, pickup=(9_000, 1))
    assert insert(problem, nearest_neighbour(problem), heavy) is None
    assert insert(problem, nearest_neighbour(problem), problem.tasks[0].id) is None
    with pytest.raises(Problem, match="not one of the day"):
        insert(problem, nearest_neighbour(problem), "nobody")
