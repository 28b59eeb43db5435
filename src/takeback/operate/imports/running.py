"""A dry run, and the real one: all rows, or the good ones, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy as sa

from takeback import store
from takeback.core.ids import uuid7
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.imports.examination import Progress, staged
from takeback.operate.imports.report import Report
from takeback.operate.imports.runs import refuse_known, save_imported
from takeback.operate.imports.setting import Options
from takeback.operate.imports.surveying import Survey
from takeback.operate.imports.trouble import disk_full
from takeback.operate.imports.writing import write
from takeback.operate.ledger import Author

Which = Literal["all", "good"]
_READING = 0.4  # share of the time that reading takes when the rows are written, too
# The same file is written by one at a time: who comes second waits, and learns then that it is there.
_ONE_AT_A_TIME = sa.text("select pg_advisory_xact_lock(hashtextextended(:file, 0))")
_WRITES = frozenset({"spine.order", "master.edit"})


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How an import ended. `written` counts orders, products or places; it is 0 when nothing was entered."""

    id: UUID
    imported: bool
    written: int
    report: Report


@dataclass(frozen=True, slots=True)
class Importer:
    """Whoever imports, as author of the entries: who may import may enter what files can hold."""

    org_id: UUID
    label: str

    @classmethod
    def of(cls, author: Author) -> Importer:
        """Return the importer that `author` may be. Raises `identity.forbidden`."""
        author.require("import.run")
        return cls(author.org_id, author.label)

    def require(self, permission: str) -> None:
        """Raise `identity.forbidden` for what no import does."""
        if permission not in _WRITES | {"import.run"}:
            raise Problem("identity.forbidden", msg("You are not allowed to do this."), found=permission, status=403)


def examine(
    author: Author,
    path: Path,
    known: Survey,
    options: Options,
    *,
    progress: Progress | None = None,
    now: datetime | None = None,
    scratch: Path | None = None,
) -> Report:
    """Read the file to its end and report what importing it would do. Nothing is written.

    Raises
    ------
    Problem
        `identity.forbidden`; what is wrong with the file as a whole (see `examination.staged`);
        `import.disk-full` (507).
    """
    importer = Importer.of(author)
    with _told(), store.transaction(author.org_id) as connection:
        read = staged(
            connection, importer, path, known, options, progress=progress or _silent, now=now, scratch=scratch
        )
        return read.report


def run(
    author: Author,
    path: Path,
    known: Survey,
    options: Options,
    *,
    which: Which = "all",
    identifier: UUID | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
    scratch: Path | None = None,
) -> Outcome:
    """Import the file in one transaction: all rows or none (`all`), or those without errors (`good`).

    The row that remembers the import is written in the same transaction: after a crash either all of it is there or
    nothing. `identifier` names the import; None makes a new name.

    Raises
    ------
    Problem
        As `examine`; `import.already-imported` (409) for bytes that were imported as this subject before;
        `import.raced` (409).
    """
    importer = Importer.of(author)
    identifier = identifier or uuid7()
    tell = progress or _silent
    with _told(), store.transaction(author.org_id) as connection:
        connection.execute(_ONE_AT_A_TIME, {"file": f"{author.org_id} {options.subject} {known.sha256}"})
        refuse_known(connection, options.subject, known)
        read = staged(
            connection, importer, path, known, options, progress=_part(tell, 0, _READING), now=now, scratch=scratch
        )
        if not read.report.good or (which == "all" and read.report.bad):
            return Outcome(id=identifier, imported=False, written=0, report=read.report)
        written = write(connection, importer, read, _part(tell, _READING, 1))
        save_imported(connection, importer, identifier, known, options, which, read.report, written)
    tell(1.0, msg("{count} written", count=written))
    return Outcome(id=identifier, imported=True, written=written, report=read.report)


def _silent(share: float, what: Message) -> None:
    """Tell nobody."""


def _part(progress: Progress, begin: float, end: float) -> Progress:
    return lambda share, what: progress(begin + (end - begin) * share, what)


@contextmanager
def _told() -> Iterator[None]:
    """Tell in a problem what the database refuses."""
    try:
        yield
    except (sa.exc.DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        if isinstance(cause, psycopg.errors.DiskFull):
            raise disk_full("PostgreSQL") from error
        if isinstance(cause, psycopg.errors.UniqueViolation | psycopg.errors.DeadlockDetected):
            raise _raced(cause) from error
        raise


def _raced(cause: BaseException) -> Problem:
    return Problem(
        "import.raced",
        msg("Somebody else entered the same at the same moment; nothing of this file was written."),
        found=str(cause).splitlines()[0],
        remedy=msg("Try again: the dry run says what is there now."),
        status=409,
        exit_code=75,
    )
