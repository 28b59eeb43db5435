"""Expected net recovery of every item under every option, on arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takeback.plan.disposition.problem import DispositionProblem, FloatArray

EVERY_ITEM = slice(None)


@dataclass(frozen=True, slots=True)
class ByCondition:
    """What each item would bring if its condition were known; minor units, shape (n, conditions, options).

    `gross`: decayed price; `net`: `gross` less handling, transport and processing; `sd`: price uncertainty.
    """

    gross: FloatArray
    net: FloatArray
    sd: FloatArray


def by_condition(p: DispositionProblem, *, more_days: float = 0.0, items: slice = EVERY_ITEM) -> ByCondition:
    """Return the amounts per condition class when each of the `items` is decided `more_days` later than today."""
    t, c = p.terms, p.category[items]
    size = p.size[items, None, None]
    elapsed = p.waited_days[items, None, None] + (more_days + t.days)[c]
    gross = size * t.price[c] * np.exp(-t.decay_per_day[c] * elapsed)
    return ByCondition(gross, gross - t.cost[c] - size * t.size_cost[c], gross * t.price_sd[c])


def expected(p: DispositionProblem, *, more_days: float = 0.0) -> FloatArray:
    """Return EV(i, d), (n, D) minor units, over the beliefs; -inf where the option is barred."""
    return over_beliefs(p, by_condition(p, more_days=more_days))


def over_beliefs(p: DispositionProblem, amounts: ByCondition) -> FloatArray:
    """Return the beliefs' mean of `amounts.net`, (n, D); -inf where the option is barred."""
    mean = np.einsum("ng,ngd->nd", p.belief, amounts.net)
    return np.where(p.bar < 0, mean, -np.inf)


def charged(p: DispositionProblem, price: FloatArray) -> FloatArray:
    """Return load x price of the option's resource, (n, D); `price` (R,) minor units per unit."""
    amount: FloatArray = p.load * np.append(price, 0.0)[p.resource_of]
    return amount


def reserve_prices(p: DispositionProblem) -> FloatArray:
    """Return the reserve price of each resource, (R,)."""
    return np.array([resource.reserve_price for resource in p.resources], dtype=np.float64)


def hold_value(p: DispositionProblem) -> FloatArray:
    """Return what deciding at the next occasion is expected to bring, (n,); -inf where waiting is not
    allowed."""
    if p.hold is None:
        return np.full(p.n, -np.inf)
    later = expected(p, more_days=p.hold.days) - charged(p, p.hold.future_price)
    return np.where(p.hold.allowed, later.max(axis=1, initial=-np.inf) - p.hold.cost, -np.inf)
