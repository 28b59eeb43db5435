"""What time it is for an organisation: in a simulated world the clock stands at its latest event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from takeback.store.bulk import driver

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
TOLERANCE = timedelta(minutes=15)  # by which the clocks of two stations may differ
_LEAP = timedelta(days=366)  # by which the next event of a simulated world may follow its latest
_LATEST = """
    select o.simulated, case when o.simulated then (select max(event_time) from entry where org_id = %(org)s) end
    from organisation o where o.id = %(org)s
"""


def now(connection: sa.Connection, org: UUID) -> datetime:
    """Return the present moment, or the last simulated one (UTC)."""
    _, moment = _read(connection, org)
    present = datetime.now(UTC)
    return min(moment, present) if moment else present


def is_simulated(connection: sa.Connection, org: UUID) -> bool:
    """Tell whether the organisation's clock stands at an event of a simulated world instead of running."""
    return _read(connection, org)[1] is not None


def bounds(connection: sa.Connection, org: UUID) -> tuple[datetime, datetime]:
    """Return the earliest and the latest moment that something may be said to have happened at.

    The latest is the present and what clocks may differ by; in a simulated world a year behind its latest event.
    """
    simulated, moment = _read(connection, org)
    present = datetime.now(UTC)
    latest = max(moment or present, present) + _LEAP if simulated else present
    return EARLIEST, latest + TOLERANCE


def _read(connection: sa.Connection, org: UUID) -> tuple[bool, datetime | None]:
    row = driver(connection).execute(_LATEST, {"org": org}).fetchone()
    return (row[0], row[1]) if row else (False, None)
