"""Moments, days and ages. Reads no clock: what is now is always given."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from takeback.core.decimals import MINUS
from takeback.core.message import Message, msg
from takeback.core.problem import Problem

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d:\d\d)", re.I)
_WITHOUT_OFFSET = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?")
# EPCIS 2.0, eventTimeZoneOffset: up to 14 hours either way.
_OFFSET = re.compile(r"([+-])(0\d|1[0-3]):([0-5]\d)|([+-])14:00")


def parse_moment(text: str, *, where: str | None = None) -> datetime:
    """Return the moment of an ISO 8601 (RFC 3339) text, with the offset it is written in.

    The offset is required: `2026-11-22T10:00:00` is another moment in every country. Digits beyond the
    microsecond are cut off. Raises `Problem` with `where`.
    """
    plain = text.strip()
    if _MOMENT.fullmatch(plain):
        try:
            return datetime.fromisoformat(plain.upper().replace(",", "."))
        except ValueError:
            raise _no_moment(text, where, msg("a date and a time that exist")) from None
    if _WITHOUT_OFFSET.fullmatch(plain):
        raise Problem(
            "time.no-offset",
            msg("The time does not say how far it is from UTC"),
            where=where,
            found=text,
            expected=msg("the offset at the end, such as 2026-11-22T10:00:00+08:00, or Z for UTC"),
        )
    raise _no_moment(text, where, msg("a date, a time and an offset, such as 2026-11-22T10:00:00+08:00"))


def moment_text(moment: datetime) -> str:
    """Return an aware moment in UTC with milliseconds, as EPCIS writes it: `2026-11-22T02:00:00.000Z`."""
    _offset(moment)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_offset(text: str, *, where: str | None = None) -> timezone:
    """Return the zone of an EPCIS `eventTimeZoneOffset` such as `+08:00` or `-03:30`. Raises `Problem`."""
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise Problem(
            "time.bad-offset",
            msg("This is not an offset from UTC"),
            where=where,
            found=text,
            expected=msg("-14:00 to +14:00 with sign, two digits, colon, two digits, such as +08:00"),
        )
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[4:]))
    return timezone(-offset if text[0] == "-" else offset)


def offset_text(moment: datetime) -> str:
    """Return the offset of an aware moment as EPCIS writes it: `+08:00`."""
    minutes = round(_offset(moment) / timedelta(minutes=1))
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def zone(name: str, *, where: str | None = None) -> ZoneInfo:
    """Return the zone of an IANA name such as `Asia/Shanghai`. Raises `Problem`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Problem(
            "time.unknown-zone",
            msg("This is not a time zone"),
            where=where,
            found=name,
            expected=msg("a name of the IANA database, such as Asia/Shanghai"),
        ) from None


def local_day(moment: datetime, zone: tzinfo) -> date:
    """Return the calendar day of an aware moment in `zone`."""
    _offset(moment)
    return moment.astimezone(zone).date()


def day_bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the first moments of `day` and of the next day in `zone`, in UTC: 23, 24 or 25 hours apart."""
    return _start(day, zone), _start(day + timedelta(days=1), zone)


def age(duration: timedelta) -> Message:
    """Return an age for people: `40 s`, `12 min`, `3 h`, `1.4 d`, `35 d`, `2.1 y` (of 365.25 days)."""
    seconds = duration.total_seconds()
    fitting = (step for step in _AGES if round(abs(seconds) / step[0], step[2]) < step[1])
    size, _, digits, text = next(fitting, _AGES[-1])
    number = f"{seconds / size:.{digits}f}".replace("-", MINUS)
    return Message(text.msgid, {"n": number})


# Seconds in the unit, where the unit gives way to the next, decimals, sentence.
_AGES = (
    (1, 60, 0, msg("{n} s")),
    (60, 60, 0, msg("{n} min")),
    (3600, 24, 0, msg("{n} h")),
    (86400, 10, 1, msg("{n} d")),
    (86400, 731, 0, msg("{n} d")),
    (86400 * 365.25, float("inf"), 1, msg("{n} y")),
)


def _start(day: date, zone: tzinfo) -> datetime:
    # Where the clocks jump over midnight, this is the moment of the jump: the day's first (PEP 495, fold 0).
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _offset(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a moment carries its offset from UTC")
    return offset


def _no_moment(text: str, where: str | None, expected: Message) -> Problem:
    return Problem("time.unreadable", msg("This is not a moment in time"), where=where, found=text, expected=expected)
