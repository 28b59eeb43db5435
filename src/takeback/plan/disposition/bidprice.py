"""What scarce capacity will be worth at the next decision: bid prices for `Hold.future_price`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from takeback.plan.disposition.problem import DispositionProblem, FloatArray
from takeback.plan.disposition.solve import solve


def smoothed(history: FloatArray, *, half_life_days: float = 3.0) -> FloatArray:
    """Return the exponentially weighted mean of past shadow prices; `history` (days, R), newest last.

    Minor units per unit of each resource. Raises `ValueError` where there is no history.
    """
    if not len(history):
        raise ValueError("there are no past prices to learn from")
    age = np.arange(len(history))[::-1]
    weight = 0.5 ** (age / half_life_days)
    mean: FloatArray = weight @ history / weight.sum()
    return mean


def forecast(sample: DispositionProblem, *, expected_items: float, available: FloatArray) -> FloatArray:
    """Return the shadow prices of an expected day: items like `sample`, `expected_items` of them,
    `available` (R,).

    The sample may be of any size: recent arrivals are a good one. The resources are scaled to it.
    """
    scale = sample.n / expected_items if expected_items > 0 else 1.0
    resources = tuple(
        replace(resource, available=float(units) * scale)
        for resource, units in zip(sample.resources, available, strict=True)
    )
    return solve(replace(sample, resources=resources, hold=None)).shadow_price
