"""Invitations: a link that makes whoever has the e-mail a member."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import sqlalchemy as sa

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity.actor import Actor
from takeback.operate.identity.memberships import insert_member
from takeback.operate.identity.permissions import Role, checked_role
from takeback.operate.identity.tokens import hashed, new_token
from takeback.operate.identity.users import Locale, User, create_user, find_user, normalised_email

VALID_FOR = timedelta(days=7)


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """An open, accepted or revoked invitation."""

    id: UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What an invitation says to whoever holds its token; `registered`: the e-mail has a password already."""

    org_id: UUID
    organisation: str
    organisation_zh: str
    email: str
    role: Role
    registered: bool


def invite(connection: sa.Connection, actor: Actor, *, email: str, role: str) -> tuple[Invitation, str]:
    """Invite somebody into the actor's organisation; return the invitation and its token, which is not kept.

    Raises
    ------
    Problem
        `identity.forbidden`, `identity.no-person`, `identity.bad-email`, `identity.bad-role`.
    """
    actor.require("member.edit")
    token, now = new_token(), datetime.now(UTC)
    invitation = Invitation(
        id=uuid4(),
        email=normalised_email(email),
        role=checked_role(role),
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    secret = {"org_id": actor.org_id, "token_hash": hashed(token), "invited_by": actor.person()}
    connection.execute(_INSERT, {**msgspec.structs.asdict(invitation), **secret})
    return invitation, token


def invitations(connection: sa.Connection, actor: Actor) -> list[Invitation]:
    """Return the organisation's invitations, newest first."""
    actor.require("member.read")
    rows = connection.execute(_LIST, {"org": actor.org_id})
    return [msgspec.convert(row._asdict(), Invitation) for row in rows]


def revoke_invitation(connection: sa.Connection, actor: Actor, invitation_id: UUID) -> None:
    """Make an open invitation worthless; `identity.no-invitation` (404)."""
    actor.require("member.edit")
    row = {"org": actor.org_id, "id": invitation_id, "now": datetime.now(UTC)}
    if connection.execute(_REVOKE, row).first() is None:
        raise Problem(
            "identity.no-invitation",
            msg("There is no such open invitation."),
            found=invitation_id,
            status=404,
        )
    _delete_spent(connection, actor.org_id)


def forget_invitations_of(connection: sa.Connection, org_id: UUID, email: str) -> None:
    """Delete a participant's invitations with their e-mail, as when the person leaves; a link is worthless then."""
    connection.execute(_FORGET, {"org": org_id, "email": email})


def offered(token: str) -> Offer:
    """Return what the holder of a token is offered; `identity.bad-invitation` (404)."""
    with store.presenting("invitation", hashed(token).hex()) as connection:
        row = connection.execute(_OPEN, {"hash": hashed(token), "now": datetime.now(UTC)}).one_or_none()
    if row is None:
        raise Problem(
            "identity.bad-invitation",
            msg("This invitation does not exist, was used, or has expired."),
            remedy=msg("Ask an owner of the organisation for a new one."),
            status=404,
        )
    return msgspec.convert(row._asdict(), Offer)


def accept_as(token: str, user: User) -> Offer:
    """Join with the account that is signed in; its e-mail must be the invited one.

    Raises
    ------
    Problem
        `identity.bad-invitation` (404), `identity.other-email` (403), `identity.is-member` (409).
    """
    offer = offered(token)
    if offer.email != user.email:
        raise Problem(
            "identity.other-email",
            msg("This invitation is for another e-mail."),
            found=user.email,
            remedy=msg("Sign in with the e-mail that was invited."),
            status=403,
        )
    with store.transaction(offer.org_id) as connection:
        _use(connection, offer, token)
        insert_member(connection, offer.org_id, user.id, offer.role)
    return offer


def accept_new(token: str, *, display_name: str, password: str, locale: Locale = "en") -> User:
    """Join as a new person, who gets an account with the invited e-mail.

    Raises
    ------
    Problem
        `identity.bad-invitation` (404), `identity.sign-in-first` (409) when the e-mail has an account,
        `identity.bad-name`, `identity.weak-password`.
    """
    offer = offered(token)
    with store.transaction(offer.org_id) as connection:
        if find_user(connection, offer.email) is not None:
            raise Problem(
                "identity.sign-in-first",
                msg("There is an account with this e-mail."),
                found=offer.email,
                remedy=msg("Sign in, then open the invitation again."),
                status=409,
            )
        _use(connection, offer, token)
        user = create_user(connection, email=offer.email, display_name=display_name, password=password, locale=locale)
        insert_member(connection, offer.org_id, user.id, offer.role)
    return user


def _use(connection: sa.Connection, offer: Offer, token: str) -> None:
    used = {"hash": hashed(token), "now": datetime.now(UTC)}
    if connection.execute(_ACCEPT, used).first() is None:
        raise Problem("identity.bad-invitation", msg("This invitation was used a moment ago."), status=409)
    _delete_spent(connection, offer.org_id)


def _delete_spent(connection: sa.Connection, org_id: UUID) -> None:
    """Delete what participants accepted and what was revoked of them: their e-mail has no further purpose there.

    Of other roles the row stays: who let whom read the ledger is to be known.
    """
    connection.execute(_SPENT, {"org": org_id})


_INSERT = sa.text("""
insert into invitation (org_id, id, token_hash, email, role, invited_by, created_at, expires_at)
values (:org_id, :id, :token_hash, :email, :role, :invited_by, :created_at, :expires_at)
""")
_LIST = sa.text("""
select id, email, role, created_at, expires_at, accepted_at, revoked_at
from invitation where org_id = :org order by created_at desc, id
""")
_REVOKE = sa.text("""
update invitation set revoked_at = :now
where org_id = :org and id = :id and accepted_at is null and revoked_at is null returning id
""")
_FORGET = sa.text("delete from invitation where org_id = :org and email = :email and role = 'participant'")
_SPENT = sa.text("""
delete from invitation
where org_id = :org and role = 'participant' and (accepted_at is not null or revoked_at is not null)
""")
_OPEN = sa.text("""
select i.org_id, o.name as organisation, o.name_zh as organisation_zh, i.email, i.role,
       exists (select from user_account u where u.email = i.email) as registered
from invitation i join organisation o on o.id = i.org_id
where i.token_hash = :hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > :now
""")
_ACCEPT = sa.text("""
update invitation set accepted_at = :now
where token_hash = :hash and accepted_at is null and revoked_at is null and expires_at > :now returning id
""")
