"""The labels of coming periods, continued from those of the history."""

from __future__ import annotations

import re
from datetime import date, timedelta

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"\d{4}")


def next_labels(periods: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return the next `count` labels after days, weeks (2026-W12), months (2026-03) or years; else +1, +2, ...

    Days may be any equal step apart ("2026-03-02", "2026-03-09" continue weekly).
    """
    steps = range(1, count + 1)
    last = periods[-1] if periods else ""
    if week := _WEEK.fullmatch(last):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        weeks = [(monday + timedelta(weeks=k)).isocalendar() for k in steps]
        return tuple(f"{one.year}-W{one.week:02d}" for one in weeks)
    if month := _MONTH.fullmatch(last):
        months = [int(month[1]) * 12 + int(month[2]) - 1 + k for k in steps]
        return tuple(f"{one // 12}-{one % 12 + 1:02d}" for one in months)
    if _YEAR.fullmatch(last):
        return tuple(str(int(last) + k) for k in steps)
    try:
        days = [date.fromisoformat(label) for label in periods]
    except ValueError:
        days = []
    if len(days) > 1:
        return tuple((days[-1] + k * (days[-1] - days[-2])).isoformat() for k in steps)
    return tuple(f"+{k}" for k in steps)
