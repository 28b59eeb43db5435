"""Properties of forecasts."""

import csv
import gzip
from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from takeback.plan.doors import Budget
from takeback.plan.forecast import Cohorts, ForecastProblem, check, solve
from tests.plan.forecast import worlds
from tests.reference import reference_data

ALL = Budget(iterations=1_000)


@pytest.mark.parametrize("seed", range(8))
def test_a_forecast_keeps_every_rule(seed):
    """Any history gives a forecast that the independent check accepts."""
    problem = worlds.sales(seed) if seed % 2 else worlds.counts(seed, season=7)
    solution = solve(problem, budget=ALL)
    assert check(problem, solution) == []
    assert solution.calibrated
    assert solution.method == ("age-cohort" if seed % 2 else "smoothing")


def test_same_problem_and_iterations_same_answer():
    """The answer is a function of problem and iterations; only the seconds differ."""
    assert solve(worlds.sales(1), budget=ALL) == solve(worlds.sales(1), budget=ALL)


def test_the_budget_limits_how_far_back_the_back_test_goes():
    """An iteration is an origin, newest first; the forecast itself does not depend on it."""
    problem = worlds.counts(2)
    short, long = solve(problem, budget=Budget(iterations=5)), solve(problem, budget=ALL)
    assert (short.origins, long.origins) == (5, 32)
    assert {row.origin for row in short.backtest} == set(range(35, 40))
    assert short.mean == long.mean
    none = solve(problem, budget=Budget(iterations=0))
    assert (none.wape, none.coverage, none.calibrated) == (None, None, False)
    assert check(problem, none) == []


def test_the_order_of_the_series_does_not_matter():
    """Series in another order: the same forecasts in that order."""
    problem = worlds.sales(4)
    turned = ForecastProblem(
        problem.series[::-1],
        problem.arrivals[::-1],
        4,
        cohorts=Cohorts(problem.cohorts.sold[::-1], before=30, returned=problem.cohorts.returned[::-1]),
    )
    ours, theirs = solve(problem, budget=ALL), solve(turned, budget=ALL)
    assert np.array(theirs.mean)[::-1] == pytest.approx(np.array(ours.mean))
    assert np.array(theirs.quantiles)[::-1] == pytest.approx(np.array(ours.quantiles))
    assert theirs.wape == pytest.approx(ours.wape)


def test_quantiles_of_big_series_scale_with_them():
    """Ten thousand times the units give about ten thousand times the interval: errors are read relative to size."""
    problem = worlds.counts(5)
    big = replace(problem, arrivals=problem.arrivals * 10_000)
    ours, theirs = (np.array(solve(p, budget=ALL).quantiles) for p in (problem, big))
    assert theirs[:, -1] / 10_000 == pytest.approx(ours[:, -1], rel=0.25)


def test_intervals_hold_what_they_promise_on_over_dispersed_counts():
    """Nominal 90 % intervals cover 84 to 96 % of what came, where Poisson intervals cover less than 75 %."""
    solutions = [solve(worlds.counts(seed, series=5, periods=60), budget=ALL) for seed in range(10)]
    assert 0.84 <= np.mean([solution.coverage for solution in solutions]) <= 0.96
    rows = [row for solution in solutions for row in solution.backtest]
    poisson = [abs(row.actual - row.forecast) <= 1.645 * row.forecast**0.5 for row in rows]
    assert np.mean(poisson) < 0.75


@pytest.mark.parametrize("seed", range(4))
def test_knowing_the_sales_beats_the_naive_forecast(seed):
    """Where sales come in waves, sales and ages foresee at least a tenth better than last week."""
    solution = solve(worlds.sales(seed, horizon=6), budget=ALL)
    assert solution.wape < 0.9 * solution.baseline_wape
    assert solution.beats_baseline
    assert "that of the naive forecast" in str(solution.verdict)


def test_a_forecast_that_does_not_beat_the_naive_one_says_so():
    """On a steep ramp the last value is the better guess, and the solution admits it."""
    problem = ForecastProblem(("a",), [[10.0 * 1.3**k for k in range(30)]], 2)
    solution = solve(problem, budget=ALL)
    assert not solution.beats_baseline
    assert "Not better than the naive forecast" in str(solution.verdict)


def test_a_short_history_gives_a_forecast_without_a_promise():
    """Five periods: a forecast, no errors to report, and the interval is called a guess."""
    problem = ForecastProblem(("a",), [[3, 5, 4, 6, 5]], 3)
    solution = solve(problem, budget=ALL)
    assert check(problem, solution) == []
    assert (solution.wape, solution.calibrated, solution.backtest) == (None, False, ())
    assert "too short" in str(solution.verdict)
    assert solution.quantiles[0][0][0] < solution.mean[0][0] < solution.quantiles[0][-1][0]


def test_nothing_ever_came_back():
    """Zeros are a history like any other: nothing is expected, the upper quantile allows a few."""
    problem = ForecastProblem(("a",), np.zeros((1, 20)), 2)
    solution = solve(problem, budget=ALL)
    assert check(problem, solution) == []
    assert solution.mean == ((0.0, 0.0),)
    assert solution.wape is None


def test_the_season_is_the_baseline_where_it_is_the_better_one():
    """With a strong season the naive forecast to beat is last season's."""
    season = np.tile([5.0, 50.0, 5.0, 20.0], 12)[None]
    solution = solve(ForecastProblem(("a",), season, 4, season=4), budget=ALL)
    assert solution.baseline == "seasonal"
    assert not solution.beats_baseline


def test_progress_is_told_and_an_error_in_it_cancels():
    """One report an origin, rising; what the listener raises ends the work."""
    heard = []
    solve(worlds.counts(0), budget=ALL, on_progress=heard.append)
    assert [progress.iteration for progress in heard] == list(range(1, 33))
    assert heard[-1].fraction == 1

    def cancel(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(worlds.counts(0), budget=ALL, on_progress=cancel)


def test_real_weekly_returns_are_foreseen_better_than_by_last_week():
    """UCI Online Retail (Chen et al. 2012): sales by age foresee next week's returns 20 % better than last week."""
    problem = _online_retail()
    solution = solve(problem, budget=Budget(iterations=29))
    assert check(problem, solution) == []
    next_week = [row for row in solution.backtest if row.ahead == 0]
    ours = sum(abs(row.actual - row.forecast) for row in next_week)
    last_week = sum(abs(row.actual - row.baseline) for row in next_week)
    assert ours < 0.8 * last_week
    assert 0.65 < solution.coverage < 0.98


def _online_retail() -> ForecastProblem:
    """Return lines sold and lines returned by whole weeks; the last, broken week is left out."""
    weeks, start = 53, date(2010, 11, 29).toordinal()
    lines: Counter[tuple[str, str, bool]] = Counter()
    for part in (1, 2):
        path = reference_data(f"returns/purchases_with_returns_{part}.csv.gz")
        with gzip.open(path, "rt") as file:
            rows = csv.reader(file)
            header = next(rows)
            day, lag, quantity = map(header.index, ("ordered_at", "return_lag_days", "returned_qty"))
            lines.update((row[day][:10], row[lag], row[quantity] not in {"", "0"}) for row in rows)
    sold, returned = np.zeros((1, weeks)), np.zeros((1, weeks, weeks))
    for (day_text, lag_text, back), count in lines.items():
        sold_on = date.fromisoformat(day_text).toordinal() - start
        if sold_on // 7 >= weeks:
            continue
        sold[0, sold_on // 7] += count
        back_in = (sold_on + int(float(lag_text or 0))) // 7
        if back and back_in < weeks:
            returned[0, sold_on // 7, back_in - sold_on // 7] += count
    return ForecastProblem(("online retail",), worlds.came_back(returned), 4, cohorts=Cohorts(sold, returned=returned))


WEEKS = (156, 123, 136, 152, 159, 160, 160, 138, 143, 185, 184, 187)  # packs of the demo world; the level rises late


@pytest.mark.parametrize("counts", [WEEKS, WEEKS[::-1], tuple(range(100, 160, 5)), WEEKS[:9]])
def test_a_short_history_puts_the_median_in_the_middle_of_its_bands(counts):
    """Few errors of neighbouring weeks, all of one sign, widen the fan on both sides; they do not move its centre."""
    problem = ForecastProblem(("packs",), [counts], 6, levels=(0.1, 0.25, 0.5, 0.75, 0.9))
    solution = solve(problem, budget=ALL)
    low, lower, median, upper, high = np.array(solution.quantiles)[0]
    assert median == pytest.approx(np.array(solution.mean[0]))
    assert upper - median == pytest.approx(median - lower)
    assert high - median == pytest.approx(median - low)
    assert (lower < median).all()
    assert (high > upper).all()
    assert min(counts) <= median[0] <= max(counts)


def test_a_short_history_s_interval_holds_what_it_promises():
    """Of steady counts, the 80 % interval made from twelve periods holds about four fifths of what comes next."""
    inside = []
    for seed in range(300):
        counts = np.random.default_rng(seed).poisson(160, 13).astype(float)
        problem = ForecastProblem(("packs",), [counts[:12]], 1, levels=(0.1, 0.5, 0.9))
        low, _, high = np.array(solve(problem, budget=ALL).quantiles)[0]
        inside.append(low[0] <= counts[12] <= high[0])
    assert 0.72 <= np.mean(inside) <= 0.97
