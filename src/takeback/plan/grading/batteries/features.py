"""What a pulse test says: the voltage at rest and its successive steps (ohmic, polarisation, relaxation).

Steps of one pulse train carry the physics that fades with capacity; smooth models on them beat models on the raw
voltages where fewer than a hundred batteries are known (measured on PulseBat and on the LFP pulse map).
"""

from __future__ import annotations

import numpy as np

from takeback.plan.grading.batteries.problem import FloatArray


def features(voltage: FloatArray, soc_percent: FloatArray | None, *, rest_voltage: bool) -> FloatArray:
    """Return (n, f) features of (n, k) volts: the rest voltage if wanted, k - 1 steps, the state of charge if given."""
    parts = [np.diff(voltage, axis=1)]
    if rest_voltage:
        parts.insert(0, voltage[:, :1])
    if soc_percent is not None:
        parts.append(soc_percent[:, None])
    return np.concatenate(parts, axis=1)
