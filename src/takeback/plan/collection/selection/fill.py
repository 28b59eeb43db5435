"""How points fill under each set of days on which they are emptied: one table for the search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from takeback.plan.collection.selection.problem import Point, SelectionProblem
from takeback.plan.normal import below

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Fills:
    """Tables over n points, 2^H sets of days (bit d: emptied on day d) and H days.

    - `level` (n, 2^H, H): expected level on the morning of each day, before emptying.
    - `risk` (n, 2^H, H): probability to be above capacity in the evening.
    - `last` (n, 2^H): expected level at the end of the horizon.
    - `allowed` (2^H,): sets without closed days.
    """

    level: Floats
    risk: Floats
    last: Floats
    allowed: npt.NDArray[np.bool_]


def fills(problem: SelectionProblem) -> Fills:
    """Return how the points of a problem fill."""
    n, days, sets = len(problem.points), problem.days, 2**problem.days
    emptied = (np.arange(sets)[:, None] >> np.arange(days)) & 1 == 1
    level, risk = np.zeros((2, n, sets, days))
    mean = np.repeat(_column(point.level for point in problem.points), sets, axis=1)
    variance = np.repeat(_column(point.level_sd**2 for point in problem.points), sets, axis=1)
    capacity = _column(point.capacity for point in problem.points)
    for day in range(days):
        level[:, :, day] = mean
        mean, variance = (np.where(emptied[:, day], 0.0, values) for values in (mean, variance))
        mean = mean + _column(point.inflow[day] for point in problem.points)
        variance = variance + _column(_sd(point, day) ** 2 for point in problem.points)
        risk[:, :, day] = above(mean, np.sqrt(variance), capacity)
    closed = sum(1 << day for day in problem.closed_days)
    return Fills(level, risk, mean, (np.arange(sets) & closed) == 0)


def _column(values: Iterable[float]) -> Floats:
    """Return one number a point as (n, 1)."""
    return np.array(list(values), dtype=np.float64).reshape(-1, 1)


def above(mean: Floats, sd: Floats, capacity: Floats) -> Floats:
    """Return P(level > capacity) of normal levels; certain ones (sd 0) are above or not."""
    z = np.divide(mean - capacity, sd, out=np.where(mean > capacity, np.inf, -np.inf), where=sd > 0)
    return below(z)


def _sd(point: Point, day: int) -> float:
    return point.inflow_sd[day] if point.inflow_sd else 0.0
