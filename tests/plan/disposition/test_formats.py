from __future__ import annotations

import csv
import io
from dataclasses import fields, replace

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.disposition import figures, formats
from takeback.plan.disposition.check import check
from takeback.plan.disposition.solve import solve
from tests.plan.disposition import worlds


@pytest.mark.parametrize("hold", [True, False])
def test_a_problem_and_its_solution_survive_json(hold: bool) -> None:
    """Written and read again, the problem is solved alike and the solution still passes the check."""
    problem = worlds.problem(2, 30, hold=hold, whole=False)
    unlimited = (replace(problem.resources[0], available=float("inf")), problem.resources[1])
    problem = replace(problem, resources=unlimited, condition_value=np.array([0.9, 0.8, 0.7, 0.6]))
    solution = solve(problem)
    read = formats.problem_from_json(formats.problem_to_json(problem))
    answer = formats.solution_from_json(formats.solution_to_json(solution))
    assert solve(read).choice.tolist() == solution.choice.tolist()
    assert read.resources[0].available == float("inf")
    assert check(read, answer) == []
    for field in fields(solution):
        np.testing.assert_array_equal(getattr(answer, field.name), getattr(solution, field.name))


@pytest.mark.parametrize(
    "document",
    [b"", b"[]", b"{", b'{"format": "other/1"}', b'{"format": "takeback-disposition-problem/1"}', b"\xff\xfe{}"],
)
def test_a_document_that_is_not_one_is_refused(document: bytes) -> None:
    """No half-read problem, no stack trace: a problem that says the document cannot be read."""
    with pytest.raises(Problem) as caught:
        formats.problem_from_json(document)
    assert caught.value.kind == "disposition.unreadable"
    with pytest.raises(Problem):
        formats.solution_from_json(document)


def test_the_table_has_a_row_for_each_item() -> None:
    """The CSV opens with a header; choices and values are those of the solution."""
    problem = worlds.problem(2, 30, hold=True)
    solution = solve(problem)
    rows = list(csv.DictReader(io.StringIO(formats.solution_to_csv(problem, solution))))
    assert [int(row["item"]) for row in rows] == problem.keys.tolist()
    assert sum(float(row["value_minor"]) for row in rows) == pytest.approx(solution.objective, rel=1e-6)
    assert {row["disposition"] for row in rows} <= {"hold", *(option.name for option in problem.options)}


def test_figures_add_up() -> None:
    """The bars count every item once and sum to the objective; the closest calls come in order; the chosen
    dot is one."""
    problem = worlds.problem(2, 30, hold=True)
    solution = solve(problem)
    bars = figures.items_by_option(problem, solution)
    assert sum(int(bar["items"] or 0) for bar in bars) == problem.n
    assert sum(float(bar["value"] or 0) for bar in bars) == pytest.approx(solution.objective)
    margins = [float(row["margin"] or 0) for row in figures.closest_calls(problem, solution)]
    assert margins == sorted(margins)
    dots = figures.options_of_item(problem, solution, 3)
    assert [dot["chosen"] for dot in dots].count(True) == 1
    used = figures.resources(problem, solution)
    assert all(float(row["used"] or 0) <= float(row["available"] or 0) for row in used)
