"""Properties of the compiled large-neighbourhood engine."""

import pytest

from takeback.core.message import msg
from takeback.plan.collection import CollectionSolution, Plan, Unserved, check
from takeback.plan.collection.lns import search
from takeback.plan.collection.schedule import Limit, Scheduler, numbered
from takeback.plan.doors import Budget
from tests.plan.collection.strategies import FEATURES, rich_problem


def plan_of(problem, routes):
    """Return the plan of these routes; which of a group is left is told as an alternative."""
    scheduler = Scheduler(problem)
    made = [scheduler.route(vehicle, number, visits) for vehicle, number, visits in numbered(problem, routes)]
    assert [route for route in made if isinstance(route, Limit)] == []
    served = {stop.task for route in made for stop in route.stops}
    groups = {task.group for task in problem.tasks if task.group and task.id in served}
    left = [task for task in problem.tasks if task.id not in served]
    unserved = [Unserved(t.id, "alternative" if t.group in groups else "no-room", msg("left")) for t in left]
    lost = {task.group or task.id: task.prize or 0 for task in left if task.group not in groups}
    return Plan.of(made, unserved, sum(lost.values()))


def violations(problem, plan):
    solution = CollectionSolution(plan, plan, 0, 1, 0, "test", 0.0)
    return check(problem, solution)


@pytest.mark.parametrize("feature", [*FEATURES, "all", "some"])
@pytest.mark.parametrize("seed", range(4))
def test_every_answer_keeps_every_rule(feature, seed):
    """Whatever rules a day has, an answer that is called feasible is one for the independent check, too."""
    features = {"all": FEATURES, "some": None}.get(feature, (feature, "deliveries", "windows"))
    problem = rich_problem(seed, features)
    found = search(problem, Budget(iterations=60), seed)
    if found.feasible:
        assert violations(problem, plan_of(problem, found.routes)) == []


@pytest.mark.parametrize("seed", [*range(30), 1_040])
def test_compiled_and_plain_figures_agree_to_the_unit(seed):
    """What the compiled search thinks its best plan costs is what the scheduler says it costs."""
    problem, heard = rich_problem(seed), []
    found = search(problem, Budget(iterations=64), seed, heard.append)
    if found.feasible:
        assert heard[-1].objective == plan_of(problem, found.routes).objective


@pytest.mark.parametrize("seed", range(6))
def test_every_route_of_the_pool_keeps_every_rule_of_a_route(seed):
    """Routes handed on for recombination may be driven as they are, by a vehicle that has not started."""
    problem = rich_problem(seed, [f for f in FEATURES if f not in {"started", "intake"}])
    scheduler = Scheduler(problem)
    found = search(problem, Budget(iterations=200), seed)
    assert found.pool
    for kind, visits in found.pool:
        assert not isinstance(scheduler.route(problem.vehicle_types[kind], 1, visits), Limit)


@pytest.mark.parametrize("features", [("windows",), FEATURES])
def test_same_seed_and_iterations_same_answer(features):
    """An iteration budget makes the answer a function of problem and seed."""
    problem = rich_problem(5, features)
    first = search(problem, Budget(iterations=80), 3)
    assert search(problem, Budget(iterations=80), 3) == first
    assert first.iterations == 80


def test_a_city_day_is_better_after_more_iterations_and_never_worse_than_its_start(city):
    """More search costs no more; a start that is given is kept or bettered."""
    problem = city(40, 3)
    short = search(problem, Budget(iterations=0), 1)
    long = search(problem, Budget(iterations=3_000), 1)
    again = search(problem, Budget(iterations=20), 2, start=long.routes)
    costs = [plan_of(problem, found.routes).objective for found in (short, long, again)]
    assert costs[0] > costs[1] >= costs[2]
    assert violations(problem, plan_of(problem, long.routes)) == []


def test_fewer_vehicles_where_they_are_dear(city):
    """With a fixed cost above everything else, no more vans drive than the loads need."""
    problem = city(30, 1, windows=False, vans=30)
    found = search(problem, Budget(iterations=4_000), 1)
    load = sum(problem.task_load(task)[1][0] for task in problem.tasks)
    assert found.feasible
    assert sum(problem.vehicle_types[kind].capacity[0] for kind, _ in found.routes) <= load + 4_500


def test_a_day_without_tasks_or_vehicles():
    """Nothing to do is done; tasks that nobody can serve are not."""
    problem = rich_problem(1, ())
    nobody = search(problem.__class__(**{**_fields(problem), "vehicle_types": ()}), Budget(iterations=5), 0)
    assert (nobody.routes, nobody.feasible) == ((), False)
    nothing = search(problem.__class__(**{**_fields(problem), "tasks": ()}), Budget(iterations=5), 0)
    assert (nothing.routes, nothing.feasible) == ((), True)


def test_progress_is_told_and_may_cancel(city):
    """The listener hears of growing shares; what it raises reaches the caller."""
    heard = []
    search(city(12, 1), Budget(iterations=300), 0, heard.append)
    assert [one.fraction for one in heard] == sorted(one.fraction for one in heard)
    assert heard[-1].fraction == 1
    with pytest.raises(KeyboardInterrupt):
        search(city(12, 1), Budget(iterations=300), 0, _stop)


def _stop(progress):
    raise KeyboardInterrupt


def _fields(problem):
    return {name: getattr(problem, name) for name in problem.__dataclass_fields__}
