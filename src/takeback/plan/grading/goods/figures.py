"""Plain data for the pictures a person wants of grades and of stations."""

from __future__ import annotations

import numpy as np

from takeback.plan.grading.goods.calibration import Calibration
from takeback.plan.grading.goods.checklist import GRADES
from takeback.plan.grading.goods.problem import GoodsGradingProblem
from takeback.plan.grading.goods.solution import GoodsGradingSolution

Row = dict[str, float | int | str]


def belief_bars(problem: GoodsGradingProblem, solution: GoodsGradingSolution) -> list[Row]:
    """Return stacked bars: an item a row, the probability of each true grade."""
    return [
        {
            "item": inspection.key,
            "grade": GRADES[int(solution.grade[i])],
            **{name: float(solution.belief[i, g]) for g, name in enumerate(GRADES)},
        }
        for i, inspection in enumerate(problem.inspections)
    ]


def station_accuracy(calibration: Calibration) -> list[Row]:
    """Return an interval dot plot: a station a row, the share of right grades with its 80 % interval.

    All true grades count alike; the interval is the normal approximation of the Dirichlet posterior.
    """
    rows: list[Row] = []
    for station, counts in zip(calibration.stations, calibration.counts, strict=True):
        total = counts.sum(axis=1)
        right = np.diag(counts) / total
        spread = 1.2816 * float(np.sqrt((right * (1 - right) / (total + 1)).sum())) / len(GRADES)
        mean = float(right.mean())
        rows.append(
            {"station": station, "right": mean, "low": max(0.0, mean - spread), "high": min(1.0, mean + spread)}
        )
    return sorted(rows, key=lambda row: -float(row["right"]))
