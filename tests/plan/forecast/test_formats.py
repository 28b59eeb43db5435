"""CSV in and out, and the fan chart."""

import csv
import io

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.doors import Budget
from takeback.plan.forecast import Cohorts, ForecastProblem, solve
from takeback.plan.forecast.figures import fan_chart
from takeback.plan.forecast.formats import read_history, write_forecast, write_history, write_returned
from takeback.plan.forecast.labels import next_labels
from tests.plan.forecast import worlds

HISTORY = "series,period,arrivals\na,2026-W01,3\nb,2026-W01,1\na,2026-W02,4\nb,2026-W02,0\n"


def test_a_history_is_read_in_the_order_of_its_periods():
    """Lines in any order become one row a series, oldest period first; a byte-order mark is no letter."""
    shuffled = "\ufeff" + "\n".join([HISTORY.splitlines()[0], *HISTORY.splitlines()[:0:-1]])
    problem = read_history(shuffled, horizon=2)
    assert problem.periods == ("2026-W01", "2026-W02")
    assert dict(zip(problem.series, problem.arrivals.tolist(), strict=True)) == {"a": [3, 4], "b": [1, 0]}


def test_a_problem_written_as_csv_is_read_back_the_same():
    """History, sales and returns by age: out and in again, the same arrays."""
    problem = worlds.sales(2, before=0, periods=20)
    returned = np.zeros((3, 20, 20))
    returned[:, :, :8] = problem.cohorts.returned
    problem = ForecastProblem(
        problem.series,
        problem.arrivals,
        4,
        cohorts=Cohorts(problem.cohorts.sold, returned=returned),
        periods=tuple(f"2026-W{k:02d}" for k in range(1, 21)),
    )
    back = read_history(write_history(problem), horizon=4, returned=write_returned(problem))
    assert (back.series, back.periods) == (problem.series, problem.periods)
    assert (back.arrivals == problem.arrivals).all()
    assert (back.cohorts.sold == problem.cohorts.sold).all()
    assert (back.cohorts.returned == returned).all()


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("arrivals", "count", "line 1"),
        ("series,period,arrivals", "series,period,arrivals,colour", "line 1"),
        ("a,2026-W02,4\n", "", "series a, period 2026-W02"),
        ("a,2026-W02,4", "a,2026-W01,4", "line 4"),
        ("b,2026-W01,1", "b,2026-W01,one", "line 3, column arrivals"),
        ("b,2026-W01,1", "b,2026-W01", "line 3"),
        ("b,2026-W01,1", "b,2026-W01,-1", "arrivals[1, 0]"),
    ],
)
def test_a_bad_history_is_told_with_line_and_column(old, new, where):
    """Wrong header, missing or double period, a word for a number, a negative count."""
    with pytest.raises(Problem) as caught:
        read_history(HISTORY.replace(old, new), horizon=2)
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("c,2026-W01,0,1", "line 2, column series"),
        ("a,2026-W09,0,1", "line 2, column period"),
        ("a,2026-W01,0.5,1", "line 2, column age"),
        ("a,2026-W01,2,1", "line 2, column age"),
    ],
)
def test_bad_returns_by_age_are_told_with_line_and_column(line, where):
    """Returns must belong to a series and period of the history, at a whole age within it."""
    sold = HISTORY.replace("arrivals\n", "arrivals,sold\n").replace("3\n", "3,9\n")
    sold = sold.replace("1\nb", "1,9\nb").replace(",1\na", ",1,9\na").replace("4\n", "4,9\n").replace(",0\n", ",0,9\n")
    with pytest.raises(Problem) as caught:
        read_history(sold, horizon=2, returned=f"series,period,age,returned\n{line}\n")
    assert caught.value.where == where


def test_a_forecast_is_written_with_its_quantiles():
    """One line a series and coming period, one column a quantile, labels continued."""
    problem = worlds.counts(0, periods=40)
    problem = ForecastProblem(
        problem.series, problem.arrivals, 4, periods=tuple(f"2026-W{k:02d}" for k in range(1, 41))
    )
    solution = solve(problem, budget=Budget(iterations=10))
    rows = list(csv.DictReader(io.StringIO(write_forecast(problem, solution))))
    assert len(rows) == 3 * 4
    assert rows[0]["period"] == "2026-W41"
    assert float(rows[5]["q0.95"]) == solution.quantiles[1][-1][1]


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        (("2026-W52", "2026-W53"), ("2027-W01", "2027-W02")),
        (("2025-12",), ("2026-01", "2026-02")),
        (("2025",), ("2026", "2027")),
        (("2026-02-20", "2026-02-27"), ("2026-03-06", "2026-03-13")),
        (("2026-02-28", "2026-03-01"), ("2026-03-02", "2026-03-03")),
        (("first", "second"), ("+1", "+2")),
        ((), ("+1", "+2")),
    ],
)
def test_labels_continue_as_the_history_does(periods, expected):
    """Weeks roll over the year, months and days follow the calendar, the unknown is counted."""
    assert next_labels(periods, 2) == expected


def test_the_fan_chart_holds_history_means_and_bands():
    """Twelve periods back, the horizon ahead, bands from the outside in."""
    problem = worlds.counts(0)
    solution = solve(problem, budget=Budget(iterations=10))
    fan = fan_chart(problem, solution, "s1", back=12)
    assert [point["arrivals"] for point in fan["history"]] == problem.arrivals[1, -12:].tolist()
    assert [point["mean"] for point in fan["forecast"]] == list(solution.mean[1])
    assert fan["bands"] == [{"low": "0.05", "high": "0.95"}, {"low": "0.25", "high": "0.75"}]
    assert all(p["quantiles"]["0.05"] <= p["quantiles"]["0.95"] for p in fan["forecast"])
    assert fan["error"] == solution.wape_by_series[1][0]
    with pytest.raises(ValueError, match="not in tuple"):
        fan_chart(problem, solution, "nobody")
