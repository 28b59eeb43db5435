"""Whole files of references: what is new is entered, what is listed is found, what cannot be read is told by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.frontier.reading import READERS, Form, Row
from takeback.share.centre.frontier.reading.rows import MOST
from takeback.share.centre.frontier.source import Source
from takeback.share.centre.frontier.sources import Shelf, known_problems, put
from takeback.share.centre.problems import concerned
from takeback.share.centre.records import Record, change, find
from takeback.share.centre.turns import take_turn

WholeFile = Annotated[str, Meta(max_length=10_000_000)]
"""The text of a file of references."""
Outcome = Literal["added", "completed", "double", "refused"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an entry; `record_id`: the source that was added, completed, or is there already."""

    line: int
    key: str
    outcome: Outcome
    record_id: UUID | None = None
    title: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of each entry of a file, in the file's order."""

    rows: tuple[Imported, ...]

    def count(self, outcome: Outcome) -> int:
        """Return how many entries came to that."""
        return Counter(row.outcome for row in self.rows)[outcome]


def import_sources(
    connection: sa.Connection,
    actor: CentreActor,
    text: WholeFile,
    form: Form,
    *,
    tags: Sequence[str] = (),
    problems: Sequence[UUID] = (),
    at: datetime | None = None,
) -> ImportReport:
    """Enter the sources of a file, each tagged; an entry that cannot be read spoils no other.

    A source that was known by its DOI alone is completed by an entry that says more.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.bad-reference`` for a file of another form; ``centre.bad-file`` when it is too
        long; ``centre.no-record`` (404) for a problem that there is not.
    """
    actor.require("source.edit")
    known_problems(connection, problems)
    rows = _read(text, form)
    take_turn(connection)  # no source is listed twice
    work = _Work(connection, actor, tags, problems, concerned(connection, problems) if problems else frozenset(), at)
    shelf = Shelf(find(connection, "source"))
    return ImportReport(tuple(_entered(work, shelf, row) for row in rows))


@dataclass(frozen=True, slots=True)
class _Work:
    """What all entries of a file have in common; `people`: those whom news about the problems concern."""

    connection: sa.Connection
    actor: CentreActor
    tags: Sequence[str]
    problems: Sequence[UUID]
    people: frozenset[UUID]
    at: datetime | None


def _read(text: str, form: Form) -> list[Row]:
    if form not in READERS:
        raise Problem("centre.bad-form", msg("This form is not known."), found=form, expected=", ".join(READERS))
    rows = READERS[form](text)
    if len(rows) > MOST:
        raise Problem("centre.bad-file", msg("This file has too many entries."), found=len(rows), expected=f"<= {MOST}")
    if not rows:
        raise Problem("centre.bad-file", msg("There is no reference in this file."), found=form)
    return rows


def _entered(work: _Work, shelf: Shelf, row: Row) -> Imported:
    if row.source is None:
        return Imported(row.line, row.key, "refused", problem=row.problem)
    facts = _tagged(row.source, work.tags, work.problems)
    double = shelf.double(facts)
    outcome: Outcome = "added"
    if double is None:
        record = put(work.connection, work.actor, facts, work.at, work.people)
    elif _bare(double) and facts.title.casefold() != facts.doi:
        record, outcome = _completed(work, double, facts), "completed"
    else:
        record, outcome = double, "double"
    shelf.add(record)
    return Imported(row.line, row.key, outcome, record.id, record.title)


def _tagged(source: Source, tags: Sequence[str], problems: Sequence[UUID]) -> Source:
    return msgspec.structs.replace(source, tags=tuple(dict.fromkeys([*source.tags, *tags])), problems=tuple(problems))


def _bare(record: Record) -> bool:
    """Tell whether a source is known by its DOI alone."""
    return record.state == "listed" and bool(record.facts.doi) and record.title == record.facts.doi


def _completed(work: _Work, old: Record, facts: Source) -> Record:
    whole = _tagged(facts, old.facts.tags, tuple(dict.fromkeys([*old.facts.problems, *facts.problems])))
    return change(work.connection, work.actor, old.id, whole, at=work.at)
