"""Dates and times as tables write them: ISO 8601, Chinese, with dots, packed, or a spreadsheet's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

EARLIEST_YEAR = 2000
SLACK = timedelta(minutes=5)  # clocks of two machines differ

_TIME = r"(?:[T\s]*(\d{1,2})(?:[:时点](\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d{1,9}))?秒?|分)?|时|点))?"
_ZONE = r"\s*(Z|UTC|GMT|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?)?"
_FORMS = (
    (re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?{_TIME}{_ZONE}", re.I), (0, 1, 2)),
    (re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}){_TIME}{_ZONE}", re.I), (2, 1, 0)),
    (re.compile(rf"((?:19|20)\d\d)(\d\d)(\d\d)(?:[T\s]?(\d\d)(\d\d)(\d\d)?())?{_ZONE}", re.I), (0, 1, 2)),
)
_TWO_WAYS = re.compile(r"\d{1,2}[/-]\d{1,2}[/-](\d{4}|\d{2})\b.*")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?", re.I)
_EXAMPLE = "2026-11-22 10:00, 2026-11-22T10:00:00+08:00"


def read_moment(text: str | datetime, zone: tzinfo) -> tuple[datetime, bool]:
    """Return a moment with its zone, and whether `zone` had to be assumed. Raises `Problem`."""
    if isinstance(text, datetime):
        return text.replace(tzinfo=zone), True
    plain = text.strip()
    for form, order in _FORMS:
        if match := form.fullmatch(plain):
            parts = match.groups()
            return _moment(text, tuple(int(parts[n]) for n in order), parts[3:7], parts[7], zone)
    raise _unreadable(text, two_ways=_TWO_WAYS.fullmatch(plain) is not None)


def _moment(
    text: str, day: tuple[int, ...], clock: tuple[str | None, ...], offset: str | None, zone: tzinfo
) -> tuple[datetime, bool]:
    hour, minute, second = (int(part or 0) for part in clock[:3])
    micro = int(f"{clock[3] or '0':0<6}"[:6])
    try:
        year, month, of_month = day
        moment = datetime(year, month, of_month, hour, minute, second, micro, tzinfo=zone_of(offset) or zone)
    except (ValueError, OverflowError):
        raise _unreadable(text, expected=msg("a date and a time that exist")) from None
    return moment, offset is None


def zone_of(text: str | None) -> tzinfo | None:
    """Return the zone of `Z`, `+08:00`, `UTC+8` or `Asia/Shanghai`; None where the text is none of them."""
    if not text:
        return None
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    if match := _OFFSET.fullmatch(text):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(-offset if match[1] == "-" else offset) if offset <= timedelta(hours=14) else None
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def check_past(moment: datetime, now: datetime) -> None:
    """Refuse what has not happened yet. Raises `import.future`."""
    if moment > now + SLACK:
        raise Problem(
            "import.future",
            msg("This moment lies in the future."),
            expected=msg("a moment up to now, {now}", now=now.astimezone(moment.tzinfo).isoformat(" ", "minutes")),
            remedy=msg("Are day and month in the right order, and the year right?"),
        )


def check_age(moment: datetime) -> None:
    """Refuse what lies before all data, as the zero of a spreadsheet's calendar. Raises `import.too-old`."""
    if moment.year < EARLIEST_YEAR:
        raise Problem(
            "import.too-old",
            msg("This moment lies too far back."),
            expected=msg("a date of the year {year} or later", year=EARLIEST_YEAR),
        )


def _unreadable(text: str, *, two_ways: bool = False, expected: Message | None = None) -> Problem:
    remedy = msg("Day and month can be read in two ways; put the year first.") if two_ways else None
    return Problem(
        "import.bad-date",
        msg("This is not a date that is understood."),
        found=text,
        expected=expected or msg("year, month, day and time, such as {example}", example=_EXAMPLE),
        remedy=remedy,
    )
