"""Rate limits that hold across all processes: one row a caller in PostgreSQL."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `burst` requests at once, and one more each `seconds` (the bucket refills by one)."""

    name: str
    burst: int
    seconds: float


SIGN_IN_BY_BOTH = Limit("sign-in.email-address", burst=8, seconds=60)
"""One person at one address: slips of the finger fit, guessing does not."""
SIGN_IN_BY_EMAIL = Limit("sign-in.email", burst=40, seconds=60)
"""One account attacked from many addresses. Wide, so that an attacker does not easily lock the owner out."""
SIGN_IN_BY_ADDRESS = Limit("sign-in.address", burst=100, seconds=5)
"""One address that tries many accounts; a whole company may stand behind one address."""
API_BY_KEY = Limit("api.key", burst=300, seconds=0.02)
"""50 requests a second for as long as one likes."""
API_BY_SESSION = Limit("api.session", burst=300, seconds=0.05)
TOKEN_BY_ADDRESS = Limit("token.address", burst=60, seconds=5)
"""Wrong keys and invitations from one address."""
OPEN_BY_ADDRESS = Limit("open.address", burst=60, seconds=1)
"""Pages that anybody may read without sign-in, asked for from one address."""


class TooManyRequests(Problem):
    """`identity.too-many-requests` (429); `retry_after` in whole seconds."""

    def __init__(self, limit: Limit, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            "identity.too-many-requests",
            msg("Too many requests."),
            found=limit.name,
            remedy=msg("Try again in {seconds} seconds.", seconds=retry_after),
            status=429,
            exit_code=75,
        )


def take(connection: sa.Connection, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
    """Count one request of `subject` against `limit`, in a transaction of its own: it must not be undone.

    The generic cell rate algorithm (ITU-T I.371): a row holds the time at which the bucket is full again.

    Raises
    ------
    TooManyRequests
        When the bucket is empty.
    """
    now = now or datetime.now(UTC)
    step = timedelta(seconds=limit.seconds)
    tolerance = step * (limit.burst - 1)
    row = {"key": _key(limit, subject), "now": now, "step": step, "tolerance": tolerance}
    # A lost count after a crash does no harm; waiting for the disk at each request would.
    connection.execute(_UNSYNCED)
    if connection.execute(_TAKE, row).first() is None:
        full_at = connection.execute(_FULL_AT, row).scalar_one()
        raise TooManyRequests(limit, max(1, math.ceil((full_at - tolerance - now).total_seconds())))


def forget(connection: sa.Connection, limit: Limit, subject: str) -> None:
    """Give `subject` its full bucket back, as after a sign-in that succeeded."""
    connection.execute(_FORGET, {"key": _key(limit, subject)})


def _key(limit: Limit, subject: str) -> bytes:
    return sha256(f"{limit.name}\0{subject}".encode()).digest()


_UNSYNCED = sa.text("set local synchronous_commit to off")
_TAKE = sa.text("""
insert into rate_counter as c (key, full_at) values (:key, :now + :step)
on conflict (key) do update set full_at = greatest(c.full_at, :now) + :step
where greatest(c.full_at, :now) - :now <= :tolerance
returning full_at
""")
_FULL_AT = sa.text("select full_at from rate_counter where key = :key")
_FORGET = sa.text("delete from rate_counter where key = :key")
