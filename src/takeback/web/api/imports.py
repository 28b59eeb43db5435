"""Imports: a file is uploaded and examined, looked at, and committed. Uploads are streamed, never held in memory."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.concurrency import sync_to_thread
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import Parameter

from takeback import store
from takeback.core.message import Message
from takeback.operate import imports
from takeback.operate.identity import Actor
from takeback.operate.imports import SUBJECTS, ImportRun, Options, Report
from takeback.store.settings import Settings
from takeback.web.console import translations
from takeback.web.preferences import AnyRequest, locale_of
from takeback.web.upload import STREAMED, mapping_of, receive_file

TAGS = ["Imports"]
Limit = Annotated[int, Parameter(ge=1, le=200)]


class FieldLine(msgspec.Struct, frozen=True, kw_only=True):
    """A field that a column can become; `headers` are the words by which it is recognised."""

    name: str
    label: str
    required: bool
    kind: str
    unit: str | None
    hint: str | None
    headers: tuple[str, ...]


class SubjectLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a file can hold."""

    name: str
    label: str
    detail: str
    fields: tuple[FieldLine, ...]


class ErrorLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with one row of the file."""

    row: int
    column: str
    kind: str
    title: str
    found: str
    expected: str | None
    remedy: str | None


class KindLine(msgspec.Struct, frozen=True, kw_only=True):
    """How often a kind of error was found."""

    kind: str
    title: str
    count: int


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a dry run found: the first 1000 errors, all counted; `notes` say what had to be assumed."""

    rows: int
    good: int
    groups: int
    corrected: int
    companions: int
    error_count: int
    errors: tuple[ErrorLine, ...]
    by_kind: tuple[KindLine, ...]
    notes: tuple[str, ...]
    preview_columns: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]


class ImportLine(msgspec.Struct, frozen=True, kw_only=True):
    """An import. `guesses`: the field that each column would become by its header. `job_id`: who works on it."""

    id: UUID
    subject: str
    file_name: str
    size_bytes: int
    sha256: str
    format: str
    encoding: str
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]
    columns: tuple[str, ...]
    guesses: dict[str, str]
    mapping: dict[str, str] | None
    site: str | None
    provenance: str
    state: Literal["waiting", "examined", "imported"]
    which: Literal["all", "good"] | None
    rows: int | None
    accepted: int | None
    refused: int | None
    written: int | None
    job_id: UUID | None
    created_by: str
    created_at: datetime
    imported_at: datetime | None
    report: ReportLine | None


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Other choices for the dry run; what is left out stays as it was."""

    mapping: dict[str, str] | None = None
    site: str | None = None
    provenance: str | None = None


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """`all`: every row or none; `good`: those without errors. Either in one transaction."""

    which: Literal["all", "good"] = "all"


_PARTS = {
    "subject": Schema(type=OpenAPIType.STRING, enum=list(SUBJECTS)),
    "mapping": Schema(type=OpenAPIType.STRING, description="A JSON object from columns to fields."),
    "site": Schema(type=OpenAPIType.STRING, description="Code of the site, for files without a column for it."),
    "sheet": Schema(type=OpenAPIType.STRING, description="Sheet of a workbook; the first without it."),
    "provenance": Schema(type=OpenAPIType.STRING, enum=["real", "simulated", "estimated", "declared"]),
    "file": Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY),
}


class UploadOperation(Operation):
    """Describes the body that the handler reads by itself."""

    def __post_init__(self) -> None:
        form = Schema(type=OpenAPIType.OBJECT, properties=dict(_PARTS), required=["subject", "file"])
        self.request_body = RequestBody({"multipart/form-data": OpenAPIMediaType(schema=form)}, required=True)


@get("/import-subjects", sync_to_thread=False, tags=TAGS, summary="What files can hold, with all fields")
def read_subjects(request: AnyRequest, actor: Actor) -> list[SubjectLine]:
    actor.require("import.read")
    say = _speaker(request)
    return [
        SubjectLine(
            name=subject.name,
            label=say(subject.label),
            detail=say(subject.detail),
            fields=tuple(
                FieldLine(
                    name=field.name,
                    label=say(field.label),
                    required=field.required,
                    kind=field.kind,
                    unit=field.unit.code if field.unit else None,
                    hint=say(field.hint) if field.hint else None,
                    headers=(field.name, *field.synonyms),
                )
                for field in subject.fields
            ),
        )
        for subject in SUBJECTS.values()
    ]


@get("/imports", sync_to_thread=True, tags=TAGS, summary="The latest imports, without their reports")
def read_imports(request: AnyRequest, actor: Actor, limit: Limit = 50) -> list[ImportLine]:
    actor.require("import.read")
    with store.transaction(actor.org_id) as connection:
        return [_line(request, found) for found in imports.recent(connection, limit=limit)]


@get("/imports/{import_id:uuid}", sync_to_thread=True, tags=TAGS, summary="One import with its report")
def read_import(request: AnyRequest, actor: Actor, import_id: UUID) -> ImportLine:
    actor.require("import.read")
    with store.transaction(actor.org_id) as connection:
        return _line(request, imports.one(connection, import_id))


@post(
    "/imports",
    tags=TAGS,
    summary="Upload a file and examine it; nothing is written",
    opt=STREAMED,
    request_max_body_size=None,
    operation_class=UploadOperation,
)
async def upload(request: AnyRequest, actor: Actor) -> ImportLine:
    actor.require("import.run")
    settings = Settings.from_environment()
    received = await receive_file(request, settings)
    given = received.fields
    options = Options(
        subject=given.get("subject", ""),
        mapping=mapping_of(given.get("mapping", "")),
        site=given.get("site") or None,
        provenance=given.get("provenance") or "real",
    )

    def take_in() -> ImportRun:
        return imports.take_in(
            actor, settings.home, received.identifier, received.name, options, limit=settings.upload_limit,
            sheet=given.get("sheet") or None,
        )  # fmt: skip

    return _line(request, await sync_to_thread(take_in))


@post(
    "/imports/{import_id:uuid}/examine",
    sync_to_thread=True,
    status_code=200,
    tags=TAGS,
    summary="Examine an uploaded file once more, with other choices",
)
def examine(request: AnyRequest, actor: Actor, import_id: UUID, data: Choice) -> ImportLine:
    actor.require("import.run")
    with store.transaction(actor.org_id) as connection:
        before = imports.one(connection, import_id).options
    chosen = {name: value for name in Choice.__struct_fields__ if (value := getattr(data, name)) is not None}
    options = msgspec.structs.replace(before, **chosen)
    home = Settings.from_environment().home
    return _line(request, imports.examine_import(actor, home, import_id, options))


@post(
    "/imports/{import_id:uuid}/commit",
    sync_to_thread=True,
    status_code=200,
    tags=TAGS,
    summary="Write the rows of an uploaded file",
)
def commit(request: AnyRequest, actor: Actor, import_id: UUID, data: Commit) -> ImportLine:
    home = Settings.from_environment().home
    return _line(request, imports.commit_import(actor, home, import_id, data.which))


@delete("/imports/{import_id:uuid}", sync_to_thread=True, tags=TAGS, summary="Forget a file that was not imported")
def forget(actor: Actor, import_id: UUID) -> None:
    imports.forget(actor, Settings.from_environment().home, import_id)


def _speaker(request: AnyRequest) -> Any:
    gettext = translations(locale_of(request)).gettext

    def say(sentence: Message | str | None) -> str | None:
        return sentence.translated(gettext) if isinstance(sentence, Message) else sentence

    return say


def _line(request: AnyRequest, found: ImportRun) -> ImportLine:
    known = found.survey
    guesses = imports.guessed(known.columns, SUBJECTS[found.subject])
    return ImportLine(
        id=found.id,
        subject=found.subject,
        file_name=found.file_name,
        size_bytes=known.size_bytes,
        sha256=known.sha256,
        format=known.format,
        encoding=known.encoding_name,
        delimiter=known.delimiter,
        sheet=known.sheet,
        sheets=known.sheets,
        columns=known.columns,
        guesses={column: guess.field for column, guess in guesses.items()},
        mapping=found.options.mapping,
        site=found.options.site,
        provenance=found.options.provenance,
        state=found.state,
        which=found.which,
        rows=found.rows,
        accepted=found.accepted,
        refused=found.refused,
        written=found.written,
        job_id=found.job_id,
        created_by=found.created_by,
        created_at=found.created_at,
        imported_at=found.imported_at,
        report=_report(_speaker(request), found.report) if found.report else None,
    )


def _report(say: Any, report: Report) -> ReportLine:
    errors = tuple(
        ErrorLine(
            row=error.row,
            column=error.column,
            kind=error.kind,
            title=say(error.title),
            found=error.found,
            expected=say(error.expected),
            remedy=say(error.remedy),
        )
        for error in report.errors
    )
    return ReportLine(
        rows=report.rows,
        good=report.good,
        groups=report.groups,
        corrected=report.corrected,
        companions=report.companions,
        error_count=report.error_count,
        errors=errors,
        by_kind=tuple(KindLine(kind=k.kind, title=say(k.title), count=k.count) for k in report.by_kind),
        notes=tuple(map(say, report.notes)),
        preview_columns=report.preview_columns,
        preview=report.preview,
    )


HANDLERS = [read_subjects, read_imports, read_import, upload, examine, commit, forget]
