"""What the rooms of talent ask of a person before they say something of it."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.people import Person, present_person
from takeback.share.centre.turns import take_turn


def present(connection: sa.Connection, person_id: UUID, *, role: str | None = None, lock: bool = False) -> Person:
    """Return a person who has not withdrawn, with a role if one is named; `lock`: and who does not meanwhile.

    Raises
    ------
    Problem
        ``centre.no-person`` (404), ``centre.other-role`` (409).
    """
    if lock:
        take_turn(connection)
    person = present_person(connection, person_id)
    if role is not None and role not in person.roles:
        raise Problem(
            "centre.other-role",
            msg("This person has not the role that this needs."),
            found=person_id,
            expected=role,
            status=409,
        )
    return person


def own_or(actor: CentreActor, person_id: UUID, permission: str) -> None:
    """Go on where it is the person's own, or with a permission."""
    if actor.person_id != person_id:
        actor.require(permission)
