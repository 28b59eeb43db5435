"""Tables as files: CSV, Excel, JSON. No text of a person becomes a formula of a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

import msgspec

from takeback.core.message import Message, Translate

Cell: TypeAlias = "str | int | float | bool | date | datetime | None"
Ending = Literal["csv", "xlsx", "json"]
MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
LONGEST = 32_000  # characters that a cell of a spreadsheet holds
SURE = 10**15  # whole numbers up to here keep all their digits in a spreadsheet
WIDEST, NARROWEST, MEASURED = 60, 9, 500  # characters of a column, rows by which its width is found
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # full width ones, too


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `title` names its sheet, `fields` its columns for programs, `header` for people."""

    title: Message | str
    fields: Sequence[str]
    header: Sequence[Message | str]
    rows: Sequence[Sequence[Cell]]


def written(tables: Sequence[Table], ending: Ending, gettext: Translate | None = None) -> bytes:
    """Return tables as a file; CSV has the first one alone."""
    write: Mapping[str, Callable[[], bytes]] = {
        "csv": lambda: to_csv(tables[0], gettext),
        "xlsx": lambda: to_xlsx(tables, gettext),
        "json": lambda: to_json(tables),
    }
    return write[ending]()


def to_csv(table: Table, gettext: Translate | None = None) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark, as Excel wants it.

    A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP: CSV injection).
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(said(cell, gettext)) for cell in table.header])
    writer.writerows([safe(_text_of(cell)) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig", errors="replace")


def to_json(tables: Sequence[Table]) -> bytes:
    """Return tables as one object: their fields' names, and an object for each row."""
    named = {str(table.title): [dict(zip(table.fields, row, strict=True)) for row in table.rows] for table in tables}
    return msgspec.json.format(msgspec.json.encode(named), indent=1)


def to_xlsx(tables: Sequence[Table], gettext: Translate | None = None) -> bytes:
    """Return tables as an Excel workbook, a sheet each. Texts are stored as texts, whatever they begin with."""
    from openpyxl import Workbook  # noqa: PLC0415 - it takes half a second to load

    book, names = Workbook(write_only=True), _Names()
    for table in tables:
        _sheet(book.create_sheet(names.of(said(table.title, gettext))), table, gettext)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def safe(cell: Cell) -> Cell:
    """Return a text so that no spreadsheet takes it for a formula; numbers as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) else cell


def said(value: Message | str, gettext: Translate | None) -> str:
    """Return a message in a language, English without one."""
    return value.translated(gettext) if isinstance(value, Message) and gettext else str(value)


def _text_of(cell: Cell) -> Cell:
    return cell.isoformat() if isinstance(cell, date) else cell


class _Names:
    """Names of sheets: 31 characters, none of those that Excel refuses, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, title: str) -> str:
        plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip("' ")[:31] or "-"
        name = next(one for one in self._tries(plain) if one.casefold() not in self._taken)
        self._taken.add(name.casefold())
        return name

    def _tries(self, plain: str) -> Iterator[str]:
        yield plain
        for n in range(2, 1000):
            yield f"{plain[:27]} {n}"


def _sheet(sheet: Any, table: Table, gettext: Translate | None) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    header = [said(cell, gettext) for cell in table.header]
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_widths(header, table.rows), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width

    def text(value: str, font: Font | None = None) -> Any:
        cell = WriteOnlyCell(sheet)
        cell.value = value
        cell.data_type = "s"  # a text that begins with = stays a text
        cell.style = "Normal"
        if font:
            cell.font = font
        return cell

    def cell(value: Cell) -> Any:
        if isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, int) and abs(value) > SURE:
            value = str(value)
        if not isinstance(value, str):
            return value
        plain = str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", value))[:LONGEST]
        return text(plain) if plain.startswith(("=", "#")) else plain  # what a workbook would take for more than a text

    bold = Font(bold=True)
    sheet.append([text(name, bold) for name in header])
    for row in table.rows:
        sheet.append([cell(value) for value in row])


def _widths(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    measured = [header, *rows[:MEASURED]]
    longest = [max(_wide(str(row[n])) for row in measured if row[n] is not None) for n in range(len(header))]
    return [min(WIDEST, max(NARROWEST, long + 2)) for long in longest]


def _wide(text: str) -> int:
    """Return how many Latin letters a text is as wide as."""
    return sum(2 if sign > "\u2e7f" else 1 for sign in text)
