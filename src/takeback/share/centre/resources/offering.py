"""A member offers a resource, changes its conditions, takes it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money.book import hold
from takeback.share.centre.records import Record, change, create, get, move
from takeback.share.centre.resources.kinds import Resource


def offers_for(actor: CentreActor, member: UUID) -> bool:
    """Whether somebody speaks for what a member offers: its own people who may, and who runs the centre."""
    return actor.may("centre.edit") or (actor.may("resource.offer") and actor.member_id == member)


def offer_resource(
    connection: sa.Connection, actor: CentreActor, facts: Resource, *, at: datetime | None = None
) -> Record:
    """Offer a resource of one's own member organisation.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.not-yours`` (403), ``centre.bad-resource``: unknown time zone or person.
    """
    actor.require("resource.offer")
    _check(connection, actor, facts)
    return create(connection, actor, "resource", facts, at=at, allowed=True)


def amend_resource(
    connection: sa.Connection, actor: CentreActor, resource_id: UUID, facts: Resource, *, version: int | None = None,
    at: datetime | None = None,
) -> Record:  # fmt: skip
    """Change an offer; what is booked stays. Raises as `offer_resource`, and ``centre.changed-meanwhile`` (409)."""
    actor.require("resource.offer")
    hold(connection, actor.org_id)
    _check(connection, actor, get(connection, resource_id, kind="resource").facts)
    _check(connection, actor, facts)
    return change(connection, actor, resource_id, facts, version=version, at=at, allowed=True)


def withdraw_resource(
    connection: sa.Connection, actor: CentreActor, resource_id: UUID, reason: str = "", *, at: datetime | None = None
) -> Record:
    """Take an offer back; raises ``centre.booked-still`` (409) while somebody has it booked."""
    actor.require("resource.offer")
    hold(connection, actor.org_id)
    record = get(connection, resource_id, kind="resource")
    _check(connection, actor, record.facts)
    now = at or clock.now(connection, actor.org_id)
    ahead = connection.execute(_AHEAD, {"resource": resource_id, "now": now}).scalar_one()
    if ahead:
        raise Problem(
            "centre.booked-still", msg("This resource is booked still."), where=record.title, found=ahead,
            remedy=msg("Cancel these bookings first."), status=409,
        )  # fmt: skip
    return move(connection, actor, resource_id, "withdrawn", reason=reason, at=at, allowed=True)


def offer_again(
    connection: sa.Connection, actor: CentreActor, resource_id: UUID, *, at: datetime | None = None
) -> Record:
    """Offer again what was withdrawn."""
    actor.require("resource.offer")
    hold(connection, actor.org_id)
    _check(connection, actor, get(connection, resource_id, kind="resource").facts)
    return move(connection, actor, resource_id, "offered", at=at, allowed=True)


def _check(connection: sa.Connection, actor: CentreActor, facts: Resource) -> None:
    member = get(connection, facts.member, kind="member")
    if not offers_for(actor, facts.member):
        raise Problem(
            "centre.not-yours", msg("This belongs to another member organisation."), where=member.title, status=403,
            exit_code=77,
        )  # fmt: skip
    try:
        ZoneInfo(facts.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Problem(
            "centre.bad-resource", msg("There is no such time zone."), where="zone", found=facts.zone,
            expected="Asia/Shanghai",
        ) from error  # fmt: skip


_AHEAD = sa.text("""
    select count(*) from centre_booking where resource_id = :resource and state = 'booked' and ends > :now
""")
