"""Files that cannot be imported as a whole: each is told by name, with what was found and what is expected."""

from __future__ import annotations

import gzip
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from takeback.core.problem import Problem
from takeback.operate.imports import survey
from tests.support.desk import LIMIT, Desk
from tests.support.workbooks import with_shared_texts

Write = Callable[..., Path]
HEAD = "order,product,serial,site\n"


def _refused(action: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as refused:
        action()
    return refused.value


def test_three_gigabytes_are_refused_before_reading(tmp_path: Path) -> None:
    """A file of 3 GB (sparse) is refused by its size alone: nothing of it is read."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    path.chmod(0o000)  # and for those who are not root it could not even be opened
    started = time.process_time()
    problem = _refused(lambda: survey(path, limit=LIMIT))
    assert time.process_time() - started < 1
    assert (problem.kind, problem.status) == ("import.too-large", 413)
    assert problem.found == "3\N{NARROW NO-BREAK SPACE}000.0 MB"
    assert str(problem.expected) == "at most 1\N{NARROW NO-BREAK SPACE}000.0 MB"


def test_a_wrong_header_names_the_nearest_columns(counter: Desk, write: Write) -> None:
    """Found and expected columns are listed; each missing one comes with the column that is likely meant."""
    path = write("Order numbre,artcle,Weight,site\nR-1,LAMP,1,WH-1\n")
    problem = _refused(lambda: counter.examine(path, mapping={"Weight": "mass", "site": "site"}))
    assert problem.kind == "import.bad-header"
    assert (problem.where, problem.found) == ("file.csv", "Order numbre, artcle, Weight, site")
    assert problem.expected == "order, product"
    told = {str(error.title): (error.found, str(error.remedy)) for error in problem.errors}
    assert told == {
        "No column for: Order number": ("Order numbre", "Is it the column Order numbre?"),
        "No column for: Product": ("artcle", "Is it the column artcle?"),
    }


def test_a_header_that_is_nearly_right_is_taken_and_said(counter: Desk, write: Write) -> None:
    """A slip of one letter is understood, and the report says so."""
    report = counter.examine(write("Order numbre,product,site\nR-1,LAMP,WH-1\n"))
    assert report.good == 1
    assert "The column Order numbre is taken for order." in map(str, report.notes)


@pytest.mark.parametrize(
    ("mapping", "kind", "found"),
    [
        ({"ordr": "order", "product": "product"}, "import.no-column", "ordr"),
        ({"order": "order", "product": "prodct"}, "import.no-field", "prodct"),
        ({"order": "order", "product": "product", "serial": "order"}, "import.same-field", "order, serial"),
    ],
)
def test_a_mapping_that_does_not_fit(
    counter: Desk, write: Write, mapping: dict[str, str], kind: str, found: str
) -> None:
    """A mapping that names what is not there, or one field twice, is told."""
    path = write(HEAD + "R-1,LAMP,A,WH-1\n")
    problem = _refused(lambda: counter.examine(path, mapping=mapping))
    assert kind in [error.kind for error in problem.errors]
    assert found in [error.found for error in problem.errors]


def test_two_columns_of_one_name(counter: Desk, write: Write) -> None:
    """A header that stands twice cannot be mapped; one that is left out may."""
    path = write("order,product,order,note,note,site\nR-1,LAMP,R-2,a,b,WH-1\n")
    problem = _refused(lambda: counter.examine(path))
    assert [(error.kind, error.found) for error in problem.errors] == [("import.same-header", "order")]


@pytest.mark.parametrize(
    ("header", "found", "expected"),
    [
        ("mass (lb)", "lb", "g, kg, t"),
        ("重量（千瓦时）", "千瓦时", "g, kg, t"),
        ("value (bitcoin)", "bitcoin", "CNY, EUR, USD, …"),
    ],
)
def test_a_unit_that_does_not_fit(counter: Desk, write: Write, header: str, found: str, expected: str) -> None:
    """The unit in a header is told with those that its values can have."""
    problem = _refused(lambda: counter.examine(write(f"order,product,site,{header}\nR-1,LAMP,WH-1,1\n")))
    assert (problem.kind, problem.where) == ("import.bad-unit", f"file.csv, {header}")
    assert (problem.found, problem.expected) == (found, expected)


def test_no_site_at_all(counter: Desk, write: Write) -> None:
    """Where neither a column nor the person says the site, and there are several, they are listed."""
    problem = _refused(lambda: counter.examine(write("order,product\nR-1,LAMP\n")))
    assert (problem.kind, problem.expected) == ("import.no-site", "WH-1, WH-2")


@pytest.mark.parametrize("text", ["", "\n\n", "order,product,site\n", "[]", "order,product,site\n\n \n"])
def test_nothing_to_import(counter: Desk, write: Write, text: str) -> None:
    """A file without rows is told as empty, not as imported."""
    assert _refused(lambda: counter.examine(write(text))).kind == "import.empty"


def test_an_open_quotation_mark(counter: Desk, write: Write) -> None:
    """A quotation mark that is never closed swallows what follows: the row where it begins is named."""
    problem = _refused(lambda: counter.examine(write(HEAD + 'R-1,LAMP,A,WH-1\nR-2,"LAMP,B,WH-1\nR-3,LAMP,C,WH-1\n')))
    assert (problem.kind, problem.where, problem.found) == ("import.broken-file", "file.csv, row 3", '"')


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[{"order": "R-1"}, {"order": ', "file.json, object 2"),
        ('[{"order": "R-1"} {"order": "R-2"}]', "file.json, object 1"),
        ('[{"order": "R-1"}, {"order": "R-2"}', "file.json, object 2"),
        ('{"order": "R-1"}\n{"order" "R-2"}', "file.json, object 2"),
        ("[" * 100_000, "file.json, object 1"),
    ],
)
def test_broken_json(write: Write, text: str, where: str) -> None:
    """JSON that is cut off or wrong is told with the object where it breaks."""
    problem = _refused(lambda: survey(write(text, "file.json"), limit=LIMIT))
    assert (problem.kind, problem.where) == ("import.broken-file", where)


def test_other_formats(tmp_path: Path) -> None:
    """Old, encrypted, packed and foreign files are told what to do, and half of a workbook is told as broken."""
    whole = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["order"])  # type: ignore[union-attr]
    book.save(whole)
    files = {
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "table.csv.gz": gzip.compress(HEAD.encode()),
        "paper.pdf": b"%PDF-1.7 ...",
        "half.xlsx": whole.read_bytes()[:3000],
    }
    kinds = {}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        kinds[name] = _refused(lambda name=name: survey(tmp_path / name, limit=LIMIT)).kind  # type: ignore[misc]
    with zipfile.ZipFile(tmp_path / "tables.zip", "w") as archive:
        archive.writestr("a.csv", HEAD)
    kinds["tables.zip"] = _refused(lambda: survey(tmp_path / "tables.zip", limit=LIMIT)).kind
    assert kinds == {
        "old.xls": "import.bad-format",
        "table.csv.gz": "import.bad-format",
        "paper.pdf": "import.bad-format",
        "half.xlsx": "import.broken-file",
        "tables.zip": "import.bad-format",
    }


def test_a_workbook_cannot_unpack_without_end(tmp_path: Path) -> None:
    """A few kilobytes that unpack to one cell of 100 MB are refused, not held in memory."""
    for value, kind in (("MARK", "text"), (7355608, "number")):
        path = tmp_path / f"{kind}.xlsx"
        book = openpyxl.Workbook()
        book.active.append(["order", value])  # type: ignore[union-attr]
        book.save(path)
        with_shared_texts(path, {b"ARK": b"a" * 60_000_000, b"7355608": b"7" * 60_000_000})
        assert path.stat().st_size < 1_000_000
        problem = _refused(lambda path=path: survey(path, limit=LIMIT))  # type: ignore[misc]
        assert (problem.kind, problem.found) == ("import.broken-file", "one row of more than 30 MB")


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """A path without a file is a problem with its name, not a crash."""
    problem = _refused(lambda: survey(tmp_path / "none.csv", limit=LIMIT))
    assert (problem.kind, problem.where, problem.exit_code) == ("import.unreadable", "none.csv", 66)


def test_a_full_disk(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the temporary texts of a workbook find no space, it is told as 507."""
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["order", "product"])  # type: ignore[union-attr]
    book.save(path)
    with_shared_texts(path)

    class Full:
        def write(self, _: bytes) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("takeback.operate.imports.workbook.tempfile.SpooledTemporaryFile", lambda *_, **__: Full())
    problem = _refused(lambda: survey(path, limit=LIMIT))
    assert (problem.kind, problem.status, problem.exit_code) == ("import.disk-full", 507, 74)
