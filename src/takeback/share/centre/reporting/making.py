"""A report is made: all its files in one call, kept with a record that has their hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from takeback.core.ids import uuid7
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import File, attach, files_of
from takeback.share.centre.records import Record, create, find, get, move
from takeback.share.centre.reporting.contents import Contents, Sort, gather
from takeback.share.centre.reporting.data import to_json, to_workbook
from takeback.share.centre.reporting.facts import Report, ReportFile, Snapshot
from takeback.share.centre.reporting.languages import Language, language
from takeback.share.centre.tables.writing import MEDIA_TYPES

Progress = Callable[[float, Message], None]
"""Told how much is done, 0 to 1, and what is worked on."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a report before it is kept."""

    name: str
    media_type: str
    content: bytes


def make_report(
    connection: sa.Connection,
    actor: CentreActor,
    sort: Sort,
    year: int,
    *,
    first: int | None = None,
    link: str = "",
    at: datetime | None = None,
    progress: Progress | None = None,
) -> Record:
    """Make a report as PDF and Excel in both languages and as JSON, and keep it; `link`: the address of the console.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403), ``centre.bad-year``.
    """
    actor.require("report.make")
    told = progress or (lambda share, what: None)
    told(0.05, msg("Figures"))
    contents = gather(connection, actor, sort, year, first=first, link=link, at=at)
    return keep_report(connection, actor, contents, [*write_report(contents, told)], at=at)


def write_report(contents: Contents, progress: Progress | None = None) -> Iterator[Written]:
    """Yield the files of a report. Nothing is read from the database: it can be done outside a transaction."""
    from takeback.share.centre.reporting.pdf import to_pdf  # noqa: PLC0415 - ReportLab takes a moment to load

    told = progress or (lambda share, what: None)
    told(0.3, msg("English"))
    yield from _in(contents, language("en"), to_pdf)
    told(0.6, msg("Chinese"))
    yield from _in(contents, language("zh_Hans"), to_pdf)
    told(0.9, msg("Data"))
    yield Written(f"{_stem(contents)}.json", MEDIA_TYPES["json"], to_json(contents))


def keep_report(
    connection: sa.Connection,
    actor: CentreActor,
    contents: Contents,
    files: Sequence[Written],
    *,
    id: UUID | None = None,
    at: datetime | None = None,
) -> Record:
    """Keep a report that was written: a record with the hashes of its files, and the files."""
    actor.require("report.make")
    record_id = id or uuid7()
    kept = tuple(
        ReportFile(name=file.name, sha256=sha256(file.content).hexdigest(), size=len(file.content)) for file in files
    )
    facts = Report(
        sort=contents.sort, title=f"{contents.title} {contents.span}",
        title_zh=f"{language('zh_Hans').say(contents.title)} {contents.span}",
        first_year=contents.told[0], year=contents.year,
        provisional=bool(contents.provisional), size=contents.proofs.size, root=contents.proofs.root.hex(),
        figures=tuple(
            Snapshot(code=one.code, year=one.year, unit=one.unit, value=one.value, entries=len(one.evidence))
            for one in contents.figures
        ),
        files=kept,
    )  # fmt: skip
    record = create(connection, actor, "report", facts, id=record_id, at=at)
    for file in files:
        attach(connection, actor, record_id, file.name, file.media_type, file.content, at=at)
    return record


def publish_report(
    connection: sa.Connection, actor: CentreActor, report_id: UUID, *, at: datetime | None = None
) -> Record:
    """Publish a report; ``centre.period-open`` (409) for one that was made while its period was open."""
    actor.require("report.make")
    record = get(connection, report_id, kind="report", lock=True)
    if record.facts.provisional:
        raise Problem(
            "centre.period-open",
            msg("This report was made while its period was open: its figures may have changed."),
            where=record.title,
            remedy=msg("Close the figures of the year, then make the report anew."),
            status=409,
        )
    return move(connection, actor, report_id, "published", at=at)


def withdraw_report(
    connection: sa.Connection, actor: CentreActor, report_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Withdraw a report that was wrong: the record and its files stay, with the reason; ``centre.no-reason``."""
    actor.require("report.make")
    get(connection, report_id, kind="report")
    if not reason.strip():
        raise Problem("centre.no-reason", msg("Say why."), where="reason")
    return move(connection, actor, report_id, "withdrawn", reason=reason, at=at)


def reports(connection: sa.Connection, actor: CentreActor, *, year: int | None = None) -> list[Record]:
    """Return the reports that were made, the latest first; ``centre.forbidden`` (403)."""
    actor.require("report.read")
    return find(connection, "report", year=year)


def report_files(connection: sa.Connection, actor: CentreActor, report_id: UUID) -> list[File]:
    """Return the files of a report; ``centre.forbidden`` (403), ``centre.no-record`` (404)."""
    actor.require("report.read")
    get(connection, report_id, kind="report")
    return files_of(connection, report_id)


def _in(contents: Contents, spoken: Language, to_pdf: Callable[[Contents, Language], bytes]) -> Iterator[Written]:
    stem = f"{_stem(contents)}-{'zh' if spoken.chinese else 'en'}"
    yield Written(f"{stem}.pdf", "application/pdf", to_pdf(contents, spoken))
    yield Written(f"{stem}.xlsx", MEDIA_TYPES["xlsx"], to_workbook(contents, spoken))


def _stem(contents: Contents) -> str:
    return f"{contents.organisation.slug}-{contents.sort}-{contents.span.replace('–', '-')}"
