"""An event as the conditions of a query look at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from takeback.prove.epcis.query.fieldname import Context
from takeback.prove.epcis.query.master import MasterData


@dataclass(frozen=True, slots=True)
class Seen:
    """An event in standard form, what the repository adds to it, and the asker's master data."""

    event: Mapping[str, Any]
    record_time: datetime
    event_id: str
    master: MasterData

    @property
    def context(self) -> Context:
        """What the event's own prefixes stand for."""
        context = self.event.get("@context")
        return context if isinstance(context, Mapping) else {}

    @property
    def declaration(self) -> Mapping[str, Any]:
        """The event's error declaration; empty when it has none."""
        return _mapping(self.event.get("errorDeclaration"))

    @property
    def elements(self) -> Iterator[Mapping[str, Any]]:
        """The sensor elements."""
        return listed(self.event, "sensorElementList")

    @property
    def metadata(self) -> Iterator[Mapping[str, Any]]:
        """The metadata of each sensor element that has some."""
        return (_mapping(element.get("sensorMetadata")) for element in self.elements)

    @property
    def reports(self) -> Iterator[Mapping[str, Any]]:
        """The sensor reports of all sensor elements."""
        return (report for element in self.elements for report in listed(element, "sensorReport"))


def listed(parent: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """Return the objects of the list ``name``; none where it is absent."""
    values = parent.get(name)
    return (value for value in values if isinstance(value, Mapping)) if isinstance(values, list) else iter(())


def texts(value: object) -> list[str]:
    """Return the strings of a list, or the one string."""
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
