"""Whoever acts: a person or an API key, for one organisation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity.permissions import PERMISSIONS, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person (`user_id`, `role`), an API key (`key_id`) or the system (neither), acting for `org_id`."""

    org_id: UUID
    permissions: frozenset[str]
    role: Role | None = None
    user_id: UUID | None = None
    key_id: UUID | None = None
    locale: str = "en"

    @property
    def label(self) -> str:
        """The actor's name in the ledger: an id, never a person's name."""
        if self.key_id is not None:
            return f"key:{self.key_id}"
        return f"user:{self.user_id}" if self.user_id is not None else "system"

    def may(self, permission: str) -> bool:
        """Whether the actor has `permission`, a name of `PERMISSIONS`."""
        if permission not in PERMISSIONS:
            raise KeyError(permission)
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Go on only with `permission`.

        Raises
        ------
        Problem
            `identity.forbidden` (403).
        """
        if not self.may(permission):
            raise Problem(
                "identity.forbidden",
                msg("You are not allowed to do this."),
                found=self.role or self.label,
                expected=msg("the permission {permission}", permission=permission),
                remedy=msg("Ask an owner of the organisation."),
                status=403,
                exit_code=77,
            )

    def person(self) -> UUID:
        """Return the id of the person who acts; `identity.no-person` (403) when it is a key or the system."""
        if self.user_id is None:
            raise Problem(
                "identity.no-person",
                msg("Only a person who has signed in can do this."),
                found=self.label,
                status=403,
                exit_code=77,
            )
        return self.user_id


def system_actor(org_id: UUID) -> Actor:
    """Return the actor of work that no person asked for at this moment: the demo world, periodic jobs."""
    return Actor(org_id=org_id, permissions=frozenset(PERMISSIONS))
