"""Days that can be planned, and moments that can belong to them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.collection.dispatching import DispatchedRoute
from takeback.operate.identity.organisations import organisation

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
BEFORE_THE_DAY = timedelta(hours=12)  # a vehicle may leave on the evening before


def is_day(day: date) -> bool:
    """Tell whether anything can be planned for a day."""
    return FIRST_DAY <= day <= LAST_DAY


def midnight_of(day: date, zone: str) -> datetime:
    """Return when a day begins in a time zone; ``collection.bad-day`` for a day that nobody can mean."""
    if not is_day(day):
        expected = msg("{low} to {high}", low=FIRST_DAY.isoformat(), high=LAST_DAY.isoformat())
        title = msg("No such day can be planned.")
        raise Problem("collection.bad-day", title, where="day", found=day.isoformat(), expected=expected)
    return datetime.combine(day, time(), ZoneInfo(zone))


def wrong_moment(connection: sa.Connection, org: UUID, line: DispatchedRoute, at: datetime) -> Message | None:
    """Return when things can have happened on a dispatched route, None when `at` is such a moment.

    Never long before its day began or it was sent on its way, nor in the future: a clock that is wrong by years must
    not become the hours of a day.
    """
    earliest, latest = clock.bounds(connection, org)
    midnight = midnight_of(line.day, organisation(connection, org).time_zone)
    earliest = max(earliest, min(midnight, line.dispatched_at) - BEFORE_THE_DAY)
    if at.tzinfo is not None and earliest <= at <= latest:
        return None
    first, last = (moment.astimezone(midnight.tzinfo).isoformat(timespec="minutes") for moment in (earliest, latest))
    return msg("{low} to {high}", low=first, high=last)
