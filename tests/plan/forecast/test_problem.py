"""A forecast problem makes sense, or says in which place it does not."""

from dataclasses import replace

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.forecast import Cohorts, ForecastProblem
from tests.plan.forecast import worlds


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"arrivals": [[1, 2], [3]]}, "arrivals"),
        ({"arrivals": [1, 2, 3]}, "arrivals"),
        ({"arrivals": [[1, -2, 3]] * 3}, "arrivals[0, 1]"),
        ({"arrivals": [[1, 2, float("nan")]] * 3}, "arrivals[0, 2]"),
        ({"arrivals": np.zeros((3, 0))}, "arrivals"),
        ({"series": ("a", "b", "a")}, "series"),
        ({"horizon": 0}, "horizon"),
        ({"levels": (0.5, 0.1)}, "levels"),
        ({"levels": (0.0, 0.5)}, "levels"),
        ({"levels": ()}, "levels"),
        ({"season": 1}, "season"),
        ({"periods": ("2026-W01",)}, "periods"),
        ({"method": "guess"}, "method"),
        ({"method": "age-cohort"}, "method"),
        ({"method": "seasonal"}, "method"),
    ],
)
def test_a_bad_value_is_named_with_its_place(changes, where):
    """Whatever is wrong is told with its place in the problem."""
    with pytest.raises(Problem) as caught:
        replace(worlds.counts(0), **changes)
    assert caught.value.where == where


def _cohorts(**changes):
    good = {"sold": np.full((1, 6), 10.0), "before": 2, "lifetime": (0.1, 0.1)}
    return ForecastProblem(("a",), np.ones((1, 4)), 2, cohorts=Cohorts(**{**good, **changes}))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"before": 1}, "cohorts.sold"),
        ({"before": -2}, "cohorts.sold"),
        ({"sold": np.full((1, 6), -1.0)}, "cohorts.sold[0, 0]"),
        ({"lifetime": None}, "cohorts"),
        ({"returned": np.zeros((1, 6, 2))}, "cohorts"),
        ({"lifetime": (0.8, 0.9)}, "cohorts.lifetime"),
        ({"lifetime": (-0.1, 0.2)}, "cohorts.lifetime"),
        ({"lifetime": ((0.1,),)}, "cohorts.lifetime"),
        ({"lifetime": None, "returned": np.zeros((1, 5, 2))}, "cohorts.returned"),
        ({"lifetime": None, "returned": np.full((1, 6, 2), 9.0)}, "cohorts.returned[0, 0]"),
    ],
)
def test_bad_cohorts_are_named_with_their_place(changes, where):
    """Sales must reach the end of the history, returns must not exceed sales, chances must be chances."""
    with pytest.raises(Problem) as caught:
        _cohorts(**changes)
    found = [caught.value.where, *(error.where for error in caught.value.errors)]
    assert where in found


def test_returns_from_the_future_are_refused():
    """A return dated after the end of the history is a mistake in the data, not knowledge."""
    returned = np.zeros((1, 6, 2))
    returned[0, 5, 1] = 1.0
    with pytest.raises(Problem) as caught:
        _cohorts(lifetime=None, returned=returned)
    assert "after the end" in str(caught.value.expected)


def test_a_history_is_copied_and_cannot_be_changed():
    """A problem stays what was asked, whatever becomes of the array it was made from."""
    mine = np.ones((1, 5))
    problem = ForecastProblem(("a",), mine, 2)
    mine[0, 0] = 7
    assert problem.arrivals[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        problem.arrivals[0, 0] = 7
