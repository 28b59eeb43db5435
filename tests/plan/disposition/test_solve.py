from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.disposition.check import check
from takeback.plan.disposition.problem import DispositionProblem, Hold, Option, Resource
from takeback.plan.disposition.solution import DispositionSolution
from takeback.plan.disposition.solve import solve
from takeback.plan.doors import Budget, Progress
from tests.plan.disposition import worlds


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("hold", [True, False])
def test_the_independent_check_finds_nothing_wrong(seed: int, whole: bool, hold: bool) -> None:
    """What the solver says of its solution is what the definition says."""
    problem = worlds.problem(seed, 60, whole=whole, hold=hold)
    assert check(problem, solve(problem)) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_batch_larger_than_one_programme_is_solved_to_the_optimum(seed: int) -> None:
    """Column generation from guessed prices ends where the bound is met when every item takes one place."""
    problem = worlds.problem(seed, 700)
    solution = solve(problem)
    assert solution.gap <= 1e-9
    assert check(problem, solution) == []


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("whole", [True, False])
def test_no_assignment_of_few_items_is_better(seed: int, whole: bool) -> None:
    """Six items: every assignment is tried, none beats the solver's and none exceeds its bound."""
    problem = worlds.problem(seed, 6, whole=whole)
    solution = solve(problem)
    best = _by_enumeration(problem, solution)
    assert solution.objective == pytest.approx(best, rel=1e-9)
    assert solution.bound >= best - 1e-6


def _by_enumeration(problem: DispositionProblem, solution: DispositionSolution) -> float:
    resource_of, available = problem.resource_of, [r.available for r in problem.resources]
    best = -np.inf
    for choice in itertools.product(range(len(problem.options)), repeat=problem.n):
        used = [0.0] * len(available)
        for i, d in enumerate(choice):
            if resource_of[d] >= 0:
                used[resource_of[d]] += problem.load[i, d]
        if all(u <= a + 1e-9 for u, a in zip(used, available, strict=True)):
            best = max(best, sum(solution.value[i, d] for i, d in enumerate(choice)))
    return best


def test_uneven_loads_stay_near_the_bound() -> None:
    """Where items take different amounts the answer is whole and within one per cent of the bound."""
    problem = worlds.problem(3, 500, whole=False)
    solution = solve(problem)
    assert solution.gap < 0.01
    assert check(problem, solution) == []


def test_the_same_problem_has_the_same_answer() -> None:
    """Two runs agree to the last bit."""
    problem = worlds.problem(5, 300, whole=False, hold=True)
    first, second = solve(problem), solve(problem)
    assert first.choice.tolist() == second.choice.tolist()
    assert first.shadow_price.tolist() == second.shadow_price.tolist()
    assert first.objective == second.objective


def test_the_order_of_items_does_not_matter() -> None:
    """A shuffled batch has the same objective, and every item its value."""
    problem = worlds.problem(8, 200)
    order = np.random.default_rng(1).permutation(problem.n)
    assert solve(problem.take(order)).objective == pytest.approx(solve(problem).objective, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_more_capacity_is_never_worse_and_worth_at_most_its_shadow_price(seed: int) -> None:
    """One more place of a resource adds between 0 and the shadow price."""
    problem = worlds.problem(seed, 80)
    solution = solve(problem)
    for r, resource in enumerate(problem.resources):
        more = replace(resource, available=resource.available + 1)
        resources = (*problem.resources[:r], more, *problem.resources[r + 1 :])
        gain = solve(replace(problem, resources=resources)).objective - solution.objective
        assert -1e-6 <= gain <= solution.shadow_price[r] + 1e-6


def test_a_resource_that_is_not_scarce_costs_nothing() -> None:
    """With room for all, each item gets its own best option and the prices are 0."""
    problem = worlds.problem(2, 50)
    roomy = tuple(replace(resource, available=np.inf) for resource in problem.resources)
    solution = solve(replace(problem, resources=roomy))
    assert solution.shadow_price.tolist() == [0.0, 0.0]
    assert solution.choice.tolist() == solution.value.argmax(axis=1).tolist()
    assert not solution.capacity_denied.any()


def test_an_item_is_held_when_tomorrow_is_worth_more() -> None:
    """A full bench today and a free one tomorrow: the item that gains by it waits, unless it may not."""
    problem = worlds.problem(4, 1, bars=False)
    bench = tuple(replace(r, available=0.0, reserve_price=0.0) for r in problem.resources)
    belief = np.array([[0.0, 0.0, 1.0, 0.0]])
    free = Hold(1.0, np.zeros(2), np.array([True]))
    waits = replace(problem, resources=bench, belief=belief, size=np.array([50_000.0]), hold=free)
    assert solve(waits).choice.tolist() == [waits.hold_column]
    must = replace(waits, hold=replace(free, allowed=np.array([False])))
    assert solve(must).choice[0] < len(problem.options)
    dear = replace(waits, hold=replace(free, future_price=np.array([1e7, 1e7])))
    assert solve(dear).choice[0] < len(problem.options)


def test_what_does_not_fit_is_named_with_what_is_missing() -> None:
    """Ten items, three places, no other option: the problem names the resource and the seven missing places."""
    problem = worlds.problem(1, 10, bars=False)
    only = replace(
        problem,
        options=(Option("refurbish", "bench"),),
        resources=(Resource("bench", 3.0),),
        terms=type(problem.terms)(*(getattr(problem.terms, n)[:, :, 2:3] for n in problem.terms.__slots__)),
        load=problem.load[:, 2:3],
        bar=problem.bar[:, 2:3],
    )
    with pytest.raises(Problem) as caught:
        solve(only)
    assert caught.value.kind == "disposition.infeasible"
    assert [(e.where, e.found) for e in caught.value.errors] == [("bench", pytest.approx(10.0))]
    assert "7 units short" in str(caught.value)


def test_an_item_with_every_option_barred_is_named() -> None:
    """The engine does not choose a forbidden option; it says which item has none left."""
    problem = worlds.problem(1, 4)
    bar = problem.bar.copy()
    bar[2] = 0
    with pytest.raises(Problem, match="no option left") as caught:
        solve(replace(problem, bar=bar))
    assert caught.value.where == "item 2"


def test_whole_places_are_respected_where_halves_would_fit() -> None:
    """Two items of load 2 and room for 3: one gets the place, the other the next best."""
    problem = worlds.problem(11, 2, bars=False)
    tight = replace(
        problem,
        belief=np.tile([0.0, 0.0, 1.0, 0.0], (2, 1)),
        size=np.array([9000.0, 9000.0]),
        category=np.array([0, 0]),
        load=np.full((2, 5), 2.0),
        resources=(Resource("outlet", 0.0), Resource("bench", 3.0)),
    )
    solution = solve(tight)
    assert solution.choice.tolist().count(2) == 1
    assert solution.used.tolist() == [0.0, 2.0]
    assert check(tight, solution) == []


def test_an_empty_batch_has_an_empty_answer() -> None:
    """A day without items is decided too."""
    problem = worlds.problem(1, 5).take(np.array([], dtype=int))
    solution = solve(problem)
    assert (len(solution.choice), solution.objective, solution.bound) == (0, 0.0, 0.0)
    assert check(problem, solution) == []


def test_progress_is_told_and_stops_the_search_when_it_raises() -> None:
    """Each round of pricing reports a bound; an exception of the listener reaches the caller."""
    heard: list[Progress] = []
    problem = worlds.problem(6, 300)
    solution = solve(problem, budget=Budget(iterations=40), on_progress=heard.append)
    assert heard
    assert heard[-1].bound == pytest.approx(solution.bound)

    def cancel(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(problem, on_progress=cancel)


@pytest.mark.parametrize("seed", range(4))
def test_a_short_budget_still_gives_a_valid_answer_and_bound(seed: int) -> None:
    """One round of pricing: feasible, and the bound still holds."""
    problem = worlds.problem(seed, 600)
    short = solve(problem, budget=Budget(iterations=1))
    assert check(problem, short) == []
    assert short.bound >= solve(problem).objective - 1e-6
