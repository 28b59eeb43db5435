"""Which parties want a new map, and making it: a worker asks each minute."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.prove.completeness.making import make_map, news_count
from takeback.prove.completeness.state import newest

HOURS, MANY = 24, 10_000
_LATEST = sa.text("select max(event_time) from entry where org_id = :org")
_log = logging.getLogger(__name__)


def is_due(connection: sa.Connection, org: UUID, *, hours: float = HOURS, many: int = MANY) -> bool:
    """Tell whether something was recorded since the last map and that is ``hours`` old, or ``many`` entries were."""
    news = news_count(connection, org)
    last = newest(connection, org)
    old = last is None or datetime.now(UTC) - last.made_at >= timedelta(hours=hours)
    return news > 0 and (old or news >= many)


def make_due(parties: Iterable[UUID]) -> int:
    """Make the maps that are due; return how many. One party's trouble does not keep the others waiting.

    A map happens at the party's latest event: in a simulated world it must not set the clock.
    """
    made = 0
    for org in parties:
        try:
            with store.transaction(org) as connection:
                if is_due(connection, org):
                    at = connection.scalar(_LATEST, {"org": org})
                    made += make_map(connection, org, actor="system", at=at) is not None
        except Exception:  # the next minute tries again
            _log.exception("the map of an organisation could not be made")
    return made
