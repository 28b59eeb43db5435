"""How sets turn Euclidean lengths into numbers, and the whole units that this engine calculates with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from takeback.plan.collection.formats.reading import Floats
from takeback.plan.collection.problem import Matrix

EXACT_SCALE = 10_000  # units of a matrix entry in one unit of the coordinates, where lengths are not rounded
LONGEST = 2**31 - 1  # units of one leg; see `problem.LARGEST`
HAIR = 1e-6  # what floating point may add to a length that is a whole number of units


class Rounding(Enum):
    """A set's convention.

    NONE: lengths are real numbers. NEAREST: rounded to whole numbers (TSPLIB's EUC_2D). TRUNCATED: cut after one
    decimal (the DIMACS challenge of 2022 on VRPTW). UP, DOWN: to whole numbers (CEIL_2D, FLOOR_2D).
    """

    NONE = "none"
    NEAREST = "nearest"
    TRUNCATED = "dimacs"
    UP = "up"
    DOWN = "down"

    @property
    def scale(self) -> int:
        """Return how many units this convention leaves of one unit of the coordinates."""
        return {Rounding.NONE: EXACT_SCALE, Rounding.TRUNCATED: 10}.get(self, 1)

    def whole(self, units: Floats) -> Matrix:
        """Return lengths in units as whole numbers."""
        if self is Rounding.UP:
            return np.ceil(units - HAIR).astype(np.int64)
        down = self in {Rounding.TRUNCATED, Rounding.DOWN}
        return np.floor(units + (HAIR if down else 0.5)).astype(np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class Plane:
    """Euclidean lengths between places, (n, 2), as a set rounds them, in the unit of the coordinates."""

    places: Floats
    rounding: Rounding = Rounding.NONE

    def __call__(self, a: int, b: int) -> float:
        """Return the length of the leg from `a` to `b`."""
        exact = math.hypot(*(self.places[a] - self.places[b]).tolist())
        if self.rounding is Rounding.NONE:
            return exact
        scale = self.rounding.scale
        return float(self.rounding.whole(np.array(exact * scale))) / scale


def euclidean(places: Floats) -> Floats:
    """Return the exact lengths between all places, (n, n)."""
    x, y = places.T
    lengths: Floats = np.subtract.outer(x, x)
    np.hypot(lengths, np.subtract.outer(y, y), out=lengths)
    return lengths


def matrices(exact: Floats, rounding: Rounding, *, timed: bool) -> tuple[Matrix, Matrix, int]:
    """Return lengths, times (both (n, n)) and how many units are one of the set's, for `exact` lengths.

    Where lengths are real numbers, units are ten-thousandths, or the finest power of ten that the largest leg leaves
    room for: lengths are rounded to the nearest, and where there are limits of time (`timed`), times are rounded up,
    so that a plan that keeps them in units keeps them in real numbers.
    """
    real = rounding is Rounding.NONE
    scale = _finest(float(exact.max(initial=0.0))) if real else rounding.scale
    units = exact * scale
    lengths = rounding.whole(units)
    return lengths, Rounding.UP.whole(units) if real and timed else lengths, scale


def _finest(longest: float) -> int:
    scale = EXACT_SCALE
    while scale > 1 and longest * scale > LONGEST:
        scale //= 10
    return scale
