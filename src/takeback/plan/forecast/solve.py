"""Foresees what comes back."""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np

from takeback import __version__
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch
from takeback.plan.forecast.intervals import ENOUGH, Errors, quantiles
from takeback.plan.forecast.methods import METHODS
from takeback.plan.forecast.problem import Floats, ForecastProblem
from takeback.plan.forecast.solution import BacktestRow, ForecastSolution, wape

FIRST_ORIGIN = 8  # periods of history before the first forecast of the back-test

Past = dict[int, dict[str, Floats]]


def solve(
    problem: ForecastProblem,
    *,
    budget: Budget,
    seed: int = 0,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> ForecastSolution:
    """Return the forecast of `problem`, calibrated and judged on its own history.

    An iteration is one origin of the back-test, newest first: the budget limits how far back it goes. The method
    draws no random numbers (`seed` is recorded only) and takes milliseconds (`executor` is not used).
    """
    watch = Stopwatch()
    method = _method(problem)
    naives = ["naive"] if problem.season is None else ["naive", "seasonal"]
    past = _past(problem, sorted({method, *naives}), budget, watch, on_progress)
    baseline = min(naives, key=lambda name: _absolute_error(problem, past, name))
    rows = _rows(problem, past, method, baseline)
    mean = METHODS[method](problem, problem.length)
    errors = _errors(rows)
    inside = [row.low <= row.actual <= row.high for row in rows if row.low is not None and row.high is not None]
    return ForecastSolution(
        method=method,
        baseline=baseline,
        mean=_tuples(mean),
        baseline_mean=_tuples(METHODS[baseline](problem, problem.length)),
        levels=problem.levels,
        quantiles=tuple(_tuples(one) for one in quantiles(mean, errors, problem.levels)),
        backtest=tuple(rows),
        wape=wape(rows),
        baseline_wape=wape(rows, baseline=True),
        coverage=sum(inside) / len(inside) if inside else None,
        nominal=problem.levels[-1] - problem.levels[0],
        calibrated=len(errors) >= ENOUGH,
        origins=len(past),
        seed=seed,
        version=f"takeback {__version__}",
        seconds=watch.seconds,
    )


def _method(problem: ForecastProblem) -> str:
    if problem.method != "auto":
        return problem.method
    return "smoothing" if problem.cohorts is None else "age-cohort"


def _past(
    problem: ForecastProblem, names: list[str], budget: Budget, watch: Stopwatch, on_progress: OnProgress | None
) -> Past:
    """Return what each method said before each origin, oldest first, as far back as the budget allows."""
    past: Past = {}
    for origin in range(problem.length - 1, FIRST_ORIGIN - 1, -1):
        if watch.spent(budget, len(past)) >= 1:
            break
        past[origin] = {name: METHODS[name](problem, origin) for name in names}
        if on_progress is not None:
            fraction = len(past) / (problem.length - FIRST_ORIGIN)
            on_progress(Progress(fraction=fraction, iteration=len(past), seconds=watch.seconds))
    return dict(reversed(past.items()))


def _absolute_error(problem: ForecastProblem, past: Past, name: str) -> float:
    total = 0.0
    for origin, said in past.items():
        actual = problem.arrivals[:, origin : origin + problem.horizon]
        total += float(np.abs(actual - said[name][:, : actual.shape[1]]).sum())
    return total


def _rows(problem: ForecastProblem, past: Past, method: str, baseline: str) -> list[BacktestRow]:
    """Return the back-test, each interval built from the errors that were known before its origin."""
    rows: list[BacktestRow] = []
    ends = (problem.levels[0], problem.levels[-1])
    for origin, said in past.items():
        known = _errors([row for row in rows if row.origin + row.ahead < origin])
        band = quantiles(said[method], known, ends) if len(known) >= ENOUGH else None
        for series, ahead in np.ndindex(len(problem.series), min(problem.horizon, problem.length - origin)):
            rows.append(
                BacktestRow(
                    series=series,
                    origin=origin,
                    ahead=ahead,
                    actual=float(problem.arrivals[series, origin + ahead]),
                    forecast=float(said[method][series, ahead]),
                    baseline=float(said[baseline][series, ahead]),
                    low=None if band is None else float(band[series, 0, ahead]),
                    high=None if band is None else float(band[series, -1, ahead]),
                )
            )
    return rows


def _errors(rows: list[BacktestRow]) -> Errors:
    table = np.array([(row.forecast, row.actual, row.ahead) for row in rows], dtype=np.float64).reshape(-1, 3)
    return Errors(*table.T)


def _tuples(array: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in array.tolist())
