"""What all engines share behaves the same everywhere."""

import pickle

import pytest

from takeback.core.problem import Problem
from takeback.plan.doors import Budget, Progress, Stopwatch, Violation


@pytest.mark.parametrize(
    "limits",
    [{}, {"seconds": 0}, {"seconds": -1.0}, {"seconds": float("inf")}, {"seconds": float("nan")}, {"iterations": -1}],
)
def test_a_search_without_a_sensible_limit_is_refused(limits):
    """No limit, no time, endless time and negative counts are told as a problem with a remedy."""
    with pytest.raises(Problem) as caught:
        Budget(**limits)
    assert caught.value.kind == "plan.bad-budget"
    assert caught.value.remedy is not None


def test_the_larger_used_share_of_a_budget_counts():
    """Whichever limit ends first ends the search; no iterations allowed means none."""
    watch = Stopwatch()
    assert watch.spent(Budget(iterations=10), 5) == 0.5
    assert watch.spent(Budget(seconds=1_000, iterations=10), 10) == 1
    assert watch.spent(Budget(seconds=1e-9), 0) >= 1
    assert watch.spent(Budget(iterations=0), 0) == 1


def test_seconds_only_grow():
    """A stopwatch never runs backwards."""
    watch = Stopwatch()
    readings = [watch.seconds for _ in range(5)]
    assert readings == sorted(readings)
    assert readings[0] >= 0


def test_a_violation_is_a_sentence_and_json():
    """Rule, place, found and expected, for people and programs; odd values become text."""
    violation = Violation("load.above-capacity", "route 2, stop 3", (5, 6), 4)
    assert str(violation) == "load.above-capacity at route 2, stop 3: found (5, 6), expected 4"
    assert violation.as_dict()["found"] == "(5, 6)"


def test_what_travels_between_processes_can():
    """Budgets and progress are pickled to worker processes and back."""
    for thing in (Budget(seconds=2.0, iterations=3), Progress(0.5, 1, 0.1, 7.0, 3.0)):
        assert pickle.loads(pickle.dumps(thing)) == thing
