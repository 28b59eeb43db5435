"""Before somebody gets a role or a key with which an organisation's ledger is read, others may speak against it.

The rooms above know why: whoever reviews blindly in a centre must not read its ledger. They register what they ask.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa

from takeback.operate.identity.permissions import Role, permissions_of

Guard = Callable[[sa.Connection, UUID, UUID], None]
"""Called with connection, organisation and account; raises a `Problem` where it must not read the ledger."""
_guards: list[Guard] = []
LEDGER = "ledger.read"


def guards_reading(guard: Guard) -> Guard:
    """Register a guard."""
    _guards.append(guard)
    return guard


def require_unbarred(connection: sa.Connection, org_id: UUID, user_id: UUID, role: Role | None = None) -> None:
    """Go on only where nothing speaks against a `role` (without one: an API key) of somebody in an organisation."""
    if role is None or LEDGER in permissions_of(role):
        for guard in _guards:
            guard(connection, org_id, user_id)
