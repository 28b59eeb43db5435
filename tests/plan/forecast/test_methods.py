"""What each method says where the right answer is known."""

import numpy as np
import pytest

from takeback.plan.forecast import Cohorts, ForecastProblem
from takeback.plan.forecast.methods import METHODS, age_cohort, naive, seasonal, smoothing
from tests.plan.forecast import worlds


def test_the_naive_forecast_repeats_the_last_value():
    """Last value, for every period ahead."""
    problem = ForecastProblem(("a",), [[3, 1, 4, 1, 5]], 3)
    assert naive(problem, 5).tolist() == [[5, 5, 5]]
    assert naive(problem, 3).tolist() == [[4, 4, 4]]


def test_the_seasonal_forecast_repeats_the_last_season():
    """The same period of the last season, over and over; the last value where there is no season yet."""
    problem = ForecastProblem(("a",), [[1, 2, 3, 4, 5, 6]], 5, season=3)
    assert seasonal(problem, 6).tolist() == [[4, 5, 6, 4, 5]]
    assert seasonal(problem, 2).tolist() == [[2, 2, 2, 2, 2]]


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_constant_stays_constant(name):
    """Where nothing ever changes every method says so."""
    sold = np.full((1, 40), 100.0)
    cohorts = Cohorts(sold, before=10, lifetime=(0.1, 0.05, 0.05))
    problem = ForecastProblem(("a",), np.full((1, 30), 20.0), 4, season=5, cohorts=cohorts)
    assert METHODS[name](problem, 30) == pytest.approx(np.full((1, 4), 20.0))


@pytest.mark.parametrize("name", sorted(METHODS))
def test_no_method_looks_ahead(name):
    """A forecast made before a period does not change with what came in that period or later."""
    problem = worlds.sales(3)
    arrivals, returned = problem.arrivals.copy(), problem.cohorts.returned.copy()
    sold = problem.cohorts.sold.copy()
    origin, end = 25, problem.cohorts.before + 25
    arrivals[:, origin:] *= 3
    sold[:, end:] = 999
    cohort, age = np.indices(returned.shape[1:])
    returned[:, cohort + age >= end] = 0
    changed = ForecastProblem(
        problem.series, arrivals, 4, season=6, cohorts=Cohorts(sold, before=30, returned=returned)
    )
    same = ForecastProblem(problem.series, problem.arrivals, 4, season=6, cohorts=problem.cohorts)
    assert METHODS[name](changed, origin).tolist() == METHODS[name](same, origin).tolist()


def test_age_cohort_knows_that_a_wave_of_sales_comes_back():
    """Noiseless: sales jump, every tenth unit comes back two periods later; the jump is foreseen."""
    sold = np.array([[100.0] * 20 + [500.0] * 4])
    returned = np.zeros((1, 24, 4))
    returned[0, :22, 2] = sold[0, :22] / 10
    problem = ForecastProblem(("a",), worlds.came_back(returned), 3, cohorts=Cohorts(sold, returned=returned))
    assert age_cohort(problem, 21)[0, 0] == pytest.approx(10, rel=0.05)
    assert age_cohort(problem, 22)[0, :2] == pytest.approx([50, 50], rel=0.05)
    assert smoothing(problem, 22)[0, 0] == pytest.approx(10, rel=0.01)


def test_young_cohorts_do_not_pull_the_chances_down():
    """Censoring: with sales growing fast most units are too young to be back, yet the chances are found."""
    sold = 100 * 1.2 ** np.arange(24)[None]
    chance = np.array([0.0, 0.02, 0.05, 0.08, 0.05])
    returned = np.zeros((1, 24, 5))
    for c in range(24):
        known = min(5, 24 - c)
        returned[0, c, :known] = sold[0, c] * chance[:known]
    problem = ForecastProblem(("a",), worlds.came_back(returned), 1, cohorts=Cohorts(sold, returned=returned))
    expected = sum(sold[0, 24 - age] * chance[age] for age in range(1, 5))
    assert age_cohort(problem, 24)[0, 0] == pytest.approx(expected, rel=0.01)
    crude = returned.sum() / sold.sum()
    assert crude < 0.65 * chance.sum()


def test_a_borrowed_lifetime_of_the_wrong_level_is_corrected():
    """A lifetime from elsewhere that says twice too much is scaled by what really came."""
    sold = np.full((1, 60), 200.0)
    problem = ForecastProblem(("a",), np.full((1, 40), 20.0), 2, cohorts=Cohorts(sold, before=20, lifetime=(0.1, 0.1)))
    assert age_cohort(problem, 40)[0] == pytest.approx([20, 20], rel=0.02)
