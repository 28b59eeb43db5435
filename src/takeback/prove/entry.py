"""What the ledger keeps of one fact, and the leaf that commits to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from takeback.core.canonical import canonical_json
from takeback.prove.merkle import leaf_hash


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact to be remembered.

    ``kind`` is an EPCIS 2.0 event type (physical facts) or ``takeback:...`` (commercial facts and decisions);
    ``body`` is the event as JSON; ``items`` are the keys (`takeback.core.items.item_key`) of the things it is about.
    """

    kind: str
    body: Mapping[str, Any]
    event_time: datetime
    items: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """An entry in the ledger, with what the leaf commits to."""

    id: int
    entry: Entry
    record_time: datetime
    digest: bytes

    @property
    def kind(self) -> str:
        """The entry's kind."""
        return self.entry.kind

    @property
    def body(self) -> Mapping[str, Any]:
        """The entry's body."""
        return self.entry.body


def body_digest(salt: bytes, canonical: bytes) -> bytes:
    """Return the salted digest of a body: without the salt nobody can guess a small body from its digest."""
    return sha256(salt + canonical).digest()


def leaf_content(
    party: UUID, number: int, kind: str, event_time: datetime, record_time: datetime, digest: bytes
) -> bytes:
    """Return the canonical bytes (RFC 8785) of which a leaf is the hash.

    ``number`` is the party's own running number, from 1 without gaps: a missing entry shows as a missing number.
    """
    return canonical_json(
        {
            "v": 1,
            "party": str(party),
            "number": number,
            "kind": kind,
            "eventTime": stamp(event_time),
            "recordTime": stamp(record_time),
            "digest": digest.hex(),
        }
    )


def leaf_of(party: UUID, number: int, kind: str, event_time: datetime, record_time: datetime, digest: bytes) -> bytes:
    """Return the RFC 6962 leaf hash of an entry."""
    return leaf_hash(leaf_content(party, number, kind, event_time, record_time, digest))


def stamp(moment: datetime) -> str:
    """Return a time as the ledger writes it: UTC with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
