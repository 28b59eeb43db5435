"""The normal distribution on arrays, typed: what several engines need of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

FloatArray = npt.NDArray[np.float64]


def below(z: FloatArray) -> FloatArray:
    """Return P(Z <= z)."""
    probability: FloatArray = ndtr(z)
    return probability


def quantile(probability: float) -> float:
    """Return z with P(Z <= z) = `probability`."""
    return float(ndtri(probability))


def two_sided(coverage: float) -> float:
    """Return z with P(-z <= Z <= z) = `coverage`."""
    return quantile(0.5 + coverage / 2.0)
