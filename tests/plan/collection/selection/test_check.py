"""The check of selections finds what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from takeback.plan.collection.selection import SelectionProblem, SelectionSolution, check, solve
from takeback.plan.doors import Budget
from tests.plan.collection.selection.bins import make_bins

Solved = tuple[SelectionProblem, SelectionSolution]


@pytest.fixture(scope="module")
def solved() -> Solved:
    problem = make_bins(15, seed=1, closed=(2,))
    return problem, solve(problem, budget=Budget(iterations=5_000))


def _rules(solved: Solved, **changed: object) -> set[str]:
    return {violation.rule for violation in check(solved[0], replace(solved[1], **changed))}  # type: ignore[arg-type]


def test_a_right_answer_has_no_violation(solved: Solved) -> None:
    """What the engine hands back is in order."""
    assert check(*solved) == []


def test_each_false_figure_is_found(solved: Solved) -> None:
    """Objective, bound, baseline, fill, risk: a changed one is told with what it should be."""
    _, solution = solved
    assert _rules(solved, objective=solution.objective - 1) == {"figure.objective"}
    assert "bound.above-objective" in _rules(solved, bound=solution.objective + 1)
    assert "objective.above-baseline" in _rules(solved, baseline=solution.objective / 2)
    first, *rest = solution.chosen
    assert _rules(solved, chosen=(replace(first, fill=first.fill + 0.1), *rest)) == {"figure.fill"}
    assert _rules(solved, chosen=(replace(first, risk=0.123), *rest)) == {"figure.risk"}


def test_a_visit_left_out_or_made_up_is_found(solved: Solved) -> None:
    """The objective no longer fits; points and days that there are none of are told."""
    _, solution = solved
    first, *rest = solution.chosen
    assert "figure.objective" in _rules(solved, chosen=tuple(rest))
    assert _rules(solved, chosen=(first, first, *rest)) == {"point.twice"}
    assert _rules(solved, chosen=(replace(first, point="nobody"), *rest)) == {"point.unknown"}
    assert _rules(solved, chosen=(replace(first, day=2), *rest)) == {"day.closed"}
    assert _rules(solved, worth=solution.worth[:-1]) == {"worth.shape"}
    assert _rules(solved, worth=((-1,) * 5, *solution.worth[1:])) == {"worth.negative"}
