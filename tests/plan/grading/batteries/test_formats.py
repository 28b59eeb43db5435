from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from takeback.core.problem import Problem
from takeback.plan.grading.batteries import figures, formats, tables
from takeback.plan.grading.batteries.check import check
from takeback.plan.grading.batteries.problem import BatteryGradingProblem, Readings, Settings
from takeback.plan.grading.batteries.solve import solve
from tests.plan.grading.batteries import cells
from tests.plan.grading.batteries.test_solve import _problem

HEADER = ["ID", "Qn", "Q", "SOH", "SOC", "U1", "U2", "U3"]


def _book(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "SOC ALL"
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_pulse_table_is_read_with_its_physical_cells(tmp_path: Path) -> None:
    """Two ages of one 2.1 Ah cell become one group; voltages, SOH and nominal capacity come through."""
    rows = [[f"D{d}-{age}", 2.1, 1.9, 0.9, 5, 3.1, 3.2, 3.3] for d, age in ((3, 100), (3, 200), (4, 100))]
    table = tables.read_pulse_table(_book(tmp_path / "t.xlsx", [HEADER, *rows]), cell_type="NMC 2.1 Ah")
    assert table.pulses.group == ("D3", "D3", "D4")
    assert table.pulses.voltage.tolist() == [[3.1, 3.2, 3.3]] * 3
    assert (table.nominal_ah, table.identifier[1], table.descriptor.shape) == (2.1, "D3-200", (3, 0))


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([[*HEADER[:-3], "V1"], ["a", 1, 1, 0.9, 5, 3.1]], "t.xlsx, SOC ALL"),
        ([HEADER, ["a", 1, 1, 0.9, 5, 3.1, None, 3.3]], "t.xlsx, SOC ALL, row 2, column U2"),
        ([HEADER, ["a", 1, 1, "0,9", 5, 3.1, 3.2, 3.3]], "t.xlsx, SOC ALL, row 2, column SOH"),
        ([HEADER], "t.xlsx, SOC ALL"),
    ],
)
def test_a_bad_table_is_refused_with_row_and_column(tmp_path: Path, rows: list[list[object]], where: str) -> None:
    """A missing column, an empty cell or a text where a number belongs: file, sheet, row and column are named."""
    with pytest.raises(Problem) as caught:
        tables.read_pulse_table(_book(tmp_path / "t.xlsx", rows), cell_type="x")
    assert (caught.value.kind, caught.value.where) == ("grading.unreadable-table", where)


def test_another_file_or_sheet_is_refused(tmp_path: Path) -> None:
    """A text file and a missing sheet are told apart."""
    (tmp_path / "t.txt").write_text("hello")
    with pytest.raises(Problem, match="not an Excel workbook"):
        tables.read_pulse_table(tmp_path / "t.txt", cell_type="x")
    with pytest.raises(Problem, match="no such sheet"):
        tables.read_pulse_table(_book(tmp_path / "t.xlsx", [HEADER]), cell_type="x", sheet="SOC5")


def test_a_problem_survives_json() -> None:
    """With a training table or with a model, written and read again, it is graded alike."""
    problem, _ = _problem(estimator="linear", boundaries=(0.7, 0.8))
    solution = solve(problem)
    for asked in (problem, BatteryGradingProblem(problem.readings, model=solution.model, settings=problem.settings)):
        read = formats.problem_from_json(formats.problem_to_json(asked))
        assert read.settings == problem.settings
        assert check(read, solution) == []
        np.testing.assert_array_equal(solve(read).soh, solution.soh)


@pytest.mark.parametrize("known", [30, 6])
def test_a_solution_survives_json(known: int) -> None:
    """With its model and evidence, and also where an interval has no end, it comes back and passes the check."""
    table, asked = cells.split(cells.pulses(1, cells=known + 4), known)
    problem = BatteryGradingProblem(Readings.of_pulses(["x"] * len(asked.soh), asked.voltage), training=table)
    solution = solve(problem)
    read = formats.solution_from_json(formats.solution_to_json(solution))
    assert check(problem, read) == []
    assert np.isinf(read.high[0]) == (known == 6)


def test_readings_are_read_from_a_table() -> None:
    """Empty cells are what was not measured; a word where a number belongs and a strange column are named."""
    text = "battery,group,nominal_ah,capacity_ah,capacity_sd_ah,U1,U2\na,,10,8.5,0.1,,\nb,cell 7,10,,,3.2,3.31\n"
    readings = formats.readings_from_csv(text)
    assert (readings.keys, readings.group) == (("a", "b"), ("", "cell 7"))
    assert readings.voltage[1].tolist() == [3.2, 3.31]
    assert readings.capacity_ah[0] == 8.5
    assert np.isnan(readings.capacity_ah[1])
    with pytest.raises(Problem) as caught:
        formats.readings_from_csv("battery,U1,U2\na,3.2,high\n")
    assert (caught.value.where, caught.value.found) == ("row 2, column U2", "high")
    with pytest.raises(Problem) as caught:
        formats.readings_from_csv("battery,voltage\na,3.2\n")
    assert caught.value.found == ["voltage"]


@pytest.mark.parametrize("document", [b"", b"{}", b"[1]", b'{"format": "takeback-battery-grading-problem/1"}', b"\xff"])
def test_a_document_that_is_not_one_is_refused(document: bytes) -> None:
    """A problem says that the document is not what it should be."""
    with pytest.raises(Problem) as caught:
        formats.problem_from_json(document)
    assert caught.value.kind == "grading.unreadable"
    with pytest.raises(Problem):
        formats.solution_from_json(document)


def test_tables_and_figures_hold_every_battery() -> None:
    """A CSV row and a dot for each battery, best first in the figure; a dot for each training shot."""
    problem, _ = _problem(estimator="linear")
    solution = solve(problem)
    rows = list(csv.DictReader(io.StringIO(formats.solution_to_csv(problem, solution))))
    assert [row["battery"] for row in rows] == list(problem.readings.keys)
    assert all(float(row["low_percent"]) < float(row["soh_percent"]) < float(row["high_percent"]) for row in rows)
    dots = figures.interval_dots(problem, solution)
    assert [dot["soh"] for dot in dots] == sorted(solution.soh.tolist(), reverse=True)
    assert problem.training is not None
    assert solution.evidence is not None
    assert len(figures.held_out_scatter(problem.training, solution.evidence)) == len(problem.training.soh)
    assert Settings().coverage == 0.9
