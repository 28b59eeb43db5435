"""Selections that make no sense."""

from __future__ import annotations

from dataclasses import replace

import pytest

from takeback.core.problem import Problem
from takeback.plan.collection.selection import SelectionProblem
from tests.plan.collection.selection.bins import make_bins


def _told(problem: SelectionProblem, **changed: object) -> str:
    with pytest.raises(Problem) as caught:
        replace(problem, **changed)  # type: ignore[arg-type]
    return caught.value.as_text()


def _point(problem: SelectionProblem, **changed: object) -> str:
    point = replace(problem.points[0], **changed)  # type: ignore[arg-type]
    return _told(problem, points=(point, *problem.points[1:]))


def test_each_mistake_is_told_with_its_place() -> None:
    """Point, field, what was found and what is right; several at once."""
    problem = make_bins(3, seed=0)
    assert "points[0] (bin 0).capacity" in _point(problem, capacity=0.0)
    assert "points[0] (bin 0).inflow[1]" in _point(problem, inflow=(1.0, -2.0, 1.0, 1.0, 1.0))
    assert "5 numbers, one a day" in _point(problem, inflow=(1.0,))
    assert "points[0] (bin 0).level_sd" in _point(problem, level_sd=float("nan"))
    assert "points[0] (bin 0).location" in _point(problem, location=9)
    assert "points[0] (bin 0).load" in _point(problem, load=(1, 2))
    both = _point(problem, capacity=-1.0, overflow_cost=-5)
    assert "2 mistakes" in both and "capacity" in both and "overflow_cost" in both


def test_horizon_fleet_and_matrices_are_checked() -> None:
    """1 to 8 days, closed days within them, a vehicle, complete matrices, ids once."""
    problem = make_bins(3, seed=0)
    assert "1 to 8 days" in _too_many_days()
    assert "closed_days" in _told(problem, closed_days=(5,))
    assert "at least one vehicle" in _told(problem, vehicle_types=())
    assert "distance_m" in _told(problem, distance_m=[[0, 1], [1, 0]])
    assert "no other point" in _told(problem, points=(problem.points[0], problem.points[0]))


def _too_many_days() -> str:
    with pytest.raises(Problem) as caught:
        make_bins(2, seed=0, days=9)
    return caught.value.as_text()
