"""Days and years of a centre: those of its own time zone. Moments of the ledger are told in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from takeback.operate import clock
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.records import Record


def zone_of(connection: sa.Connection) -> ZoneInfo:
    """Return the time zone of the centre that the transaction is bound to."""
    return ZoneInfo(connection.execute(_ZONE).scalar_one())


def today(connection: sa.Connection, actor: CentreActor, at: datetime | None) -> date:
    """Return the day of a centre on which something is said: at a moment, or now."""
    return (at or clock.now(connection, actor.org_id)).astimezone(zone_of(connection)).date()


def made_in(connection: sa.Connection, records: Iterable[Record], year: int) -> list[Record]:
    """Return those of some records that were made in a year."""
    zone = zone_of(connection)
    return [one for one in records if one.created_at.astimezone(zone).year == year]


def made_by(connection: sa.Connection, records: Iterable[Record], year: int) -> list[Record]:
    """Return those of some records that were made in a year or before."""
    zone = zone_of(connection)
    return [one for one in records if one.created_at.astimezone(zone).year <= year]


_ZONE = sa.text("""
    select time_zone from organisation where id = nullif(current_setting('takeback.org', true), '')::uuid
""")
