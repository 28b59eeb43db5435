"""A day of a selection as a collection problem."""

from __future__ import annotations

import math
from dataclasses import replace

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.parts import Task
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.selection.problem import Point, SelectionProblem
from takeback.plan.collection.selection.solution import SelectionSolution


def to_collection(problem: SelectionProblem, day: int, solution: SelectionSolution) -> CollectionProblem:
    """Return the collection problem of a day: every point that is worth a visit, as an optional task.

    The prize is what the visit is worth, so that the routing engine, which knows the real ways, drops a point that
    costs more and takes one along that lies beside the route. Loads are the expected ones, rounded up.

    Raises
    ------
    Problem
        ``selection.no-such-day``.
    """
    if not 0 <= day < problem.days:
        raise Problem(
            "selection.no-such-day",
            msg("The selection has no such day."),
            found=day,
            expected=msg("0 to {last}", last=problem.days - 1),
        )
    closed = day in problem.closed_days
    tasks = [
        _task(point, _level(point, day, solution), worth[day])
        for point, worth in zip(problem.points, solution.worth, strict=True)
        if worth[day] > 0 and not closed
    ]
    return replace(problem.empty_day(), tasks=tuple(tasks), name=f"day {day}")


def _task(point: Point, level: float, prize: int) -> Task:
    share = min(1.0, level / point.capacity)
    return Task(
        id=point.id,
        location=point.location,
        pickup=tuple(math.ceil(load * share - 1e-9) for load in point.load),
        windows=point.windows,
        service_s=point.service_s,
        prize=prize,
        goods=point.goods,
        only=point.only,
        never=point.never,
    )


def _level(point: Point, day: int, solution: SelectionSolution) -> float:
    """Return the expected level on the morning of a day, after the visits chosen before it."""
    before = [one.day for one in solution.chosen if one.point == point.id and one.day < day]
    start = max(before, default=None)
    return point.level + sum(point.inflow[:day]) if start is None else sum(point.inflow[start:day])
