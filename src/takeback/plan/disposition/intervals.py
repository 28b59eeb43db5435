"""What the realised net recovery may turn out to be: a mixture over conditions of normal price errors."""

from __future__ import annotations

import numpy as np

from takeback.plan import normal
from takeback.plan.disposition.problem import DispositionProblem, FloatArray, IntArray
from takeback.plan.disposition.values import ByCondition

TAIL = 0.1
"""Probability below the lower and above the upper end of an interval: the interval holds 80 %."""

HALVINGS = 22


def per_option(p: DispositionProblem, amounts: ByCondition) -> tuple[FloatArray, FloatArray]:
    """Return the interval's ends of every item and option, (n, D) each; nan where the option is barred."""
    barred = p.bar >= 0
    low, high = (_quantile(p.belief, amounts, probability) for probability in (TAIL, 1.0 - TAIL))
    return np.where(barred, np.nan, low), np.where(barred, np.nan, high)


def of_total(p: DispositionProblem, amounts: ByCondition, choice: IntArray) -> tuple[float, float]:
    """Return the interval's ends of the chosen options' sum (held items left out), by the normal
    approximation.

    The price error of a (category, condition, option) is one number, so it adds up over the items that
    share it; conditions are independent, so they average out.
    """
    at = np.flatnonzero(choice < len(p.options))
    belief, option = p.belief[at], choice[at]
    net, sd = amounts.net[at, :, option], amounts.sd[at, :, option]
    mean = (belief * net).sum(axis=1)
    condition = float((belief * (net - mean[:, None]) ** 2).sum())
    group = p.category[at] * len(p.options) + option
    shared = np.stack([np.bincount(group, (belief * sd)[:, g]) for g in range(belief.shape[1])])
    spread = normal.quantile(1.0 - TAIL) * float(np.sqrt(condition + (shared**2).sum()))
    total = float(mean.sum())
    return total - spread, total + spread


def _quantile(weight: FloatArray, amounts: ByCondition, probability: float) -> FloatArray:
    """Return the mixture's quantile, (n, D), by bisection."""
    mean = amounts.net
    sd = np.maximum(amounts.sd, 1e-9 * (1.0 + np.abs(mean)))
    low, high = (mean - 4.0 * sd).min(axis=1), (mean + 4.0 * sd).max(axis=1)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        share = (weight[:, :, None] * normal.below((middle[:, None, :] - mean) / sd)).sum(axis=1)
        low, high = np.where(share < probability, middle, low), np.where(share < probability, high, middle)
    ends: FloatArray = 0.5 * (low + high)
    return ends
