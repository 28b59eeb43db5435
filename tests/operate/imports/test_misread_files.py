"""Files that were read as something else than they are, or told in words that did not help."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest

from takeback.core.problem import Problem
from takeback.operate.imports import survey
from tests.support.desk import LIMIT, Desk
from tests.support.workbooks import with_shared_texts

Write = Callable[..., Path]
HEAD = "order,product,serial,site\n"


def _workbook(path: Path, header: list[str]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(header)
    sheet.append(["R-1", "LAMP", "A1", "WH-1", 0.4])
    book.save(path)
    return path


def test_a_value_without_end_is_too_long(write: Write) -> None:
    """It is told as that, not as a quotation mark that is missing."""
    with pytest.raises(Problem) as refused:
        survey(write(HEAD + "R" * 2_000_000 + ",LAMP,A1,WH-1\n"), limit=LIMIT)
    assert refused.value.kind == "import.broken-file"
    assert "at most" in str(refused.value.expected)
    assert "quotation mark at the end" not in str(refused.value.expected)


def test_a_header_that_is_a_formula_is_refused(tmp_path: Path) -> None:
    """As a value would be: what it shows is not in the file."""
    path = _workbook(tmp_path / "book.xlsx", ["order", "product", "serial", "site", '="mass"'])
    with pytest.raises(Problem) as refused:
        survey(path, limit=LIMIT)
    assert (refused.value.kind, refused.value.where) == ("import.formula", "book.xlsx, Sheet, row 1")


@pytest.mark.parametrize("rubbish", [b"<<<", b"<a><b></a>", b"\x00"])
def test_rubbish_behind_the_rows_is_rubbish(counter: Desk, tmp_path: Path, rubbish: bytes) -> None:
    """A sheet that is broken behind its last row is refused like one that is broken before."""
    path = with_shared_texts(
        _workbook(tmp_path / "book.xlsx", ["order", "product", "serial", "site", "mass"]),
        {b"</sheetData>": b"</sheetData>" + rubbish},
    )
    with pytest.raises(Problem) as refused:
        counter.examine(path)
    assert refused.value.kind == "import.broken-file"


def test_a_sheet_with_more_behind_its_rows_is_read(counter: Desk, tmp_path: Path) -> None:
    """Merged cells and widths of columns do no harm."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["order", "product", "serial", "site"], ["R-1", "LAMP", "A1", "WH-1"]):
        sheet.append(row)
    sheet.merge_cells("F1:G9")
    sheet.column_dimensions["A"].width = 40
    book.save(tmp_path / "book.xlsx")
    assert counter.examine(tmp_path / "book.xlsx").good == 1


def test_a_wrong_check_digit_of_a_product_is_named(counter: Desk, write: Write) -> None:
    """Not only that there is no such product."""
    (error,) = counter.examine(write(HEAD + "R-1,06901234000017,A1,WH-1\n")).errors
    assert (error.kind, error.found) == ("identifier.check-digit", "06901234000017")
    assert "6 at the end" in str(error.expected)


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [("R\xe9\xe8", "latin-1", True), ("\u8ba2\u5355", "gb18030", True), ("\u8ba2\u5355", "utf-8", False)],
)
def test_an_encoding_that_is_assumed_is_said(counter: Desk, write: Write, text: str, encoding: str, said: bool) -> None:
    """So that somebody sees it when the letters are wrong."""
    report = counter.examine(write(HEAD + f"{text},LAMP,A1,WH-1\n", encoding=encoding))
    assert any("GB 18030" in str(note) for note in report.notes) is said


def test_the_same_file_at_once_is_there_once(desk: Desk, write: Write) -> None:
    """Of eight one writes it, the others learn that it is there, not that its rows are wrong."""
    path = write(HEAD + "".join(f"R-{n},LAMP,A{n},WH-1\n" for n in range(4)))

    def enter(_: int) -> str:
        try:
            return str(desk.run(path).imported)
        except Problem as problem:
            return problem.kind

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(enter, range(8)))
    assert sorted(told) == ["True"] + ["import.already-imported"] * 7
    assert desk.count("item") == 4


@pytest.mark.parametrize("code", ["R\u202e1", "R\u20281", "R\t1", "R\x851"])
def test_what_the_commands_refuse_the_dry_run_refuses(counter: Desk, write: Write, code: str) -> None:
    """Characters that cannot stand in a code are told with their row, before anything is entered."""
    report = counter.examine(write(HEAD + f'"{code}",LAMP,A1,WH-1\n'))
    assert (report.good, report.error_count) == (0, 1)
