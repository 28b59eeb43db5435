"""The check finds every way in which a solution can be wrong."""

from dataclasses import fields, replace

import pytest

from takeback.core.message import msg
from takeback.plan.collection import Unserved, Window, check, solve
from takeback.plan.collection.solution import BreakTaken, Plan, Route, Stop
from takeback.plan.doors import Budget

PROVENANCE = {"seed", "version"}


@pytest.fixture
def case(city):
    """A valid solution with a task left, and its problem."""
    problem = city(14, 3, prize=40_000)
    problem = replace(
        problem,
        tasks=(replace(problem.tasks[0], prize=1), *problem.tasks[1:]),
        vehicle_types=tuple(replace(v, max_distance_m=400_000) for v in problem.vehicle_types),
    )
    solution = solve(problem, budget=Budget(iterations=80))
    assert check(problem, solution) == []
    assert solution.plan.unserved
    return problem, solution


def _changed(value):
    """Return another value of the same type."""
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return (value[0] + 1, *value[1:])
    return value[:-1] if isinstance(value, tuple) else value + 1


def _rules(problem, solution):
    return {violation.rule for violation in check(problem, solution)}


@pytest.mark.parametrize("name", ["plan", "baseline"])
@pytest.mark.parametrize("field", [f.name for f in fields(Plan)])
def test_every_figure_of_a_plan_is_recomputed(case, name, field):
    """Whatever is changed in a plan's sums and lists is found."""
    problem, solution = case
    plan = getattr(solution, name)
    value = getattr(plan, field)
    stranger = (Unserved("t1", "no-room", msg("No room")), Unserved("t1", "no-room", msg("No room")))
    broken = replace(plan, **{field: stranger if value == () else _changed(value)})
    assert check(problem, replace(solution, **{name: broken}))


@pytest.mark.parametrize("field", [f.name for f in fields(Route)])
def test_every_figure_of_a_route_is_recomputed(case, field):
    """Whatever is changed in a route is found."""
    problem, solution = case
    route = solution.plan.routes[0]
    others = {"vehicle": 99, "breaks": (BreakTaken(0, route.departure_s, route.departure_s),)}
    broken = replace(route, **{field: others.get(field, _changed(getattr(route, field)))})
    assert check(problem, _with_route(solution, broken))


@pytest.mark.parametrize("field", [f.name for f in fields(Stop)])
@pytest.mark.parametrize("position", [0, -1])
def test_every_figure_of_a_stop_is_recomputed(case, field, position):
    """Whatever is changed in a stop is found."""
    problem, solution = case
    route = max(solution.plan.routes, key=lambda route: len(route.stops))
    stops = list(route.stops)
    stops[position] = replace(stops[position], **{field: _changed(getattr(stops[position], field))})
    assert check(problem, _with_route(solution, replace(route, stops=tuple(stops)), of=route))


@pytest.mark.parametrize("field", ["task", "kind"])
def test_an_unserved_task_must_exist_and_have_a_known_reason(case, field):
    """Tasks left are tasks of the problem, left for one of the known reasons."""
    problem, solution = case
    left = solution.plan.unserved
    broken = (replace(left[0], **{field: "x"}), *left[1:])
    assert check(problem, replace(solution, plan=replace(solution.plan, unserved=broken)))


def test_a_bound_above_the_objective_is_no_bound(case):
    """The proof must lie below what it bounds, and effort cannot be negative."""
    problem, solution = case
    assert _rules(problem, replace(solution, bound=solution.objective + 1)) == {"bound.above-objective"}
    assert _rules(problem, replace(solution, bound=-1)) == {"bound.above-objective"}
    assert _rules(problem, replace(solution, seconds=-1.0)) == {"effort.negative"}
    assert _rules(problem, replace(solution, iterations=-1)) == {"effort.negative"}


def test_the_cases_above_change_every_field(case):
    """No field of a solution escapes: all but seed and version are checked above."""
    _, solution = case
    assert {f.name for f in fields(solution)} - PROVENANCE == {
        "plan", "baseline", "bound", "iterations", "seconds",
    }  # fmt: skip


def test_a_stop_taken_out_is_a_task_missed(case):
    """A route that skips a stop leaves a task neither served nor listed."""
    problem, solution = case
    route = solution.plan.routes[0]
    assert "task.once" in _rules(problem, _with_route(solution, replace(route, stops=route.stops[1:])))


def test_a_task_that_must_be_served_cannot_be_listed_as_left(case):
    """Listing a required task as left is found."""
    problem, solution = case
    left = solution.plan.unserved[0].task
    required = tuple(replace(t, prize=None) if t.id == left else t for t in problem.tasks)
    assert "task.required" in _rules(replace(problem, tasks=required), solution)


def test_a_task_served_and_listed_as_left_is_found(case):
    """Served and left at once is a contradiction."""
    problem, solution = case
    twice = Unserved(solution.plan.routes[0].stops[0].task, "no-room", msg("No room"))
    plan = replace(solution.plan, unserved=(*solution.plan.unserved, twice))
    assert "task.once" in _rules(problem, replace(solution, plan=plan))


def test_one_vehicle_cannot_drive_two_routes(case):
    """Two routes of the same vehicle are found."""
    problem, solution = case
    routes = solution.plan.routes
    same = tuple(replace(r, vehicle_type=routes[0].vehicle_type, vehicle=1) for r in routes)
    assert "vehicle.twice" in _rules(problem, replace(solution, plan=replace(solution.plan, routes=same)))


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("load.above-capacity", {"capacity": (400, 1)}),
        ("time.departure-hours", {"shift": Window(20 * 3600, 24 * 3600)}),
        ("time.return-hours", {"shift": Window(0, 9 * 3600)}),
        ("time.duration-limit", {"max_duration_s": 60}),
        ("distance.limit", {"max_distance_m": 60}),
        ("vehicle.unknown", {"count": 0}),
        ("cost.figure", {"cost_fixed": 1}),
        ("cost.figure", {"cost_per_km": 1}),
        ("cost.figure", {"cost_per_hour": 1}),
    ],
)
def test_a_tighter_problem_breaks_the_plan(case, rule, changes):
    """The limits are taken from the problem: with each one tightened the same plan is refused."""
    problem, solution = case
    tighter = replace(problem, vehicle_types=tuple(replace(v, **changes) for v in problem.vehicle_types))
    assert rule in _rules(tighter, solution)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("time.window", {"windows": (Window(0, 60),)}),
        ("time.service", {"service_s": 17}),
        ("load.figure", {"pickup": (1, 1)}),
        ("load.figure", {"delivery": (1, 1)}),
        ("sum.objective", {"prize": 77}),
        ("time.arrival", {"location": 0}),
    ],
)
def test_another_task_breaks_the_plan(case, rule, changes):
    """The tasks are taken from the problem: with each of their parts changed the same plan is refused."""
    problem, solution = case
    other = replace(problem, tasks=tuple(replace(task, **changes) for task in problem.tasks))
    assert rule in _rules(other, solution)


def test_violations_read_as_sentences_and_as_json(case):
    """A violation says rule, place, found and expected, to people and programs."""
    problem, solution = case
    (violation,) = check(problem, replace(solution, bound=-1))
    assert str(violation).startswith("bound.above-objective at bound: found -1, expected")
    assert violation.as_dict()["found"] == -1


def _with_route(solution, route, of=None):
    old = of or solution.plan.routes[0]
    routes = tuple(route if one is old else one for one in solution.plan.routes)
    return replace(solution, plan=replace(solution.plan, routes=routes))
