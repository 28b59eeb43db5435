"""Exchanges: a person of one member works for a time at another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Line, kind
from takeback.share.centre.naming import MemberId, PersonId, ProjectId
from takeback.share.centre.records import Record, create, find, get, move
from takeback.share.centre.talent.persons import present


@kind(
    "exchange",
    title="purpose",
    states={"planned": ("running", "cancelled"), "running": ("done", "cancelled"), "done": (), "cancelled": ()},
    create="training.edit",
    read="training.edit",
    fixed_in=("done", "cancelled"),
    person="person",
    member="host",
    year="year",
)
class Exchange(Facts, frozen=True, kw_only=True):
    """A stay of a person at the member `host`, from the day `begins` to the day `ends`."""

    person: PersonId
    host: MemberId
    purpose: Line
    purpose_zh: Annotated[str, Meta(max_length=200)] = ""
    begins: date
    ends: date
    year: int
    project: ProjectId | None = None


def put_exchange(
    connection: sa.Connection, actor: CentreActor, exchange: Exchange, *, at: datetime | None = None
) -> Record:
    """Plan an exchange.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (404), ``centre.bad-exchange`` to one's own member, or that ends
        before it begins; ``centre.left-member``, ``centre.elsewhere`` (409) when the person is at another one then.
    """
    actor.require("training.edit")
    person = present(connection, exchange.person, lock=True)
    host = get(connection, exchange.host, kind="member")
    if exchange.ends < exchange.begins or person.member_id == host.id or exchange.year != exchange.begins.year:
        raise Problem(
            "centre.bad-exchange",
            msg("An exchange leads to another member, and ends after it begins."),
            where=exchange.purpose,
            found=f"{host.title}, {exchange.begins} - {exchange.ends}",
        )
    if host.state != "active":
        raise Problem("centre.left-member", msg("This member has left."), where=host.title, status=409)
    for other in find(connection, "exchange", person=exchange.person, state=("planned", "running", "done")):
        if other.facts.begins <= exchange.ends and exchange.begins <= other.facts.ends:
            raise Problem(
                "centre.elsewhere", msg("This person is at another member then."), where=other.title, status=409
            )
    return create(connection, actor, "exchange", exchange, at=at)


def move_exchange(
    connection: sa.Connection, actor: CentreActor, exchange_id: UUID, state: str, *, at: datetime | None = None
) -> Record:
    """Begin, end or cancel an exchange."""
    return move(connection, actor, exchange_id, state, kind="exchange", at=at)


def days(exchange: Exchange) -> int:
    """Return how many days an exchange is, the first and the last counted."""
    return (exchange.ends - exchange.begins).days + 1
