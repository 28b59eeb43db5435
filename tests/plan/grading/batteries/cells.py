"""Made-up cells: a two-RC circuit under a few pulses, whose resistances grow as the capacity fades."""

from __future__ import annotations

import numpy as np

from takeback.plan.grading.batteries.problem import LabelledPulses

RATES = (0.5, -0.5, 1.0, -1.0, 1.5, -1.5)


def pulses(seed: int, cells: int = 40, shots: int = 3, *, noise: float = 2e-4) -> LabelledPulses:
    """Return `cells` x `shots` tests at random states of charge; 1 + 3 voltages a pulse."""
    random = np.random.default_rng(seed)
    soh = np.repeat(random.uniform(0.55, 1.0, cells), shots)
    scatter = np.repeat(np.exp(0.04 * random.standard_normal((cells, 3))), shots, axis=0)
    charge = random.uniform(5, 60, cells * shots)
    ohms = np.array([0.02, 0.01, 0.015]) * (1 + np.array([2.0, 3.0, 1.5]) * (1 - soh[:, None])) * scatter
    rest = 3.2 + 0.3 * charge / 100 - 0.05 * (charge / 100) ** 2
    columns = [rest]
    for rate in RATES:
        jump = rest + rate * ohms[:, 0]
        loaded = jump + rate * (0.8 * ohms[:, 1] + 0.3 * ohms[:, 2])
        columns += [jump, loaded, rest + rate * 0.3 * ohms[:, 2]]
    voltage = np.stack(columns, axis=1) + noise * random.standard_normal((cells * shots, len(columns)))
    group = tuple(f"cell {c}" for c in range(cells) for _ in range(shots))
    return LabelledPulses("made-up 10 Ah", voltage, soh, group, charge)


def split(table: LabelledPulses, known: int) -> tuple[LabelledPulses, LabelledPulses]:
    """Return the first `known` cells and the others."""
    names = list(dict.fromkeys(table.group))
    inside = np.isin(np.array(table.group), names[:known])
    return rows(table, inside), rows(table, ~inside)


def rows(table: LabelledPulses, at: np.ndarray) -> LabelledPulses:
    """Return these rows of a table."""
    index = np.arange(len(table.soh))[at]
    charge = None if table.soc_percent is None else table.soc_percent[index]
    group = tuple(table.group[i] for i in index.tolist())
    return LabelledPulses(table.cell_type, table.voltage[index], table.soh[index], group, charge)
