"""Grade batteries: from their capacity test where there is one, else from their pulse test."""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np

from takeback.plan.doors import Budget, OnProgress, Stopwatch
from takeback.plan.grading.batteries import solution as meaning
from takeback.plan.grading.batteries.conformal import half_width
from takeback.plan.grading.batteries.features import features
from takeback.plan.grading.batteries.leaks import refuse_leaks
from takeback.plan.grading.batteries.model import FloatArray, PulseModel
from takeback.plan.grading.batteries.problem import BatteryGradingProblem, Settings
from takeback.plan.grading.batteries.ridge import BoolArray, Fit, IntArray
from takeback.plan.grading.batteries.solution import BatteryGradingSolution
from takeback.plan.grading.batteries.train import VERSION, train
from takeback.plan.normal import two_sided

REACH = 0.25  # of a feature's training range: beyond it a response is unfamiliar


def solve(
    problem: BatteryGradingProblem,
    *,
    budget: Budget | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> BatteryGradingSolution:
    """Return the grades; where a training table is given, learn the model first (a second or two).

    Learning is a fixed amount of work: `budget` and `executor` are not needed; `seed` deals batteries into folds.
    Raises `Problem`: `grading.leak` (a battery to be graded was learnt from), `grading.too-few-batteries`.
    """
    watch, model, evidence = Stopwatch(), problem.model, None
    if problem.training is not None:
        refuse_leaks(problem.training, problem.readings)
        model, evidence = train(problem.training, problem.settings, seed=seed, on_progress=on_progress)
    soh, half, sd, method = _by_capacity(problem)
    unfamiliar = np.full(len(soh), False)
    pulses = np.flatnonzero(method == meaning.METHODS.index("pulse test"))
    if model is not None and len(pulses):
        soh[pulses], unfamiliar[pulses] = _by_pulse(problem, model, pulses)
        half[pulses] = half_width(model, problem.settings.coverage, problem.settings.guarantee)
        sd[pulses] = model.report.rmse
    low, high = np.maximum(soh - half, 0.0), soh + half
    return BatteryGradingSolution(
        soh=soh,
        low=low,
        high=high,
        sd=sd,
        method=method,
        confidence=np.searchsorted(meaning.WIDTHS, 2 * half),
        needs_test=_needs(low, high, half, method, unfamiliar, problem.settings),
        model=model,
        evidence=evidence,
        seconds=watch.seconds,
        seed=seed,
        version=VERSION,
    )


def _by_capacity(p: BatteryGradingProblem) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """Return SOH, half-width, standard error and method; nan where there is no capacity test."""
    r = p.readings
    sd = r.capacity_sd_ah / r.nominal_ah
    method = np.where(np.isfinite(r.capacity_ah), 0, 1).astype(np.int64)
    return r.capacity_ah / r.nominal_ah, two_sided(p.settings.coverage) * sd, sd.copy(), method


def _by_pulse(p: BatteryGradingProblem, model: PulseModel, rows: IntArray) -> tuple[FloatArray, BoolArray]:
    """Return the predictions, and whether each response lies far outside what the model has learnt from."""
    charge = p.readings.soc_percent[rows] if model.uses_soc else None
    x = features(p.readings.voltage[rows], charge, rest_voltage=model.uses_rest_voltage)
    z, reach = (x - model.mean) / model.scale, REACH * (model.highest - model.lowest)
    unfamiliar: BoolArray = np.any((z < model.lowest - reach) | (z > model.highest + reach), axis=1)
    fit = Fit(model.mean, model.scale, model.landmarks, model.width, model.penalty, model.weight, model.intercept)
    return fit.predict(x), unfamiliar


def _needs(
    low: FloatArray, high: FloatArray, half: FloatArray, method: IntArray, unfamiliar: BoolArray, s: Settings
) -> IntArray:
    """Return why a full test is wanted, the gravest reason first; never after a capacity test."""
    straddles = np.zeros(len(low), dtype=bool)
    for boundary in s.boundaries:
        straddles |= (low < boundary) & (boundary <= high)
    reason = np.where(straddles, meaning.STRADDLES, meaning.NO_TEST)
    reason = np.where(2 * half > s.widest, meaning.WIDE, reason)
    reason = np.where(unfamiliar, meaning.UNFAMILIAR, reason)
    return np.where(method == 0, meaning.NO_TEST, reason).astype(np.int64)
