"""A collaborative innovation centre over HTTP: its records of every kind, its people, and the work of its parts."""

from __future__ import annotations

from typing import Any

from takeback.web.api import (
    centre_board,
    centre_calls,
    centre_files,
    centre_founding,
    centre_kinds,
    centre_money,
    centre_notices,
    centre_organisation,
    centre_people,
    centre_problems,
    centre_projects,
    centre_records,
    centre_reporting,
    centre_results,
    centre_talent,
    centre_targets,
)

HANDLERS: list[Any] = [
    *centre_founding.HANDLERS,
    *centre_kinds.HANDLERS,
    *centre_records.HANDLERS,
    *centre_files.HANDLERS,
    *centre_people.HANDLERS,
    *centre_notices.HANDLERS,
    *centre_organisation.HANDLERS,
    *centre_targets.HANDLERS,
    *centre_problems.HANDLERS,
    *centre_board.HANDLERS,
    *centre_calls.HANDLERS,
    *centre_results.HANDLERS,
    *centre_money.HANDLERS,
    *centre_projects.HANDLERS,
    *centre_talent.HANDLERS,
    *centre_reporting.HANDLERS,
]
