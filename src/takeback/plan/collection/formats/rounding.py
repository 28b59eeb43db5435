"""How sets turn Euclidean lengths into numbers, and the whole units that this engine calculates with."""

from __future__ import annotations

from enum import Enum

import numpy as np

from takeback.plan.collection.formats.reading import Floats, Plane
from takeback.plan.collection.problem import Matrix

EXACT_SCALE = 10_000  # units of a matrix entry in one unit of the coordinates, where lengths are not rounded
LONGEST = 2**31 - 1  # units of one leg; see `problem.LARGEST`


class Rounding(Enum):
    """A set's convention.

    NONE: lengths are real numbers. NEAREST: rounded to whole numbers (TSPLIB's EUC_2D). TRUNCATED: cut after one
    decimal (the DIMACS challenge of 2022 on VRPTW). THOUSANDTHS: rounded to three decimals.
    """

    NONE = "none"
    NEAREST = "nearest"
    TRUNCATED = "dimacs"
    THOUSANDTHS = "exact"

    def plane(self, places: Floats) -> Plane:
        """Return lengths as this convention has them."""
        digits = {Rounding.NONE: None, Rounding.NEAREST: 0, Rounding.TRUNCATED: 1, Rounding.THOUSANDTHS: 3}
        return Plane(places, digits[self], cut=self is Rounding.TRUNCATED)


def matrices(places: Floats, rounding: Rounding, *, timed: bool) -> tuple[Matrix, Matrix, int]:
    """Return lengths, times (both (n, n)) and how many units are one of the coordinates'.

    Where lengths are real numbers, units are ten-thousandths, or the finest power of ten that the largest leg leaves
    room for: lengths are rounded to the nearest, and where there are limits of time (`timed`), times are rounded up,
    so that a plan that keeps them in units keeps them in real numbers.
    """
    exact = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    match rounding:
        case Rounding.NONE:
            scale = _finest(float(exact.max(initial=0.0)))
        case Rounding.NEAREST:
            scale = 1
        case Rounding.TRUNCATED:
            scale = 10
        case Rounding.THOUSANDTHS:
            scale = 1_000
    exact *= scale
    lengths = np.floor(exact + (1e-9 if rounding is Rounding.TRUNCATED else 0.5)).astype(np.int64)
    if not timed or rounding is not Rounding.NONE:
        return lengths, lengths, scale
    return lengths, np.ceil(exact - 1e-6).astype(np.int64), scale


def _finest(longest: float) -> int:
    scale = EXACT_SCALE
    while scale > 1 and longest * scale > LONGEST:
        scale //= 10
    return scale
