"""The honest rival: a static rule, category x observed grade -> preference list, overflow to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takeback.plan.disposition.problem import DispositionProblem, FloatArray, IntArray
from takeback.plan.disposition.season import Outcome, Season


@dataclass(frozen=True, slots=True)
class StaticRule:
    """`preference` (categories, grades, options): the options in order, best first."""

    preference: IntArray

    def decide(self, problem: DispositionProblem) -> IntArray:
        """Return the choices for one batch: the observed grade is the likeliest class.

        First choices are served in the order of the items, then second choices in what is left, and so on;
        -1 where nothing admitted is left.
        """
        available = np.array([r.available for r in problem.resources], dtype=np.float64)
        ranked = self.preference[problem.category, problem.belief.argmax(axis=1)]
        return served(ranked, problem, np.zeros(problem.n, dtype=np.int64), available[None, :])


def run_rule(season: Season, rule: StaticRule) -> Outcome:
    """Return what `rule` brings over a season; it decides on arrival, as static rules do."""
    p = season.problem
    ranked = rule.preference[p.category, p.belief.argmax(axis=1)]
    choice = served(ranked, p, season.day, season.available)
    return Outcome(choice, season.day, float(season.realised(choice, season.day).sum()))


def served(ranked: IntArray, p: DispositionProblem, day: IntArray, available: FloatArray) -> IntArray:
    """Return the options got, (n,), -1 = none: preferences (n, D) served in rounds, all days at once.

    `day` (n,) is the row of `available` (T, R) that an item draws on; a barred option is passed over.
    """
    count = available.shape[1]
    room = np.append(available.ravel(), np.inf)
    resource_of = p.resource_of
    choice = np.full(p.n, -1, dtype=np.int64)
    for rank in range(ranked.shape[1]):
        items = np.flatnonzero(choice < 0)
        if not len(items):
            break
        option = ranked[items, rank]
        items, option = items[p.bar[items, option] < 0], option[p.bar[items, option] < 0]
        line = np.where(resource_of[option] >= 0, day[items] * count + resource_of[option], len(room) - 1)
        served = _first_come(line, p.load[items, option], room)
        choice[items[served]] = option[served]
    return choice


def _first_come(line: IntArray, load: FloatArray, room: FloatArray) -> IntArray:
    """Return who fits, taking each line in order until its room is full; `room` is lessened in place."""
    order = np.argsort(line, kind="stable")
    queue, taken = line[order], np.cumsum(load[order])
    first = np.searchsorted(queue, queue)
    before = np.concatenate([[0.0], taken])[first]
    fits = taken - before <= room[queue] * (1 + 1e-9)
    served: IntArray = order[fits]
    used = np.bincount(line[served], load[served], minlength=len(room))
    room -= np.where(np.isfinite(room), used, 0.0)
    return served
