"""Conditions on the texts, URIs and flags of sensor elements."""

from __future__ import annotations

from dataclasses import dataclass

from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.query.seen import Seen, texts
from takeback.prove.epcis.vocabulary import bare


@dataclass(frozen=True, slots=True)
class HasSensors:
    """`EXISTS_sensorElementList`."""

    def holds(self, seen: Seen) -> bool:
        """Whether the event has sensor elements."""
        return any(True for _ in seen.elements)


@dataclass(frozen=True, slots=True)
class MeasurementIs:
    """`EQ_type`: the measurement type of a sensor report."""

    values: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether a sensor report has one of the types."""
        return any(bare("measurement", text) in self.values for one in seen.reports for text in texts(one.get("type")))


@dataclass(frozen=True, slots=True)
class SensorUriIs:
    """`EQ_deviceID`, `EQ_uriValue` and the like: canonical URIs, in reports and metadata."""

    name: str
    uris: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether a report or the metadata has one of the URIs."""
        places = (*seen.metadata, *seen.reports)
        return any(canonical_uri(uri) in self.uris for place in places for uri in texts(place.get(self.name)))


@dataclass(frozen=True, slots=True)
class SensorTextIs:
    """`EQ_stringValue`, and `EQ_hexBinaryValue` in capital letters."""

    name: str
    values: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether a sensor report has one of the texts."""
        found = (text for report in seen.reports for text in texts(report.get(self.name)))
        return any((text.upper() if self.name == "hexBinaryValue" else text) in self.values for text in found)


@dataclass(frozen=True, slots=True)
class SensorFlagIs:
    """`EQ_booleanValue`."""

    value: bool

    def holds(self, seen: Seen) -> bool:
        """Whether a sensor report has the flag at that value."""
        return any(_flag(report.get("booleanValue")) is self.value for report in seen.reports)


def _flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None
