"""The rows that remember imports: those that wait for an answer, and those that were written."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Any, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.imports.report import Report, report_from
from takeback.operate.imports.setting import Options
from takeback.operate.imports.surveying import Survey
from takeback.operate.ledger import Author

State = Literal["waiting", "examined", "imported"]


class ImportRun(msgspec.Struct, frozen=True, kw_only=True):
    """An import: the file as it was surveyed, what was chosen, how far it is.

    - `state`: waiting (for a mapping or its dry run), examined (the report is there), imported.
    - `rows`, `accepted`, `refused` count the file's records, `written` the orders or things made of them.
    - `job_id`: of the job that examines or imports it, if one did.
    """

    id: UUID
    subject: str
    file_name: str
    survey: Survey
    options: Options
    state: State
    which: Literal["all", "good"] | None
    rows: int | None
    accepted: int | None
    refused: int | None
    written: int | None
    report: Report | None
    job_id: UUID | None
    created_by: str
    created_at: datetime
    examined_at: datetime | None
    imported_at: datetime | None


_COLUMNS = """
    id, subject, file_name, survey, options, state, which, rows, accepted, refused, written, report, job_id, created_by,
    created_at, examined_at, imported_at
"""
_ONE = sa.text(f"select {_COLUMNS} from import_run where id = :id")
_LIGHT = sa.text(
    f"select {_COLUMNS.replace(' report,', ' null as report,')} from import_run "
    "order by created_at desc, id desc limit :limit"
)
_INSERT = sa.text(
    """
    insert into import_run (org_id, id, subject, file_name, sha256, survey, options, state, created_by, created_at)
    values (:org, :id, :subject, :file_name, :sha256, cast(:survey as json), cast(:options as json), 'waiting',
            :created_by, clock_timestamp())
    """
)
_EXAMINED = sa.text(
    """
    update import_run set state = 'examined', options = cast(:options as json), rows = :rows, accepted = :accepted,
        refused = :refused, report = cast(:report as json), examined_at = clock_timestamp()
    where id = :id and state <> 'imported'
    """
)
_IMPORTED = sa.text(
    """
    insert into import_run as i (org_id, id, subject, file_name, sha256, survey, options, state, which, rows, accepted,
        refused, written, report, created_by, created_at, examined_at, imported_at)
    values (:org, :id, :subject, :file_name, :sha256, cast(:survey as json), cast(:options as json), 'imported', :which,
        :rows, :accepted, :refused, :written, cast(:report as json), :created_by, clock_timestamp(), clock_timestamp(),
        clock_timestamp())
    on conflict (id) do update set state = 'imported', options = excluded.options, which = excluded.which,
        rows = excluded.rows, accepted = excluded.accepted, refused = excluded.refused, written = excluded.written,
        report = excluded.report, imported_at = excluded.imported_at
    where i.state <> 'imported'
    """
)
_CHOSEN = sa.text(
    """
    update import_run set options = cast(:options as json), state = 'waiting', report = null, rows = null,
        accepted = null, refused = null, job_id = null
    where id = :id and state <> 'imported' returning id
    """
)
_DELETE = sa.text("delete from import_run where id = :id and state <> 'imported'")
_JOB = sa.text("update import_run set job_id = :job where id = :id and state <> 'imported'")
_SAME = sa.text(
    "select file_name, imported_at, rows, accepted from import_run "
    "where subject = :subject and sha256 = :sha256 and state = 'imported'"
)


def one(connection: sa.Connection, identifier: UUID) -> ImportRun:
    """Return an import of the tenant's; `import.unknown` (404) when there is none of this id."""
    row = connection.execute(_ONE, {"id": identifier}).one_or_none()
    if row is None:
        raise Problem("import.unknown", msg("There is no such import."), found=identifier, status=404)
    return _run(row._mapping)


def recent(connection: sa.Connection, *, limit: int = 20) -> list[ImportRun]:
    """Return the tenant's latest imports, newest first, without their reports."""
    return [_run(row._mapping) for row in connection.execute(_LIGHT, {"limit": limit})]


def insert(connection: sa.Connection, author: Author, identifier: UUID, known: Survey, options: Options) -> None:
    """Remember a file that was received."""
    connection.execute(_INSERT, _of_file(author, identifier, known, options))


def choose(connection: sa.Connection, run: ImportRun, options: Options) -> None:
    """Keep what a person chose; a report of before is forgotten. Raises `import.already-imported` (409)."""
    if connection.execute(_CHOSEN, {"id": run.id, "options": _json(options)}).first() is None:
        raise _already(run.file_name, run.imported_at, run.rows, run.accepted)


def set_job(connection: sa.Connection, identifier: UUID, job: UUID) -> None:
    """Keep which job works on an import."""
    connection.execute(_JOB, {"id": identifier, "job": job})


def delete(connection: sa.Connection, identifier: UUID) -> None:
    """Forget an import that was not written."""
    connection.execute(_DELETE, {"id": identifier})


def save_examined(connection: sa.Connection, identifier: UUID, options: Options, report: Report) -> None:
    """Keep the report of a dry run."""
    connection.execute(_EXAMINED, {"id": identifier, "options": _json(options), **_of_report(report)})


def save_imported(
    connection: sa.Connection,
    author: Author,
    identifier: UUID,
    known: Survey,
    options: Options,
    which: str,
    report: Report,
    written: int,
) -> None:
    """Remember that a file is imported, in the transaction that does it."""
    row = {**_of_file(author, identifier, known, options), **_of_report(report), "which": which, "written": written}
    connection.execute(_IMPORTED, row)


def refuse_known(connection: sa.Connection, subject: str, known: Survey) -> None:
    """Refuse bytes that were imported before as the same subject. Raises `import.already-imported` (409)."""
    same = {"subject": subject, "sha256": bytes.fromhex(known.sha256)}
    row = connection.execute(_SAME, same).one_or_none()
    if row is not None:
        raise _already(row.file_name, row.imported_at, row.rows, row.accepted)


def _already(name: str, when: datetime | None, rows: int | None, accepted: int | None) -> Problem:
    return Problem(
        "import.already-imported",
        msg("This very file was imported before; nothing was changed."),
        where=name,
        found=msg(
            "{accepted} of {rows} rows, on {when}",
            accepted=accepted,
            rows=rows,
            when=when.isoformat(" ", "minutes") if when else "–",
        ),
        expected=msg("a file with other rows"),
        remedy=msg("Rows that were refused then can be imported in a file of their own, when they are corrected."),
        status=409,
    )


def _of_file(author: Author, identifier: UUID, known: Survey, options: Options) -> dict[str, Any]:
    known = msgspec.structs.replace(known, name=PurePath(known.name).name)  # not where it lay on somebody's machine
    return {
        "org": author.org_id,
        "id": identifier,
        "subject": options.subject,
        "file_name": known.name,
        "sha256": bytes.fromhex(known.sha256),
        "survey": _json(known),
        "options": _json(options),
        "created_by": author.label,
    }


def _of_report(report: Report) -> dict[str, Any]:
    return {"rows": report.rows, "accepted": report.good, "refused": report.bad, "report": _json(report)}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _run(row: sa.RowMapping) -> ImportRun:
    fields: dict[str, Any] = dict(row)
    report = fields.pop("report")
    fields["survey"] = msgspec.convert(fields["survey"], Survey)
    fields["options"] = msgspec.convert(fields["options"], Options)
    return ImportRun(**fields, report=report_from(report) if report else None)
