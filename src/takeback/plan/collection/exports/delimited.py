"""A plan as CSV: the stops, then the tasks left, in one table."""

from __future__ import annotations

import csv
import io
from datetime import date

from takeback.core.message import Translate, msg
from takeback.plan.collection.exports.tables import Answer, Cell, Table, routes, said, stops, unserved
from takeback.plan.collection.problem import CollectionProblem

FIRST_SUM = 5  # of the columns of routes: hours, kilometres, costs, CO2
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # full width ones, too


def to_csv(
    problem: CollectionProblem, answer: Answer, *, day: date | None = None, gettext: Translate | None = None
) -> bytes:
    """Return the stops of a plan as CSV in UTF-8 with a byte order mark, as Excel wants it; see `exports`.

    Where a route ends stand its kilometres and costs. Tasks left follow with no route and their reason in the last
    column. A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    table, sums, left = stops(problem, answer, day), routes(problem, answer, day), unserved(problem, answer)
    width, more = len(table.header), sums.header[FIRST_SUM:]
    ends = {row[0]: k for k, row in enumerate(table.rows)}
    sum_of = {ends[row[0]]: row[FIRST_SUM:] for row in sums.rows}
    nothing: tuple[Cell, ...] = (None,) * len(more)
    rows = [(*row, *sum_of.get(k, nothing), None) for k, row in enumerate(table.rows)]
    for task, place, lat, lon, _, reason in left.rows:
        known: tuple[Cell, ...] = (None, None, None, msg("left out"), task, place, lat, lon)
        rows.append((*known, *[None] * (width + len(more) - len(known)), reason))
    return written(Table(table.title, (*table.header, *more, msg("reason")), tuple(rows)), gettext)


def written(table: Table, gettext: Translate | None) -> bytes:
    """Return a table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in (table.header, *table.rows):
        writer.writerow([safe(said(cell, gettext)) for cell in row])
    return text.getvalue().encode("utf-8-sig", errors="replace")


def safe(cell: Cell) -> Cell:
    """Return a text so that no spreadsheet takes it for a formula (OWASP: CSV injection); numbers as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA) else cell
