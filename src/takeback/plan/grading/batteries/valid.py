"""What battery readings and training tables must satisfy before an engine looks at them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

if TYPE_CHECKING:
    from takeback.plan.grading.batteries.problem import (
        BatteryGradingProblem,
        LabelledPulses,
        Readings,
        Settings,
    )

FloatArray = npt.NDArray[np.float64]
KIND = "grading.bad-problem"
HIGHEST_SOH = 1.5
VOLTS = (0.0, 1000.0)


def refuse(mistakes: Iterable[Problem]) -> None:
    """Raise the mistakes, as one `Problem`; nothing where there are none."""
    found = list(mistakes)
    if len(found) == 1:
        raise found[0]
    if found:
        raise Problem(KIND, msg("The battery readings have {count} mistakes.", count=len(found)), errors=found)


def of_pulses(p: LabelledPulses) -> Iterator[Problem]:
    """Yield what is wrong with a training table."""
    m = len(p.soh)
    if p.voltage.ndim != 2 or len(p.voltage) != m or len(p.group) != m:
        yield _wrong("training", msg("The table has the wrong shape."), list(p.voltage.shape))
        return
    yield from _voltages("training", p.voltage, missing_allowed=False)
    off = np.flatnonzero(~((p.soh > 0) & (p.soh <= HIGHEST_SOH)))
    if len(off):
        title = msg("A state of health is a share of the nominal capacity: above 0, at most 1.5.")
        yield _wrong(f"training, row {off[0]}", title, float(p.soh[off[0]]))
    if any(not group for group in p.group):
        title = msg("Every labelled test must name its physical battery.")
        yield _wrong(f"training, row {p.group.index('')}", title)
    if p.soc_percent is not None:
        yield from _charge("training", p.soc_percent, m, missing_allowed=False)


def of_readings(p: Readings) -> Iterator[Problem]:
    """Yield what is wrong with readings."""
    n = len(p.keys)
    columns = (p.nominal_ah, p.capacity_ah, p.capacity_sd_ah)
    if any(len(column) != n for column in columns) or len(p.group) != n or p.voltage.shape[:1] != (n,):
        yield _wrong("readings", msg("The table has the wrong shape."), n)
        return
    yield from _voltages("readings", p.voltage, missing_allowed=True)
    yield from _charge("readings", p.soc_percent, n, missing_allowed=True)
    tested = np.isfinite(p.capacity_ah)
    good = (p.capacity_ah > 0) & (p.capacity_sd_ah > 0) & (p.nominal_ah > 0)
    for i in np.flatnonzero(tested & ~good)[:1]:
        title = msg("A capacity test needs a capacity, its standard uncertainty and the nominal capacity, all above 0.")
        found = [float(column[i]) for column in (p.capacity_ah, p.capacity_sd_ah, p.nominal_ah)]
        yield _wrong(f"readings, {p.keys[i]}", title, found)
    measured = tested | np.isfinite(p.voltage).all(axis=1) & (p.voltage.shape[1] > 0)
    for i in np.flatnonzero(~measured)[:1]:
        yield _wrong(f"readings, {p.keys[i]}", msg("Neither a capacity test nor a complete pulse test is given."))


def of_settings(p: Settings) -> Iterator[Problem]:
    """Yield what is wrong with settings."""
    if not 0 < p.coverage < 1:
        yield _wrong("coverage", msg("A coverage is a probability between 0 and 1."), p.coverage)
    if p.folds < 2:
        yield _wrong("folds", msg("Cross-validation needs at least 2 folds."), p.folds)


def of_problem(p: BatteryGradingProblem) -> Iterator[Problem]:
    """Yield what does not fit together in a whole problem."""
    by_pulse = ~np.isfinite(p.readings.capacity_ah)
    if not by_pulse.any():
        return
    if p.model is None and p.training is None:
        title = msg("Pulse tests can only be graded with a model or with labelled tests to learn one from.")
        yield _wrong("readings", title, int(by_pulse.sum()))
    elif p.model is not None and p.training is not None:
        yield _wrong("model", msg("Give a model or a training table, not both."))
    else:
        yield from _protocol(p)


def _protocol(p: BatteryGradingProblem) -> Iterator[Problem]:
    points = p.readings.voltage.shape[1]
    known = p.training.voltage.shape[1] if p.training is not None else p.model.points if p.model is not None else 0
    if points != known:
        title = msg("The pulse tests are of another protocol than the model's: they differ in the number of voltages.")
        yield _wrong("readings", title, points, str(known))
    needs_charge = p.model.uses_soc if p.model is not None else p.settings.use_soc
    by_pulse = ~np.isfinite(p.readings.capacity_ah)
    if needs_charge and not np.isfinite(p.readings.soc_percent[by_pulse]).all():
        yield _wrong("readings", msg("This model needs the state of charge of every pulse test."))
    if p.training is not None and p.settings.use_soc and p.training.soc_percent is None:
        yield _wrong("training", msg("The training table has no state of charge to learn from."))


def _voltages(where: str, voltage: FloatArray, *, missing_allowed: bool) -> Iterator[Problem]:
    with np.errstate(invalid="ignore"):
        outside = (voltage <= VOLTS[0]) | (voltage >= VOLTS[1]) | np.isinf(voltage)
    if not missing_allowed:
        outside |= np.isnan(voltage)
    for row, point in np.argwhere(outside)[:1].tolist():
        title = msg("A voltage is missing or not between 0 and 1000 V.")
        yield _wrong(f"{where}, row {row}, voltage {point + 1}", title, float(voltage[row, point]))


def _charge(where: str, percent: FloatArray, n: int, *, missing_allowed: bool) -> Iterator[Problem]:
    if len(percent) != n:
        yield _wrong(where, msg("The table has the wrong shape."), len(percent), str(n))
        return
    outside = ~((percent >= 0) & (percent <= 100)) & ~(np.isnan(percent) & missing_allowed)
    if outside.any():
        title = msg("A state of charge is a percentage between 0 and 100.")
        yield _wrong(f"{where}, row {int(outside.argmax())}", title, float(percent[outside.argmax()]))


def _wrong(where: str, title: Message, found: object = None, expected: str | None = None) -> Problem:
    return Problem(KIND, title, where=where, found=found, expected=expected)
