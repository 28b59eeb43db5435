"""When a scheduled subscription runs: fields like those of cron (EPCIS 2.0, 8.2.5.3; query-schedule.json), in UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

KIND = "epcis.subscription-controls"
_RANGES = {
    "second": (0, 59),
    "minute": (0, 59),
    "hour": (0, 23),
    "dayOfMonth": (1, 31),
    "month": (1, 12),
    "dayOfWeek": (1, 7),
}
FIELDS = tuple(_RANGES)
_ELEMENT = re.compile(r"([0-9]{1,2})|\[([0-9]{1,2})-([0-9]{1,2})\]")
_LONGEST = timedelta(days=8 * 366)  # 29 February comes at most eight years later
_CLOCK = ("second", "minute", "hour")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The values that each field may have, in ascending order."""

    second: tuple[int, ...]
    minute: tuple[int, ...]
    hour: tuple[int, ...]
    dayOfMonth: tuple[int, ...]  # noqa: N815 - the standard's names
    month: tuple[int, ...]
    dayOfWeek: tuple[int, ...]  # noqa: N815

    def next(self, after: datetime) -> datetime:
        """Return the first moment behind ``after`` that fits. Raises `Problem` where there is none for years."""
        moment = after.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        day, clock = moment.replace(hour=0, minute=0, second=0), (moment.hour, moment.minute, moment.second)
        while day - moment < _LONGEST:
            if self._is_day(day) and (time := self._time(clock)) is not None:
                return day.replace(hour=time[0], minute=time[1], second=time[2])
            day, clock = day + timedelta(days=1), (0, 0, 0)
        raise controls("schedule", None, msg("a moment that comes"))

    def _is_day(self, day: datetime) -> bool:
        return day.day in self.dayOfMonth and day.month in self.month and day.isoweekday() in self.dayOfWeek

    def _time(self, least: tuple[int, int, int]) -> tuple[int, int, int] | None:
        """Return the first time of a day from ``least`` on."""
        for hour in (h for h in self.hour if h >= least[0]):
            for minute in (m for m in self.minute if (hour, m) >= least[:2]):
                for second in self.second:
                    if (hour, minute, second) >= least:
                        return hour, minute, second
        return None


def read_schedule(given: object) -> Schedule:
    """Return the schedule of a JSON object of the standard's fields, each a text such as `5`, `1,15` or `[9-17]`.

    A field that is left out may have any value; one that is finer than all that are given has its least, so that
    `{"hour": "1", "minute": "5"}` is 01:05:00.

    Raises
    ------
    Problem
        ``epcis.subscription-controls`` (400).
    """
    if not isinstance(given, Mapping) or not given:
        raise controls("/schedule", given, msg("an object with some of {fields}", fields=", ".join(FIELDS)))
    if unknown := sorted(set(map(str, given)) - set(FIELDS)):
        raise controls(f"/schedule/{unknown[0]}", given.get(unknown[0]), ", ".join(FIELDS))
    values = {name: _values(name, given[name]) for name in FIELDS if name in given}
    for name in _CLOCK:
        if name in values:
            break
        values[name] = (0,)
    everything = {name: tuple(range(low, high + 1)) for name, (low, high) in _RANGES.items()}
    schedule = Schedule(**{**everything, **values})
    schedule.next(datetime(2024, 1, 1, tzinfo=UTC))
    return schedule


def controls(where: str, found: object, expected: Message | str) -> Problem:
    """Return the problem of a subscription whose controls are not understood (400)."""
    title = msg("A subscription cannot be controlled like this.")
    return Problem(KIND, title, where=where, found=found, expected=expected, status=400)


def _values(name: str, given: object) -> tuple[int, ...]:
    low, high = _RANGES[name]
    expected = msg("numbers from {low} to {high} or ranges, such as 1,5,[7-9]", low=low, high=high)
    found: set[int] = set()
    for part in str(given).split(",") if isinstance(given, str | int) and not isinstance(given, bool) else [""]:
        match = _ELEMENT.fullmatch(part.strip())
        if match is None:
            raise controls(f"/schedule/{name}", given, expected)
        first, last = (int(match[1]),) * 2 if match[1] else (int(match[2]), int(match[3]))
        if not low <= first <= last <= high:
            raise controls(f"/schedule/{name}", given, expected)
        found |= set(range(first, last + 1))
    return tuple(sorted(found))
