"""Refuse what makes a test error look better than it is: the same battery on both sides of a split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.grading.batteries.problem import FloatArray, LabelledPulses, Readings

PREFIXED = ("NMC 2.1 Ah",)
"""Types whose identifiers name a cell and its age: `D3-100`, `D3-200` are one cell (PulseBat, Tao et al. 2024)."""


def physical_battery(cell_type: str, identifier: str) -> str:
    """Return the name of the physical battery behind a test's identifier."""
    return identifier.split("-", 1)[0] if cell_type in PREFIXED else identifier


def refuse_leaks(training: LabelledPulses, readings: Readings) -> None:
    """Raise `Problem` (`grading.leak`) where a battery to be graded was learnt from, by name or by its voltages."""
    shared = sorted({group for group in readings.group if group} & set(training.group))
    if shared:
        raise Problem(
            "grading.leak",
            msg("{count} batteries to be graded are also in the training table.", count=len(shared)),
            where=f"readings, {readings.keys[readings.group.index(shared[0])]}",
            found=shared[0],
            expected=msg("batteries the model has not seen"),
            remedy=msg("Take them out of the training table, or use their measured capacity."),
        )
    rows = _same_rows(training.voltage, readings.voltage)
    if len(rows):
        raise Problem(
            "grading.leak",
            msg("{count} tests to be graded are in the training table, voltage for voltage.", count=len(rows)),
            where=f"readings, {readings.keys[rows[0]]}",
            expected=msg("tests the model has not seen"),
        )


def refuse_split(training: Sequence[str], test: Sequence[str]) -> None:
    """Raise `Problem` (`grading.leak`) where a physical battery is on both sides of a split."""
    shared = sorted(set(training) & set(test))
    if shared:
        title = msg("{count} batteries are on both sides of the split.", count=len(shared))
        raise Problem("grading.leak", title, found=shared[0], expected=msg("each battery on one side only"))


def _same_rows(known: FloatArray, asked: FloatArray) -> list[int]:
    seen = {row.tobytes() for row in np.ascontiguousarray(known)}
    return [i for i, row in enumerate(np.ascontiguousarray(asked)) if row.tobytes() in seen]
