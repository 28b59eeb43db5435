"""Which parties let which others follow things through their events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem

EVERYTHING = -1
_GRANT = sa.text(
    """
    insert into trace_grant (org_id, grantee, item_key) values (:org, :grantee, :item)
    on conflict (org_id, grantee, item_key) do nothing
    """
)
_WITHDRAW = sa.text("delete from trace_grant where org_id = :org and grantee = :grantee and item_key = :item")
_GIVEN = sa.text("select org_id, item_key from trace_grant where grantee = :org")
_OWN = sa.text("select grantee, item_key, since from trace_grant where org_id = :org order by since, grantee, item_key")


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """Who may follow what through our events; ``item`` None: all things."""

    grantee: UUID
    item: int | None
    since: datetime


def grant(connection: sa.Connection, org: UUID, grantee: UUID, *, item: int | None = None) -> None:
    """Let ``grantee`` follow all things through the events of ``org``, or those of its events that name ``item``.

    Raises
    ------
    Problem
        ``grants.own`` for a grant to oneself.
    """
    if org == grantee:
        raise Problem("grants.own", msg("One's own events need no grant."), status=409)
    connection.execute(_GRANT, {"org": org, "grantee": grantee, "item": EVERYTHING if item is None else item})


def withdraw(connection: sa.Connection, org: UUID, grantee: UUID, *, item: int | None = None) -> None:
    """Take a grant back; from now on the events are counted, not shown."""
    connection.execute(_WITHDRAW, {"org": org, "grantee": grantee, "item": EVERYTHING if item is None else item})


def granted_by(connection: sa.Connection, org: UUID) -> Sequence[Grant]:
    """Return the grants that ``org`` has given, the oldest first."""
    return [
        Grant(grantee=row.grantee, item=None if row.item_key == EVERYTHING else row.item_key, since=row.since)
        for row in connection.execute(_OWN, {"org": org})
    ]


def granted_to(connection: sa.Connection, org: UUID) -> dict[UUID, frozenset[int] | None]:
    """Return by party which things ``org`` may follow through its events; None: all."""
    found: dict[UUID, set[int]] = defaultdict(set)
    for party, item in connection.execute(_GIVEN, {"org": org}):
        found[party].add(item)
    return {party: None if EVERYTHING in items else frozenset(items) for party, items in found.items()}
