"""Is anything given twice? And what happens when many want the same at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.resources.booking import book

Wish = tuple[CentreActor, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Rush:
    """What became of wishes, in their order: `granted`, or told when it is free; `clashes`: counted in the table."""

    granted: tuple[bool, ...]
    clashes: int

    @property
    def booked(self) -> int:
        """How many were granted."""
        return sum(self.granted)

    @property
    def refused(self) -> int:
        """How many were told another time."""
        return len(self.granted) - self.booked


def clashes(connection: sa.Connection) -> int:
    """Return how many pairs of bookings have the same place at the same time; counted without the constraint."""
    return int(connection.execute(_PAIRS).scalar_one())


def rush(resource_id: UUID, wishes: Sequence[Wish], *, threads: int = 50, at: datetime | None = None) -> Rush:
    """Let many book one resource at once, each in a transaction and thread of its own; all of one centre."""
    with ThreadPoolExecutor(threads) as pool:
        granted = tuple(pool.map(lambda wish: _try(resource_id, wish, at), wishes))
    with store.transaction(wishes[0][0].org_id) as connection:
        return Rush(granted, clashes(connection))


def _try(resource_id: UUID, wish: Wish, at: datetime | None) -> bool:
    actor, begins, ends = wish
    try:
        with store.transaction(actor.org_id) as connection:
            book(connection, actor, resource_id, begins, ends, at=at)
    except Problem as refusal:
        if refusal.kind != "centre.taken":
            raise
        return False
    return True


_PAIRS = sa.text("""
    select count(*) from centre_booking a join centre_booking b
      on b.resource_id = a.resource_id and b.lane = a.lane and b.id > a.id
     and b.begins < a.ends and a.begins < b.ends
    where a.state <> 'cancelled' and b.state <> 'cancelled'
""")
