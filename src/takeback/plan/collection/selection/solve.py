"""Chooses the days."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from takeback import __version__
from takeback.plan.collection.selection.costs import STRETCH, Costs, costs, usual
from takeback.plan.collection.selection.fill import Fills, fills
from takeback.plan.collection.selection.problem import SelectionProblem
from takeback.plan.collection.selection.reasons import why
from takeback.plan.collection.selection.solution import Chosen, SelectionSolution
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROUND = 20_000  # trials of one annealing; a longer search anneals again from the best, half as warm
WARM, COLD = 0.5, 0.005  # of the usual cost of a visit
FOUR_FIFTHS = 0.8


@dataclass(frozen=True, eq=False, slots=True)
class _Tables:
    """What the search reads: see `search.anneal`."""

    filled: Fills
    own: Floats
    load: Floats
    base: Costs
    usual: Floats

    @property
    def arrays(self) -> tuple[Any, ...]:
        base = self.base
        fleet = np.array([base.vehicles, base.fixed, base.shift_s, STRETCH], dtype=np.float64)
        return self.own, self.load, base.way, base.way_s, base.service, base.service_s, fleet


def solve(
    problem: SelectionProblem,
    *,
    budget: Budget,
    seed: int = 0,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> SelectionSolution:
    """Return the days on which points are best emptied, never worse than waiting for four fifths.

    An iteration is one trial: other days for one point, or all visits of a day moved. With an iteration budget the same
    problem and seed give the same answer; `executor` is not used, a search takes a second.
    """
    from takeback.plan.collection.selection.search import worths  # noqa: PLC0415 -- numba takes time to import

    watch = Stopwatch()
    tables = _tables(problem)
    starts = [_alone(tables), _four_fifths(problem, tables)]
    baseline = _objective(tables, starts[1])
    sets = min(starts, key=lambda sets: _objective(tables, sets))
    iterations = _improve(tables, sets, budget, watch, seed, on_progress) if len(problem.points) else 0
    worth = worths(sets, *tables.arrays) if len(problem.points) else np.zeros((0, problem.days))
    objective = _objective(tables, sets)
    return SelectionSolution(
        chosen=_chosen(problem, tables, sets, worth),
        worth=tuple(tuple(row) for row in np.rint(worth).astype(np.int64).tolist()),
        objective=objective,
        bound=min(objective, _bound(problem, tables)),
        baseline=baseline,
        iterations=iterations,
        seed=seed,
        version=f"takeback {__version__}",
        seconds=watch.seconds,
    )


def _tables(problem: SelectionProblem) -> _Tables:
    filled, base = fills(problem), costs(problem)
    visit = usual(problem, base)
    n = len(problem.points)
    capacity = np.array([point.capacity for point in problem.points], dtype=np.float64).reshape(n, 1)
    overflow = np.array([point.overflow_cost for point in problem.points], dtype=np.float64).reshape(n, 1)
    own = overflow * filled.risk.sum(axis=2) + visit[:, None] * np.minimum(1, filled.last / capacity)
    own[:, ~filled.allowed] = np.inf
    share = np.minimum(1, filled.level / capacity[:, :, None])
    return _Tables(filled, own, base.full[:, None, None] * share, base, visit)


def _alone(tables: _Tables) -> Ints:
    """Return the best set of each point by itself, each visit at its usual cost."""
    visits = np.array([bin(chosen).count("1") for chosen in range(tables.own.shape[1])])
    best: Ints = np.argmin(tables.own + visits * tables.usual[:, None], axis=1).astype(np.int64)
    return best


def _four_fifths(problem: SelectionProblem, tables: _Tables) -> Ints:
    """Return the sets of a rule that many follow: a point is emptied when it is expected to be four fifths full."""
    sets = np.zeros(len(problem.points), dtype=np.int64)
    for k, point in enumerate(problem.points):
        for day in range(problem.days):
            full = tables.filled.level[k, sets[k], day] >= FOUR_FIFTHS * point.capacity
            if full and day not in problem.closed_days:
                sets[k] |= 1 << day
    return sets


def _objective(tables: _Tables, sets: Ints) -> float:
    from takeback.plan.collection.selection.search import day_cost  # noqa: PLC0415

    own, *rest = tables.arrays
    days = range(tables.load.shape[2])
    return float(own[np.arange(len(sets)), sets].sum() + sum(day_cost(sets, day, *rest) for day in days))


def _improve(
    tables: _Tables, sets: Ints, budget: Budget, watch: Stopwatch, seed: int, on_progress: OnProgress | None
) -> int:
    """Improve `sets` in place until the budget is spent; return the iterations done."""
    from takeback.plan.collection.selection.search import anneal  # noqa: PLC0415

    compiled: Any = anneal  # numba's own types take no star arguments
    done, number, scale = 0, 0, float(tables.usual.mean()) + 1.0
    seeds = np.random.SeedSequence(seed)
    while (fraction := watch.spent(budget, done)) < 1:
        left = ROUND if budget.iterations is None else min(ROUND, budget.iterations - done)
        warm = max(WARM * scale / 2**number, 2 * COLD * scale)
        state = int(seeds.spawn(1)[0].generate_state(1)[0])
        best = compiled(sets, *tables.arrays, left, warm, COLD * scale, state)
        done, number = done + left, number + 1
        if on_progress is not None:
            on_progress(Progress(fraction, done, watch.seconds, best))
    return done


def _bound(problem: SelectionProblem, tables: _Tables) -> float:
    """Return what no choice can undercut: a visit costs at least its shortest way, its service, its part of a vehicle.

    A tree over the depot and some points has a branch of its own for each point; loads add up to vehicles or less.
    """
    n = len(problem.points)
    if not n:
        return 0.0
    way = tables.base.way + np.diag(np.full(n + 1, np.inf))
    each = STRETCH * way[1:].min(axis=1) + tables.base.service
    emptied = (np.arange(tables.own.shape[1])[:, None] >> np.arange(problem.days)) & 1
    visits = each[:, None] * emptied.sum(axis=1) + tables.base.fixed * (tables.load * emptied).sum(axis=2)
    return float((tables.own + visits).min(axis=1).sum())


def _chosen(problem: SelectionProblem, tables: _Tables, sets: Ints, worth: Floats) -> tuple[Chosen, ...]:
    made = []
    for day in range(problem.days):
        for k in np.nonzero(sets >> day & 1)[0].tolist():
            later = int(sets[k]) & ((1 << day) - 1)  # emptied before that day, and not on it
            fill = float(tables.filled.level[k, sets[k], day]) / problem.points[k].capacity
            risks = tables.filled.risk[k, later]
            reason = why(fill, risks.tolist(), day)
            made.append(Chosen(problem.points[k].id, day, round(worth[k, day]), fill, float(risks[day]), reason))
    return tuple(made)
