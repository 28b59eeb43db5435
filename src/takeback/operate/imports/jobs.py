"""Imports of large files, as jobs: `operate.import` with the arguments `import`, `label`, `step` and `which`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from takeback import store
from takeback.core.message import Message, msg
from takeback.operate.imports import runs, uploads
from takeback.operate.imports.desk import KIND
from takeback.operate.imports.examination import Progress
from takeback.operate.imports.report import as_problem
from takeback.operate.imports.running import Importer, examine, run
from takeback.operate.imports.runs import ImportRun
from takeback.store.jobs import JobContext, handles
from takeback.store.settings import Settings

_STEPS = 1000  # of a progress bar


@handles(KIND)
def work(context: JobContext) -> Mapping[str, Any]:
    """Examine or import one file. Started again after a crash it begins anew: nothing of a half import is left.

    Whoever asked for the job was allowed to; the entries bear that name.
    """
    home = Settings.from_environment().home
    identifier = UUID(context.arguments["import"])
    importer = Importer(context.org, context.arguments["label"])
    with store.transaction(context.org) as connection:
        found = runs.one(connection, identifier)
    if found.state == "imported":  # the crash came between the import and the end of the job
        uploads.remove(home, identifier)
        return _summary(found)
    path, scratch = uploads.present(home, identifier), uploads.folder(home)
    if context.arguments["step"] == "examine":
        report = examine(importer, path, found.survey, found.options, progress=_told_to(context), scratch=scratch)
        with store.transaction(context.org) as connection:
            runs.save_examined(connection, identifier, found.options, report)
            return _summary(runs.one(connection, identifier))
    outcome = run(
        importer, path, found.survey, found.options, which=context.arguments["which"], identifier=identifier,
        progress=_told_to(context), scratch=scratch,
    )  # fmt: skip
    with store.transaction(context.org) as connection:
        if not outcome.imported:
            runs.save_examined(connection, identifier, found.options, outcome.report)
        found = runs.one(connection, identifier)
    if not outcome.imported:
        raise as_problem(outcome.report, found.file_name)
    uploads.remove(home, identifier)
    return _summary(found)


def _told_to(context: JobContext) -> Progress:
    def progress(share: float, what: Message) -> None:
        # The last step is left to the job's own end: `Cancelled` must not follow a commit.
        context.progress(min(_STEPS - 1, round(share * _STEPS)), _STEPS, what)

    return progress


def _summary(found: ImportRun) -> dict[str, Any]:
    if found.state == "imported":
        text = msg("{accepted} of {rows} rows written", accepted=found.accepted, rows=found.rows)
    else:
        text = msg("{accepted} of {rows} rows are good", accepted=found.accepted, rows=found.rows)
    return {"import": str(found.id), "summary": {"msgid": text.msgid, "params": dict(text.params)}}
