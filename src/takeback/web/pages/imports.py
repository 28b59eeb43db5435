"""GET and POST /import, GET /import/{id}, POST /import/{id}/mapping and /commit, GET /import/{id}/errors.csv."""

from __future__ import annotations

import csv
import io
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect

from takeback import store
from takeback.core.decimals import parse_decimal
from takeback.core.message import Message
from takeback.core.problem import Problem
from takeback.operate import imports, jobs
from takeback.operate.identity import Actor
from takeback.operate.imports import SUBJECTS, Field, ImportRun, Options, Report
from takeback.store.settings import Settings
from takeback.web.console import translations
from takeback.web.console.views import (
    ImportFile,
    ImportKind,
    ImportPage,
    ImportReport,
    ImportTarget,
    RecentImport,
    RowError,
    SourceColumn,
)
from takeback.web.frame import Frame, frame
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.progress import progress_of
from takeback.web.preferences import AnyRequest, locale_of
from takeback.web.upload import STREAMED, receive_file

_SHOWN_SAMPLES = 3
_SITE = sa.text("select code from site where id = cast(:id as uuid)")
_STATES: dict[str, Literal["committed", "waiting"]] = {
    "waiting": "waiting",
    "examined": "waiting",
    "imported": "committed",
}


@get("/import", sync_to_thread=True, include_in_schema=False)
def start(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("import.read")
    settings = Settings.from_environment()
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        recent = tuple(_recent(around, found) for found in imports.recent(connection, limit=10))
    kinds = tuple(
        ImportKind(
            code=subject.name,
            label=subject.label,
            detail=subject.detail,
            columns=tuple(field.name for field in subject.fields),
        )
        for subject in SUBJECTS.values()
    )
    view = ImportPage(kinds=kinds, limit_bytes=settings.upload_limit, recent=recent, may_import=actor.may("import.run"))
    return page(view, around.shell)


@post("/import", opt=STREAMED, request_max_body_size=None, include_in_schema=False)
async def upload(request: AnyRequest, actor: Actor) -> Redirect:
    actor.require("import.run")
    settings = Settings.from_environment()
    received = await receive_file(request, settings)
    options = Options(subject=received.fields.get("kind", ""))

    def take() -> ImportRun:
        return imports.receive(
            actor, settings.home, received.identifier, received.name, options, limit=settings.upload_limit
        )

    return see_other(f"/import/{(await sync_to_thread(take)).id}")


@get("/import/{import_id:uuid}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, import_id: UUID) -> Response[Any]:
    actor.require("import.read")
    return _page(request, actor, import_id, mapping=False)


@get("/import/{import_id:uuid}/mapping", sync_to_thread=True, include_in_schema=False)
def show_mapping(request: AnyRequest, actor: Actor, import_id: UUID) -> Response[Any]:
    actor.require("import.read")
    return _page(request, actor, import_id, mapping=True)


@post("/import/{import_id:uuid}/mapping", sync_to_thread=True, include_in_schema=False)
def examine(request: AnyRequest, actor: Actor, import_id: UUID, data: Form) -> Redirect:
    actor.require("import.run")
    with store.transaction(actor.org_id) as connection:
        found = imports.one(connection, import_id)
        chosen = frame(connection, request, actor).scope.site
        site = connection.scalar(_SITE, {"id": chosen}) if chosen else None
    mapping: dict[str, str] = {}
    for n, column in enumerate(found.survey.columns):
        mapping[column] = one(data, f"column-{n}") or mapping.get(column, "")
    options = msgspec.structs.replace(found.options, mapping=mapping, site=site)
    imports.examine_import(actor, Settings.from_environment().home, import_id, options)
    return see_other(f"/import/{import_id}")


@post("/import/{import_id:uuid}/commit", sync_to_thread=True, include_in_schema=False)
def commit(actor: Actor, import_id: UUID, data: Form) -> Redirect:
    which: imports.Which = "good" if one(data, "which") == "good" else "all"
    imports.commit_import(actor, Settings.from_environment().home, import_id, which)
    return see_other(f"/import/{import_id}")


@get("/import/{import_id:uuid}/errors.csv", sync_to_thread=True, include_in_schema=False)
def errors(request: AnyRequest, actor: Actor, import_id: UUID) -> Response[bytes]:
    """The errors that are kept, as a table for spreadsheets."""
    actor.require("import.read")
    with store.transaction(actor.org_id) as connection:
        found = imports.one(connection, import_id)
    gettext = translations(locale_of(request)).gettext
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(("row", "column", "error", "found", "expected", "remedy"))
    for error in found.report.errors if found.report else ():
        told = (error.title, error.found, error.expected, error.remedy)
        lines.writerow((error.row, _safe(error.column), *(_safe(_said(each, gettext)) for each in told)))
    return Response(
        text.getvalue().encode("utf-8-sig"),  # with the mark, by which Excel knows the encoding
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="errors-{import_id}.csv"'},
    )


def _said(sentence: Message | str | None, gettext: Any) -> str:
    return sentence.translated(gettext) if isinstance(sentence, Message) else sentence or ""


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: what was found comes from a stranger's file."""
    if not text.startswith(("=", "+", "-", "@", "\t", "\r")):
        return text
    try:
        parse_decimal(text)
    except Problem:
        return f"'{text}"
    return text


def _page(request: AnyRequest, actor: Actor, import_id: UUID, *, mapping: bool) -> Response[Any]:
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        found = imports.one(connection, import_id)
        job = jobs.one(connection, found.job_id) if found.job_id else None
    step: Literal["map", "report", "done"] = "map"
    if found.state == "imported":
        step = "done"
    elif found.state == "examined" and not mapping:
        step = "report"
    shown = job is not None and job.state not in {"succeeded", "cancelled"} and found.state != "imported"
    view = ImportPage(
        step=step,
        id=str(found.id),
        file=_file(found),
        kind=SUBJECTS[found.subject].label,
        columns=_columns(found) if step == "map" else (),
        targets=tuple(_target(field, around) for field in SUBJECTS[found.subject].fields) if step == "map" else (),
        report=_report(around, found.report) if found.report else None,
        job=progress_of(job, actor) if job is not None and shown else None,
        committed=found.accepted or 0,
        may_import=actor.may("import.run"),
    )
    return page(view, around.shell)


def _file(found: ImportRun) -> ImportFile:
    known = found.survey
    return ImportFile(
        name=known.name,
        size_bytes=known.size_bytes,
        encoding=known.encoding_name or known.sheet or "",
        format=known.format,
        rows=found.rows,
    )


def _columns(found: ImportRun) -> tuple[SourceColumn, ...]:
    known, chosen = found.survey, found.options.mapping
    guesses = imports.guessed(known.columns, SUBJECTS[found.subject])
    columns = []
    for header, samples in zip(known.columns, known.samples, strict=True):
        guess = guesses.get(header)
        target = chosen.get(header, "") if chosen is not None else guess.field if guess else ""
        sure = chosen is not None or guess is None or guess.sure
        columns.append(SourceColumn(header=header, samples=samples[:_SHOWN_SAMPLES], target=target, sure=sure))
    return tuple(columns)


def _target(field: Field, around: Frame) -> ImportTarget:
    unit = around.currency if field.kind == "money" else field.unit.symbol if field.unit else ""
    return ImportTarget(name=field.name, label=field.label, required=field.required, unit=unit, hint=field.hint or "")


def _report(around: Frame, report: Report) -> ImportReport:
    return ImportReport(
        rows=report.rows,
        good=report.good,
        error_count=report.error_count,
        errors=tuple(
            RowError(row=e.row, column=e.column, found=e.found, wrong=e.title, expected=e.expected, remedy=e.remedy)
            for e in report.errors
        ),
        by_kind=tuple((kind.title, kind.count) for kind in report.by_kind),
        notes=report.notes,
        preview_columns=report.preview_columns,
        preview=report.preview,
    )


def _recent(around: Frame, found: ImportRun) -> RecentImport:
    when = (found.imported_at or found.created_at).astimezone(ZoneInfo(around.shell.timezone))
    return RecentImport(
        href=f"/import/{found.id}",
        name=found.file_name,
        kind=SUBJECTS[found.subject].label,
        rows=found.rows or 0,
        good=found.accepted or 0,
        state="refused" if found.state == "examined" and not found.accepted else _STATES[found.state],
        when=f"{when:%Y-%m-%d %H:%M}",
    )


HANDLERS = [start, upload, show, show_mapping, examine, commit, errors]
