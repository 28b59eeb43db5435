"""Quantiles calibrated on past errors (split conformal on rolling origins), over-dispersion included.

Errors are scaled by the standard deviation of a negative binomial with the same mean, sqrt(m + k m^2), so that
small and large series can be read together; k is fitted by moments. The quantile of the scaled errors, taken with
the finite-sample correction (Vovk, Gammerman, Shafer 2005), is scaled back. Where the corrected rank lies outside
the sample, Student's t stands in.

Errors of neighbouring origins resemble each other. From a few of them the two tails, and the median between, cannot be
told apart from a bias of those weeks: until there are enough, the interval is symmetric, with the quantile of the
absolute scaled errors as its half width (Lei, G'Sell, Rinaldo, Tibshirani, Wasserman 2018, section 2.2), and the
median is the method's own forecast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from takeback.plan.forecast.problem import Floats

ENOUGH = 10  # errors below which an interval is a guess
ENOUGH_FOR_TAILS = 30  # errors one step ahead (they overlap least) from which each tail is calibrated on its own
ENOUGH_A_STEP = 30  # errors of one step ahead above which that step is calibrated on its own


@dataclass(frozen=True, eq=False, slots=True)
class Errors:
    """Past forecasts: `mean` (n,) and `actual` (n,), `ahead` (n,) steps from origin, counted from 0."""

    mean: Floats
    actual: Floats
    ahead: Floats

    def __len__(self) -> int:
        return len(self.mean)


def quantiles(mean: Floats, errors: Errors, levels: tuple[float, ...]) -> Floats:
    """Return (series, levels, horizon) quantiles around `mean` (series, horizon): rising in level, >= 0."""
    dispersion = _dispersion(errors)
    scaled = (errors.actual - errors.mean) / _deviation(errors.mean, dispersion)
    offset = _quantile if np.count_nonzero(errors.ahead == 0) >= ENOUGH_FOR_TAILS else _half_width
    steps = []
    for ahead in range(mean.shape[1]):
        own = scaled[errors.ahead == ahead]
        sample = own if len(own) >= ENOUGH_A_STEP else scaled
        offsets = np.array([offset(sample, level) for level in levels])
        steps.append(mean[:, ahead, None] + _deviation(mean[:, ahead, None], dispersion) * offsets)
    raw = np.stack(steps, axis=2)
    return np.maximum(np.maximum.accumulate(raw, axis=1), 0.0)


def _dispersion(errors: Errors) -> float:
    """Return k of var = m + k m^2, by moments; 0 (Poisson) where errors are smaller than that."""
    squares = float((errors.mean**2).sum())
    excess = float(((errors.actual - errors.mean) ** 2 - errors.mean).sum())
    return max(0.0, excess / squares) if squares else 0.0


def _deviation(mean: Floats, dispersion: float) -> Floats:
    return np.asarray(np.sqrt(np.maximum(mean, 1.0) + dispersion * mean**2))


def _half_width(sample: Floats, level: float) -> float:
    """Return the offset at `level` of an interval even on both sides; Student's t beyond the sample."""
    n, coverage = len(sample), abs(2 * level - 1)
    size = np.sort(np.abs(sample))
    rank = math.ceil((n + 1) * coverage - 1e-9)
    if rank <= 0:
        return 0.0
    if rank <= n:
        return math.copysign(float(size[rank - 1]), level - 0.5)
    from scipy.special import stdtrit  # noqa: PLC0415 -- 0.3 s to import, needed for short histories only

    spread = max(1.0, math.sqrt(float((size**2).mean())) if n else 1.0) * math.sqrt(1 + 1 / max(n, 1))
    beyond = spread * float(stdtrit(n or 30, (1 + coverage) / 2))
    return math.copysign(max(beyond, float(size[-1]) if n else 0.0), level - 0.5)


def _quantile(sample: Floats, level: float) -> float:
    """Return the conformal quantile of a sample; Student's t beyond its ends."""
    sample, n = np.sort(sample), len(sample)
    rank = math.ceil((n + 1) * level - 1e-9) if level >= 0.5 else math.floor((n + 1) * level + 1e-9)
    if 1 <= rank <= n:
        return float(sample[rank - 1])
    from scipy.special import stdtrit  # noqa: PLC0415 -- 0.3 s to import, needed for short histories only

    spread = max(1.0, float(sample.std(ddof=1)) if n > 1 else 1.0) * math.sqrt(1 + 1 / max(n, 1))
    centre = float(sample.mean()) if n else 0.0
    beyond = centre + spread * float(stdtrit(max(n - 1, 1) if n > 1 else 30, level))
    if not n:
        return beyond
    return max(beyond, float(sample[-1])) if level >= 0.5 else min(beyond, float(sample[0]))
