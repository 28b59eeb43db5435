"""Plain data for the pictures a person wants of grades and of the model behind them."""

from __future__ import annotations

import numpy as np

from takeback.plan.grading.batteries.problem import BatteryGradingProblem, LabelledPulses
from takeback.plan.grading.batteries.solution import CONFIDENCE, METHODS, NO_TEST, BatteryGradingSolution
from takeback.plan.grading.batteries.train import Evidence

Row = dict[str, float | int | str | bool]


def interval_dots(problem: BatteryGradingProblem, solution: BatteryGradingSolution) -> list[Row]:
    """Return an interval dot plot: a battery a row, best first; shares of nominal capacity."""
    return [
        {
            "battery": problem.readings.keys[i],
            "soh": float(solution.soh[i]),
            "low": float(solution.low[i]),
            "high": float(solution.high[i]),
            "method": METHODS[int(solution.method[i])],
            "confidence": CONFIDENCE[int(solution.confidence[i])],
            "full_test": bool(solution.needs_test[i] != NO_TEST),
        }
        for i in np.argsort(-solution.soh, kind="stable").tolist()
    ]


def held_out_scatter(table: LabelledPulses, evidence: Evidence) -> list[Row]:
    """Return predicted against measured SOH of the training shots, each predicted without its battery."""
    return [
        {"battery": group, "measured": float(soh), "predicted": float(predicted), "fold": int(fold)}
        for group, soh, predicted, fold in zip(table.group, table.soh, evidence.held_out, evidence.fold, strict=True)
    ]
