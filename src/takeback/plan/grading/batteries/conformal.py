"""Intervals that keep their promise on new batteries: conformal prediction with whole batteries as units.

A half-width is a quantile of the errors of held-out batteries, raised for their finite number: with G batteries the
level coverage * (1 + 1/G) gives at least `coverage` for a new battery that is like them (Vovk et al.; split by group).
"""

from __future__ import annotations

import numpy as np

from takeback.plan.grading.batteries.model import FloatArray, PulseModel
from takeback.plan.grading.batteries.problem import Guarantee


def half_width(model: PulseModel, coverage: float, guarantee: Guarantee) -> float:
    """Return the half-width of the interval in SOH; `inf` where too few batteries were seen to promise `coverage`."""
    batteries = len(model.battery_errors)
    if guarantee == "cell":
        return quantile(model.battery_errors, np.full(batteries, 1.0 / batteries), batteries, coverage)
    return quantile(model.shot_errors, model.shot_weights, batteries, coverage)


def quantile(errors: FloatArray, weights: FloatArray, batteries: int, coverage: float) -> float:
    """Return the smallest error such that ascending `errors` up to it weigh the raised level; `inf` if none does."""
    level = coverage * (1.0 + 1.0 / batteries)
    reached = np.cumsum(weights) >= level - 1e-12
    return float(errors[reached.argmax()]) if reached.any() else float("inf")
