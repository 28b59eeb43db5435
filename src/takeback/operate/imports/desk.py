"""Imports step by step, as the console and the programming interface do them: receive, examine, commit.

Small files are worked on at once; large ones by a job, with progress and cancellation.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.operate.imports import runs, uploads
from takeback.operate.imports.header import columns_of
from takeback.operate.imports.report import as_problem
from takeback.operate.imports.running import Which, examine, run
from takeback.operate.imports.runs import ImportRun
from takeback.operate.imports.setting import Options
from takeback.operate.imports.subjects import subject_named
from takeback.operate.imports.surveying import survey
from takeback.store import jobs

KIND = "operate.import"
LARGE = 1_000_000  # bytes; above, a job does the work
_PACKED = 8  # an .xlsx file is about so many times smaller than its rows as text


def receive(
    actor: Actor, home: Path, identifier: UUID, name: str, options: Options, *, limit: int, sheet: str | None = None
) -> ImportRun:
    """Survey an uploaded file and remember it; it waits for its mapping or its dry run.

    Raises
    ------
    Problem
        `identity.forbidden`, those of `survey`, `import.already-imported` (409); the file is removed then.
    """
    try:
        actor.require("import.run")
        subject_named(options.subject)
        path = uploads.present(home, identifier)
        known = survey(path, limit=limit, name=name, sheet=sheet, scratch=uploads.folder(home))
        with store.transaction(actor.org_id) as connection:
            runs.refuse_known(connection, options.subject, known)
            runs.insert(connection, actor, identifier, known, options)
            return runs.one(connection, identifier)
    except BaseException:
        uploads.remove(home, identifier)
        raise


def take_in(
    actor: Actor, home: Path, identifier: UUID, name: str, options: Options, *, limit: int, sheet: str | None = None
) -> ImportRun:
    """Receive and examine in one step, as programs do; when anything is wrong with the whole file, nothing is kept.

    Raises as `receive` and `examine_import`.
    """
    receive(actor, home, identifier, name, options, limit=limit, sheet=sheet)
    try:
        return examine_import(actor, home, identifier)
    except BaseException:
        forget(actor, home, identifier)
        raise


def forget(actor: Actor, home: Path, identifier: UUID) -> None:
    """Forget a file that was not imported. Raises `import.unknown`, `import.busy`, `import.already-imported`."""
    actor.require("import.run")
    with store.transaction(actor.org_id) as connection:
        runs.delete(connection, _free(connection, identifier).id)
    uploads.remove(home, identifier)


def examine_import(actor: Actor, home: Path, identifier: UUID, options: Options | None = None) -> ImportRun:
    """Make the dry run of a received file, with other `options` than before if given.

    Returns the import examined, or waiting with a job that examines it.

    Raises
    ------
    Problem
        `import.unknown` (404), `import.file-gone` (410), `import.busy` (409), those of `running.examine`.
    """
    actor.require("import.run")
    with store.transaction(actor.org_id) as connection:
        found = _free(connection, identifier)
        path = uploads.present(home, identifier)
        chosen = options or found.options
        subject = subject_named(chosen.subject)
        columns_of(found.survey.columns, subject, chosen.mapping, name=found.file_name)  # told at once, not by a job
        runs.choose(connection, found, chosen)
        if _large(found):
            _start(connection, actor, found, {"step": "examine"})
            return runs.one(connection, identifier)
    report = examine(actor, path, found.survey, chosen, scratch=uploads.folder(home))
    with store.transaction(actor.org_id) as connection:
        runs.save_examined(connection, identifier, chosen, report)
        return runs.one(connection, identifier)


def commit_import(actor: Actor, home: Path, identifier: UUID, which: Which) -> ImportRun:
    """Write a received file: all rows or none (`all`), or the good ones (`good`).

    Returns the import as imported, or examined with a job that imports it.

    Raises
    ------
    Problem
        As `examine_import`; `import.not-clean` with the first errors where `all` cannot be; those of `running.run`.
    """
    actor.require("import.run")
    with store.transaction(actor.org_id) as connection:
        found = _free(connection, identifier)
        path = uploads.present(home, identifier)
        if _large(found):
            _start(connection, actor, found, {"step": "commit", "which": which})
            return runs.one(connection, identifier)
    outcome = run(
        actor, path, found.survey, found.options, which=which, identifier=identifier, scratch=uploads.folder(home)
    )
    with store.transaction(actor.org_id) as connection:
        if not outcome.imported:
            runs.save_examined(connection, identifier, found.options, outcome.report)
        written = runs.one(connection, identifier)
    if not outcome.imported:
        raise as_problem(outcome.report, found.file_name)
    uploads.remove(home, identifier)
    return written


def _free(connection: sa.Connection, identifier: UUID) -> ImportRun:
    """Return an import that is not written yet and that no job works on."""
    found = runs.one(connection, identifier)
    if found.state == "imported":
        runs.refuse_known(connection, found.subject, found.survey)
    if found.job_id is not None and _works(connection, found.job_id):
        raise Problem(
            "import.busy",
            msg("A job is working on this import."),
            found=found.job_id,
            remedy=msg("Wait for it, or stop it."),
            status=409,
        )
    return found


def _works(connection: sa.Connection, job: UUID) -> bool:
    alive = sa.text("select exists (select 1 from job where id = :id and state in ('queued', 'running'))")
    return bool(connection.scalar(alive, {"id": job}))


def _large(found: ImportRun) -> bool:
    weight = _PACKED if found.survey.format == "xlsx" else 1
    return found.survey.size_bytes * weight > LARGE


def _start(connection: sa.Connection, actor: Actor, found: ImportRun, arguments: dict[str, str]) -> None:
    title = msg("Import {name}", name=found.file_name)
    told = {"import": str(found.id), "label": actor.label, **arguments}
    job = jobs.enqueue(connection, actor.org_id, KIND, title, told, created_by=actor.user_id)
    runs.set_job(connection, found.id, job)
