"""When a resource can be used: its opening hours as spans of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from takeback.share.centre.resources.kinds import Resource


class Span(NamedTuple):
    """From `begins` until just before `ends`."""

    begins: datetime
    ends: datetime

    def holds(self, other: Span) -> bool:
        """Whether another span lies wholly within this one."""
        return self.begins <= other.begins and other.ends <= self.ends

    def meets(self, other: Span) -> bool:
        """Whether the two have a moment in common."""
        return self.begins < other.ends and other.begins < self.ends


def open_spans(resource: Resource, since: datetime, until: datetime) -> list[Span]:
    """Return when a resource is open, cut to `since` and `until`; what touches is one span."""
    if not resource.opening:
        return [Span(since, until)]
    spans: list[Span] = []
    for span in sorted(_daily(resource, since, until)):
        begins, ends = max(span.begins, since), min(span.ends, until)
        if begins >= ends:
            continue
        if spans and begins <= spans[-1].ends:
            spans[-1] = Span(spans[-1].begins, max(spans[-1].ends, ends))
        else:
            spans.append(Span(begins, ends))
    return spans


def _daily(resource: Resource, since: datetime, until: datetime) -> Iterator[Span]:
    zone = ZoneInfo(resource.zone)
    day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    while day <= last:
        for one in resource.opening:
            if one.weekday == day.weekday():
                yield Span(_at(day, one.opens, zone), _at(day, one.closes, zone))
        day += timedelta(1)


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    hour, minute = map(int, clock.split(":"))
    if hour == 24:
        day, hour = day + timedelta(1), 0
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)
