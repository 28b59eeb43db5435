"""A plan as an Excel workbook: routes, stops, tasks left, each on a sheet."""

from __future__ import annotations

import io
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from takeback.core.message import Translate
from takeback.plan.collection.exports.tables import Answer, Cell, Table, routes, said, stops, unserved
from takeback.plan.collection.problem import CollectionProblem

LONGEST = 32_000  # characters that a cell holds
WIDEST, NARROWEST = 40, 9


def to_xlsx(
    problem: CollectionProblem, answer: Answer, *, day: date | None = None, gettext: Translate | None = None
) -> bytes:
    """Return a plan as an Excel workbook with a sheet for routes, stops and tasks left; see `exports`.

    Texts are stored as texts, never as formulas, whatever they begin with.
    """
    book = Workbook(write_only=True)
    for table in (routes(problem, answer, day), stops(problem, answer, day), unserved(problem, answer)):
        _sheet(book, table, gettext)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet(book: Workbook, table: Table, gettext: Translate | None) -> None:
    spoken = table.said(gettext)
    sheet = book.create_sheet(str(said(table.title, gettext))[:31])
    sheet.freeze_panes = "A2"
    for column, width in enumerate(_widths(spoken), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.append([_cell(sheet, cell, bold=True) for cell in spoken.header])
    for row in spoken.rows:
        sheet.append([_cell(sheet, cell) for cell in row])


def _cell(sheet: object, value: Cell, *, bold: bool = False) -> object:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:LONGEST]
    cell.data_type = "s"  # a text that begins with = stays a text
    cell.style = "Normal"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _widths(table: Table) -> list[int]:
    columns = zip(table.header, *table.rows, strict=True)
    return [
        min(WIDEST, max(NARROWEST, *(len(str(cell)) + 2 for cell in column if cell is not None), 0))
        for column in columns
    ]
