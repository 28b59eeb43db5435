"""The hours of a simulated day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from takeback.demo.cast import ZONE

_ZONE = ZoneInfo(ZONE)


def first_day(start: date, days: int, today: date) -> date:
    """Return the day the world begins on: its own, moved by whole weeks so that it has just ended today."""
    weeks = (today - (start + timedelta(days=days))).days // 7
    return start + timedelta(weeks=max(0, weeks))


def moment(first: date, day: int, hour: int, minute: float = 0.0) -> datetime:
    """Return a moment of simulated day ``day`` (0 = first) in the world's time zone."""
    whole = datetime.combine(first + timedelta(days=day), time(hour), _ZONE)
    return whole + timedelta(minutes=minute)
