"""Where plans stand: proposed, accepted, on the road, done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.web.console.views import PlanState

_STATES = sa.text(
    """
    select a.site_id, a.day, a.plan_id, exists (
        select 1 from dispatched_route r where r.site_id = a.site_id and r.day = a.day) as dispatched,
        exists (select 1 from stop_confirmation c where c.site_id = a.site_id and c.day = a.day) as driving
    from accepted_plan a where cast(:day as date) is null or a.day = :day
    """
)


@dataclass(frozen=True, slots=True)
class States:
    """Which plans are accepted, by site and day, and how far their days are."""

    accepted: Mapping[tuple[UUID, date], sa.Row[Any]]
    today: date

    def accepted_of(self, site: UUID, day: date) -> UUID | None:
        """Return the plan that is accepted for a site's day."""
        row = self.accepted.get((site, day))
        return row.plan_id if row is not None else None

    def of(self, plan_id: UUID, site: UUID, day: date) -> PlanState:
        """Return where a plan stands. Plans of past days that nobody accepted were driven as they were made."""
        row = self.accepted.get((site, day))
        if row is None:
            return "done" if day < self.today else "proposed"
        if row.plan_id != plan_id:
            return "replaced"
        if not row.dispatched:
            return "accepted"
        if day < self.today:
            return "done"
        return "driving" if row.driving else "dispatched"


def plan_states(connection: sa.Connection, today: date, day: date | None = None) -> States:
    """Return the states of all plans, or those of one day."""
    rows = connection.execute(_STATES, {"day": day})
    return States({(row.site_id, row.day): row for row in rows}, today)
