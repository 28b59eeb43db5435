"""The standard normal distribution on arrays, typed."""

from __future__ import annotations

from scipy.special import ndtr, ndtri

from takeback.plan.disposition.problem import FloatArray


def below(z: FloatArray) -> FloatArray:
    """Return P(Z <= z)."""
    probability: FloatArray = ndtr(z)
    return probability


def quantile(probability: float) -> float:
    """Return z with P(Z <= z) = `probability`."""
    return float(ndtri(probability))
