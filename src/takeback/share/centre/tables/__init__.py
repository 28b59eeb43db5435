"""Tables in and out of a centre: existing lists from Word, Excel and CSV, every kind as Excel, CSV and JSON.

Read downwards: `sheets` (a file becomes header and rows) with `documents` (Word), `fields` (what columns may become),
`cells`, `entering` (looked at with all faults, then entered whole or not at all); `exporting` and `writing`.
"""

from takeback.share.centre.tables.entering import LISTS, Examined, RowFault, enter, examine, fields_for
from takeback.share.centre.tables.exporting import export, export_people, kinds_for, records_table
from takeback.share.centre.tables.fields import Field, guessed, said_fields
from takeback.share.centre.tables.sheets import Row, Sheet, read_sheet
from takeback.share.centre.tables.writing import MEDIA_TYPES, Ending, Table, to_csv, to_json, to_xlsx, written

__all__ = [
    "LISTS",
    "MEDIA_TYPES",
    "Ending",
    "Examined",
    "Field",
    "Row",
    "RowFault",
    "Sheet",
    "Table",
    "enter",
    "examine",
    "export",
    "export_people",
    "fields_for",
    "guessed",
    "kinds_for",
    "read_sheet",
    "records_table",
    "said_fields",
    "to_csv",
    "to_json",
    "to_xlsx",
    "written",
]
