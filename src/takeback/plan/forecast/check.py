"""Checks a forecast against its problem, from the definition alone: no code of the solver is used."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from takeback.plan.doors import Violation
from takeback.plan.forecast.problem import ForecastProblem
from takeback.plan.forecast.solution import BacktestRow, ForecastSolution

TOLERANCE = 1e-9
ENOUGH = 10  # back-test errors from which quantiles are called calibrated
METHODS = frozenset({"naive", "seasonal", "smoothing", "age-cohort"})


def check(problem: ForecastProblem, solution: ForecastSolution) -> list[Violation]:
    """Return every way in which `solution` is no honest forecast of `problem`; empty = none was found.

    Shapes, signs and order of the quantiles; the back-test holds every forecast from its first origin on, none
    picked; its actuals are the history's, its baseline's are recomputed, and the errors and the coverage
    reported are those of its rows. Whether a method really said what a row holds cannot be seen from outside.
    """
    violations = [*_check_form(problem, solution), *_check_quantiles(problem, solution)]
    violations += _check_rows(problem, solution)
    if not violations:  # figures are only as good as the rows they are made of
        violations += [*_check_baseline(problem, solution), *_check_figures(problem, solution)]
    return violations


def _check_form(problem: ForecastProblem, solution: ForecastSolution) -> Iterator[Violation]:
    n, horizon, levels = len(problem.series), problem.horizon, len(problem.levels)
    if solution.method not in METHODS or problem.method not in ("auto", solution.method):
        yield Violation("method.unknown", "method", solution.method, problem.method)
    if solution.levels != problem.levels:
        yield Violation("levels.asked", "levels", solution.levels, problem.levels)
    for name, table in (("mean", solution.mean), ("baseline_mean", solution.baseline_mean)):
        if [len(row) for row in table] != [horizon] * n:
            yield Violation("form.shape", name, [len(row) for row in table], [horizon] * n)
        for i, row in enumerate(table):
            if not all(math.isfinite(value) and value >= 0 for value in row):
                yield Violation("value.negative", f"{name}[{i}]", min(row, default=None), "0 or more")
    shapes = [[len(row) for row in one] for one in solution.quantiles]
    if shapes != [[horizon] * levels] * n:
        yield Violation("form.shape", "quantiles", shapes, [[horizon] * levels] * n)
    if solution.seconds < 0:
        yield Violation("effort.negative", "seconds", solution.seconds, "0 or more")


def _check_quantiles(problem: ForecastProblem, solution: ForecastSolution) -> Iterator[Violation]:
    for i, one in enumerate(solution.quantiles):
        for k, row in enumerate(one):
            if not all(math.isfinite(value) and value >= 0 for value in row):
                yield Violation("value.negative", f"quantiles[{i}][{k}]", min(row, default=None), "0 or more")
        for k, (lower, upper) in enumerate(pairwise(one)):
            if any(low > high for low, high in zip(lower, upper, strict=False)):
                yield Violation("quantiles.crossing", f"quantiles[{i}][{k}]", lower, upper)


def _check_rows(problem: ForecastProblem, solution: ForecastSolution) -> Iterator[Violation]:
    rows = {(row.series, row.origin, row.ahead): row for row in solution.backtest}
    first = min((row.origin for row in solution.backtest), default=problem.length)
    wanted = {
        (series, origin, ahead)
        for series in range(len(problem.series))
        for origin in range(max(first, 1), problem.length)
        for ahead in range(min(problem.horizon, problem.length - origin))
    }
    if rows.keys() != wanted or len(rows) != len(solution.backtest):
        odd = sorted(rows.keys() ^ wanted)[:3]
        yield Violation("backtest.picked", "backtest", odd or len(solution.backtest), "each forecast once")
        return
    if solution.origins != problem.length - first:
        yield Violation("backtest.origins", "origins", solution.origins, problem.length - first)
    targets = sorted(row.origin + row.ahead for row in solution.backtest)
    for row in solution.backtest:
        banded = sum(target < row.origin for target in targets[:ENOUGH]) == ENOUGH
        yield from _check_row(problem, row, banded=banded)


def _check_row(problem: ForecastProblem, row: BacktestRow, *, banded: bool) -> Iterator[Violation]:
    where = f"backtest, series {row.series}, origin {row.origin}, ahead {row.ahead}"
    actual = float(problem.arrivals[row.series, row.origin + row.ahead])
    if row.actual != actual:
        yield Violation("backtest.actual", where, row.actual, actual)
    if not (math.isfinite(row.forecast) and row.forecast >= 0):
        yield Violation("value.negative", where, row.forecast, "0 or more")
    if (row.low is not None, row.high is not None) != (banded, banded):
        expected = "an interval" if banded else f"none: fewer than {ENOUGH} errors were known"
        yield Violation("backtest.intervals", where, (row.low, row.high), expected)
    elif row.low is not None and row.high is not None and not 0 <= row.low <= row.high:
        yield Violation("quantiles.crossing", where, (row.low, row.high), "0 <= low <= high")


def _check_baseline(problem: ForecastProblem, solution: ForecastSolution) -> Iterator[Violation]:
    """The baseline is the better naive forecast, and says what that one says."""
    season = problem.season
    choices = ["naive"] if season is None else ["naive", "seasonal"]
    if solution.baseline not in choices:
        yield Violation("baseline.unknown", "baseline", solution.baseline, choices)
        return
    errors = {
        name: sum(abs(r.actual - _naive(problem, name, r.series, r.origin, r.ahead)) for r in solution.backtest)
        for name in choices
    }
    if errors[solution.baseline] > min(errors.values()) + TOLERANCE:
        yield Violation("baseline.weaker", "baseline", solution.baseline, min(errors, key=errors.__getitem__))
    for row in solution.backtest:
        said = _naive(problem, solution.baseline, row.series, row.origin, row.ahead)
        if abs(row.baseline - said) > TOLERANCE:
            where = f"backtest, series {row.series}, origin {row.origin}, ahead {row.ahead}"
            yield Violation("baseline.figure", where, row.baseline, said)
    for i, means in enumerate(solution.baseline_mean):
        said_now = tuple(_naive(problem, solution.baseline, i, problem.length, k) for k in range(problem.horizon))
        if means != said_now:
            yield Violation("baseline.figure", f"baseline_mean[{i}]", means, said_now)


def _naive(problem: ForecastProblem, name: str, series: int, origin: int, ahead: int) -> float:
    season = problem.season
    if name == "naive" or season is None or origin < season:
        return float(problem.arrivals[series, origin - 1])
    return float(problem.arrivals[series, origin - season + ahead % season])


def _check_figures(problem: ForecastProblem, solution: ForecastSolution) -> Iterator[Violation]:
    rows = solution.backtest
    came = sum(row.actual for row in rows)
    error = sum(abs(row.actual - row.forecast) for row in rows) / came if came else None
    naive_error = sum(abs(row.actual - row.baseline) for row in rows) / came if came else None
    banded = [(row.low, row.actual, row.high) for row in rows if row.low is not None and row.high is not None]
    covered = sum(low <= actual <= high for low, actual, high in banded)
    figures = (
        ("wape", solution.wape, error),
        ("baseline_wape", solution.baseline_wape, naive_error),
        ("coverage", solution.coverage, covered / len(banded) if banded else None),
        ("nominal", solution.nominal, problem.levels[-1] - problem.levels[0]),
    )
    for name, found, expected in figures:
        same = found == expected if found is None or expected is None else abs(found - expected) <= TOLERANCE
        if not same:
            yield Violation(f"figure.{name.replace('_', '-')}", name, found, expected)
    if solution.calibrated != (len(rows) >= ENOUGH):
        yield Violation("figure.calibrated", "calibrated", solution.calibrated, len(rows) >= ENOUGH)
