"""Sources are entered, found twice, tagged to problems and taken out; a new rule is news to those concerned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.frontier.news import tell
from takeback.share.centre.frontier.source import Source, plain_title
from takeback.share.centre.problems import concerned
from takeback.share.centre.records import Record, change, create, find, get
from takeback.share.centre.turns import take_turn

TAGGED = ("problem", "common-problem")


class Shelf:
    """The sources of a centre by what makes two the same: the DOI; the number of a rule; else title and year."""

    def __init__(self, sources: Iterable[Record]) -> None:
        self.by_doi: dict[str, Record] = {}
        self.by_number: dict[str, Record] = {}
        self.by_title: dict[str, list[Record]] = {}
        for one in sources:
            self.add(one)

    def add(self, record: Record) -> None:
        """Put a source on the shelf; one that stands there is replaced."""
        facts: Source = record.facts
        if facts.doi:
            self.by_doi[facts.doi] = record
        if facts.is_rule and facts.number:
            self.by_number[plain_title(facts.number)] = record
        same = self.by_title.setdefault(plain_title(facts.title), [])
        same[:] = [*(one for one in same if one.id != record.id), record]

    def double(self, facts: Source) -> Record | None:
        """Return the source that says the same, if there is one."""
        if facts.doi and facts.doi in self.by_doi:
            return self.by_doi[facts.doi]
        if facts.is_rule and facts.number:
            return self.by_number.get(plain_title(facts.number))
        return next((one for one in self.by_title.get(plain_title(facts.title), []) if _same(one.facts, facts)), None)


def enter_source(connection: sa.Connection, actor: CentreActor, facts: Source, *, at: datetime | None = None) -> Record:
    """Enter a source.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.bad-source``; ``centre.double`` (409) with the id of the one that is there;
        ``centre.no-record`` (404) for a problem that there is not.
    """
    actor.require("source.edit")
    take_turn(connection)  # no source is listed twice
    double = Shelf(find(connection, "source")).double(facts)
    if double is not None:
        raise Problem(
            "centre.double",
            msg("This source is listed already."),
            where=double.title,
            found=double.id,
            remedy=msg("Tag the one that is there."),
            status=409,
        )
    known_problems(connection, facts.problems)
    return put(connection, actor, facts, at)


def put(
    connection: sa.Connection,
    actor: CentreActor,
    facts: Source,
    at: datetime | None,
    people: frozenset[UUID] | None = None,
) -> Record:
    """Put a source that is known not to be there; tell `people`, or those concerned, of it when it is a rule."""
    record = create(connection, actor, "source", facts, at=at)
    _tell(connection, actor, record, at, people)
    return record


def change_source(
    connection: sa.Connection,
    actor: CentreActor,
    source_id: UUID,
    facts: Source,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Change a source; ``centre.double`` (409) when it would say what another one says."""
    actor.require("source.edit")
    take_turn(connection)  # no source is listed twice
    double = Shelf(one for one in find(connection, "source") if one.id != source_id).double(facts)
    if double is not None:
        raise Problem(
            "centre.double", msg("This source is listed already."), where=double.title, found=double.id, status=409
        )
    get(connection, source_id, kind="source")
    known_problems(connection, facts.problems)
    record = change(connection, actor, source_id, facts, version=version, at=at)
    _tell(connection, actor, record, at)
    return record


def tag_source(
    connection: sa.Connection,
    actor: CentreActor,
    source_id: UUID,
    *,
    tags: Sequence[str] = (),
    problems: Sequence[UUID] = (),
    at: datetime | None = None,
) -> Record:
    """Add tags and problems to a source; those concerned by a rule hear of it."""
    actor.require("source.edit")
    known_problems(connection, problems)
    facts = get(connection, source_id, kind="source", lock=True).facts
    more = msgspec.structs.replace(
        facts,
        tags=tuple(dict.fromkeys([*facts.tags, *tags])),
        problems=tuple(dict.fromkeys([*facts.problems, *problems])),
    )
    record = change(connection, actor, source_id, more, at=at)
    _tell(connection, actor, record, at)
    return record


def sources(
    connection: sa.Connection,
    actor: CentreActor,
    *,
    sort: str = "",
    tag: str = "",
    problem: UUID | None = None,
    year: int | None = None,
    text: str = "",
) -> list[Record]:
    """Return the sources that are listed, the latest changed first, narrowed by what is given."""
    actor.require("centre.read")
    return [
        one
        for one in find(connection, "source", state="listed", year=year, text=text)
        if sort in ("", one.facts.sort)
        and (not tag or tag in one.facts.tags)
        and (problem is None or problem in one.facts.problems)
    ]


def known_problems(connection: sa.Connection, problems: Iterable[UUID]) -> None:
    """Go on only with problems that there are; raises ``centre.no-record`` (404)."""
    for one in problems:
        if get(connection, one).kind not in TAGGED:
            raise Problem("centre.no-record", msg("There is no such record in this centre."), found=one, status=404)


def _tell(
    connection: sa.Connection,
    actor: CentreActor,
    record: Record,
    at: datetime | None,
    people: frozenset[UUID] | None = None,
) -> None:
    facts: Source = record.facts
    if facts.is_rule and facts.problems:
        whom = concerned(connection, facts.problems) if people is None else people
        tell(connection, actor, whom, "rule", record, title_zh=facts.title_zh, detail=facts.number, at=at)


def _same(one: Source, other: Source) -> bool:
    """Tell whether two sources with the same title are the same: nothing that both say differs."""
    both = [(one.doi, other.doi), (one.year, other.year), (one.number, other.number)]
    return all(a == b for a, b in both if a and b)
