"""What is to be foreseen: how many things come back in each coming period, from what came back and was sold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

Floats = npt.NDArray[np.float64]
Method = Literal["auto", "naive", "seasonal", "smoothing", "age-cohort"]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False, slots=True)
class Cohorts:
    """What was sold when, and at what age it comes back.

    - `sold`: (series, cohorts) units sold in each period; the last column is the last period of the history,
      `before` columns lie before its first one.
    - `returned`: (series, cohorts, ages) units of each cohort that came back so many periods after their sale.
      What the history has not reached yet is 0: the triangle is censored there, and read so.
    - `lifetime`: (ages,) probability that a unit comes back at that age, known from elsewhere; sums to <= 1.

    One of `returned` and `lifetime` is given: fitted, or borrowed.
    """

    sold: Floats
    before: int = 0
    returned: Floats | None = None
    lifetime: Floats | None = None

    def __post_init__(self) -> None:
        for name in ("sold", "returned", "lifetime"):
            given = getattr(self, name)
            object.__setattr__(self, name, None if given is None else _array(f"cohorts.{name}", given))


@dataclass(frozen=True, eq=False, slots=True)
class ForecastProblem:
    """Foresee `horizon` periods of each series.

    - `series`: names, each a vertical and a place or what else is counted.
    - `arrivals`: (series, periods) units that came back, >= 0; oldest first, the last period complete.
    - `levels`: quantiles wanted, rising, between 0 and 1; the outermost two make the reported interval.
    - `season`: periods of a season (52 for weeks of a year), None = none.
    - `cohorts`: what was sold and how old it comes back, where known.
    - `periods`: labels of the history ("2026-W12"), or empty.
    - `method`: "auto" takes "age-cohort" where cohorts are known, else "smoothing".

    Arrays are copied and made read-only. Raises `Problem` with every ill-formed part.
    """

    series: tuple[str, ...]
    arrivals: Floats
    horizon: int
    levels: tuple[float, ...] = LEVELS
    season: int | None = None
    cohorts: Cohorts | None = None
    periods: tuple[str, ...] = ()
    method: Method = "auto"

    def __post_init__(self) -> None:
        object.__setattr__(self, "arrivals", _array("arrivals", self.arrivals))
        errors = [error for rule in (_history, _asked, _sales) for error in rule(self)]
        if len(errors) == 1:
            raise errors[0]
        if errors:
            title = msg("The forecast problem has {count} mistakes", count=len(errors))
            raise Problem("forecast.ill-formed", title, errors=errors)

    @property
    def length(self) -> int:
        """Return the number of periods of the history."""
        return int(self.arrivals.shape[1])


def _array(where: str, given: npt.ArrayLike) -> Floats:
    try:
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise _wrong(where, None, msg("a table of numbers, rows of equal length")) from None
    array.flags.writeable = False
    return array


def _history(problem: ForecastProblem) -> list[Problem]:
    n = len(problem.series)
    arrivals = problem.arrivals
    if arrivals.ndim != 2 or len(arrivals) != n or not arrivals.shape[1]:
        shape = msg("{n} rows, one a series, and at least one period", n=n)
        return [_wrong("arrivals", _shape(arrivals), shape)]
    errors = _bad_numbers("arrivals", arrivals)
    if len(set(problem.series)) != n:
        errors.append(_wrong("series", list(problem.series), msg("a name that no other series has")))
    if problem.periods and len(problem.periods) != problem.length:
        labels = msg("no labels, or {count}, one a period", count=problem.length)
        errors.append(_wrong("periods", len(problem.periods), labels))
    return errors


def _asked(problem: ForecastProblem) -> list[Problem]:
    errors = []
    if problem.horizon < 1:
        errors.append(_wrong("horizon", problem.horizon, msg("1 or more periods")))
    levels = problem.levels
    rising = all(a < b for a, b in zip((0.0, *levels), (*levels, 1.0), strict=True))
    if not levels or not rising:
        errors.append(_wrong("levels", list(levels), msg("rising numbers between 0 and 1")))
    if problem.season is not None and problem.season < 2:
        errors.append(_wrong("season", problem.season, msg("2 or more periods, or none")))
    if problem.method not in get_args(Method):
        errors.append(_wrong("method", problem.method, " | ".join(get_args(Method))))
    if problem.method == "age-cohort" and problem.cohorts is None:
        errors.append(_wrong("method", problem.method, msg("a method that needs no cohorts, or cohorts")))
    if problem.method == "seasonal" and problem.season is None:
        errors.append(_wrong("method", problem.method, msg("a method that needs no season, or a season")))
    return errors


def _sales(problem: ForecastProblem) -> list[Problem]:
    cohorts, n = problem.cohorts, len(problem.series)
    if cohorts is None or problem.arrivals.ndim != 2:
        return []
    columns = cohorts.before + problem.length
    if cohorts.before < 0 or cohorts.sold.shape != (n, columns):
        return [_wrong("cohorts.sold", _shape(cohorts.sold), f"{n} x {columns}")]
    errors = _bad_numbers("cohorts.sold", cohorts.sold)
    if (cohorts.returned is None) == (cohorts.lifetime is None):
        errors.append(_wrong("cohorts", None, msg("either returned or lifetime, not both")))
    if cohorts.lifetime is not None:
        errors += _bad_lifetime(cohorts.lifetime)
    if cohorts.returned is not None:
        errors += _bad_triangle(cohorts.sold, cohorts.returned)
    return errors


def _bad_lifetime(lifetime: Floats) -> list[Problem]:
    if lifetime.ndim != 1 or not len(lifetime):
        return [_wrong("cohorts.lifetime", _shape(lifetime), msg("one probability for each age"))]
    if not (lifetime >= 0).all() or lifetime.sum() > 1 + 1e-9:
        return [_wrong("cohorts.lifetime", float(lifetime.sum()), msg("0 or more each, together at most 1"))]
    return []


def _bad_triangle(sold: Floats, returned: Floats) -> list[Problem]:
    name = "cohorts.returned"
    if returned.ndim != 3 or returned.shape[:2] != sold.shape or not returned.shape[2]:
        return [_wrong(name, _shape(returned), msg("one row for each series and cohort, one column an age"))]
    errors = _bad_numbers(name, returned)
    if (returned.sum(axis=2) > sold + 1e-9).any():
        i, c = (int(k[0]) for k in np.nonzero(returned.sum(axis=2) > sold + 1e-9))
        most = msg("at most the {sold} sold", sold=float(sold[i, c]))
        errors.append(_wrong(f"{name}[{i}, {c}]", float(returned[i, c].sum()), most))
    cohort, age = np.indices(returned.shape[1:])
    if returned[:, cohort + age >= sold.shape[1]].any():
        errors.append(_wrong(name, None, msg("nothing returned after the end of the history")))
    return errors


def _bad_numbers(name: str, array: Floats) -> list[Problem]:
    wrong = ~(np.isfinite(array) & (array >= 0))
    if not wrong.any():
        return []
    place = tuple(int(k[0]) for k in np.nonzero(wrong))
    return [_wrong(f"{name}[{', '.join(map(str, place))}]", float(array[place]), msg("a number of 0 or more"))]


def _shape(array: Floats) -> str:
    return " x ".join(map(str, array.shape))


def _wrong(where: str, found: object, expected: Message | str) -> Problem:
    return Problem(
        "forecast.bad-value",
        msg("A value of the forecast problem makes no sense"),
        where=where,
        found=found,
        expected=expected,
    )
