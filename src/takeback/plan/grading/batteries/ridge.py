"""Ridge regression on two bases, chosen by cross-validation over whole batteries.

The linear basis is the standardised features themselves. The kernel basis is a Nystroem approximation of Gaussian
kernel ridge regression (exact where there are no more rows than landmarks). Both end in the same closed form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from takeback.plan.grading.batteries.problem import Estimator, FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

LINEAR_PENALTIES = np.logspace(-4, 4, 25)
KERNEL_PENALTIES = np.logspace(-5, 1, 13)
WIDTHS = (0.03, 0.1, 0.3)  # of exp(-width * mean squared distance per feature)
MOST_LANDMARKS = 200
SMALLEST_EIGENVALUE = 1e-10


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted regression: prediction = intercept + basis(standardised features) @ weight.

    `landmarks` (l, f), standardised, and `width` for the kernel basis; no landmarks = linear basis.
    """

    mean: FloatArray
    scale: FloatArray
    landmarks: FloatArray
    width: float
    penalty: float
    weight: FloatArray
    intercept: float

    def predict(self, x: FloatArray) -> FloatArray:
        """Return predictions for (n, f) features."""
        z = (x - self.mean) / self.scale
        basis = kernel(z, self.landmarks, self.width) if len(self.landmarks) else z
        predicted: FloatArray = self.intercept + basis @ self.weight
        return predicted


def fit(x: FloatArray, y: FloatArray, group: Sequence[str], *, estimator: Estimator, folds: int, seed: int) -> Fit:
    """Return the fit whose basis and penalty have the smallest mean absolute error on held-out groups."""
    fold = folds_of(group, folds, seed)
    widths = {"linear": (0.0,), "kernel": WIDTHS, "auto": (0.0, *WIDTHS)}[estimator]
    error, choice = np.inf, (0.0, 0.0)
    for width in widths:
        penalties = KERNEL_PENALTIES if width else LINEAR_PENALTIES
        total = np.zeros(len(penalties))
        for k in range(int(fold.max()) + 1):
            inside = fold != k
            path = _Path.of(x[inside], y[inside], width, seed)
            total += np.abs(path.predictions(x[~inside], penalties) - y[~inside, None]).sum(axis=0)
        if total.min() < error:
            error, choice = float(total.min()), (width, float(penalties[total.argmin()]))
    width, penalty = choice
    return _Path.of(x, y, width, seed).fit(penalty)


def folds_of(group: Sequence[str], folds: int, seed: int) -> IntArray:
    """Return the fold of each row: whole groups, dealt out in random order; never more folds than groups."""
    names = sorted(set(group))
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = {names[at]: k % min(folds, len(names)) for k, at in enumerate(order.tolist())}
    return np.array([fold_of[name] for name in group], dtype=np.int64)


def kernel(z: FloatArray, landmarks: FloatArray, width: float) -> FloatArray:
    """Return exp(-width * squared distance / features) between standardised rows and landmarks."""
    squares = (z**2).sum(axis=1)[:, None] + (landmarks**2).sum(axis=1) - 2.0 * z @ landmarks.T
    near: FloatArray = np.exp(-width * np.maximum(squares, 0.0) / z.shape[1])
    return near


@dataclass(frozen=True, slots=True)
class _Path:
    """Everything about one training set and one basis that does not depend on the penalty."""

    mean: FloatArray
    scale: FloatArray
    landmarks: FloatArray
    width: float
    whiten: FloatArray
    center: float
    vectors: FloatArray
    values: FloatArray
    target: FloatArray

    @staticmethod
    def of(x: FloatArray, y: FloatArray, width: float, seed: int) -> _Path:
        mean, scale = x.mean(axis=0), x.std(axis=0)
        scale = np.where(scale > 1e-12, scale, 1.0)
        z = (x - mean) / scale
        landmarks, basis, whiten = z[:0], z, np.eye(z.shape[1])
        if width:
            landmarks = _landmarks(z, seed)
            values, vectors = np.linalg.eigh(kernel(landmarks, landmarks, width))
            keep = values > values.max() * SMALLEST_EIGENVALUE
            whiten = vectors[:, keep] / np.sqrt(values[keep])
            basis = kernel(z, landmarks, width) @ whiten
        values, vectors = np.linalg.eigh(basis.T @ basis)
        center = float(y.mean())
        target = vectors.T @ (basis.T @ (y - center))
        return _Path(mean, scale, landmarks, width, whiten, center, vectors, np.maximum(values, 0.0), target)

    def predictions(self, x: FloatArray, penalties: FloatArray) -> FloatArray:
        """Return (n, penalties)."""
        z = (x - self.mean) / self.scale
        basis = kernel(z, self.landmarks, self.width) @ self.whiten if self.width else z
        shrunk = self.target[:, None] / (self.values[:, None] + penalties)
        predicted: FloatArray = self.center + (basis @ self.vectors) @ shrunk
        return predicted

    def fit(self, penalty: float) -> Fit:
        weight = self.whiten @ (self.vectors @ (self.target / (self.values + penalty)))
        return Fit(self.mean, self.scale, self.landmarks, self.width, penalty, weight, self.center)


def _landmarks(z: FloatArray, seed: int) -> FloatArray:
    if len(z) <= MOST_LANDMARKS:
        return z
    return z[np.sort(np.random.default_rng(seed).permutation(len(z))[:MOST_LANDMARKS])]
