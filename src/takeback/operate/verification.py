"""The last time that an organisation had the log and its entries recomputed."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa


class LastVerification(msgspec.Struct, frozen=True, kw_only=True):
    """When it was (real time, also in a simulated world), the log's size under the newest checkpoint then, and whether
    everything agreed."""

    at: datetime
    size: int
    passed: bool


_LAST = sa.text("select at, size, passed from verification")
_REMEMBER = sa.text(
    """
    insert into verification (org_id, at, size, passed) values (:org, :at, :size, :passed)
    on conflict (org_id) do update set at = excluded.at, size = excluded.size, passed = excluded.passed
    """
)


def last_verification(connection: sa.Connection) -> LastVerification | None:
    """Return the tenant's last verification, None when there was none."""
    row = connection.execute(_LAST).one_or_none()
    return None if row is None else LastVerification(**dict(row._mapping))


def remember(connection: sa.Connection, org: UUID, *, size: int, passed: bool) -> LastVerification:
    """Keep that the log was verified just now up to ``size`` leaves, with this outcome; forget the time before."""
    verified = LastVerification(at=datetime.now(UTC), size=size, passed=passed)
    connection.execute(_REMEMBER, {"org": org, **msgspec.structs.asdict(verified)})
    return verified
