"""A collaborative innovation centre over HTTP: its records of every kind, its people, and the work of its parts."""

from __future__ import annotations

from typing import Any

from takeback.web.api import centre_files, centre_founding, centre_kinds, centre_people, centre_records

HANDLERS: list[Any] = [
    *centre_founding.HANDLERS,
    *centre_kinds.HANDLERS,
    *centre_records.HANDLERS,
    *centre_files.HANDLERS,
    *centre_people.HANDLERS,
]
