"""Moments, days and ages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.problem import Problem
from takeback.core.times import age, day_bounds, local_day, moment_text, offset_text, parse_moment, parse_offset, zone

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=offsets)


@given(moments)
def test_moments_read_back(moment: datetime) -> None:
    """A moment written in ISO 8601 reads back with its offset; in UTC to the millisecond."""
    read = parse_moment(moment.isoformat())
    assert (read, read.utcoffset()) == (moment, moment.utcoffset())
    assert timedelta(0) <= moment - parse_moment(moment_text(moment)) < timedelta(milliseconds=1)


@given(moments)
def test_offsets_read_back(moment: datetime) -> None:
    """The offset written as EPCIS writes it is the moment's own."""
    assert moment.astimezone(parse_offset(offset_text(moment))).utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2026-11-22T10:00:00", "time.no-offset"),
        ("2026-11-22", "time.no-offset"),
        ("2026-11-22 10:00", "time.no-offset"),
        ("2026-02-30T10:00:00Z", "time.unreadable"),
        ("2026-11-22T25:00:00Z", "time.unreadable"),
        ("22.11.2026 10:00", "time.unreadable"),
        ("", "time.unreadable"),
    ],
)
def test_what_is_no_moment(text: str, kind: str) -> None:
    """A time without offset is told apart from what is no time; both say where they stand."""
    with pytest.raises(Problem) as caught:
        parse_moment(text, where="row 3")
    assert (caught.value.kind, caught.value.where) == (kind, "row 3")


@pytest.mark.parametrize("text", ["2026-11-22T02:00:00.123456789Z", "2026-11-22t10:00:00,123+08:00"])
def test_known_spellings(text: str) -> None:
    """Small letters, a decimal comma and digits beyond the microsecond are read."""
    assert parse_moment(text).astimezone(UTC).replace(microsecond=0) == datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.mark.parametrize("text", ["8", "+8:00", "+08:60", "+14:30", "Z", "UTC", ""])
def test_what_is_no_offset(text: str) -> None:
    """Only the form of EPCIS is an offset."""
    with pytest.raises(Problem):
        parse_offset(text)


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("Asia/Shanghai", date(2026, 11, 22), 24),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/Havana", date(2026, 3, 8), 23),  # the clocks jump over midnight
    ],
)
def test_days_have_the_hours_they_have(name: str, day: date, hours: int) -> None:
    """A day is as long as the zone's clocks make it, and each of its ends belongs to the right day."""
    where = zone(name)
    start, end = day_bounds(day, where)
    assert end - start == timedelta(hours=hours)
    assert local_day(start, where) == day
    assert local_day(end - timedelta(microseconds=1), where) == day
    assert local_day(start - timedelta(microseconds=1), where) == day - timedelta(days=1)


@given(
    st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.sampled_from(["Asia/Shanghai", "America/New_York", "Asia/Kolkata"])
)
def test_days_follow_each_other(day: date, name: str) -> None:
    """One day ends where the next begins."""
    assert day_bounds(day, ZoneInfo(name))[1] == day_bounds(day + timedelta(days=1), ZoneInfo(name))[0]


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Asia"])
def test_what_is_no_zone(name: str) -> None:
    """A name that is no zone is refused, paths too."""
    with pytest.raises(Problem) as caught:
        zone(name)
    assert caught.value.kind == "time.unknown-zone"


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59.6), "1 min"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=3, minutes=10), "3 h"),
        (timedelta(hours=23, minutes=40), "1.0 d"),
        (timedelta(hours=33.6), "1.4 d"),
        (timedelta(days=35), "35 d"),
        (timedelta(days=767), "2.1 y"),
        (timedelta(hours=-3), "−3 h"),
    ],
)
def test_ages_for_people(duration: timedelta, text: str) -> None:
    """An age is told in the unit that people would use, never as 60 min or 24 h."""
    assert str(age(duration)) == text


def test_a_moment_needs_an_offset() -> None:
    """A naive time is the programmer's mistake."""
    with pytest.raises(ValueError, match="offset"):
        moment_text(datetime(2026, 1, 1))
