"""A person of the centre is invited by a signed link; the account that accepts it is the person's."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity.actor import Actor
from takeback.operate.identity.inviting import Invitation, invitations, invite, revoke_invitation
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.people import person_by_id, present_person


def invite_person(connection: sa.Connection, actor: CentreActor, person_id: UUID) -> tuple[Invitation, str]:
    """Invite a person who was entered with an e-mail; return the invitation and its token, which is not kept.

    Whoever accepts becomes a `participant` of the centre's organisation: there the person may do what the centre's
    roles allow (`acting.acting` finds the person by the e-mail), and nothing else.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person``, ``centre.no-email``, ``centre.has-account`` (409).
    """
    actor.require("person.edit")
    person = present_person(connection, person_id)
    if person.user_id is not None:
        raise Problem("centre.has-account", msg("This person signs in already."), where=person.name, status=409)
    if person.email is None:
        raise Problem(
            "centre.no-email",
            msg("This person has no e-mail that an invitation could be for."),
            where=person.name or str(person_id),
            remedy=msg("Enter the e-mail first."),
        )
    return invite(connection, _host(actor, _account_of(connection, actor)), email=person.email, role="participant")


def open_invitations(connection: sa.Connection, actor: CentreActor) -> list[Invitation]:
    """Return the invitations that nobody has accepted, newest first; those that have expired are among them."""
    actor.require("person.edit")
    every = invitations(connection, _host(actor))
    return [one for one in every if one.role == "participant" and not one.accepted_at and not one.revoked_at]


def take_back(connection: sa.Connection, actor: CentreActor, invitation_id: UUID) -> None:
    """Make an open invitation of a participant worthless; ``identity.no-invitation`` (404)."""
    known = {one.id for one in open_invitations(connection, actor)}
    if invitation_id not in known:
        raise Problem(
            "identity.no-invitation", msg("There is no such open invitation."), found=invitation_id, status=404
        )
    revoke_invitation(connection, _host(actor), invitation_id)


def _host(actor: CentreActor, account: UUID | None = None) -> Actor:
    """Who runs the centre invites, too: that is said by the centre's table of roles, not by that of organisations."""
    return Actor(org_id=actor.org_id, permissions=frozenset({"member.read", "member.edit"}), user_id=account)


def _account_of(connection: sa.Connection, actor: CentreActor) -> UUID:
    account = person_by_id(connection, actor.person()).user_id
    if account is None:
        raise Problem(
            "centre.no-account",
            msg("Only a person who has signed in can invite others."),
            found=actor.label,
            status=403,
            exit_code=77,
        )
    return account
