"""Many days with hidden truth: to score a way of deciding by what it really brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from takeback.plan.disposition.problem import DispositionProblem, FloatArray, Hold, IntArray

Decide = Callable[[DispositionProblem, int], IntArray]
"""Given a day's problem (arrivals and held items) and the day's number, return its choices."""


@dataclass(frozen=True, slots=True)
class Season:
    """n items that arrive over T days, and what nobody knows when deciding.

    - `problem`: all items, without hold; `waited_days` as on their day of arrival.
    - `day` (n,): day of arrival, 0 to T-1. `truth` (n,): the true condition class.
    - `price_factor` (n, D): realised price / expected price. `available` (T, R): units of each resource,
      each day.
    - `longest_wait`: days an item may be held at most.
    """

    problem: DispositionProblem
    day: IntArray
    truth: IntArray
    price_factor: FloatArray
    available: FloatArray
    longest_wait: int = 14

    @property
    def days(self) -> int:
        """T, the number of days."""
        return len(self.available)

    def realised(self, choice: IntArray, decided_on: IntArray) -> FloatArray:
        """Return what each item brought, (n,) minor units, given its option and the day it was decided."""
        gross, costs = self.outcomes(decided_on)
        rows = np.arange(len(choice))
        brought: FloatArray = gross[rows, choice] - costs[rows, choice]
        return brought

    def outcomes(self, decided_on: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return realised price and cost of every option, (n, D) each, if decided on those days."""
        p, t = self.problem, self.problem.terms
        waited = p.waited_days + (decided_on - self.day)
        at = (p.category, self.truth)
        decay = np.exp(-t.decay_per_day[at] * (waited[:, None] + t.days[at]))
        size = p.size[:, None]
        return size * t.price[at] * decay * self.price_factor, t.cost[at] + size * t.size_cost[at]

    def batch(self, rows: IntArray, day: int, *, hold: Hold | None = None) -> DispositionProblem:
        """Return the problem of `rows` on `day`; `hold.allowed` is narrowed to what may still wait."""
        part = self.problem.take(rows)
        resources = tuple(
            replace(resource, available=float(self.available[day, r])) for r, resource in enumerate(part.resources)
        )
        waited = day - self.day[rows]
        if hold is not None:
            may_wait = (waited < self.longest_wait) & (day < self.days - 1)
            hold = replace(hold, allowed=may_wait)
        return replace(part, resources=resources, waited_days=part.waited_days + waited, hold=hold)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a way of deciding did: option and day per item, and the sum it brought in minor units."""

    choice: IntArray
    decided_on: IntArray
    realised: float


def replay(season: Season, decide: Decide, *, hold: Callable[[int], Hold | None] | None = None) -> Outcome:
    """Walk through the days: each day `decide` sees the arrivals and what was held, and only what is known
    then.

    `hold` gives the day's hold terms (None = every item is decided on arrival).
    """
    choice = np.full(season.problem.n, -1)
    decided_on = np.full(season.problem.n, -1)
    waiting = np.array([], dtype=np.int64)
    for day in range(season.days):
        rows = np.concatenate([waiting, np.flatnonzero(season.day == day)])
        problem = season.batch(rows, day, hold=hold(day) if hold else None)
        chosen = decide(problem, day)
        held = chosen == problem.hold_column if problem.hold is not None else np.zeros(len(rows), dtype=bool)
        choice[rows[~held]] = chosen[~held]
        decided_on[rows[~held]] = day
        waiting = rows[held]
    return Outcome(choice, decided_on, float(season.realised(choice, decided_on).sum()))
