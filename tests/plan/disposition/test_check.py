from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from takeback.plan.disposition.check import check
from takeback.plan.disposition.problem import DispositionProblem
from takeback.plan.disposition.solution import DispositionSolution
from takeback.plan.disposition.solve import solve
from tests.plan.disposition import worlds

Mutation = Callable[[DispositionProblem, DispositionSolution], DispositionSolution]


def _barred(p: DispositionProblem, s: DispositionSolution) -> DispositionSolution:
    item, option = np.argwhere(p.bar >= 0)[0]
    return replace(s, choice=_put(s.choice, item, option))


def _crowded(p: DispositionProblem, s: DispositionSolution) -> DispositionSolution:
    open_ = np.flatnonzero(p.bar[:, 1] < 0)
    return replace(s, choice=_put(s.choice, open_, 1))


def _held_against_the_clock(p: DispositionProblem, s: DispositionSolution) -> DispositionSolution:
    assert p.hold is not None
    return replace(s, choice=_put(s.choice, np.flatnonzero(~p.hold.allowed)[0], len(p.options)))


def _put(array: np.ndarray, at: Any, value: Any) -> np.ndarray:
    changed = array.copy()
    changed[at] = value
    return changed


MUTATIONS: dict[str, tuple[str, Mutation]] = {
    "a barred option": ("choice.barred", _barred),
    "too many in one place": ("resource.above-available", _crowded),
    "a hold that is not allowed": ("choice.barred", _held_against_the_clock),
    "an unknown option": ("choice.unknown", lambda p, s: replace(s, choice=_put(s.choice, 0, 99))),
    "a missing item": ("solution.shape", lambda p, s: replace(s, choice=s.choice[:-1])),
    "a flattered objective": ("total.wrong", lambda p, s: replace(s, objective=s.objective * 1.001)),
    "a loose bound told as tight": ("total.wrong", lambda p, s: replace(s, bound=s.objective - 1000.0)),
    "a negative price": ("resource.negative-price", lambda p, s: replace(s, shadow_price=s.shadow_price - 1e6)),
    "a wrong value": ("value.wrong", lambda p, s: replace(s, value=_put(s.value, (0, 4), 123.0))),
    "a wrong use": ("resource.wrong-use", lambda p, s: replace(s, used=s.used + 1)),
    "a recovery that is not so": ("total.wrong", lambda p, s: replace(s, expected_recovery=s.expected_recovery + 99)),
    "a narrow total interval": ("total.wrong", lambda p, s: replace(s, recovery_low=s.expected_recovery)),
    "a narrow interval": ("interval.wrong", lambda p, s: replace(s, low=s.high)),
    "an interval of nothing": ("interval.of-nothing", lambda p, s: replace(s, low=np.nan_to_num(s.low))),
    "a wrong runner-up": ("runner-up.wrong", lambda p, s: replace(s, runner_up=s.choice)),
    "a wrong margin": ("margin.wrong", lambda p, s: replace(s, margin=s.margin + 500)),
    "a wrong reason": ("capacity.wrong", lambda p, s: replace(s, capacity_denied=~s.capacity_denied)),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_solution_is_caught(name: str) -> None:
    """Each thing a solution states is recomputed: altered, it is reported under its rule."""
    problem = worlds.problem(21, 50, hold=True)
    solution = solve(problem)
    assert check(problem, solution) == []
    rule, mutate = MUTATIONS[name]
    assert rule in {violation.rule for violation in check(problem, mutate(problem, solution))}


def test_an_honest_but_poor_solution_passes_with_its_true_gap() -> None:
    """The check judges truth, not quality: all recycled, correctly stated, is a valid answer with a large gap."""
    problem = worlds.problem(5, 30, bars=False)
    solution = solve(problem)
    forced = problem.bar.copy()
    forced[:, :4] = 0
    poor = solve(replace(problem, bar=forced))
    rows = np.arange(problem.n)
    charged = solution.value - problem.load * np.append(solution.shadow_price, 0.0)[problem.resource_of]
    others = charged.copy()
    others[rows, 4] = -np.inf
    alone = solution.value.max(axis=1)
    honest = replace(
        poor,
        value=solution.value,
        low=solution.low,
        high=solution.high,
        runner_up=others.argmax(axis=1),
        margin=charged[rows, 4] - others.max(axis=1),
        capacity_denied=alone > solution.value[:, 4],
        shadow_price=solution.shadow_price,
        bound=solution.bound,
    )
    assert check(problem, honest) == []
    assert honest.gap > 0.5
