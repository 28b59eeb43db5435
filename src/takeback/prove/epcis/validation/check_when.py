"""Times of an event: EPCIS 2.0, 7.3.4 (when) and 7.4.1.2 (error declaration)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.validation.moments import moment
from takeback.prove.epcis.validation.sink import Sink

SKEW = timedelta(minutes=10)
"""Clocks differ by so much; what is further ahead is told."""
FUTURE = timedelta(days=1)
"""What is further ahead than this did not happen yet: it is refused."""


def check_when(event: Mapping[str, Any], sink: Sink, now: datetime) -> None:
    """Check that the event happened, that its zone fits, and that it was declared erroneous afterwards."""
    time = event["eventTime"]
    at = moment(time)
    _happened(at, time, ("eventTime",), sink, now)
    zone, offset = time[-6:], event["eventTimeZoneOffset"]
    if zone[0] in "+-" and zone != offset and zone[1:] != "00:00":
        sink.add(
            "when.offset-differs",
            ("eventTimeZoneOffset",),
            offset,
            msg("eventTime has the offset {zone}, eventTimeZoneOffset says {offset}", zone=zone, offset=offset),
            msg("Write the offset that held where and when the event happened in both, or eventTime in UTC with Z."),
        )
    declaration = event.get("errorDeclaration")
    if declaration:
        _declared(declaration["declarationTime"], at, sink, now)


def _declared(text: str, at: datetime | None, sink: Sink, now: datetime) -> None:
    declared, where = moment(text), ("errorDeclaration", "declarationTime")
    _happened(declared, text, where, sink, now)
    if declared and at and declared < at:
        sink.add(
            "when.declared-before",
            where,
            text,
            msg("The error was declared before the event happened"),
            msg("Check both times: an error is declared after the event that it withdraws."),
        )


def _happened(at: datetime | None, text: str, where: tuple[object, ...], sink: Sink, now: datetime) -> None:
    if at is None:
        sink.add(
            "when.range",
            where,
            text,
            msg("The time {found} is outside the calendar", found=text),
            msg("Write a year from 0001 to 9999."),
        )
    elif at > now + SKEW:
        sink.add(
            "when.future" if at > now + FUTURE else "when.ahead",
            where,
            text,
            msg("{found} lies in the future: an event tells what has happened", found=text),
            msg("Check the clock and the offset from UTC; report the event when it has happened."),
        )
