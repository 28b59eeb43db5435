"""Verify grades from the problem's definition, sharing nothing with the engine.

Predictions, intervals, flags and the report are recomputed plainly. A learnt model must satisfy the optimality
condition of its ridge problem on the training table, and no battery may have been predicted by a fit that had seen it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from statistics import NormalDist

import numpy as np

from takeback.plan.doors import Violation
from takeback.plan.grading.batteries.model import FloatArray, PulseModel
from takeback.plan.grading.batteries.problem import BatteryGradingProblem, LabelledPulses, Settings
from takeback.plan.grading.batteries.solution import BatteryGradingSolution
from takeback.plan.grading.batteries.train import Evidence

TOLERANCE = 1e-7
GRADIENT = 1e-5  # relative: the optimality condition suffers from the kernel's condition number
COLUMNS = ("soh", "low", "high", "sd", "method", "confidence", "needs_test")


def check(problem: BatteryGradingProblem, solution: BatteryGradingSolution) -> list[Violation]:
    """Return every statement of `solution` that does not follow from `problem`; empty = it is what it says."""
    n = len(problem.readings.keys)
    wrong = [
        Violation("solution.shape", name, getattr(solution, name).shape, (n,))
        for name in COLUMNS
        if getattr(solution, name).shape != (n,)
    ]
    if wrong:
        return wrong
    return [*_source(problem, solution), *_rows(problem, solution), *_learning(problem, solution)]


def _source(p: BatteryGradingProblem, s: BatteryGradingSolution) -> Iterator[Violation]:
    if p.model is not None and s.model is not p.model and (s.model is None or s.model.hash != p.model.hash):
        yield Violation("model.other", "model", s.model and s.model.hash, p.model.hash)
    if p.training is not None:
        known = set(p.training.group)
        for key, group in zip(p.readings.keys, p.readings.group, strict=True):
            if group in known:
                yield Violation("leak.battery-known", key, group, "a battery the model has not seen")


def _rows(p: BatteryGradingProblem, s: BatteryGradingSolution) -> Iterator[Violation]:
    for i, key in enumerate(p.readings.keys):
        expected = _graded(p, s.model, i)
        if expected is None:
            yield Violation("model.missing", key, None, "a model for the pulse test")
            continue
        for name, value in expected.items():
            found = float(getattr(s, name)[i])
            if not _same(found, value):
                yield Violation(f"{name.replace('_', '-')}.wrong", key, found, value)


def _graded(p: BatteryGradingProblem, model: PulseModel | None, i: int) -> dict[str, float] | None:
    """Return what row i should say."""
    r, s = p.readings, p.settings
    if math.isfinite(r.capacity_ah[i]):
        soh = float(r.capacity_ah[i]) / float(r.nominal_ah[i])
        sd = float(r.capacity_sd_ah[i]) / float(r.nominal_ah[i])
        return _told(soh, NormalDist().inv_cdf(0.5 + s.coverage / 2) * sd, sd, 0, 0)
    if model is None:
        return None
    z = _standardised(model, _features(r.voltage[i].tolist(), float(r.soc_percent[i]), model))
    soh, half = _predicted(model, z), _half_width(model, s)
    return _told(soh, half, model.report.rmse, 1, _need(model, z, soh, half, s))


def _told(soh: float, half: float, sd: float, method: int, need: int) -> dict[str, float]:
    confidence = 0 if 2 * half <= 0.04 else 1 if 2 * half <= 0.08 else 2
    low = max(soh - half, 0.0)
    named = {"soh": soh, "low": low, "high": soh + half, "sd": sd}
    return {**named, "method": method, "confidence": confidence, "needs_test": need}


def _need(model: PulseModel, z: list[float], soh: float, half: float, s: Settings) -> int:
    for value, lowest, highest in zip(z, model.lowest.tolist(), model.highest.tolist(), strict=True):
        reach = 0.25 * (highest - lowest)
        if not lowest - reach <= value <= highest + reach:
            return 3
    if 2 * half > s.widest:
        return 2
    return int(any(max(soh - half, 0.0) < boundary <= soh + half for boundary in s.boundaries))


def _features(volts: list[float], charge: float, model: PulseModel) -> list[float]:
    steps = [later - earlier for earlier, later in itertools.pairwise(volts)]
    return [*(volts[:1] if model.uses_rest_voltage else []), *steps, *([charge] if model.uses_soc else [])]


def _standardised(model: PulseModel, x: list[float]) -> list[float]:
    return [(a - b) / c for a, b, c in zip(x, model.mean.tolist(), model.scale.tolist(), strict=True)]


def _basis(model: PulseModel, z: list[float], landmarks: list[list[float]]) -> list[float]:
    if not landmarks:
        return z
    return [
        math.exp(-model.width * sum((a - b) ** 2 for a, b in zip(z, landmark, strict=True)) / len(z))
        for landmark in landmarks
    ]


def _predicted(model: PulseModel, z: list[float]) -> float:
    basis = _basis(model, z, model.landmarks.tolist())
    return model.intercept + math.fsum(a * b for a, b in zip(basis, model.weight.tolist(), strict=True))


def _half_width(model: PulseModel, s: Settings) -> float:
    errors, batteries = model.shot_errors.tolist(), len(model.battery_errors)
    weights = model.shot_weights.tolist()
    if s.guarantee == "cell":
        errors, weights = model.battery_errors.tolist(), [1 / batteries] * batteries
    return _quantile(errors, weights, s.coverage * (1 + 1 / batteries))


def _quantile(errors: Sequence[float], weights: Sequence[float], level: float) -> float:
    reached = 0.0
    for error, weight in sorted(zip(errors, weights, strict=True)):
        reached += weight
        if reached >= level - 1e-9:
            return error
    return math.inf


def _learning(p: BatteryGradingProblem, s: BatteryGradingSolution) -> Iterator[Violation]:
    """Check the model that was learnt here, and the report on it."""
    if p.training is None or s.model is None:
        return
    if s.evidence is None or s.evidence.held_out.shape != p.training.soh.shape:
        yield Violation("evidence.missing", "evidence", None, "a held-out prediction for each training row")
        return
    fold_of: dict[str, int] = {}
    for group, fold in zip(p.training.group, s.evidence.fold.tolist(), strict=True):
        if fold_of.setdefault(group, fold) != fold:
            yield Violation("leak.battery-split", group, fold, fold_of[group])
    yield from _report(p.training, s.model, s.evidence)
    yield from _optimality(p.training, s.model)


def _report(t: LabelledPulses, model: PulseModel, evidence: Evidence) -> Iterator[Violation]:
    truth, folds = t.soh.tolist(), evidence.fold.tolist()
    error = [abs(a - b) for a, b in zip(evidence.held_out.tolist(), truth, strict=True)]
    naive = [
        abs(_mean(b for b, g in zip(truth, folds, strict=True) if g != f) - a)
        for a, f in zip(truth, folds, strict=True)
    ]
    mean, m = math.fsum(truth) / len(truth), len(truth)
    squares = math.fsum(e * e for e in error)
    report = model.report
    told = {
        "mae": (report.mae, math.fsum(error) / m),
        "mape": (report.mape, math.fsum(e / a for e, a in zip(error, truth, strict=True)) / m),
        "rmse": (report.rmse, math.sqrt(squares / m)),
        "baseline_mae": (report.baseline_mae, math.fsum(naive) / m),
        "skill": (report.skill, 1 - math.fsum(error) / math.fsum(naive)),
        "r2": (report.r2, 1 - squares / math.fsum((a - mean) ** 2 for a in truth)),
        "shots": (report.shots, m),
        "batteries": (report.batteries, len(set(t.group))),
    }
    for name, (found, expected) in told.items():
        if not _same(found, expected):
            yield Violation("report.wrong", name, found, expected)
    largest: dict[str, float] = {}
    for group, e in zip(t.group, error, strict=True):
        largest[group] = max(e, largest.get(group, 0.0))
    for name, found_all, expected_all in (
        ("shot_errors", model.shot_errors.tolist(), sorted(error)),
        ("battery_errors", model.battery_errors.tolist(), sorted(largest.values())),
    ):
        if len(found_all) != len(expected_all) or not all(map(_same, found_all, expected_all)):
            yield Violation("calibration.wrong", name, len(found_all), len(expected_all))
    counted = math.fsum(model.shot_weights.tolist())
    if not _same(counted, 1.0):
        yield Violation("calibration.wrong", "shot_weights", counted, 1.0)


def _mean(values: Iterator[float]) -> float:
    kept = list(values)
    return math.fsum(kept) / len(kept)


def _optimality(t: LabelledPulses, model: PulseModel) -> Iterator[Violation]:
    """At the ridge optimum: basis' residual = penalty * weight (linear), = penalty * Gram matrix weight (kernel)."""
    charge = t.soc_percent.tolist() if t.soc_percent is not None else [0.0] * len(t.soh)
    points = zip(t.voltage.tolist(), charge, strict=True)
    z = np.array([_standardised(model, _features(volts, soc, model)) for volts, soc in points])
    rows, gram = z, np.eye(z.shape[1])
    if len(model.landmarks):
        rows, gram = (_nearness(a, model.landmarks, model.width) for a in (z, model.landmarks))
    residual = t.soh - model.intercept - rows @ model.weight
    pull, shrink = rows.T @ residual, model.penalty * gram @ model.weight
    size = np.maximum(np.abs(rows).T @ np.abs(residual), np.maximum(np.abs(shrink), 1e-6))
    for j in np.flatnonzero(np.abs(pull - shrink) > GRADIENT * size).tolist():
        yield Violation("model.not-optimal", f"weight {j}", float(pull[j]), float(shrink[j]))


def _nearness(a: FloatArray, b: FloatArray, width: float) -> FloatArray:
    """Return the Gaussian kernel from plain differences, a row of `a` at a time."""
    rows = [np.exp(-width * ((row - b) ** 2).mean(axis=1)) for row in a]
    return np.array(rows)


def _same(found: float, expected: float) -> bool:
    if math.isinf(expected) or math.isinf(found):
        return found == expected
    return abs(found - expected) <= TOLERANCE * max(1.0, abs(expected))
