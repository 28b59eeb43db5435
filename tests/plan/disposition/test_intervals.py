from __future__ import annotations

import numpy as np
import pytest

from takeback.plan.disposition import intervals, values
from takeback.plan.disposition.problem import DispositionProblem
from takeback.plan.disposition.solve import solve
from tests.plan.disposition import worlds


def test_four_of_five_realised_values_lie_inside() -> None:
    """Sampling condition and price by the problem's own model, each option's interval holds 80 %, 10 % on a side."""
    problem = worlds.problem(3, 12, bars=False)
    solution = solve(problem)
    draws = _realised(problem, 40_000)
    # A price of nothing in the worst class makes points of probability: an end may lie on one.
    for end, share in ((solution.low, 0.1), (solution.high, 0.9)):
        assert (draws < end - 1.0).mean(axis=0).max() < share + 0.012
        assert (draws <= end + 1.0).mean(axis=0).min() > share - 0.012


def test_the_interval_of_the_sum_holds_four_fifths() -> None:
    """The total's interval covers 80 % of simulated totals when price errors are shared and conditions are not."""
    problem = worlds.problem(9, 300, bars=False)
    solution = solve(problem)
    totals = _totals(problem, solution.choice, 4_000)
    inside = ((totals > solution.recovery_low) & (totals < solution.recovery_high)).mean()
    assert inside == pytest.approx(0.8, abs=0.03)
    assert totals.mean() == pytest.approx(solution.expected_recovery, rel=0.01)


def test_certain_items_at_certain_prices_have_intervals_of_a_point() -> None:
    """Without uncertainty the interval is the value."""
    problem = worlds.problem(1, 5, bars=False)
    amounts = values.by_condition(problem)
    certain = values.ByCondition(amounts.gross, amounts.net, np.zeros(amounts.sd.shape))
    known = problem.take(range(5))
    known.belief[:] = [1.0, 0.0, 0.0, 0.0]
    low, high = intervals.per_option(known, certain)
    assert low == pytest.approx(amounts.net[:, 0], rel=1e-6, abs=1e-3)
    assert high == pytest.approx(amounts.net[:, 0], rel=1e-6, abs=1e-3)


def _realised(problem: DispositionProblem, draws: int) -> np.ndarray:
    random = np.random.default_rng(0)
    amounts = values.by_condition(problem)
    out = np.empty((draws, problem.n, len(problem.options)))
    for i in range(problem.n):
        grade = random.choice(len(problem.conditions), draws, p=problem.belief[i])
        noise = random.standard_normal((draws, len(problem.options)))
        out[:, i] = amounts.net[i, grade] + amounts.sd[i, grade] * noise
    return out


def _totals(problem: DispositionProblem, choice: np.ndarray, draws: int) -> np.ndarray:
    random = np.random.default_rng(0)
    amounts, rows = values.by_condition(problem), np.arange(problem.n)
    totals = np.empty(draws)
    limit = problem.belief.cumsum(axis=1)
    shape = (len(problem.categories), len(problem.conditions), len(problem.options))
    for k in range(draws):
        grade = np.minimum((random.random((problem.n, 1)) > limit).sum(axis=1), limit.shape[1] - 1)
        noise = random.standard_normal(shape)[problem.category, grade, choice]
        totals[k] = (amounts.net[rows, grade, choice] + amounts.sd[rows, grade, choice] * noise).sum()
    return totals
