"""The honest rival: the observed grade is the true grade."""

from __future__ import annotations

import numpy as np

from takeback.plan.grading.goods.checklist import GRADES
from takeback.plan.grading.goods.solution import FloatArray, IntArray


def observed_is_true(grade: IntArray) -> FloatArray:
    """Return (n, G) beliefs that put all probability on the observed grade."""
    return np.eye(len(GRADES))[grade]


def brier(belief: FloatArray, truth: IntArray) -> float:
    """Return the Brier score of beliefs (n, G) against true grades (n,): 0 = perfect, 2 = always sure and wrong."""
    return float(((belief - np.eye(len(GRADES))[truth]) ** 2).sum(axis=1).mean())
