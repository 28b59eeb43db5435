"""Learn a pulse model, and measure honestly how good it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.doors import OnProgress, Progress, Stopwatch
from takeback.plan.grading.batteries import conformal, ridge
from takeback.plan.grading.batteries.features import features
from takeback.plan.grading.batteries.model import FloatArray, PulseModel, Report
from takeback.plan.grading.batteries.problem import LabelledPulses, Settings
from takeback.plan.grading.batteries.ridge import BoolArray, IntArray
from takeback.plan.threads import one_thread

VERSION = "battery grading 1"
FEWEST_BATTERIES = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the report rests on: each training shot's fold and its prediction by a fit that had not seen its battery."""

    fold: IntArray
    held_out: FloatArray


def train(
    table: LabelledPulses, settings: Settings, *, seed: int = 0, on_progress: OnProgress | None = None
) -> tuple[PulseModel, Evidence]:
    """Return the model and its evidence.

    Nested cross-validation: an outer fold's batteries are predicted by a fit whose basis and penalty were chosen inside
    the others. The final model is fitted to all. Raises `Problem` (`grading.too-few-batteries`) below five batteries.
    """
    _refuse_few(table)
    watch = Stopwatch()
    x = features(table.voltage, table.soc_percent if settings.use_soc else None, rest_voltage=settings.use_rest_voltage)
    fold = ridge.folds_of(table.group, settings.folds, seed)
    held_out, count = np.empty(len(table.soh)), int(fold.max()) + 1
    for k in range(count):
        held_out[fold == k] = _fitted(x, table, fold != k, settings, seed).predict(x[fold == k])
        if on_progress is not None:
            on_progress(Progress((k + 1) / (count + 1), k + 1, watch.seconds))
    final = _fitted(x, table, np.full(len(x), True), settings, seed)
    evidence = Evidence(fold, held_out)
    return _model(table, settings, final, evidence, x, seed), evidence


def _fitted(x: FloatArray, table: LabelledPulses, rows: BoolArray, settings: Settings, seed: int) -> ridge.Fit:
    group = [name for name, inside in zip(table.group, rows.tolist(), strict=True) if inside]
    with one_thread():
        return ridge.fit(x[rows], table.soh[rows], group, estimator=settings.estimator, folds=settings.folds, seed=seed)


def _model(
    table: LabelledPulses, settings: Settings, fit: ridge.Fit, evidence: Evidence, x: FloatArray, seed: int
) -> PulseModel:
    error = np.abs(evidence.held_out - table.soh)
    weight, largest = per_battery(table.group, error)
    order = np.argsort(error, kind="stable")
    z = (x - fit.mean) / fit.scale
    return PulseModel(
        cell_type=table.cell_type,
        points=table.voltage.shape[1],
        uses_rest_voltage=settings.use_rest_voltage,
        uses_soc=settings.use_soc,
        mean=fit.mean,
        scale=fit.scale,
        landmarks=fit.landmarks,
        width=fit.width,
        penalty=fit.penalty,
        weight=fit.weight,
        intercept=fit.intercept,
        lowest=z.min(axis=0),
        highest=z.max(axis=0),
        shot_errors=error[order],
        shot_weights=weight[order],
        battery_errors=np.sort(largest),
        report=_report(table, evidence, settings.coverage),
        seed=seed,
        version=VERSION,
    )


def per_battery(group: Sequence[str], error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the rows' weights (batteries weigh the same, all weigh 1) and each battery's largest error."""
    _, at, count = np.unique(np.array(group), return_inverse=True, return_counts=True)
    largest = np.zeros(len(count))
    np.maximum.at(largest, at, error)
    return 1.0 / (count[at] * len(count)), largest


def _report(table: LabelledPulses, evidence: Evidence, coverage: float) -> Report:
    soh, error = table.soh, evidence.held_out - table.soh
    baseline = np.empty(len(soh))
    for k in range(int(evidence.fold.max()) + 1):
        baseline[evidence.fold == k] = soh[evidence.fold != k].mean()
    mae, naive = float(np.abs(error).mean()), float(np.abs(baseline - soh).mean())
    variance = float(((soh - soh.mean()) ** 2).sum())
    return Report(
        shots=len(soh),
        batteries=len(set(table.group)),
        mae=mae,
        mape=float((np.abs(error) / soh).mean()),
        rmse=float(np.sqrt((error**2).mean())),
        r2=1.0 - float((error**2).sum()) / variance if variance > 0 else 0.0,
        baseline_mae=naive,
        skill=1.0 - mae / naive if naive > 0 else 0.0,
        coverage=_coverage(table, evidence, coverage),
    )


def _coverage(table: LabelledPulses, evidence: Evidence, coverage: float) -> float | None:
    """Return the share of shots inside an interval calibrated on the other folds' batteries."""
    error, inside = np.abs(evidence.held_out - table.soh), np.zeros(len(table.soh))
    for k in range(int(evidence.fold.max()) + 1):
        others = evidence.fold != k
        group = [name for name, other in zip(table.group, others.tolist(), strict=True) if other]
        weight, largest = per_battery(group, error[others])
        order = np.argsort(error[others], kind="stable")
        width = conformal.quantile(error[others][order], weight[order], len(largest), coverage)
        if not np.isfinite(width):
            return None
        inside[evidence.fold == k] = error[evidence.fold == k] <= width
    return float(inside.mean())


def _refuse_few(table: LabelledPulses) -> None:
    batteries = len(set(table.group))
    if batteries < FEWEST_BATTERIES:
        raise Problem(
            "grading.too-few-batteries",
            msg("A model cannot be learnt from so few batteries."),
            where=table.cell_type,
            found=batteries,
            expected=msg("at least {count} physical batteries", count=FEWEST_BATTERIES),
            remedy=msg("Test the capacity of more batteries of this type first."),
        )
