"""Results as people see them: authors by name where they agreed to be named, and nobody who withdrew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import File, files_of
from takeback.share.centre.people import Person, names
from takeback.share.centre.records import Record, find, get
from takeback.share.centre.results.facts import Author, Result, Sort

_LINKED = sa.text("""
    select id from centre_record where kind = 'result' and (facts->'projects' @> cast(:id as jsonb)
      or facts->'problems' @> cast(:id as jsonb) or facts->'funds' @> cast(:id as jsonb)
      or facts->'tasks' @> cast(:id as jsonb)) order by year desc, id
""")


class AuthorView(msgspec.Struct, frozen=True, kw_only=True):
    """An author; `name` is empty for a person of the centre who did not agree to be named. `percent`: 0 if not said."""

    person: UUID | None
    name: str
    name_zh: str
    percent: int


class ResultView(msgspec.Struct, frozen=True, kw_only=True):
    """A result with its authors and its files. The ids of authors are not in `record.facts`, but in `authors`."""

    record: Record
    authors: tuple[AuthorView, ...]
    files: tuple[File, ...]


def results(
    connection: sa.Connection,
    actor: CentreActor,
    *,
    sort: Sort | None = None,
    state: str | Sequence[str] | None = None,
    year: int | None = None,
    member: UUID | None = None,
    text: str = "",
) -> list[Record]:
    """Return results, the latest changed first, narrowed by what is given; ``centre.forbidden`` (403)."""
    actor.require("centre.read")
    found = find(connection, "result", state=state, year=year, member=member, text=text)
    return [record for record in found if sort in (None, record.facts.sort)]


def results_of(connection: sa.Connection, actor: CentreActor, record_id: UUID) -> list[Record]:
    """Return the results that came from a project, a problem, a fund or a task, the latest year first."""
    actor.require("centre.read")
    ids = connection.scalars(_LINKED, {"id": f'["{record_id}"]'}).all()
    return [get(connection, one) for one in ids]


def view(connection: sa.Connection, actor: CentreActor, result_id: UUID) -> ResultView:
    """Return a result as `actor` may see it; ``centre.no-record`` (404), ``centre.forbidden`` (403)."""
    actor.require("centre.read")
    record = get(connection, result_id, kind="result")
    authors = shown_authors(connection, actor, [record])[record.id]
    files = tuple(files_of(connection, result_id))
    bare = msgspec.structs.replace(record.facts, authors=())
    return ResultView(record=msgspec.structs.replace(record, facts=bare), authors=authors, files=files)


def shown_authors(
    connection: sa.Connection, actor: CentreActor, records: Iterable[Record]
) -> dict[UUID, tuple[AuthorView, ...]]:
    """Return the authors of results by the results' ids, as `actor` may see them."""
    listed = list(records)
    known = names(connection, {one.person for record in listed for one in record.facts.authors if one.person})
    return {record.id: _shown(actor, record.facts, known) for record in listed}


def _shown(actor: CentreActor, facts: Result, known: Mapping[UUID, Person]) -> tuple[AuthorView, ...]:
    there = [author for author in facts.authors if not author.person or not _gone(known.get(author.person))]
    return tuple(_author(actor, author, known) for author in there)


def _gone(person: Person | None) -> bool:
    return person is None or person.withdrawn_at is not None


def _author(actor: CentreActor, author: Author, known: Mapping[UUID, Person]) -> AuthorView:
    if author.person is None:
        return AuthorView(person=None, name=author.name, name_zh="", percent=author.percent)
    person = known[author.person]
    named = "portfolio" in person.consents or person.id == actor.person_id or actor.may("person.edit")
    return AuthorView(
        person=person.id if named else None,
        name=person.name if named else "",
        name_zh=person.name_zh if named else "",
        percent=author.percent,
    )
