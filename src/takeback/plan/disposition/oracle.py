"""What a decider could reach who knows every condition, price and arrival of the whole season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takeback.plan.disposition.assignment import Columns, assign
from takeback.plan.disposition.problem import FloatArray, IntArray
from takeback.plan.disposition.season import Outcome, Season


@dataclass(frozen=True, slots=True)
class Oracle:
    """The clairvoyant's `outcome`, and `bound`: no decider whatever brings more."""

    outcome: Outcome
    bound: float


def oracle(season: Season, *, most_rounds: int = 30) -> Oracle:
    """Return the clairvoyant plan: one programme over all items, options and days.

    An item may wait for a resource up to `season.longest_wait` days; for options without limit it never
    waits, as waiting only loses value (prices fall, costs stay).
    """
    columns, option, day = _columns(season)
    answer = assign(columns, most_rounds=most_rounds)
    rows = np.arange(len(answer.choice))
    choice, decided_on = option[answer.choice], season.day + day[answer.choice]
    realised = float(columns.value[rows, answer.choice].sum())
    return Oracle(Outcome(choice, decided_on, realised), answer.bound)


def _columns(season: Season) -> tuple[Columns, IntArray, IntArray]:
    """Return the columns (option, days waited) with one resource per day, and what each column stands for."""
    p, resource_of = season.problem, season.problem.resource_of
    count = len(p.resources)
    waits = range(season.longest_wait + 1)
    pairs = [(d, w) for w in waits for d in range(len(p.options)) if w == 0 or resource_of[d] >= 0]
    option = np.array([d for d, _ in pairs], dtype=np.int64)
    wait = np.array([w for _, w in pairs], dtype=np.int64)
    value = np.empty((p.n, len(pairs)))
    for w in waits:
        net = _net(season, w)
        value[:, wait == w] = net[:, option[wait == w]]
    on = season.day[:, None] + wait
    scarce = resource_of[option] >= 0
    resource = np.where(scarce, on * count + resource_of[option], -1)
    value[on >= season.days] = -np.inf
    resource[on >= season.days] = -1
    names = tuple(f"{r.name}, day {day + 1}" for day in range(season.days) for r in p.resources)
    columns = Columns(value, resource, p.load[:, option], season.available.ravel(), names)
    return columns, option, wait


def _net(season: Season, wait: int) -> FloatArray:
    gross, costs = season.outcomes(season.day + wait)
    net: FloatArray = np.where(season.problem.bar < 0, gross - costs, -np.inf)
    return net
