"""Forecasting methods: each sees the history before its origin only, and returns (series, horizon) means."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from takeback.plan.forecast.problem import Cohorts, Floats, ForecastProblem

SMOOTHING = 0.3  # weight of the newest period; the middle of the usual 0.1 to 0.5 (Gardner 2006)
LEARNT_FROM = 4  # periods averaged for the first level, and for coming sales
PRIOR_UNITS = 50.0  # units at risk by which a series' hazard leans on that of all series
LEVEL_PERIODS = 26  # over which the level is compared with what really came
LEVEL_PRIOR = 5.0  # units by which that comparison leans on 1

Forecast = Callable[[ForecastProblem, int], Floats]


def naive(problem: ForecastProblem, origin: int) -> Floats:
    """Return the last value before `origin` for every coming period."""
    return np.repeat(problem.arrivals[:, origin - 1 : origin], problem.horizon, axis=1)


def seasonal(problem: ForecastProblem, origin: int) -> Floats:
    """Return the value of the same period of the last season; the last value where there is no full season."""
    season = problem.season or 1
    if origin < season:
        return naive(problem, origin)
    ahead = np.arange(problem.horizon) % season
    return problem.arrivals[:, origin - season + ahead]


def smoothing(problem: ForecastProblem, origin: int) -> Floats:
    """Return the exponentially smoothed level for every coming period."""
    level = problem.arrivals[:, : min(origin, LEARNT_FROM)].mean(axis=1)
    for period in range(LEARNT_FROM, origin):
        level = level + SMOOTHING * (problem.arrivals[:, period] - level)
    return np.repeat(level[:, None], problem.horizon, axis=1)


def age_cohort(problem: ForecastProblem, origin: int) -> Floats:
    """Return sales of each cohort times its chance to come back at the age it will have.

    The chances are `lifetime`, or are fitted as discrete hazards on what each cohort could show by `origin`
    (Kaplan, Meier 1958: cohorts still open count only up to their age). Coming sales are taken as the mean of
    the last periods. The level is corrected by what came against what these chances say came, so that returns
    that were never matched to a sale, and a borrowed lifetime's wrong level, are made good.
    """
    if problem.cohorts is None:
        raise ValueError("age_cohort needs cohorts")
    end = problem.cohorts.before + origin
    sold = problem.cohorts.sold[:, :end]
    coming = np.repeat(sold[:, -LEARNT_FROM:].mean(axis=1)[:, None], problem.horizon, axis=1)
    chance = _chance(problem.cohorts, end)
    expected = _convolved(np.concatenate([sold, coming], axis=1), chance)
    since = max(0, origin - LEVEL_PERIODS)
    said = expected[:, problem.cohorts.before + since : end].sum(axis=1)
    came = problem.arrivals[:, since:origin].sum(axis=1)
    level = (came + LEVEL_PRIOR) / (said + LEVEL_PRIOR)
    return np.asarray(expected[:, end:] * level[:, None])


def _chance(cohorts: Cohorts, end: int) -> Floats:
    """Return (series, ages) the chance that a unit comes back at that age, known at column `end` of the sales."""
    if cohorts.lifetime is not None:
        return np.repeat(cohorts.lifetime[None], len(cohorts.sold), axis=0)
    hazard = _hazard(cohorts, end)
    still_out = np.cumprod(1 - hazard, axis=1)
    return np.asarray(hazard * np.concatenate([np.ones((len(hazard), 1)), still_out[:, :-1]], axis=1))


def _hazard(cohorts: Cohorts, end: int) -> Floats:
    """Return (series, ages) returns at each age / units then at risk, leaning on the hazard of all series."""
    if cohorts.returned is None:
        raise ValueError("a hazard is fitted on returns by age")
    returned = cohorts.returned[:, :end]
    cohort, age = np.indices(returned.shape[1:])
    known = cohort + age < end
    at_risk = cohorts.sold[:, :end, None] - (np.cumsum(returned, axis=2) - returned)
    back, risk = (returned * known).sum(axis=1), (at_risk * known).sum(axis=1)
    pooled = back.sum(axis=0) / np.maximum(risk.sum(axis=0), 1.0)
    return np.asarray((back + PRIOR_UNITS * pooled) / (risk + PRIOR_UNITS))


def _convolved(sold: Floats, chance: Floats) -> Floats:
    """Return (series, periods) arrivals to expect from these sales."""
    expected = np.zeros_like(sold)
    for age in range(min(chance.shape[1], sold.shape[1])):
        expected[:, age:] += sold[:, : sold.shape[1] - age] * chance[:, age, None]
    return expected


METHODS: dict[str, Forecast] = {
    "naive": naive,
    "seasonal": seasonal,
    "smoothing": smoothing,
    "age-cohort": age_cohort,
}
