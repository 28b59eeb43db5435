"""The answer: state of health with its interval, how sure that is, and whether a full test is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from takeback.core.message import Message, msg
from takeback.plan.grading.batteries.model import FloatArray, PulseModel
from takeback.plan.grading.batteries.ridge import IntArray
from takeback.plan.grading.batteries.train import Evidence

METHODS = ("capacity test", "pulse test")
CONFIDENCE = ("high", "medium", "low")
WIDTHS = (0.04, 0.08)
"""Width of the interval, in SOH, up to which confidence is high and medium."""

NO_TEST, STRADDLES, WIDE, UNFAMILIAR = range(4)


@dataclass(frozen=True, slots=True)
class BatteryGradingSolution:
    """Grades of n batteries, in the order of the readings.

    - `soh`, `low`, `high` (n,): share of nominal capacity and its interval at the settings' coverage.
    - `sd` (n,): standard error. `method` (n,): index into `METHODS`. `confidence` (n,): index into `CONFIDENCE`.
    - `needs_test` (n,): `NO_TEST`, or why a full capacity test is wanted (see `why_test`).
    - `model` used or learnt (None = capacity tests only); `evidence` of its report where it was learnt here.
    """

    soh: FloatArray
    low: FloatArray
    high: FloatArray
    sd: FloatArray
    method: IntArray
    confidence: IntArray
    needs_test: IntArray
    model: PulseModel | None
    evidence: Evidence | None
    seconds: float
    seed: int
    version: str


def why_test(solution: BatteryGradingSolution, row: int) -> Message | None:
    """Return why battery `row` should have a full capacity test; None where the quick test will do."""
    low, high = (f"{100 * float(end[row]):.1f}" for end in (solution.low, solution.high))
    sentence = {
        STRADDLES: msg(
            "Its state of health, {low} to {high} %, may lie on either side of a grade.", low=low, high=high
        ),
        WIDE: msg("Its state of health is too uncertain: {low} to {high} %.", low=low, high=high),
        UNFAMILIAR: msg("Its response is unlike any battery the model has learnt from."),
    }
    return sentence.get(int(solution.needs_test[row]))
