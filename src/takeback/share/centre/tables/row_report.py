"""The row report of a list: row, column, field, what stands there, what would be right; as a table for a file."""

from __future__ import annotations

from takeback.core.message import Message, Translate, msg
from takeback.share.centre.tables.entering import Examined
from takeback.share.centre.tables.writing import Table

FIELDS = ("row", "column", "field", "fault", "found", "expected")
HEADER = (msg("Row"), msg("Column"), msg("Field"), msg("What is wrong"), msg("Found"), msg("What would be right"))


def row_report(examined: Examined, gettext: Translate = str) -> Table:
    """Return what is wrong with a list, a row for each fault, in the language of `gettext`."""

    def said(text: Message | str) -> str:
        return text.translated(gettext) if isinstance(text, Message) else text

    rows = [
        (one.row, one.column, examined.mapping.get(one.column, ""), said(one.title), one.found, said(one.expected))
        for one in examined.faults
    ]
    return Table(msg("Row report"), FIELDS, HEADER, rows)
