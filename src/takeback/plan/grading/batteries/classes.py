"""From a state of health with its uncertainty to probabilities of condition classes, as disposition asks for them."""

from __future__ import annotations

import numpy as np

from takeback.plan import normal
from takeback.plan.grading.batteries.model import FloatArray


def class_beliefs(soh: FloatArray, sd: FloatArray, boundaries: FloatArray) -> FloatArray:
    """Return (n, classes) probabilities; rows sum to 1.

    `boundaries` ascending, (classes - 1,): class 0 lies below the first, the last above the last. The error is taken as
    normal with standard error `sd` (n,); where it is 0 the class is certain.
    """
    width = np.where(sd > 0, sd, 1e-12)
    inner = normal.below((boundaries - soh[:, None]) / width[:, None])
    edges = np.concatenate([np.zeros((len(soh), 1)), inner, np.ones((len(soh), 1))], axis=1)
    return np.diff(edges, axis=1)
