"""Plain data for the pictures a person wants of a solution; drawing is the console's."""

from __future__ import annotations

import numpy as np

from takeback.plan.disposition import reasons
from takeback.plan.disposition.problem import DispositionProblem
from takeback.plan.disposition.solution import DispositionSolution

Row = dict[str, float | int | str | bool | None]


def options_of_item(problem: DispositionProblem, solution: DispositionSolution, item: int) -> list[Row]:
    """Return an interval dot plot of one item: an option a row, in minor units, best first; barred ones last."""
    places = reasons.places(problem, solution, item)
    worth = solution.value[item] - places
    return [
        {
            "option": reasons.names(problem)[column],
            "expected": _number(solution.value[item, column]),
            "low": _number(solution.low[item, column]),
            "high": _number(solution.high[item, column]),
            "place": float(places[column]),
            "chosen": column == int(solution.choice[item]),
        }
        for column in np.argsort(-worth, kind="stable").tolist()
    ]


def items_by_option(problem: DispositionProblem, solution: DispositionSolution) -> list[Row]:
    """Return a bar chart: items and expected value (minor units) of each option, hold included."""
    rows = np.arange(problem.n)
    chosen = solution.value[rows, solution.choice]
    return [
        {
            "option": name,
            "items": int((solution.choice == column).sum()),
            "value": float(chosen[solution.choice == column].sum()),
        }
        for column, name in enumerate(reasons.names(problem))
    ]


def resources(problem: DispositionProblem, solution: DispositionSolution) -> list[Row]:
    """Return a bullet chart: used and available units of each resource, and what one more unit would bring."""
    return [
        {
            "resource": resource.name,
            "unit": resource.unit,
            "used": float(solution.used[r]),
            "available": _number(resource.available),
            "shadow_price": float(solution.shadow_price[r]),
        }
        for r, resource in enumerate(problem.resources)
    ]


def closest_calls(problem: DispositionProblem, solution: DispositionSolution, *, most: int = 20) -> list[Row]:
    """Return the items whose runner-up is nearest, closest first: those worth a second look."""
    names, order = reasons.names(problem), np.argsort(solution.margin, kind="stable")
    return [
        {
            "key": int(problem.keys[i]),
            "chosen": names[int(solution.choice[i])],
            "runner_up": names[int(solution.runner_up[i])],
            "margin": float(solution.margin[i]),
        }
        for i in order[:most].tolist()
        if solution.runner_up[i] >= 0
    ]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
