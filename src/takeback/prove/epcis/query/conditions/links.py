"""Conditions on what an event refers to: business transactions, sources, destinations, other events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from takeback.prove.epcis import vocabulary
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.query.seen import Seen, listed, texts
from takeback.prove.epcis.vocabulary import bare

Kind = Literal["bizTransaction", "source", "destination"]
VOCABULARY: dict[Kind, vocabulary.Kind] = {
    "bizTransaction": "bizTransaction",
    "source": "sourceDest",
    "destination": "sourceDest",
}


@dataclass(frozen=True, slots=True)
class LinkIs:
    """`EQ_bizTransaction_type`, `EQ_source_type`, `EQ_destination_type`: of this type, one of these URIs."""

    kind: Kind
    type: str
    uris: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether the event's list has an entry of that type with one of the values."""
        return any(
            bare(VOCABULARY[self.kind], str(entry.get("type", ""))) == self.type
            and any(canonical_uri(uri) in self.uris for uri in texts(entry.get(self.kind)))
            for entry in listed(seen.event, f"{self.kind}List")
        )


@dataclass(frozen=True, slots=True)
class TransformationIs:
    """`EQ_transformationID`."""

    uris: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether the event belongs to one of the transformations."""
        return any(canonical_uri(uri) in self.uris for uri in texts(seen.event.get("transformationID")))


@dataclass(frozen=True, slots=True)
class EventIdIs:
    """`EQ_eventID`: the identifier that the event was given, or its hash."""

    ids: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether the event has one of the identifiers."""
        return seen.event.get("eventID") in self.ids or seen.event_id in self.ids


@dataclass(frozen=True, slots=True)
class CorrectedBy:
    """`EQ_correctiveEventID`."""

    ids: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether the event's error declaration names one of the corrective events."""
        return any(one in self.ids for one in texts(seen.declaration.get("correctiveEventIDs")))
