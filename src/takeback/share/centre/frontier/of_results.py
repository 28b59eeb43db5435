"""Results of the centre as others cite them; who did not agree to be named, or withdrew, is not in a citation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.frontier.source import Sort, Source, Writer
from takeback.share.centre.frontier.writing import citation_cff
from takeback.share.centre.people import Person, names
from takeback.share.centre.records import Record, find, get

_SORTS: Mapping[str, Sort] = {
    "paper": "article-journal", "patent": "patent", "standard": "standard", "software": "software",
    "data-set": "dataset",
}  # fmt: skip
CITABLE = tuple(_SORTS)
"""Sorts of results that can be cited."""


def cited_results(connection: sa.Connection, actor: CentreActor, results: Sequence[UUID]) -> list[Source]:
    """Return results as sources, to be exported in any style.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-record`` (404), ``centre.not-citable`` for a prize, a transfer, ...
    """
    actor.require("centre.read")
    found = [get(connection, one, kind="result") for one in results]
    known = names(connection, {one.person for record in found for one in record.facts.authors if one.person})
    return [_source(record, known) for record in found]


def cff_of_result(connection: sa.Connection, actor: CentreActor, result_id: UUID, *, version: str = "") -> str:
    """Return the `CITATION.cff` of a piece of software or a data set; ``centre.not-citable`` for other results."""
    record = get(connection, result_id, kind="result")
    if record.facts.sort not in ("software", "data-set"):
        raise _not_citable(record, "software, data-set")
    (source,) = cited_results(connection, actor, [result_id])
    by = [one.title for one in find(connection, "centre")]
    return citation_cff(source, licence=record.facts.licence, version=version, by=by[0] if by else "")


def _source(record: Record, known: Mapping[UUID, Person]) -> Source:
    said = record.facts
    if said.sort not in _SORTS:
        raise _not_citable(record, ", ".join(CITABLE))
    paper = said.sort == "paper"
    return Source(
        sort=_SORTS[said.sort],
        title=said.title,
        title_zh=said.title_zh,
        writers=tuple(filter(None, (_writer(one.person, one.name, known) for one in said.authors))),
        container=said.body if paper else "",
        publisher="" if paper else said.body,
        year=said.year,
        number=said.number,
        doi=said.doi.lower(),
        url=said.url,
        abstract=said.summary,
    )


def _writer(person: UUID | None, name: str, known: Mapping[UUID, Person]) -> Writer | None:
    """Return an author by name; None for a person of the centre who is not to be named."""
    if person is None:
        return Writer(literal=name)
    one = known.get(person)
    if one is None or one.withdrawn_at is not None or "portfolio" not in one.consents:
        return None
    return Writer(literal=one.name)


def _not_citable(record: Record, expected: str) -> Problem:
    return Problem(
        "centre.not-citable",
        msg("There is no citation for a result of this sort."),
        where=record.title,
        found=record.facts.sort,
        expected=expected,
    )
