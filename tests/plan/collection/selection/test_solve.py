"""Which bins are emptied on which day."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from takeback.plan.collection.selection import SelectionProblem, check, solve
from takeback.plan.collection.selection.search import day_cost, tree
from takeback.plan.collection.selection.solve import _objective, _tables
from takeback.plan.doors import Budget, Progress
from tests.plan.collection.selection.bins import make_bins


@pytest.mark.parametrize("seed", range(6))
def test_every_answer_is_valid(seed: int) -> None:
    """The independent check finds nothing: days, fills, risks, objective; bound <= objective <= the rule's."""
    problem = make_bins(20, seed, closed=(1,) if seed % 2 else ())
    solution = solve(problem, budget=Budget(iterations=3_000), seed=seed)
    assert check(problem, solution) == []
    assert 0 < solution.bound <= solution.objective <= solution.baseline
    assert not any(one.day in problem.closed_days for one in solution.chosen)


@pytest.mark.parametrize("seed", range(4))
def test_small_selections_are_solved_to_the_optimum(seed: int) -> None:
    """Of three bins and three days all 512 choices are tried: none is better than the one found, or below the bound."""
    problem = make_bins(3, seed, days=3)
    solution = solve(problem, budget=Budget(iterations=4_000), seed=1)
    tables = _tables(problem)
    best = min(_objective(tables, np.array(sets, dtype=np.int64)) for sets in product(range(8), repeat=3))
    assert solution.objective == pytest.approx(best)
    assert solution.bound <= best + 1e-6


def test_a_visit_is_worth_what_doing_without_it_would_cost() -> None:
    """Four bins, three days: worth is the best without the day less the best with it, all its other days tried anew."""
    problem = make_bins(4, seed=8, days=3)
    solution = solve(problem, budget=Budget(iterations=4_000))
    tables = _tables(problem)
    own, *rest = tables.arrays
    chosen = [{one.day for one in solution.chosen if one.point == point.id} for point in problem.points]
    sets = np.array([sum(1 << day for day in days) for days in chosen], dtype=np.int64)
    for k in range(4):
        for day in range(3):
            values: dict[bool, list[float]] = {True: [], False: []}
            for mine in range(8):
                trial = sets.copy()
                trial[k] = mine
                travel = sum(day_cost(trial, other, *rest) for other in range(3) if other != day)
                values[bool(mine >> day & 1)].append(own[k, mine] + travel)
            expected = max(0.0, min(values[False]) - min(values[True]))
            assert solution.worth[k][day] == round(expected)


def test_the_rule_of_four_fifths_is_beaten() -> None:
    """Looking ahead saves against emptying what is four fifths full, in every one of four towns of forty bins."""
    for seed in range(4):
        solution = solve(make_bins(40, seed), budget=Budget(iterations=20_000), seed=seed)
        assert solution.beats_baseline
        assert solution.objective < 0.9 * solution.baseline


def test_the_same_seed_gives_the_same_answer() -> None:
    """Problem, seed and iterations fix the answer; progress never gets worse."""
    problem = make_bins(25, seed=3)
    told: list[Progress] = []
    first = solve(problem, budget=Budget(iterations=45_000), seed=7, on_progress=told.append)
    assert first == solve(problem, budget=Budget(iterations=45_000), seed=7)
    assert first.iterations == 45_000
    found = [one.objective for one in told if one.objective is not None]
    assert found == sorted(found, reverse=True) and len(found) == 3


def test_a_bin_that_overflows_today_is_emptied_today() -> None:
    """At a cost of overflow above any way, what is nearly full is emptied first; what is empty is left."""
    problem = make_bins(12, seed=5, overflow_cost=1_000_000)
    points = tuple(
        replace(point, level=990.0 if k < 4 else 0.0, inflow=(100.0,) * 5) for k, point in enumerate(problem.points)
    )
    solution = solve(replace(problem, points=points), budget=Budget(iterations=20_000))
    assert set(solution.on(0)) == {f"bin {k}" for k in range(4)}
    assert all(one.risk > 0.75 for one in solution.chosen if one.day == 0)


def test_nothing_is_emptied_that_need_not_be() -> None:
    """Empty bins that hardly fill are left alone, whatever the horizon."""
    problem = make_bins(8, seed=1)
    points = tuple(replace(point, level=0.0, inflow=(1.0,) * 5, level_sd=0.0) for point in problem.points)
    solution = solve(replace(problem, points=points), budget=Budget(iterations=5_000))
    assert solution.chosen == ()


def test_the_day_before_a_holiday_takes_what_would_overflow_on_it() -> None:
    """Nobody drives on days 1 and 2, so what would overflow by then is emptied on day 0."""
    problem = make_bins(6, seed=2, overflow_cost=1_000_000)
    points = tuple(replace(point, level=750.0, inflow=(100.0,) * 5, inflow_sd=(5.0,) * 5) for point in problem.points)
    open_days, closed = replace(problem, points=points), replace(problem, points=points, closed_days=(1, 2))
    assert len(solve(closed, budget=Budget(iterations=20_000)).on(0)) == 6
    assert len(solve(open_days, budget=Budget(iterations=20_000)).on(0)) < 6


def test_no_points_need_no_choice() -> None:
    """An empty problem has an empty answer, and the check agrees."""
    problem = replace(make_bins(2, seed=0), points=())
    solution = solve(problem, budget=Budget(iterations=10))
    assert solution.chosen == () and solution.objective == 0.0
    assert check(problem, solution) == []


def test_the_reason_tells_fill_and_when_it_would_be_due() -> None:
    """Every choice has a sentence with how full the point is; urgent ones with their risk."""
    solution = solve(make_bins(30, seed=4), budget=Budget(iterations=10_000))
    assert solution.chosen
    for one in solution.chosen:
        assert f"{one.fill:.0%} full" in str(one.reason)
        if one.risk >= 0.05:
            assert f"{one.risk:.0%}" in str(one.reason)


def test_the_tree_is_the_smallest() -> None:
    """Prim's tree costs what SciPy's does, over any members."""
    from scipy.sparse.csgraph import minimum_spanning_tree  # noqa: PLC0415

    rng = np.random.default_rng(0)
    places = rng.uniform(0, 100, (12, 2))
    way = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    members = np.array([3, 5, 6, 9, 11])
    kept = np.ix_([0, *members], [0, *members])
    cost, seconds = tree(way, 2 * way, members, len(members))
    assert cost == pytest.approx(minimum_spanning_tree(way[kept]).sum())
    assert seconds == pytest.approx(2 * cost)


def test_a_fleet_too_small_spreads_the_work() -> None:
    """With one small truck a day, no day fetches more than it carries where days are left."""
    problem = make_bins(16, seed=6, fixed=1_000)
    small = replace(problem.vehicle_types[0], count=1, capacity=(400,))
    points = tuple(replace(point, level=700.0, inflow=(60.0,) * 5) for point in problem.points)
    tight: SelectionProblem = replace(problem, vehicle_types=(small,), points=points)
    solution = solve(tight, budget=Budget(iterations=60_000))
    assert check(tight, solution) == []
    for day in range(5):
        assert sum(one.fill * 100 for one in solution.chosen if one.day == day) <= 400
