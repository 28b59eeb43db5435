"""What is asked: the state of health (SOH) of batteries of one type, from a capacity test or a pulse test.

SOH is here capacity / nominal capacity, a share (0.83 = 83 %). It is the general estimate; the certified-energy ratio
of vehicle packs (SOCE) is another quantity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from takeback.plan.grading.batteries import valid
from takeback.plan.grading.batteries.model import PulseModel

FloatArray = npt.NDArray[np.float64]
Estimator = Literal["auto", "linear", "kernel"]
Guarantee = Literal["shot", "cell"]


@dataclass(frozen=True, slots=True)
class LabelledPulses:
    """Pulse tests of batteries of one type whose capacity is known: m shots, k voltages each.

    - `voltage` (m, k): volts at the protocol's points in time, the first one at rest (open-circuit voltage).
    - `soh` (m,): capacity / nominal capacity. `group` (m,): the physical battery, also where it was tested at several
      ages or states of charge: a group is never split between training and test.
    - `soc_percent` (m,): state of charge, or None. Where it was set relative to *nominal* capacity it gives the SOH
      away together with the open-circuit voltage, so it is hidden from the model unless `Settings.use_soc`.
    """

    cell_type: str
    voltage: FloatArray
    soh: FloatArray
    group: tuple[str, ...]
    soc_percent: FloatArray | None = None

    def __post_init__(self) -> None:
        valid.refuse(valid.of_pulses(self))


@dataclass(frozen=True, slots=True)
class Readings:
    """What was measured on the n batteries to be graded; nan where it was not.

    - `keys` (n,): the caller's names. `group` (n,): physical battery, "" where unknown.
    - `nominal_ah` (n,); `capacity_ah` (n,) measured by a full test, `capacity_sd_ah` (n,) its standard uncertainty.
    - `voltage` (n, k): a pulse test of the same protocol as the model's; `soc_percent` (n,) where known.
    """

    keys: tuple[str, ...]
    group: tuple[str, ...]
    nominal_ah: FloatArray
    capacity_ah: FloatArray
    capacity_sd_ah: FloatArray
    voltage: FloatArray
    soc_percent: FloatArray

    def __post_init__(self) -> None:
        valid.refuse(valid.of_readings(self))

    @staticmethod
    def of_pulses(keys: Sequence[str], voltage: npt.ArrayLike, *, nominal_ah: npt.ArrayLike = 1.0) -> Readings:
        """Return the readings of pulse tests alone, (n, k) volts."""
        volts = np.asarray(voltage, dtype=np.float64)
        nothing, nominal = (
            np.full(len(volts), np.nan),
            np.broadcast_to(np.asarray(nominal_ah, dtype=np.float64), len(volts)),
        )
        return Readings(tuple(keys), ("",) * len(volts), nominal, nothing, nothing, volts, nothing)

    @staticmethod
    def of_capacity(
        keys: Sequence[str], capacity_ah: npt.ArrayLike, *, sd_ah: npt.ArrayLike, nominal_ah: npt.ArrayLike
    ) -> Readings:
        """Return the readings of full capacity tests alone, (n,) ampere-hours."""
        measured = np.asarray(capacity_ah, dtype=np.float64)
        n = len(measured)
        nominal, sd = (np.broadcast_to(np.asarray(a, dtype=np.float64), n) for a in (nominal_ah, sd_ah))
        return Readings(tuple(keys), ("",) * n, nominal, measured, sd, np.empty((n, 0)), np.full(n, np.nan))


@dataclass(frozen=True, slots=True)
class Settings:
    """How to learn and what to promise.

    - `coverage`: probability that the interval holds the true SOH.
    - `guarantee`: "shot" = for each pulse test; "cell" = for all tests of one battery at once (wider).
    - `estimator`: "linear" ridge, "kernel" ridge, or "auto": whichever has the smaller error on held-out batteries.
    - `use_rest_voltage`: also learn from the voltage at rest; False where all tests were made at one set state of
      charge.
    - `boundaries`: SOH at which the grade changes; a full test is wanted where the interval straddles one.
    - `widest`: intervals wider than this ask for a full test whatever the boundaries.
    """

    coverage: float = 0.9
    guarantee: Guarantee = "shot"
    estimator: Estimator = "auto"
    use_rest_voltage: bool = True
    use_soc: bool = False
    folds: int = 5
    boundaries: tuple[float, ...] = (0.6, 0.8)
    widest: float = 0.15

    def __post_init__(self) -> None:
        valid.refuse(valid.of_settings(self))


@dataclass(frozen=True, slots=True)
class BatteryGradingProblem:
    """Readings to be graded, by a `model` or one to be learnt from `training` (neither: capacity tests only)."""

    readings: Readings
    training: LabelledPulses | None = None
    model: PulseModel | None = None
    settings: Settings = Settings()

    def __post_init__(self) -> None:
        valid.refuse(valid.of_problem(self))
