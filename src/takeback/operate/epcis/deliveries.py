"""Deliveries to subscribers: looked at, and sent again when somebody asks for it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.epcis.subscriptions import subscription
from takeback.operate.identity import Actor

_COLUMNS = (
    "id, number, coalesce(array_length(entries, 1), 0) as events, created_at, state, attempts, next_try_at, "
    "delivered_at, status, reason"
)
_OF = "from epcis_delivery where org_id = :org and subscription_id = :subscription"
_PAGE = sa.text(f"select {_COLUMNS} {_OF} and id < :before order by id desc limit :count")
_REPLAY = sa.text(
    """
    update epcis_delivery set state = 'waiting', attempts = 0, next_try_at = :now
    where org_id = :org and subscription_id = :subscription and id = :id
    returning id
    """
)
_ONE = sa.text(f"select {_COLUMNS} {_OF} and id = :id")
_WAKE = sa.text("update epcis_subscription set rests = null where org_id = :org and id = :subscription")
_LAST = UUID(int=2**128 - 1)


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery: ``events`` in it; ``state`` waiting, delivered or failed; ``reason``: what came back last."""

    id: UUID
    number: int
    events: int
    created_at: datetime
    state: str
    attempts: int
    next_try_at: datetime
    delivered_at: datetime | None
    status: int | None
    reason: str | None


def deliveries(
    connection: sa.Connection, actor: Actor, name: str, identifier: UUID, *, before: UUID | None, count: int
) -> list[Delivery]:
    """Return the deliveries of a subscription, newest first. Raises ``epcis.no-subscription`` (404)."""
    subscription(connection, actor, name, identifier)
    asked = {"org": actor.org_id, "subscription": identifier, "before": before or _LAST, "count": count}
    return [Delivery(**row._mapping) for row in connection.execute(_PAGE, asked)]


def replay(connection: sa.Connection, actor: Actor, name: str, identifier: UUID, delivery: UUID) -> Delivery:
    """Have a delivery sent again, whatever became of it; a subscription that rests goes on.

    Raises
    ------
    Problem
        ``epcis.no-subscription``, ``epcis.no-delivery`` (404).
    """
    actor.require("epcis.subscribe")
    subscription(connection, actor, name, identifier)
    asked = {"org": actor.org_id, "subscription": identifier, "id": delivery, "now": datetime.now(UTC)}
    connection.execute(_WAKE, asked)  # waits for the request that is under way
    if connection.execute(_REPLAY, asked).first() is None:
        raise Problem("epcis.no-delivery", msg("There is no such delivery."), found=delivery, status=404)
    return Delivery(**connection.execute(_ONE, asked).one()._mapping)
