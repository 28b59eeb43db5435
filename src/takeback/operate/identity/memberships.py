"""Who belongs to which organisation, in which role."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity.actor import Actor
from takeback.operate.identity.api_keys import revoke_keys_of
from takeback.operate.identity.granting import require_unbarred
from takeback.operate.identity.permissions import Role, checked_role, permissions_of
from takeback.operate.identity.users import Locale


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the organisation; `seen_at`: the last time the person used the console for it."""

    user_id: UUID
    email: str
    display_name: str
    role: Role
    since: datetime
    seen_at: datetime | None = None


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation as one of its members sees it."""

    org_id: UUID
    slug: str
    kind: str
    name: str
    name_zh: str
    time_zone: str
    currency: str
    role: Role


def members(connection: sa.Connection, actor: Actor) -> list[Member]:
    """Return the people of the actor's organisation, owners first."""
    actor.require("member.read")
    return [msgspec.convert(row._asdict(), Member) for row in connection.execute(_MEMBERS, {"org": actor.org_id})]


def member(connection: sa.Connection, actor: Actor, user_id: UUID) -> Member:
    """Return one person of the actor's organisation; `identity.no-member` (404)."""
    found = [person for person in members(connection, actor) if person.user_id == user_id]
    if not found:
        raise _no_member(user_id)
    return found[0]


def add_member(connection: sa.Connection, actor: Actor, user_id: UUID, role: Role) -> None:
    """Take a registered person into the actor's organisation; `identity.is-member` (409)."""
    actor.require("member.edit")
    insert_member(connection, actor.org_id, user_id, role)


def insert_member(connection: sa.Connection, org_id: UUID, user_id: UUID, role: Role) -> None:
    """Write a membership that somebody allowed before (an invitation); `identity.is-member` (409).

    Whoever must not read the ledger (`granting`) is refused with the reason.
    """
    require_unbarred(connection, org_id, user_id, role)
    row = {"org": org_id, "user": user_id, "role": role}
    if connection.execute(_INSERT, row).first() is None:
        raise Problem("identity.is-member", msg("This person belongs to the organisation already."), status=409)


def change_role(connection: sa.Connection, actor: Actor, user_id: UUID, role: str) -> Member:
    """Give a person of the actor's organisation another role.

    Raises
    ------
    Problem
        `identity.forbidden`, `identity.bad-role`, `identity.no-member` (404), `identity.last-owner` (409), and what
        speaks against reading the ledger (`granting`).
    """
    actor.require("member.edit")
    wanted = checked_role(role)
    require_unbarred(connection, actor.org_id, user_id, wanted)
    if wanted != "owner":
        _keep_an_owner(connection, actor.org_id, user_id)
    row = {"org": actor.org_id, "user": user_id, "role": wanted}
    if connection.execute(_CHANGE, row).first() is None:
        raise _no_member(user_id)
    return member(connection, actor, user_id)


def remove_member(connection: sa.Connection, actor: Actor, user_id: UUID) -> int:
    """Take a person out of the actor's organisation; anybody may leave.

    The API keys that the person made for it are revoked with that; returns how many.

    Raises
    ------
    Problem
        `identity.forbidden`, `identity.no-member` (404), `identity.last-owner` (409).
    """
    if user_id != actor.user_id:
        actor.require("member.edit")
    _keep_an_owner(connection, actor.org_id, user_id)
    if connection.execute(_REMOVE, {"org": actor.org_id, "user": user_id}).first() is None:
        raise _no_member(user_id)
    return revoke_keys_of(connection, actor.org_id, user_id)


def memberships_of(user_id: UUID) -> list[Membership]:
    """Return the organisations of a person, by slug."""
    with store.presenting("user", str(user_id)) as connection:
        rows = connection.execute(_MEMBERSHIPS, {"user": user_id})
        return [msgspec.convert(row._asdict(), Membership) for row in rows]


def actor_of(user_id: UUID, org_id: UUID, *, locale: Locale = "en") -> Actor:
    """Return a person as actor for an organisation; `identity.no-organisation` (404) for an outsider."""
    for membership in memberships_of(user_id):
        if membership.org_id == org_id:
            return as_actor(membership, user_id, locale=locale)
    raise Problem("identity.no-organisation", msg("There is no such organisation."), found=org_id, status=404)


def as_actor(membership: Membership, user_id: UUID, *, locale: Locale) -> Actor:
    """Return the actor that a membership makes of a person."""
    return Actor(
        org_id=membership.org_id,
        permissions=permissions_of(membership.role),
        role=membership.role,
        user_id=user_id,
        locale=locale,
    )


def _keep_an_owner(connection: sa.Connection, org_id: UUID, user_id: UUID) -> None:
    # The rows stay locked, so that two owners cannot take the role from each other at the same moment.
    owners = connection.execute(_OWNERS, {"org": org_id}).scalars().all()
    if owners == [user_id]:
        raise Problem(
            "identity.last-owner",
            msg("An organisation keeps at least one owner."),
            remedy=msg("Make somebody else an owner first."),
            status=409,
        )


def _no_member(user_id: UUID) -> Problem:
    return Problem(
        "identity.no-member", msg("There is no such person in this organisation."), found=user_id, status=404
    )


_MEMBERS = sa.text("""
select m.user_id, u.email, u.display_name, m.role, m.since, max(s.seen_at) as seen_at
from membership m join user_account u on u.id = m.user_id
left join session s on s.user_id = m.user_id and s.organisation_id = m.org_id
where m.org_id = :org
group by m.user_id, u.email, u.display_name, m.role, m.since
order by array_position(array['owner', 'manager', 'operator', 'auditor', 'viewer', 'participant'], m.role),
    u.display_name, m.user_id
""")
_INSERT = sa.text("""
insert into membership (org_id, user_id, role) values (:org, :user, :role)
on conflict (org_id, user_id) do nothing returning user_id
""")
_CHANGE = sa.text("update membership set role = :role where org_id = :org and user_id = :user returning user_id")
_REMOVE = sa.text("delete from membership where org_id = :org and user_id = :user returning user_id")
_OWNERS = sa.text("select user_id from membership where org_id = :org and role = 'owner' order by user_id for update")
_MEMBERSHIPS = sa.text("""
select m.org_id, o.slug, o.kind, o.name, o.name_zh, o.time_zone, o.currency, m.role
from membership m join organisation o on o.id = m.org_id
where m.user_id = :user order by o.slug
""")
