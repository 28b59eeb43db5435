"""A learnt pulse model: what it predicts, how sure it is, where it is valid; a JSON document with a hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from takeback.core.canonical import canonical_json
from takeback.core.message import msg
from takeback.core.problem import Problem

FORMAT = "takeback-pulse-model/1"
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Report:
    """How well held-out batteries were predicted (nested cross-validation over whole batteries); SOH shares.

    `baseline_mae` is the error of predicting the mean of the training batteries; `skill` = 1 - mae / baseline_mae.
    `coverage` is the share of held-out tests inside intervals calibrated without them; None with too few batteries.
    """

    shots: int
    batteries: int
    mae: float
    mape: float
    rmse: float
    r2: float
    baseline_mae: float
    skill: float
    coverage: float | None


@dataclass(frozen=True, slots=True)
class PulseModel:
    """SOH from a pulse test of one cell type and one protocol of `points` voltages.

    - Prediction = `intercept` + basis @ `weight` on standardised features (`mean`, `scale`); the basis is the features,
      or where there are `landmarks` (l, f) the Gaussian kernel of `width` with them.
    - `lowest`, `highest` (f,): standardised range of the training features.
    - `shot_errors`: ascending absolute errors of held-out tests, `shot_weights` so that each battery counts once;
      `battery_errors`: ascending, the largest error of each battery.
    """

    cell_type: str
    points: int
    uses_rest_voltage: bool
    uses_soc: bool
    mean: FloatArray
    scale: FloatArray
    landmarks: FloatArray
    width: float
    penalty: float
    weight: FloatArray
    intercept: float
    lowest: FloatArray
    highest: FloatArray
    shot_errors: FloatArray
    shot_weights: FloatArray
    battery_errors: FloatArray
    report: Report
    seed: int
    version: str

    @property
    def hash(self) -> str:
        """SHA-256 of the model's canonical content: names it in evidence."""
        return hashlib.sha256(canonical_json(_body(self))).hexdigest()

    def to_json(self) -> bytes:
        """Return the model as a JSON document that carries its hash."""
        return canonical_json({**_body(self), "hash": self.hash})

    @staticmethod
    def from_json(document: bytes) -> PulseModel:
        """Return the model of a document. Raises `Problem` (`grading.bad-model`): no model, or changed since hashed."""
        try:
            body: dict[str, Any] = msgspec.json.decode(document, type=dict[str, Any])
            told, kind = body.pop("hash", None), body.pop("format", None)
            report = Report(**body.pop("report"))
            model = PulseModel(report=report, **{name: _restored(value) for name, value in body.items()})
        except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
            raise _bad(f"{type(error).__name__}: {error}") from error
        if kind != FORMAT:
            raise _bad(kind)
        if model.hash != told:
            raise Problem("grading.bad-model", msg("The model has been changed: its hash does not fit."), found=told)
        return model


def _body(model: PulseModel) -> dict[str, Any]:
    body: dict[str, Any] = {field.name: getattr(model, field.name) for field in fields(model)}
    plain = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in body.items()}
    report = {field.name: getattr(model.report, field.name) for field in fields(model.report)}
    return {**plain, "report": report, "format": FORMAT}


def _restored(value: object) -> Any:
    return np.array(value, dtype=np.float64) if isinstance(value, list) else value


def _bad(found: object) -> Problem:
    return Problem("grading.bad-model", msg("This is not a pulse model."), found=found, expected=FORMAT)
