"""CSV files of histories, cohorts and forecasts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.forecast.labels import next_labels
from takeback.plan.forecast.problem import LEVELS, Cohorts, Floats, ForecastProblem
from takeback.plan.forecast.solution import ForecastSolution

HISTORY = ("series", "period", "arrivals")
RETURNED = ("series", "period", "age", "returned")


def read_history(
    text: str,
    *,
    horizon: int,
    levels: tuple[float, ...] = LEVELS,
    season: int | None = None,
    returned: str | None = None,
) -> ForecastProblem:
    """Return the problem of a CSV file `series,period,arrivals[,sold]`, one line a series and period.

    Periods are ordered by their labels, which must sort in time (ISO dates, weeks, months, years). Each series
    has every period once. `returned`: a second file `series,period,age,returned` with the units sold in a period
    that came back so many periods later; it needs the column `sold`. Raises `Problem` naming line and column.
    """
    rows = list(_rows(text, HISTORY, optional=("sold",)))
    names = tuple(dict.fromkeys(row["series"] for _, row in rows))
    periods = tuple(sorted({row["period"] for _, row in rows}))
    arrivals = _table(rows, names, periods, "arrivals")
    cohorts = None
    if returned is not None:
        if not rows or rows[0][1].get("sold") is None:
            raise _bad("line 1", "series,period,arrivals", "series,period,arrivals,sold")
        sold = _table(rows, names, periods, "sold")
        cohorts = Cohorts(sold=sold, returned=_triangle(returned, names, periods))
    return ForecastProblem(
        series=names,
        arrivals=arrivals,
        horizon=horizon,
        levels=levels,
        season=season,
        cohorts=cohorts,
        periods=periods,
    )


def write_history(problem: ForecastProblem) -> str:
    """Return the history as `read_history` reads it; with `sold` where the sales of just these periods are known."""
    sold = problem.cohorts.sold if problem.cohorts and not problem.cohorts.before else None
    labels = problem.periods or tuple(f"{k:06d}" for k in range(problem.length))
    lines: list[list[object]] = [[*HISTORY, *(["sold"] if sold is not None else [])]]
    for i, k in np.ndindex(*problem.arrivals.shape):
        line: list[object] = [problem.series[i], labels[k], float(problem.arrivals[i, k])]
        lines.append(line if sold is None else [*line, float(sold[i, k])])
    return _written(lines)


def write_returned(problem: ForecastProblem) -> str:
    """Return the units returned by age as `read_history` reads them; zeros are left out."""
    cohorts = problem.cohorts
    if cohorts is None or cohorts.returned is None or cohorts.before:
        raise ValueError("the problem has no returns by age of just its own periods")
    labels = problem.periods or tuple(f"{k:06d}" for k in range(problem.length))
    lines: list[list[object]] = [list(RETURNED)]
    for i, c, age in zip(*(k.tolist() for k in np.nonzero(cohorts.returned)), strict=True):
        lines.append([problem.series[i], labels[c], age, float(cohorts.returned[i, c, age])])
    return _written(lines)


def write_forecast(problem: ForecastProblem, solution: ForecastSolution) -> str:
    """Return the forecast as CSV: `series,period,mean,baseline`, then one column a quantile (`q0.05`)."""
    lines: list[list[object]] = [["series", "period", "mean", "baseline", *(f"q{q:g}" for q in solution.levels)]]
    for i, name in enumerate(problem.series):
        for ahead, period in enumerate(next_labels(problem.periods, problem.horizon)):
            quantiles = [row[ahead] for row in solution.quantiles[i]]
            lines.append([name, period, solution.mean[i][ahead], solution.baseline_mean[i][ahead], *quantiles])
    return _written(lines)


def _triangle(text: str, names: tuple[str, ...], periods: tuple[str, ...]) -> Floats:
    table = np.zeros((len(names), len(periods), len(periods)))
    for number, row in _rows(text, RETURNED):
        series, period = _place(number, row, names, periods)
        age = _number(number, row, "age")
        if age != int(age) or not 0 <= age < len(periods):
            raise _bad(f"line {number}, column age", row["age"], msg("a whole number of periods since the sale"))
        table[series, period, int(age)] += _number(number, row, "returned")
    return table


def _table(
    rows: list[tuple[int, dict[str, str]]], names: tuple[str, ...], periods: tuple[str, ...], column: str
) -> Floats:
    table = np.full((len(names), len(periods)), np.nan)
    for number, row in rows:
        place = _place(number, row, names, periods)
        if not np.isnan(table[place]):
            where = f"line {number}"
            raise _bad(where, f"{row['series']}, {row['period']}", msg("each series and period once"))
        table[place] = _number(number, row, column)
    holes = np.argwhere(np.isnan(table))
    if len(holes):
        i, k = holes[0]
        raise _bad(f"series {names[i]}, period {periods[k]}", None, msg("a line for every series and period"))
    return table


def _place(number: int, row: dict[str, str], names: tuple[str, ...], periods: tuple[str, ...]) -> tuple[int, int]:
    for column, known in (("series", names), ("period", periods)):
        if row[column] not in known:
            raise _bad(f"line {number}, column {column}", row[column], msg("one of the history's"))
    return names.index(row["series"]), periods.index(row["period"])


def _number(number: int, row: dict[str, str], column: str) -> float:
    try:
        return float(row[column])
    except (TypeError, ValueError):
        raise _bad(f"line {number}, column {column}", row[column], msg("a number")) from None


def _rows(text: str, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row) of a CSV file whose header holds `columns` and perhaps `optional`."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    header = list(reader.fieldnames or [])
    if not set(columns) <= set(header) <= {*columns, *optional}:
        raise _bad("line 1", ",".join(header), ",".join(columns))
    for row in reader:
        if None in row or None in row.values():
            raise _bad(f"line {reader.line_num}", len([v for v in row.values() if v]), f"{len(header)} values")
        yield reader.line_num, row


def _written(lines: list[list[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue()


def _bad(where: str, found: object, expected: Message | str) -> Problem:
    return Problem(
        "forecast.bad-csv",
        msg("The file is not a history that can be forecast"),
        where=where,
        found=found,
        expected=expected,
    )
