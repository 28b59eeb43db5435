"""What time it is for an organisation: in a simulated world the clock stands at its latest event."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

_LATEST = sa.text(
    """
    select case when o.simulated then (select max(event_time) from entry where org_id = :org) end
    from organisation o where o.id = :org
    """
)


def now(connection: sa.Connection, org: UUID) -> datetime:
    """Return the present moment, or the last simulated one (UTC)."""
    moment = connection.scalar(_LATEST, {"org": org})
    present = datetime.now(UTC)
    return min(moment, present) if moment else present
