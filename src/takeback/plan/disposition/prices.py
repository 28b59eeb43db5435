"""A first guess at the resources' prices, near enough that the linear programme has little left to decide.

The dual function of the assignment is convex and piecewise linear; replacing each item's maximum by a soft
one makes it smooth, so that a quasi-Newton method (L-BFGS-B) minimises it in some dozens of evaluations. The
softness is then reduced in steps. The result only guides the search: optimality is proven afterwards, by
pricing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from takeback.plan.disposition.problem import BoolArray, FloatArray, IntArray

SOFTNESS = (0.02, 0.004, 0.001)
SMALL = 20_000  # cells below which the first softness will do: the programme is small anyway
MOST_STEPS = 60
NEGLIGIBLE = 7.0  # columns whose soft share is below exp(-7) of the best are not promising


@dataclass(frozen=True, slots=True)
class Guess:
    """`price` (R,) of the resources, and the `promising` columns (n, K) at those prices."""

    price: FloatArray
    promising: BoolArray


def guess(value: FloatArray, resource: IntArray, load: FloatArray, available: FloatArray) -> Guess:
    """Return near-optimal prices; arguments as in `assignment.Columns`. Every item keeps at least its best
    column."""
    finite = np.isfinite(value)
    price = np.zeros(len(available))
    scale = _scale(value, finite)
    steps = SOFTNESS[:1] if value.size < SMALL else SOFTNESS
    for softness in steps:
        dual = _SoftDual(value, np.where(finite, load, 0.0), resource, available, softness * scale)
        limits = [(0.0, None if scarce else 0.0) for scarce in np.isfinite(available)]
        options = {"maxiter": MOST_STEPS, "ftol": 1e-7}
        price = minimize(dual, price, jac=True, method="L-BFGS-B", bounds=limits, options=options).x
    worth = value - load * np.append(price, 0.0)[resource]
    regret = worth.max(axis=1, keepdims=True) - worth
    return Guess(price, finite & (regret <= NEGLIGIBLE * steps[-1] * scale))


def _scale(value: FloatArray, finite: BoolArray) -> float:
    """Return how far apart an item's options usually are, minor units."""
    mean = np.where(finite, value, 0.0).sum(axis=1) / finite.sum(axis=1)
    return max(1e-9, float((value.max(axis=1) - mean).mean()))


@dataclass(frozen=True, slots=True)
class _SoftDual:
    """The softened dual function: callable, returns its value and gradient at a price vector."""

    value: FloatArray
    load: FloatArray
    resource: IntArray
    available: FloatArray
    temperature: float

    def __call__(self, price: FloatArray) -> tuple[float, FloatArray]:
        units = np.where(np.isfinite(self.available), self.available, 0.0)
        worth = (self.value - self.load * np.append(price, 0.0)[self.resource]) / self.temperature
        best = worth.max(axis=1)
        share = np.exp(worth - best[:, None])
        total = share.sum(axis=1)
        dual = self.temperature * float((np.log(total) + best).sum()) + float(price @ units)
        demand = (share / total[:, None] * self.load).ravel()
        # Index -1, no resource, is counted in a last place of its own and dropped.
        at = np.where(self.resource < 0, len(units), self.resource).ravel()
        return dual, units - np.bincount(at, demand, minlength=len(units) + 1)[: len(units)]
