"""Reviewers are assigned as well as can be proven, and the proof is one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.core.problem import Problem
from takeback.plan.doors import Budget, Progress
from takeback.plan.reviewing import ReviewingProblem, ReviewingSolution, check, solve
from tests.plan.reviewing import worlds

ROUNDS = Budget(iterations=20)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_a_tiny_problem_gets_the_best_of_all_assignments_or_none_exists(seed: int) -> None:
    """What is found is what trying all assignments finds, proven by its bound; refused exactly where there is none."""
    problem = worlds.tiny(seed)
    best = worlds.best(problem)
    if best is None:
        with pytest.raises(Problem) as caught:
            solve(problem, budget=ROUNDS)
        assert caught.value.kind == "reviewing.infeasible"
        assert caught.value.errors
        return
    solution = solve(problem, budget=ROUNDS)
    assert solution.objective == pytest.approx(best, abs=1e-6)
    assert solution.bound == pytest.approx(best, abs=1e-6)
    assert check(problem, solution) == []


@pytest.mark.parametrize("seed", range(8))
def test_an_assignment_keeps_every_rule_and_is_never_worse_than_the_greedy_one(seed: int) -> None:
    """The check, which shares no code with the search, finds nothing; the bound is above, the greedy one below."""
    problem = worlds.problem(seed, 30, 24)
    solution = solve(problem, budget=ROUNDS)
    assert check(problem, solution) == []
    assert solution.baseline.missing or solution.objective >= solution.baseline.objective - 1e-9
    assert solution.objective <= solution.bound + 1e-6 <= solution.priced_bound + 2e-6
    assert solution.beats_baseline


def test_the_same_seed_and_iterations_give_the_same_assignment() -> None:
    """Answers do not depend on the machine."""
    problem = worlds.problem(3, 30, 24)
    first, second = (solve(problem, budget=ROUNDS, seed=5) for _ in range(2))
    assert first == second
    assert first.seed == 5


def test_columns_taken_in_by_their_price_lead_to_the_same_bound_as_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large problem is solved by few pairs at a time; the bound is that of the whole."""
    problem = worlds.problem(4, 60, 60)
    whole = solve(problem, budget=Budget(iterations=50))
    monkeypatch.setattr("takeback.plan.reviewing.relaxation.ALL_PAIRS", 0)
    monkeypatch.setattr("takeback.plan.reviewing.relaxation.FEW", 1)
    few = solve(problem, budget=Budget(iterations=50))
    assert few.priced_bound == pytest.approx(whole.priced_bound, abs=1e-6)
    assert few.iterations > 2
    assert check(problem, few) == []


@pytest.mark.parametrize("seed", range(5))
def test_more_fairness_never_lowers_the_worst_served_proposal(seed: int) -> None:
    """What the worst-served proposal gets grows with its weight, the sum of all matches falls."""
    problem = worlds.problem(seed, 10, 9, balance=0.0, seniors=0)
    answers = [solve(replace(problem, fairness=weight), budget=ROUNDS).assignment for weight in (0.0, 1.0, 10.0)]
    worst, quality = [one.worst for one in answers], [one.quality for one in answers]
    assert worst == sorted(worst)
    assert all(a >= b - 1e-6 for a, b in pairwise(quality))


@pytest.mark.parametrize("seed", range(5))
def test_a_dear_review_beyond_the_even_share_spreads_the_load(seed: int) -> None:
    """With a higher price there are no more reviews beyond the even share."""
    problem = worlds.problem(seed, 12, 12, seniors=0)
    beyond = [solve(replace(problem, balance=price), budget=ROUNDS).assignment.beyond for price in (0.0, 0.2, 5.0)]
    assert beyond == sorted(beyond, reverse=True)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_fixed_stays_and_never_makes_it_better(seed: int) -> None:
    """Fixed pairs are in the answer; fixing one that was not chosen costs, or at least gains nothing."""
    problem = worlds.problem(seed, seniors=0)
    free = solve(problem, budget=ROUNDS)
    barred = {*problem.conflicts, *problem.never, *free.assignment.pairs}
    pair = next(
        (p.id, r.id)
        for p in problem.proposals
        for r in problem.reviewers
        if (p.id, r.id) not in barred and r.organisation not in p.organisations
    )
    held = solve(replace(problem, fixed=(pair,)), budget=ROUNDS)
    assert pair in held.assignment.pairs
    assert held.objective <= free.objective + 1e-6


def test_progress_tells_bound_objective_and_baseline() -> None:
    """Whoever listens learns the bound first, then the objective; what he raises ends the search."""
    told: list[Progress] = []
    solution = solve(worlds.problem(1), budget=ROUNDS, on_progress=told.append)
    assert told[0].bound is not None
    assert told[-1].objective == pytest.approx(solution.objective)
    assert told[-1].baseline == solution.baseline.objective

    def cancel(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(worlds.problem(1), budget=ROUNDS, on_progress=cancel)


def test_without_time_the_greedy_assignment_is_the_answer_with_a_bound() -> None:
    """Where the budget ends before anything is searched, the greedy assignment stands, and what bounds it is proven."""
    problem = next(one for one in map(worlds.problem, range(50)) if solve(one, budget=ROUNDS).baseline.missing == 0)
    solution = solve(problem, budget=Budget(seconds=1e-9))
    assert solution.assignment == solution.baseline
    assert check(problem, solution) == []
    assert solution.bound > solution.objective


def test_nothing_to_review_is_an_answer_too() -> None:
    """Without proposals there is an empty assignment that passes the check."""
    problem = ReviewingProblem(proposals=(), reviewers=worlds.problem(1).reviewers)
    solution = solve(problem, budget=ROUNDS)
    assert solution.assignment.pairs == ()
    assert check(problem, solution) == []


def _wrong(problem: ReviewingProblem, solution: ReviewingSolution) -> set[str]:
    return {violation.rule for violation in check(problem, solution)}


def test_the_check_finds_what_was_tampered_with() -> None:
    """A pair exchanged for one in conflict, figures, bound and prices made better than they are: each is told."""
    problem = worlds.problem(2)
    solution = solve(problem, budget=ROUNDS)
    found = solution.assignment
    proposal, reviewer = problem.conflicts[0]
    other = next(pair for pair in found.pairs if pair[0] == proposal)
    swapped = tuple((proposal, reviewer) if pair == other else pair for pair in found.pairs)
    assert "pair.conflict" in _wrong(problem, replace(solution, assignment=replace(found, pairs=swapped)))
    assert "reviews.wanted" in _wrong(problem, replace(solution, assignment=replace(found, pairs=found.pairs[1:])))
    assert "figure.worst" in _wrong(problem, replace(solution, assignment=replace(found, worst=found.worst + 0.1)))
    assert "bound.below-objective" in _wrong(problem, replace(solution, bound=solution.objective - 1))
    assert "bound.prices" in _wrong(problem, replace(solution, priced_bound=solution.priced_bound + 1))
    assert "pair.unknown" in _wrong(problem, replace(solution, assignment=replace(found, pairs=(("x", "r0"),))))
    signs = replace(solution, prices=replace(solution.prices, fair=solution.prices.fair - 1))
    assert "prices.sign" in _wrong(problem, signs)
    stricter = replace(problem, reviewers=tuple(replace(one, most=1) for one in problem.reviewers))
    assert "load.above-most" in _wrong(stricter, solution)
    load = Counter(r for _, r in found.pairs)
    busy = replace(problem, reviewers=tuple(replace(one, least=load[one.id] + 1, most=99) for one in problem.reviewers))
    assert "load.below-least" in _wrong(busy, solution)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("seniors", 3, "rule.seniors"),
        ("most_of_organisation", 1, "rule.organisation"),
        ("least_match", 0.9, "pair.knows-too-little"),
    ],
)
def test_the_check_finds_a_rule_that_the_search_did_not_know(field: str, value: float, rule: str) -> None:
    """An answer to a laxer problem breaks the stricter one, and the check says which rule."""
    problem = worlds.problem(6, seniors=0, most_of_organisation=3, least_match=0.0)
    solution = solve(problem, budget=ROUNDS)
    assert rule in _wrong(replace(problem, **{field: value}), solution)
