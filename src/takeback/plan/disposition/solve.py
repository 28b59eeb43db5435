"""Choose every item's disposition, together."""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np

from takeback.plan.disposition import intervals, values
from takeback.plan.disposition.assignment import Columns, assign
from takeback.plan.disposition.problem import BoolArray, DispositionProblem, FloatArray, IntArray
from takeback.plan.disposition.solution import DispositionSolution
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch

VERSION = "disposition 1"
EQUAL = 1e-9


def solve(
    problem: DispositionProblem,
    *,
    budget: Budget | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> DispositionSolution:
    """Return the choices of highest total value within the resources, with bound, prices and intervals.

    An iteration of `budget` is one round of pricing; nearly always one or two prove the optimum, so
    without a budget 50 are allowed. The answer is deterministic: `seed` is only recorded, `executor` not
    needed. Raises `Problem`: `disposition.no-option` where all options of an item are barred,
    `disposition.infeasible` where the items cannot fit the resources (says which, and by how much).
    """
    watch = Stopwatch()
    columns, amounts = _columns(problem)
    most = budget.iterations if budget and budget.iterations is not None else 50

    def told(rounds: int, bound: float) -> None:
        if on_progress is not None:
            on_progress(Progress(rounds / max(1, most), rounds, watch.seconds, bound=bound))

    answer = assign(columns, most_rounds=max(1, most), on_round=told)
    low, high = intervals.per_option(problem, amounts)
    runner_up, margin, denied = _rivals(columns, answer.choice, answer.price, problem)
    total = intervals.of_total(problem, amounts, answer.choice)
    rows = np.arange(problem.n)
    decided = answer.choice < len(problem.options)
    mean = values.over_beliefs(problem, amounts)
    return DispositionSolution(
        choice=answer.choice,
        value=columns.value,
        low=_widened(problem, low),
        high=_widened(problem, high),
        runner_up=runner_up,
        margin=margin,
        capacity_denied=denied,
        shadow_price=answer.price,
        used=columns.used(answer.choice),
        objective=float(columns.value[rows, answer.choice].sum()),
        bound=answer.bound,
        expected_recovery=float(mean[rows[decided], answer.choice[decided]].sum()),
        recovery_low=total[0],
        recovery_high=total[1],
        seconds=watch.seconds,
        seed=seed,
        version=VERSION,
    )


def _columns(p: DispositionProblem) -> tuple[Columns, values.ByCondition]:
    """Return the engine's columns: the options, and last the hold where it is offered."""
    amounts = values.by_condition(p)
    value = values.over_beliefs(p, amounts) - values.charged(p, values.reserve_prices(p))
    resource = np.broadcast_to(p.resource_of, value.shape)
    load = p.load
    if p.hold is not None:
        value = np.column_stack([value, values.hold_value(p)])
        resource = np.column_stack([resource, np.full(p.n, -1)])
        load = np.column_stack([load, np.zeros(p.n)])
    available = np.array([r.available for r in p.resources], dtype=np.float64)
    return Columns(value, resource, load, available, tuple(r.name for r in p.resources)), amounts


def _rivals(
    columns: Columns, choice: IntArray, price: FloatArray, p: DispositionProblem
) -> tuple[IntArray, FloatArray, BoolArray]:
    """Return the runner-up, its margin at the shadow prices, and whether capacity denied a better option."""
    rows = np.arange(len(choice))
    worth = columns.charged(price)
    chosen = worth[rows, choice]
    others = worth.copy()
    others[rows, choice] = -np.inf
    runner_up = others.argmax(axis=1)
    margin = chosen - others[rows, runner_up]
    alone = columns.value[:, : len(p.options)].max(axis=1)
    denied = alone > columns.value[rows, choice] + EQUAL * np.maximum(1.0, np.abs(alone))
    return np.where(np.isfinite(margin), runner_up, -1), margin, denied


def _widened(p: DispositionProblem, ends: FloatArray) -> FloatArray:
    return ends if p.hold is None else np.column_stack([ends, np.full(p.n, np.nan)])
