"""Conditions on the times of an event."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from takeback.prove.epcis.query.seen import Seen
from takeback.prove.epcis.validation.moments import moment

Sign = Literal["EQ", "GT", "GE", "LT", "LE"]
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": operator.eq,
    "GT": operator.gt,
    "GE": operator.ge,
    "LT": operator.lt,
    "LE": operator.le,
}


@dataclass(frozen=True, slots=True)
class EventTimeIs:
    """`GE_eventTime`, `LT_eventTime`."""

    sign: Sign
    bound: datetime

    def holds(self, seen: Seen) -> bool:
        """Whether the event happened within the bound."""
        return _within(seen.event.get("eventTime"), self.sign, self.bound)


@dataclass(frozen=True, slots=True)
class RecordTimeIs:
    """`GE_recordTime`, `LT_recordTime`: when the repository took the event down."""

    sign: Sign
    bound: datetime

    def holds(self, seen: Seen) -> bool:
        """Whether the event was recorded within the bound."""
        return SIGNS[self.sign](seen.record_time, self.bound)


@dataclass(frozen=True, slots=True)
class DeclarationTimeIs:
    """`GE_errorDeclarationTime`, `LT_errorDeclarationTime`."""

    sign: Sign
    bound: datetime

    def holds(self, seen: Seen) -> bool:
        """Whether the event was declared wrong within the bound."""
        return _within(seen.declaration.get("declarationTime"), self.sign, self.bound)


@dataclass(frozen=True, slots=True)
class HasDeclaration:
    """`EXISTS_errorDeclaration`."""

    def holds(self, seen: Seen) -> bool:
        """Whether the event carries an error declaration."""
        return bool(seen.declaration)


@dataclass(frozen=True, slots=True)
class SensorTimeIs:
    """`GE_` and `LT_` with time, startTime, endTime of sensor metadata; time of a sensor report as well."""

    sign: Sign
    name: Literal["time", "startTime", "endTime"]
    bound: datetime

    def holds(self, seen: Seen) -> bool:
        """Whether one of the sensor elements has a time within the bound."""
        places = [*seen.metadata, *(seen.reports if self.name == "time" else ())]
        return any(_within(place.get(self.name), self.sign, self.bound) for place in places)


def _within(text: object, sign: Sign, bound: datetime) -> bool:
    found = moment(text)
    return found is not None and SIGNS[sign](found, bound)
