"""From which state of health on another option would be chosen, starting from what was measured.

The belief about the item is moved along the scale as a whole, as another measurement of the same exactness would have
moved it, and the options are valued over it. Unmoved, that is what the decision was taken on: a threshold never
contradicts the decision.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from takeback.core.message import msg
from takeback.plan.disposition.flip import Flip
from takeback.plan.disposition.problem import DispositionProblem, FloatArray
from takeback.plan.disposition.reasons import names

STEPS = 60  # from the measured value to either end of the scale; between two steps values are taken as linear
TIE = 1e-9
NEGLIGIBLE = 1e-9  # probability of a class


def by_value(p: DispositionProblem, health: FloatArray, certain: FloatArray, item: int, chosen: int) -> Iterator[Flip]:
    """Yield the first change of choice below and above the measured value of row `item`.

    `health` (G,): state of health of each class; `certain` (G, D): worth of each option were the class known. Nothing
    where the chosen option is not the best one at the scarce places' prices (no whole place was left): no measurement
    explains that.
    """
    now = measured(p, health, item)
    ends = (min(0.0, float(health.min()) - now), max(0.0, float(health.max()) - now))
    for kind, end in zip(("condition-below", "condition-above"), ends, strict=True):
        shifts = np.linspace(0.0, end, STEPS + 1)
        worth = _worth(p.belief[item], health, certain, shifts)
        lag = worth - worth[:, [chosen]]
        turned = np.flatnonzero(lag.max(axis=1) > TIE * np.maximum(1.0, np.abs(certain[:, chosen]).max()))
        if len(turned) and turned[0] > 0:
            step = int(turned[0])
            best = int(lag[step].argmax())
            before, after = -float(lag[step - 1, best]), float(lag[step, best])
            share = max(0.0, before) / (max(0.0, before) + after)
            at = float(shifts[step - 1] + share * (shifts[step] - shifts[step - 1]))
            yield _flip(kind, names(p)[best], now + at)


def measured(p: DispositionProblem, health: FloatArray, item: int) -> float:
    """Return what was measured of row `item`; where that is not known, the mean of the belief."""
    known = np.nan if p.measured is None else float(p.measured[item])
    return float(p.belief[item] @ health) if np.isnan(known) else known


def ladders(value: FloatArray) -> list[list[int]]:
    """Return the classes by scale, each from worst to best: a scale is a run of the list that only rises or falls.

    The same states of health stand in the list once for each kind of fault; a measurement moves an item within its
    kind.
    """
    runs: list[list[int]] = [[0]]
    for here in range(1, len(value)):
        run = runs[-1]
        rise = value[here] - value[run[-1]]
        if rise != 0 and (len(run) == 1 or rise * (value[run[1]] - value[run[0]]) > 0):
            run.append(here)
        else:
            runs.append([here])
    return [run if value[run[0]] <= value[run[-1]] else run[::-1] for run in runs]


def _worth(belief: FloatArray, health: FloatArray, certain: FloatArray, shifts: FloatArray) -> FloatArray:
    """Return (steps, D) what each option is worth with the belief moved by `shifts`."""
    worth = np.zeros((len(shifts), certain.shape[1]))
    for ladder in ladders(health):
        scale, share = health[ladder], belief[ladder]
        likely = share > NEGLIGIBLE
        moved = scale[likely] + shifts[:, None]
        for option in range(certain.shape[1]):
            if np.isfinite(certain[0, option]):
                worth[:, option] += np.interp(moved, scale, certain[ladder, option]) @ share[likely]
    worth[:, ~np.isfinite(certain[0])] = -np.inf
    return worth


def _flip(kind: str, option: str, value: float) -> Flip:
    percent = f"{100 * value:.1f}"
    text = {
        "condition-below": msg(
            "With a state of health below {percent} % it would be: {option}.", percent=percent, option=option
        ),
        "condition-above": msg(
            "With a state of health above {percent} % it would be: {option}.", percent=percent, option=option
        ),
    }
    return Flip(kind, option, value, text[kind])
