"""What the ledger keeps of one fact, and the leaf that commits to it."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec

from takeback.core.canonical import canonical_json
from takeback.native import quick
from takeback.prove import bodies
from takeback.prove.epcis.prepare import Prepared
from takeback.prove.merkle import leaf_hash
from takeback.prove.salted import body_digest

VERSION = 2  # of leaves; the first did not commit to actor, things and event hash
SALT = 16  # bytes
_ITEM = struct.Struct(">qH")


class Stored(msgspec.Struct, frozen=True):
    """A body as it is written, packed, with its salt; ``opening`` begins the leaf that commits to it."""

    salt: bytes
    body: bytes
    opening: str

    @classmethod
    def of(
        cls,
        kind: str,
        body: Mapping[str, Any],
        event_time: datetime,
        roles: Mapping[int, int],
        event_hash: bytes | None,
        salt: bytes | None = None,
    ) -> Stored:
        """Return a body as it is written, with a new salt, and what its leaf says before it has a number."""
        canonical = canonical_json(body)
        salt = salt or os.urandom(SALT)
        opened = quick.opening(salt, canonical, event_hash, roles, event_time, kind) if quick is not None else None
        if opened is None:
            opened = opening(body_digest(salt, canonical), event_hash, event_time, items_digest(roles), kind)
        return cls(salt, bodies.pack(canonical), opened)


class Entry(msgspec.Struct, frozen=True):
    """A fact to be remembered.

    ``kind`` is an EPCIS 2.0 event type (physical facts; ``body`` is then the event in standard form) or
    ``takeback:...`` (commercial facts and decisions); ``items`` are the keys (`takeback.core.items.item_key`) of the
    things it is about, for physical facts those beyond what the event names. ``captured``: it came from outside
    and is a record only, never a command; ``prepared`` and ``stored`` may be made before the transaction's locks.
    """

    kind: str
    body: Mapping[str, Any]
    event_time: datetime
    items: Sequence[int] = ()
    captured: bool = False
    prepared: Prepared | None = None
    stored: Stored | None = None


class Appended(msgspec.Struct, frozen=True):
    """An entry in the ledger: ``roles`` gives what each thing is in it, by key; ``opening`` begins its leaf."""

    id: int
    entry: Entry
    actor: str
    record_time: datetime
    opening: str
    roles: Mapping[int, int]
    event_hash: bytes | None

    @property
    def kind(self) -> str:
        """The entry's kind."""
        return self.entry.kind

    @property
    def body(self) -> Mapping[str, Any]:
        """The entry's body."""
        return self.entry.body


class Leaf(msgspec.Struct, frozen=True):
    """What a leaf says of an entry.

    ``number`` is the party's own running number, from 1 without gaps; ``things`` the digest of its things.
    """

    version: int
    party: UUID
    number: int
    kind: str
    event_time: datetime
    record_time: datetime
    actor: str
    captured: bool
    things: bytes
    event_hash: bytes | None
    digest: bytes

    def content(self) -> bytes:
        """Return the canonical bytes (RFC 8785) of which the leaf is the hash.

        A missing entry shows as a missing number; a thing taken off an entry, or another actor, as another leaf.
        """
        if self.version > 1:
            opened = opening(self.digest, self.event_hash, self.event_time, self.things, self.kind)
            head = (self.actor, self.captured, opened, self.number)
            return _content(*head, self.party, self.record_time, self.version)
        return (
            f'{{"digest":"{self.digest.hex()}","eventTime":"{stamp(self.event_time)}","kind":{_quoted(self.kind)},'
            f'"number":{self.number},"party":"{self.party}","recordTime":"{stamp(self.record_time)}","v":1}}'
        ).encode()

    def hash(self) -> bytes:
        """Return the RFC 6962 leaf hash."""
        return leaf_hash(self.content())


def opening(digest: bytes, event_hash: bytes | None, event_time: datetime, things: bytes, kind: str) -> str:
    """Return what a leaf says before it has a number: it can be written before the locks of a transaction."""
    event = f'"event":"{event_hash.hex()}",' if event_hash is not None else ""
    return (
        f'"digest":"{digest.hex()}",{event}"eventTime":"{stamp(event_time)}","items":"{things.hex()}",'
        f'"kind":{_quoted(kind)},"number":'
    )


def leaves_of(party: UUID, numbers: Sequence[int], appended: Sequence[Appended]) -> list[bytes]:
    """Return the RFC 6962 leaf hashes of new entries, as `Leaf` has them."""
    hashes: list[bytes] = []
    for common, run in groupby(appended, key=attrgetter("actor", "entry.captured", "record_time")):
        alike = list(run)
        hashes += _leaves_alike(party, numbers[len(hashes) : len(hashes) + len(alike)], alike, *common)
    return hashes


def _leaves_alike(
    party: UUID, numbers: Sequence[int], appended: Sequence[Appended], actor: str, captured: bool, at: datetime
) -> list[bytes]:
    """Return the hashes of leaves that differ by opening and number only, as those of one capture."""
    if quick is not None:
        head, tail = _around(actor, captured, at, party, VERSION)
        hashes = quick.leaves(head.encode(), [a.opening for a in appended], numbers[0], tail.encode())
        if hashes is not None:
            return hashes
    return [
        leaf_hash(_content(actor, captured, a.opening, number, party, at, VERSION))
        for number, a in zip(numbers, appended, strict=True)
    ]


def _content(
    actor: str, captured: bool, opened: str, number: int, party: UUID, record_time: datetime, version: int
) -> bytes:
    head, tail = _around(actor, captured, record_time, party, version)
    return f"{head}{opened}{number}{tail}".encode()


def _around(actor: str, captured: bool, record_time: datetime, party: UUID, version: int) -> tuple[str, str]:
    """Return what stands before a leaf's opening and behind its number."""
    # The names stand in the order of RFC 8785; all values but actor and kind are plain ASCII of our own making.
    head = f'{{"actor":{_quoted(actor)},"captured":{"true" if captured else "false"},'
    return head, f',"party":"{_text(party)}","recordTime":"{stamp(record_time)}","v":{version}}}'


def items_digest(roles: Mapping[int, int]) -> bytes:
    """Return the digest of the things of an entry: SHA-256 over (key, roles) as 8 and 2 bytes, in the order of keys."""
    pack = _ITEM.pack
    return sha256(b"".join([pack(key, roles[key]) for key in sorted(roles)])).digest()


@lru_cache(maxsize=4096)
def stamp(moment: datetime) -> str:
    """Return a time as the ledger writes it: UTC with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


_text = lru_cache(maxsize=1024)(str)


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    return canonical_json(text).decode()
