"""The check finds every way in which a forecast can be dishonest."""

from dataclasses import fields, replace

import pytest

from takeback.plan.doors import Budget
from takeback.plan.forecast import BacktestRow, ForecastSolution, check, solve
from tests.plan.forecast import worlds

PROVENANCE = {"seed", "version"}


@pytest.fixture(scope="module")
def case():
    """A valid forecast and its problem."""
    problem = worlds.counts(1, series=2, season=5, periods=30)
    return problem, solve(problem, budget=Budget(iterations=12))


def _changed(name, value):
    if name == "method":
        return "hunch"
    if name == "baseline":
        return "seasonal" if value == "naive" else "naive"
    if name in {"mean", "baseline_mean"}:
        return ((-1.0, *value[0][1:]), *value[1:])
    if name == "quantiles":
        return (value[0][::-1], *value[1:])
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return value[:-1]
    return -1.0 if name == "seconds" else value + 1


@pytest.mark.parametrize("field", [f.name for f in fields(ForecastSolution) if f.name not in PROVENANCE])
def test_every_field_of_a_forecast_is_checked(case, field):
    """Whatever is changed, but seed and version, is found."""
    problem, solution = case
    assert check(problem, solution) == []
    assert check(problem, replace(solution, **{field: _changed(field, getattr(solution, field))}))


@pytest.mark.parametrize("field", BacktestRow._fields)
def test_every_field_of_a_back_test_row_is_checked(case, field):
    """Whatever is changed in a row is found: by its place, the history, the baseline, or the sums."""
    problem, solution = case
    row = solution.backtest[-1]
    value = getattr(row, field)
    changed = {"low": -1.0, "high": -1.0}.get(field, value + 1)
    rows = (*solution.backtest[:-1], row._replace(**{field: changed}))
    assert check(problem, replace(solution, backtest=rows))


def _rules(problem, solution):
    return {violation.rule for violation in check(problem, solution)}


def test_a_bad_forecast_cannot_be_left_out_of_the_back_test(case):
    """Dropping the worst row, or a whole origin in the middle, is found."""
    problem, solution = case
    worst = max(solution.backtest, key=lambda row: abs(row.actual - row.forecast))
    without = tuple(row for row in solution.backtest if row is not worst)
    assert _rules(problem, replace(solution, backtest=without)) == {"backtest.picked"}
    gap = tuple(row for row in solution.backtest if row.origin != 25)
    assert _rules(problem, replace(solution, backtest=gap)) == {"backtest.picked"}
    twice = (*solution.backtest, worst)
    assert _rules(problem, replace(solution, backtest=twice)) == {"backtest.picked"}


def test_a_missed_interval_cannot_be_left_out(case):
    """An interval that missed cannot be blanked to raise the coverage."""
    problem, solution = case
    rows = list(solution.backtest)
    k = next(k for k, row in enumerate(rows) if row.low is not None and row.origin < 28)
    rows[k] = rows[k]._replace(low=None, high=None)
    assert "backtest.intervals" in _rules(problem, replace(solution, backtest=tuple(rows)))


def test_a_weaker_baseline_cannot_be_chosen(case):
    """The baseline is the better of the naive forecasts, whichever flatters the method more."""
    problem, solution = case
    other = "seasonal" if solution.baseline == "naive" else "naive"
    assert "baseline.weaker" in _rules(problem, replace(solution, baseline=other))


def test_infinite_and_crossing_quantiles_are_found(case):
    """Quantiles are finite, 0 or more, and rise with their level."""
    problem, solution = case
    rows = solution.quantiles[0]
    endless = ((*rows[:-1], (float("inf"),) * 4), *solution.quantiles[1:])
    assert "value.negative" in _rules(problem, replace(solution, quantiles=endless))
    crossing = ((rows[1], rows[0], *rows[2:]), *solution.quantiles[1:])
    assert "quantiles.crossing" in _rules(problem, replace(solution, quantiles=crossing))


def test_a_forecast_of_another_history_is_refused(case):
    """The same solution against changed arrivals fails on its actuals."""
    problem, solution = case
    other = replace(problem, arrivals=problem.arrivals + 1)
    assert "backtest.actual" in _rules(other, solution)
