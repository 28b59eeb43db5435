"""Whoever acts in a centre: a person with roles there, or the system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity.actor import Actor
from takeback.share.centre.roles import PERMISSIONS, permissions_of

# Whose member has left has no roles any more, however the member left.
_PERSON = sa.text(
    """
    select p.id, p.member_id, case when m.state = 'left' then '{}' else p.roles end as roles
    from centre_person p join centre_person_name n on n.id = p.id
    left join centre_record m on m.id = p.member_id and m.kind = 'member'
    where n.user_id = :user and p.withdrawn_at is null
    """
)
_FIRST_VISIT = sa.text(
    """
    update centre_person_name set user_id = :user where user_id is null and id = (
        select n.id from centre_person_name n
        join centre_person p on p.id = n.id and p.withdrawn_at is null
        join user_account u on u.email = n.email
        where u.id = :user and n.user_id is null order by n.id limit 1
    )
    """
)
KEYS: Mapping[str, frozenset[str]] = {
    "master.read": frozenset({"centre.read"}),
    "import.run": frozenset({"import.run", "result.state", "source.edit"}),
}
"""What an API key may do in a centre: permission of the organisation that it was given -> permissions here.

A key reads what every person of the centre reads, and one for imports enters lists, results (as stated, which count
for nothing until somebody accepts them) and sources. It sees no proposal, review, money or person's data, and does
nothing that a person answers for: it signs, votes, books, decides and accepts nothing.
"""
_RUNNING = {"owner": ("manager",), "manager": ("manager",)}  # roles of the organisation that run the centre


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreActor:
    """Somebody who acts in the centre `org_id`; `member_id`: the member organisation that the person belongs to.

    `granted`: permissions beside those of the roles (an API key's); `account`: the label of who acts without being one
    of the centre's people: an API key, an owner of its organisation.
    """

    org_id: UUID
    person_id: UUID | None
    member_id: UUID | None
    roles: frozenset[str]
    granted: frozenset[str] = frozenset()
    account: str = ""

    @property
    def label(self) -> str:
        """The actor's name in the ledger: an id, never a person's name."""
        return f"person:{self.person_id}" if self.person_id else self.account or "system"

    @property
    def own(self) -> tuple[UUID, ...]:
        """The ids by which the actor takes part in something: the person's and that of the member; none of a key's."""
        return tuple(one for one in (self.person_id, self.member_id) if one is not None)

    def may(self, permission: str) -> bool:
        """Whether the actor has `permission`, a name of `PERMISSIONS`."""
        if permission not in PERMISSIONS:
            raise KeyError(permission)
        return permission in self.granted or permission in permissions_of(self.roles)

    def require(self, permission: str) -> None:
        """Go on only with `permission`; raises `Problem` `centre.forbidden` (403)."""
        if not self.may(permission):
            raise Problem(
                "centre.forbidden",
                msg("You are not allowed to do this in this centre."),
                found=", ".join(sorted(self.roles)) or self.label,
                expected=msg("the permission {permission}", permission=permission),
                remedy=msg("Ask the centre's manager."),
                status=403,
                exit_code=77,
            )

    def person(self) -> UUID:
        """Return the id of the person who acts; `centre.no-person` (403) when it is the system or an owner alone."""
        if self.person_id is None:
            raise Problem(
                "centre.no-person",
                msg("Only a person of this centre can do this."),
                found=self.label,
                remedy=msg("Ask the centre's manager to enter you among its people."),
                status=403,
                exit_code=77,
            )
        return self.person_id


def acting(connection: sa.Connection, actor: Actor) -> CentreActor:
    """Return who `actor` is in the centre that the transaction is bound to.

    A person who was entered beforehand is found at the first visit by the e-mail of the account, and linked to it. An
    API key is nobody: it has no role, and may do what `KEYS` says.
    """
    row = _found(connection, actor.user_id) if actor.user_id else None
    roles = frozenset(row.roles if row else ()) | frozenset(_RUNNING.get(actor.role or "", ()))
    if actor.user_id is None and actor.key_id is None:
        return system(actor.org_id)
    given = (rights for name, rights in KEYS.items() if actor.key_id is not None and name in actor.permissions)
    return CentreActor(
        org_id=actor.org_id,
        person_id=row.id if row else None,
        member_id=row.member_id if row else None,
        roles=roles,
        granted=frozenset().union(*given),
        account=actor.label,
    )


def _found(connection: sa.Connection, user_id: UUID) -> sa.Row[Any] | None:
    user = {"user": user_id}
    row = connection.execute(_PERSON, user).one_or_none()
    if row is None and connection.execute(_FIRST_VISIT, user).rowcount:
        row = connection.execute(_PERSON, user).one_or_none()
    return row


def system(org_id: UUID) -> CentreActor:
    """Return the actor of work that no person asked for at this moment: the demo world, periodic jobs."""
    return CentreActor(
        org_id=org_id, person_id=None, member_id=None, roles=frozenset({"manager", "council", "authority", "expert"})
    )
