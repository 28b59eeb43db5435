"""A search that sets out from routes: of a whole plan, of a part of one, of one that breaks rules."""

import pytest

from takeback.plan.collection import check, solve
from takeback.plan.collection.found import Visit
from takeback.plan.doors import Budget

NOTHING, LONG, SHORT = Budget(iterations=0), Budget(iterations=400), Budget(iterations=60)
ENGINES = ("ruin", "pyvrp", "lns")


def of(city, engine):
    """Return a day that this engine searches, by what is asked: windows, nothing, or a prize and no windows."""
    return {"ruin": city(30, 1), "pyvrp": city(30, 1, windows=False), "lns": city(20, 2, prize=20_000)}[engine]


def sequences(problem, routes):
    """Return routes as a search takes them."""
    tasks = {task.id: k for k, task in enumerate(problem.tasks)}
    kinds = {kind.id: k for k, kind in enumerate(problem.vehicle_types)}
    return tuple((kinds[one.vehicle_type], tuple(Visit(tasks[stop.task]) for stop in one.stops)) for one in routes)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_is_never_dearer_than_the_plan_it_set_out_from(city, engine):
    """Without any search the plan given comes back, or one that is cheaper."""
    problem = of(city, engine)
    good = solve(problem, budget=LONG, seed=3)
    again = solve(problem, budget=NOTHING, seed=8, start=sequences(problem, good.plan.routes))
    assert again.objective <= good.objective
    assert check(problem, again) == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("spoil", ["half of the routes", "a route twice", "all on one vehicle"])
def test_routes_that_are_no_plan_are_mended(city, engine, spoil):
    """Missing tasks are put in, clashes left out: the answer keeps every rule."""
    problem = of(city, engine)
    routes = sequences(problem, solve(problem, budget=SHORT, seed=3).plan.routes)
    start = {
        "half of the routes": routes[::2],
        "a route twice": (*routes, routes[0]),
        "all on one vehicle": ((routes[0][0], tuple(visit for _, visits in routes for visit in visits)),),
    }[spoil]
    solution = solve(problem, budget=SHORT, seed=4, start=start)
    assert check(problem, solution) == []
    assert solution.objective <= solution.baseline.objective
