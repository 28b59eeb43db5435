"""Tables in and out of a centre: existing lists from Word, Excel and CSV, every kind as Excel, CSV and JSON.

Read downwards: `sheets` (a file becomes header and rows) with `documents` (Word), `fields` (what columns may become),
`cells`, `entering` (looked at with all faults, then entered whole or not at all), `remembering` (what columns meant
before), `waiting` (sent, mapped, looked at, entered), `row_report`; `exporting` and `writing`.
"""

from takeback.share.centre.tables.entering import LISTS, Examined, RowFault, enter, examine, fields_for
from takeback.share.centre.tables.exporting import export, export_people, kinds_for, records_table
from takeback.share.centre.tables.fields import Field, guessed
from takeback.share.centre.tables.remembering import remember, said_mapping, suggested
from takeback.share.centre.tables.row_report import row_report
from takeback.share.centre.tables.sheets import Row, Sheet, read_sheet
from takeback.share.centre.tables.waiting import (
    REFERENCES,
    Waiting,
    content_of_list,
    drop,
    end,
    enter_waiting,
    lists_waiting,
    look_at,
    read_as,
    receive,
    sheet_of,
    waiting_list,
)
from takeback.share.centre.tables.writing import MEDIA_TYPES, Ending, Table, to_csv, to_json, to_xlsx, written

__all__ = [
    "LISTS", "MEDIA_TYPES", "REFERENCES", "Ending", "Examined", "Field", "Row", "RowFault", "Sheet", "Table", "Waiting",
    "content_of_list", "drop", "end", "enter", "enter_waiting", "examine", "export", "export_people", "fields_for",
    "guessed", "kinds_for", "lists_waiting", "look_at", "read_as", "read_sheet", "receive", "records_table", "remember",
    "row_report", "said_mapping", "sheet_of", "suggested", "to_csv", "to_json", "to_xlsx",
    "waiting_list", "written",
]  # fmt: skip
