"""Find the best static rule on training seasons: the rival deserves to be as good as it can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.disposition.baseline import StaticRule, served
from takeback.plan.disposition.problem import FloatArray, IntArray
from takeback.plan.disposition.season import Season
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch


def search_static_rule(
    seasons: Sequence[Season],
    *,
    budget: Budget | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> StaticRule:
    """Return the static rule that realises most over the `seasons`, found by local search with their truth
    known.

    It starts from what each option brought on average in each (category, grade) and moves one option of
    one cell to the first, second or third place, as long as that brings more. An iteration of `budget` is
    one rule tried; without a budget the search ends where no single move helps. Judge the rule on seasons
    it has not seen. Raises `Problem` (`disposition.no-seasons`) where there is nothing to learn from.
    """
    if not seasons:
        raise Problem("disposition.no-seasons", msg("A rule cannot be searched without training seasons."))
    watch, arenas = Stopwatch(), [_Arena.of(season) for season in seasons]
    best = _by_average(arenas)
    worth, tried, improved = sum(arena.realised(best) for arena in arenas), 0, True
    random = np.random.default_rng(seed)
    while improved:
        improved = False
        for cell in random.permutation(best.shape[0] * best.shape[1]).tolist():
            for rule in _moves(best, cell):
                if budget is not None and watch.spent(budget, tried) >= 1.0:
                    return StaticRule(best)
                tried += 1
                total = sum(arena.realised(rule) for arena in arenas)
                if total > worth:
                    best, worth, improved = rule, total, True
            if on_progress is not None:
                fraction = watch.spent(budget, tried) if budget else 0.0
                on_progress(Progress(fraction, tried, watch.seconds, objective=worth))
    return StaticRule(best)


@dataclass(frozen=True, slots=True)
class _Arena:
    """A season with what does not depend on the rule: observed grades and what each option would bring."""

    season: Season
    grade: IntArray
    brings: FloatArray

    @staticmethod
    def of(season: Season) -> _Arena:
        gross, costs = season.outcomes(season.day)
        return _Arena(season, season.problem.belief.argmax(axis=1), gross - costs)

    def realised(self, preference: IntArray) -> float:
        p = self.season.problem
        choice = served(preference[p.category, self.grade], p, self.season.day, self.season.available)
        placed = choice >= 0
        lost = 0.0 if placed.all() else -np.inf
        return float(self.brings[np.flatnonzero(placed), choice[placed]].sum()) + lost


def _by_average(arenas: Sequence[_Arena]) -> IntArray:
    """Return the options of each (category, grade) ordered by what they brought on average."""
    p = arenas[0].season.problem
    total = np.zeros((len(p.categories), len(p.conditions), len(p.options)))
    count = np.zeros(total.shape[:2])
    for arena in arenas:
        cell = (arena.season.problem.category, arena.grade)
        np.add.at(total, cell, arena.brings)
        np.add.at(count, cell, 1)
    return np.argsort(-total / np.maximum(count, 1)[:, :, None], axis=2, kind="stable")


def _moves(preference: IntArray, cell: int) -> Iterator[IntArray]:
    """Yield the rules that differ in one option's place in one (category, grade)."""
    category, grade = divmod(cell, preference.shape[1])
    order = preference[category, grade].tolist()
    for place in range(min(3, len(order) - 1)):
        for option in range(len(order)):
            rest = [d for d in order if d != option]
            moved = [*rest[:place], option, *rest[place:]]
            if moved != order:
                rule = preference.copy()
                rule[category, grade] = moved
                yield rule
