"""Route tokens: what a driver's phone presents instead of signing in. Only hashes are kept, and none for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from takeback import store
from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity.tokens import hashed, new_token
from takeback.operate.ledger import Author

AFTER_THE_DAY = timedelta(hours=12)  # phones that were offline send what is left

_INSERT = sa.text("""
insert into route_token (org_id, id, route_id, token_hash, created_at, created_by, expires_at)
values (:org, :id, :route, :hash, :now, :by, :until)
""")
_REVOKE = sa.text("""
update route_token set revoked_at = :now where route_id = any(:routes) and revoked_at is null and expires_at > :now
returning id
""")
_PRESENTED = sa.text("""
select org_id, route_id from route_token where token_hash = :hash and revoked_at is null and expires_at > :now
""")


@dataclass(frozen=True, slots=True)
class Driver:
    """Whoever holds a route's token: may confirm the stops of that route, and nothing else."""

    org_id: UUID
    route_id: UUID

    @property
    def label(self) -> str:
        """The driver's name in the ledger: the route's id."""
        return f"route:{self.route_id}"

    def require(self, permission: str) -> None:
        """Raise ``identity.forbidden`` for anything but confirming stops and what that entails."""
        if permission not in {"stop.confirm", "spine.collect"}:
            raise Problem("identity.forbidden", msg("You are not allowed to do this."), found=self.label, status=403)


def new_route_token(connection: sa.Connection, author: Author, route: UUID, until: datetime) -> str:
    """Make a token of a route and return it; it is not kept, and the route's former ones are worth nothing now."""
    revoke_route_tokens(connection, [route])
    token = new_token()
    row = {"org": author.org_id, "id": uuid7(), "route": route, "hash": hashed(token), "by": author.label}
    connection.execute(_INSERT, {**row, "now": datetime.now(UTC), "until": until})
    return token


def revoke_route_tokens(connection: sa.Connection, routes: Sequence[UUID]) -> int:
    """Make all tokens of routes worthless; return how many still were worth something."""
    return len(connection.execute(_REVOKE, {"routes": list(routes), "now": datetime.now(UTC)}).all())


def driver_of(token: str) -> Driver:
    """Return whose token it is.

    Raises
    ------
    Problem
        ``collection.bad-route-token`` (404) when it never was one, was revoked, or has expired.
    """
    with store.presenting("route", hashed(token).hex()) as connection:
        found = {"hash": hashed(token), "now": datetime.now(UTC)}
        row = connection.execute(_PRESENTED, found).one_or_none()
    if row is None:
        raise Problem(
            "collection.bad-route-token",
            msg("This link does not exist, was withdrawn, or has expired."),
            remedy=msg("Ask the dispatcher for a new one."),
            status=404,
        )
    return Driver(row.org_id, row.route_id)


def end_of(day: date, zone: str) -> datetime:
    """Return until when a phone may send what belongs to a day; never less than that long from now."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    return max(midnight, datetime.now(UTC)) + AFTER_THE_DAY
