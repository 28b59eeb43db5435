"""Says before any search why a day cannot be served: which task, which limits, what would make it fit."""

from __future__ import annotations

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.explain.hours import too_long
from takeback.plan.collection.explain.places import swapped_places
from takeback.plan.collection.explain.started import contradictions
from takeback.plan.collection.explain.sums import overloads
from takeback.plan.collection.explain.tasks import Alone, impossible_tasks
from takeback.plan.collection.explain.words import clock
from takeback.plan.collection.problem import CollectionProblem

__all__ = ["clock", "explain"]


def explain(problem: CollectionProblem) -> list[Problem]:
    """Return every reason why no plan can exist, and coordinates that look swapped; empty = none was found.

    Each reason names the smallest set of limits in conflict and the least change of a number that reconciles them.
    Tasks with a prize are optional and never a reason. Not every infeasible day is recognised here: whether
    the routes fit into the fleet's day only a search can tell.
    """
    errors = list(swapped_places(problem))
    if any(task.prize is None for task in problem.tasks) and not any(v.count for v in problem.vehicle_types):
        return [*errors, _no_vehicle()]
    told: set[str] = set()
    errors += contradictions(problem)
    errors += impossible_tasks(problem, Alone(problem), told)
    return [*errors, *overloads(problem, told), *too_long(problem, told)]


def _no_vehicle() -> Problem:
    return Problem(
        "collection.no-vehicle",
        msg("There are tasks to serve but no vehicle"),
        where="vehicle_types",
        found=0,
        expected=msg("at least one vehicle"),
        remedy=msg("Add a vehicle, or give the tasks a prize so that they may wait."),
    )
