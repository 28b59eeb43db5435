"""The answer: grades with their trace, and the odds of every true grade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from takeback.core.message import Message

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trace: which question and answer, the points it cost, the cap it set, and the sentence."""

    question: str
    answer: str
    points: float
    cap: str | None
    text: Message


@dataclass(frozen=True, slots=True)
class GoodsGradingSolution:
    """Grades of n inspections, in their order.

    - `grade` (n,): index into `GRADES`. `score` (n,): points left of 100.
    - `belief` (n, G): probability of each true grade, given the grade, the station and the category.
    - `trace` (n,): the steps that changed something, the most costly first; empty = nothing wrong.
    """

    grade: IntArray
    score: FloatArray
    belief: FloatArray
    trace: tuple[tuple[Step, ...], ...]
    seconds: float
    seed: int
    version: str
