"""Small worlds with a known truth for the forecast tests."""

from __future__ import annotations

import numpy as np

from takeback.plan.forecast import Cohorts, ForecastProblem


def counts(seed: int, *, series: int = 3, periods: int = 40, **asked: object) -> ForecastProblem:
    """Return over-dispersed counts around a level that drifts slowly."""
    rng = np.random.default_rng(seed)
    level = rng.uniform(15, 60, (series, 1)) * np.exp(np.cumsum(rng.normal(0, 0.04, (series, periods)), axis=1))
    arrivals = rng.poisson(level * rng.gamma(8, 1 / 8, (series, periods))).astype(float)
    names = tuple(f"s{k}" for k in range(series))
    return ForecastProblem(names, arrivals, **{"horizon": 4, **asked})  # type: ignore[arg-type]


def sales(seed: int, *, series: int = 3, before: int = 30, periods: int = 40, horizon: int = 4) -> ForecastProblem:
    """Return units sold in waves, a fifth of which come back within eight periods, each unit by itself."""
    rng = np.random.default_rng(seed)
    columns = before + periods
    wave = 1 + 0.5 * np.sin(np.arange(columns) / 5 + rng.uniform(0, 6))
    sold = rng.poisson(rng.uniform(100, 400, (series, 1)) * wave).astype(float)
    chance = rng.dirichlet(np.ones(8)) * 0.2
    returned = np.zeros((series, columns, 8))
    for i, c in np.ndindex(series, columns):
        known = min(8, columns - c)
        returned[i, c, :known] = rng.multinomial(int(sold[i, c]), [*chance, 1 - chance.sum()])[:known]
    return ForecastProblem(
        tuple(f"s{k}" for k in range(series)),
        came_back(returned)[:, before:],
        horizon,
        cohorts=Cohorts(sold, before=before, returned=returned),
    )


def came_back(returned: np.ndarray) -> np.ndarray:
    """Return (series, periods) what came back in each period, out of (series, cohorts, ages)."""
    arrivals = np.zeros(returned.shape[:2])
    for age in range(min(returned.shape[2], returned.shape[1])):
        arrivals[:, age:] += returned[:, : returned.shape[1] - age, age]
    return arrivals
