from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.grading.batteries.problem import BatteryGradingProblem, Readings, Settings
from tests.plan.grading.batteries import cells

TABLE = cells.pulses(1, cells=6, shots=2)
READINGS = Readings.of_pulses(["a", "b"], TABLE.voltage[:2] + 0.01)


def _changed(array: np.ndarray, at: object, value: float) -> np.ndarray:
    copy = array.copy()
    copy[at] = value  # type: ignore[index]
    return copy


BAD: dict[str, tuple[str, Callable[[], object]]] = {
    "a missing voltage": (
        "training, row 3, voltage 2",
        lambda: replace(TABLE, voltage=_changed(TABLE.voltage, (3, 1), np.nan)),
    ),
    "millivolts": ("training, row 0, voltage 1", lambda: replace(TABLE, voltage=TABLE.voltage * 1000)),
    "per cent of health": ("training, row 0", lambda: replace(TABLE, soh=TABLE.soh * 100)),
    "a dead cell": ("training, row 2", lambda: replace(TABLE, soh=_changed(TABLE.soh, 2, 0.0))),
    "a nameless cell": ("training, row 4", lambda: replace(TABLE, group=(*TABLE.group[:4], "", *TABLE.group[5:]))),
    "a charge of 120 %": ("training, row 0", lambda: replace(TABLE, soc_percent=TABLE.soc_percent * 0 + 120)),  # type: ignore[operator]
    "rows that do not match": ("training", lambda: replace(TABLE, soh=TABLE.soh[1:])),
    "nothing measured": ("readings, a", lambda: replace(READINGS, voltage=READINGS.voltage * np.nan)),
    "a negative capacity": ("readings, x", lambda: Readings.of_capacity(["x"], [-1.0], sd_ah=0.1, nominal_ah=10)),
    "an exact capacity": ("readings, x", lambda: Readings.of_capacity(["x"], [9.0], sd_ah=0.0, nominal_ah=10)),
    "no nominal capacity": ("readings, x", lambda: Readings.of_capacity(["x"], [9.0], sd_ah=0.1, nominal_ah=0)),
    "no model": ("readings", lambda: BatteryGradingProblem(READINGS)),
    "another protocol": (
        "readings",
        lambda: BatteryGradingProblem(Readings.of_pulses(["a"], [[3.2, 3.3]]), training=TABLE),
    ),
    "a coverage of 90": ("coverage", lambda: Settings(coverage=90)),
    "one fold": ("folds", lambda: Settings(folds=1)),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_is_refused_with_its_place(name: str) -> None:
    """Units, gaps and mismatches are named where they are, before anything is learnt."""
    where, make = BAD[name]
    with pytest.raises(Problem) as caught:
        make()
    assert caught.value.kind == "grading.bad-problem"
    assert where in {caught.value.where, *(error.where for error in caught.value.errors)}
