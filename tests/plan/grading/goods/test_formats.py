from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.grading.goods import figures, formats
from takeback.plan.grading.goods.calibration import Regrade, calibrate
from takeback.plan.grading.goods.check import check
from takeback.plan.grading.goods.solve import solve
from takeback.plan.grading.goods.standard import standard_checklists
from tests.plan.grading.goods.test_goods import _problem


@pytest.mark.parametrize("name", sorted(standard_checklists()))
def test_a_checklist_survives_json(name: str) -> None:
    """Written for editing and read again, a checklist is the same."""
    checklist = standard_checklists()[name]
    assert formats.checklist_from_json(formats.checklist_to_json(checklist)) == checklist


def test_a_problem_survives_json() -> None:
    """Written and read again, a problem gives the same grades and beliefs."""
    problem = _problem(30)
    read = formats.problem_from_json(formats.problem_to_json(problem))
    solution = solve(problem)
    assert check(read, solution) == []
    np.testing.assert_array_equal(solve(read).belief, solution.belief)


@pytest.mark.parametrize(
    "document", [b"", b"{}", b"[1]", b'{"format": "takeback-goods-grading-problem/1"}', b"\xff\xfe"]
)
def test_a_document_that_is_not_one_is_refused(document: bytes) -> None:
    """A problem says that the document cannot be read."""
    for read in (formats.problem_from_json, formats.checklist_from_json, formats.solution_from_json):
        with pytest.raises(Problem) as caught:
            read(document)
        assert caught.value.kind == "grading.unreadable"


def test_a_solution_survives_json() -> None:
    """Grades, beliefs and every sentence of the trace come back, and pass the check."""
    problem = _problem(30)
    solution = solve(problem)
    read = formats.solution_from_json(formats.solution_to_json(solution))
    assert check(problem, read) == []
    assert read.trace == solution.trace
    assert [str(step.text) for step in read.trace[0]] == [str(step.text) for step in solution.trace[0]]


def test_inspections_are_read_from_a_table() -> None:
    """A column a question; an empty cell is a question of another checklist; a missing column is named."""
    problem = _problem(30)
    codes = sorted({code for inspection in problem.inspections for code in inspection.answers})
    out = io.StringIO()
    table = csv.DictWriter(out, ["item", "category", "checklist", "station", *codes])
    table.writeheader()
    for i in problem.inspections:
        head = {"item": i.key, "category": i.category, "checklist": i.checklist, "station": i.station}
        table.writerow({**head, **i.answers})
    assert formats.inspections_from_csv(out.getvalue()) == problem.inspections
    with pytest.raises(Problem) as caught:
        formats.inspections_from_csv("item,category,station\n1,mug,s\n")
    assert caught.value.expected == "checklist"


def test_the_table_has_a_row_with_reasons_for_each_item() -> None:
    """The CSV names the grade and gives the reasons of what is not perfect."""
    problem = _problem(30)
    solution = solve(problem)
    rows = list(csv.DictReader(io.StringIO(formats.solution_to_csv(problem, solution))))
    assert [row["item"] for row in rows] == [inspection.key for inspection in problem.inspections]
    assert all(bool(row["reasons"]) == bool(trace) for row, trace in zip(rows, solution.trace, strict=True))
    assert all(sum(float(row[f"p_{g}"]) for g in "ABCDE") == pytest.approx(1, abs=1e-3) for row in rows)


def test_figures_are_ordered_and_complete() -> None:
    """A bar for every item; stations sorted by how often they are right, inside their intervals."""
    problem = _problem(30)
    bars = figures.belief_bars(problem, solve(problem))
    assert len(bars) == 30
    rows = figures.station_accuracy(calibrate([Regrade("x", s, g) for s, g in (("a", "A"), ("b", "A"), ("c", "E"))]))
    assert [row["station"] for row in rows][-1] == "c"
    assert all(float(row["low"]) <= float(row["right"]) <= float(row["high"]) for row in rows)
