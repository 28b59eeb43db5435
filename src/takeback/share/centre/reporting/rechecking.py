"""A report that is kept is checked: its files are those that were recorded, its figures rest on what the log has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import File, content_of
from takeback.share.centre.records import get
from takeback.share.centre.reporting.checking import check_report
from takeback.share.centre.reporting.facts import Report
from takeback.share.centre.reporting.making import report_files


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """How many files, figures and entries were looked at, and what does not hold of them; nothing: all holds."""

    files: int
    figures: int
    entries: int
    findings: list[Message]


def recheck(
    connection: sa.Connection, actor: CentreActor, report_id: UUID, *, origin: str, public: bytes
) -> ReportCheck:
    """Check the files of a kept report against its record, and its data against the log of this key.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403), ``centre.no-record`` (404).
    """
    kept = report_files(connection, actor, report_id)
    facts: Report = get(connection, report_id, kind="report").facts
    contents = {one.name: _content(connection, one) for one in kept}
    data = next((content for name, content in contents.items() if name.endswith(".json")), b"null")
    said = _read(data)
    findings = [*_files(facts, contents), *check_report(said, origin=origin, public=public)]
    told = said if isinstance(said, Mapping) else {}
    return ReportCheck(len(contents), len(told.get("figures", ())), len(told.get("ledger", {}).get("entries", ())),
                       findings)  # fmt: skip


def _content(connection: sa.Connection, file: File) -> bytes:
    try:
        return content_of(connection, file.id)
    except Problem as problem:
        if problem.status == 404:
            raise
        return b""  # the content is not that of its own hash


def _files(facts: Report, contents: Mapping[str, bytes]) -> Iterator[Message]:
    for one in facts.files:
        content = contents.get(one.name)
        if content is None:
            yield msg("{file}: it is not there any more", file=one.name)
        elif sha256(content).hexdigest() != one.sha256:
            yield msg("{file}: it is not what was recorded", file=one.name)


def _read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None
