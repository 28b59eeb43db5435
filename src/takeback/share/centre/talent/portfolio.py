"""A person's portfolio: projects, results, theses, courses and credentials, shown with the person's consent."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.people import Person, names
from takeback.share.centre.records import Record, find
from takeback.share.centre.seeing import apart

_SHOWN = {
    "project": None,
    "result": ("accepted",),
    "thesis": ("running", "defended"),
    "enrolment": ("passed",),
    "exchange": ("running", "done"),
    "credential": ("issued",),
}
"""Kind -> the states in which it is shown. Proposals, reviews and what belongs to them never stand here."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What a person has to show; each list with the latest first."""

    person: Person
    projects: tuple[Record, ...]
    results: tuple[Record, ...]
    theses: tuple[Record, ...]
    courses: tuple[Record, ...]
    exchanges: tuple[Record, ...]
    credentials: tuple[Record, ...]


def portfolio(connection: sa.Connection, actor: CentreActor, person_id: UUID) -> Portfolio:
    """Return one's own portfolio, or that of a person who agrees; ``centre.no-portfolio`` (404) else.

    There is none either of a person who could be on the other side of a call (`seeing.apart`).
    """
    actor.require("centre.read")
    person = names(connection, [person_id]).get(person_id)
    if person is None or person.withdrawn_at or not _agreed(person, actor) or apart(person, actor):
        raise Problem("centre.no-portfolio", msg("There is no portfolio to be seen."), found=person_id, status=404)
    found = {kind: _found(connection, kind, states, person_id) for kind, states in _SHOWN.items()}
    return Portfolio(
        person, found["project"], found["result"], found["thesis"], found["enrolment"], found["exchange"],
        found["credential"],
    )  # fmt: skip


def _agreed(person: Person, actor: CentreActor) -> bool:
    return actor.person_id == person.id or "portfolio" in person.consents


def _found(connection: sa.Connection, kind: str, states: tuple[str, ...] | None, person_id: UUID) -> tuple[Record, ...]:
    if kind in {"project", "result"}:  # a team or the authors are named in what they say
        return tuple(find(connection, kind, state=states, text=str(person_id)))
    return tuple(find(connection, kind, state=states, person=person_id))
