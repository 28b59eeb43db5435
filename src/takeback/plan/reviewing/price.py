"""Prices of the rules: what they say about each pair, and the bound that they prove.

Whatever the prices, an assignment is worth at most what the rules cost at these prices plus, for each pair, what it is
worth above them (Lagrangian duality). The prices of the linear relaxation give the lowest such bound.
"""

from __future__ import annotations

import numpy as np

from takeback.plan.reviewing.programme import Programme
from takeback.plan.reviewing.solution import Prices
from takeback.plan.reviewing.tables import FloatArray, Tables


def prices(programme: Programme, row_price: FloatArray) -> Prices:
    """Return the prices of the rules out of those of the programme's rows, each with the sign that it must have."""
    rows, names = programme.rows(), programme.tables.organisations
    part = [row_price[a:b] for a, b in zip(rows, [*rows[1:], len(row_price)], strict=True)]
    rules = [(*rule, cost) for rule, cost in zip(programme.rules, np.maximum(0, part[6]).tolist(), strict=True) if cost]
    count = len(names)
    return Prices(
        proposal=part[0],
        load=part[1],
        fair=np.maximum(0, -part[2]),
        even=np.maximum(0, part[3]),
        senior=np.maximum(0, -part[4]),
        outside=np.maximum(0, -part[5]),
        organisation=tuple((p, names[n], cost) for p, n, cost in rules if n < count),
        apart=tuple((p, n - count, cost) for p, n, cost in rules if n >= count),
    )


def alone(tables: Tables) -> Prices:
    """Return prices known without a solver: each proposal has its best reviewers to itself."""
    proposals, reviewers = tables.match.shape
    best = -np.sort(-np.where(tables.allowed, tables.match, 0.0), axis=1)
    last = best[np.arange(proposals), np.clip(tables.wanted - 1, 0, reviewers - 1)]
    zero, people = np.zeros(proposals), np.zeros(reviewers)
    return Prices(proposal=last, load=people, fair=zero, even=people, senior=zero, outside=zero)


def above(tables: Tables, price: Prices) -> FloatArray:
    """Return (P, R) what each pair is worth above the prices of the rules it uses."""
    worth = tables.match * (1 + price.fair / np.maximum(1, tables.wanted))[:, None]
    worth -= price.proposal[:, None] + price.load + price.even
    worth += price.senior[:, None] * tables.senior + price.outside[:, None] * tables.outside
    number = {name: k for k, name in enumerate(tables.organisations)}
    for p, name, cost in price.organisation:
        worth[p, tables.organisation == number[name]] -= cost
    for p, k, cost in price.apart:
        worth[p, tables.apart[k]] -= cost
    return np.asarray(worth)


def bound(tables: Tables, price: Prices, worth: FloatArray) -> float:
    """Return what no assignment exceeds; `worth` is what `above` says."""
    problem = tables.problem
    rules = float(price.proposal @ tables.wanted + np.where(price.load > 0, tables.most, tables.least) @ price.load)
    rules += float(problem.even_share * price.even.sum())
    rules -= float(problem.seniors * price.senior.sum() + price.outside @ tables.outside_wanted)
    rules += sum(cost for *_, cost in price.organisation) * (problem.most_of_organisation or 0)
    rules += sum(cost for *_, cost in price.apart)
    rules += max(0.0, problem.fairness * problem.reviews - float(price.fair.sum())) * tables.highest_worst
    rules += float(np.maximum(0, price.even - problem.balance) @ tables.most)
    pairs = np.where(tables.fixed, worth, np.maximum(0, worth))
    return rules + float(pairs[tables.allowed].sum())
