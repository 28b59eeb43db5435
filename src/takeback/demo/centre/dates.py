"""When things happen: the centre is founded two calendar years before the present one; nothing lies in the future."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The three years of the story; `first` is that of the founding."""

    today: date

    @property
    def first(self) -> int:
        """The year of the founding."""
        return self.today.year - 2

    def day(self, year: int, month: int, day: int) -> date:
        """Return a day of the story's year 1, 2 or 3, today at the latest."""
        return min(date(self.first + year - 1, month, day), self.today)

    def at(self, year: int, month: int, day: int, hour: float = 9) -> datetime:
        """Return a moment of the story's year 1, 2 or 3; on today it is early."""
        there = self.day(year, month, day)
        begins = datetime(there.year, there.month, there.day, tzinfo=ZONE)
        return begins + (timedelta(hours=hour) if there < self.today else timedelta(minutes=hour))

    def ago(self, days: int, hour: float = 9) -> datetime:
        """Return a moment of the day that was `days` ago; today it is early."""
        begins = datetime(self.today.year, self.today.month, self.today.day, tzinfo=ZONE) - timedelta(days=days)
        return begins + (timedelta(hours=hour) if days > 0 else timedelta(minutes=hour))
