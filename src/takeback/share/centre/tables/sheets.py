"""A list in a file becomes a sheet: a header and rows, whether it is Word, Excel, CSV or JSON."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.imports.surveying import opened, shown_cell, survey
from takeback.share.centre.tables.documents import PART, tables_in

LARGEST = 20_000_000  # bytes
MOST_ROWS = 5000  # of a list that is entered at once
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list. `number` counts as people see it: the header of a table is row 1."""

    number: int
    cells: Sequence[str]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list: its file's name, its own, the names of all that the file has, header and rows."""

    file: str
    name: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(file: str, content: bytes, *, sheet: str | None = None) -> Sheet:
    """Return one list of a file; `sheet`: its name; tables of Word are named `1`, `2`, ...

    Raises
    ------
    Problem
        ``centre.bad-document``, ``centre.no-sheet``, ``centre.too-many-rows``; those of `operate.imports.survey`:
        ``import.too-large``, ``import.empty``, ``import.bad-format``, ``import.broken-file``, ``import.no-sheet``, ...
    """
    if content.startswith(_ZIP) and PART.encode() in content:
        return _of_word(file, content, sheet)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list")
        path.write_bytes(content)
        known = survey(path, limit=LARGEST, name=file, sheet=sheet, scratch=Path(folder))
        rows: list[Row] = []
        with opened(known, path, Path(folder)) as source:
            for record in source.records():
                _not_too_many(file, len(rows))
                rows.append(Row(record.row, [shown_cell(cell).strip() for cell in record.cells], record.problem))
    return Sheet(file, known.sheet or "", known.sheets, known.columns, tuple(rows))


def _of_word(file: str, content: bytes, sheet: str | None) -> Sheet:
    if len(content) > LARGEST:
        raise Problem("import.too-large", msg("The file is larger than what can be imported at once."), status=413)
    tables = tables_in(file, content)
    names = tuple(str(n) for n in range(1, len(tables) + 1))
    wanted = sheet or "1"
    if wanted not in names:
        raise Problem(
            "centre.no-sheet",
            msg("The document has no such table."),
            where=file,
            found=wanted,
            expected=", ".join(names) or msg("a document with a table"),
        )
    header, *below = tables[int(wanted) - 1]
    _not_too_many(file, len(below) - 1)
    width = len(header)
    rows = [
        Row(number, [*(cell.strip() for cell in cells[:width]), *[""] * (width - len(cells))])
        for number, cells in enumerate(below, 2)
        if any(cell.strip() for cell in cells)
    ]
    return Sheet(file, wanted, names, tuple(" ".join(cell.split()) for cell in header), tuple(rows))


def _not_too_many(file: str, count: int) -> None:
    if count >= MOST_ROWS:
        raise Problem(
            "centre.too-many-rows",
            msg("The list has too many rows."),
            where=file,
            expected=msg("at most {count}", count=MOST_ROWS),
            remedy=msg("Split it into several files."),
        )
