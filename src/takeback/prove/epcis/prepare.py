"""What the ledger needs of an EPCIS event besides its body: hash, things and their roles, values to find it by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from takeback.core.items import item_key
from takeback.native import Names, quick
from takeback.prove.epcis.canonical import _heads, canonical_uri
from takeback.prove.epcis.hashing import event_hash, hash_uri
from takeback.prove.epcis.roles import ADD, CHILD, CLASS, DECLARED, DELETE, EPC, INPUT, OUTPUT, PARENT
from takeback.prove.epcis.things import thing
from takeback.prove.epcis.validation import moments
from takeback.prove.epcis.vocabulary import Kind, bare
from takeback.prove.personal import without_personal

EVENT_TYPES = frozenset(
    {"ObjectEvent", "AggregationEvent", "AssociationEvent", "TransformationEvent", "TransactionEvent"}
)
ACTIONS = {"ADD": 1, "OBSERVE": 2, "DELETE": 3}
FIELDS = {"bizStep": 1, "disposition": 2, "readPoint": 3, "bizLocation": 4, "type": 5}

_EPCS = (("epcList", EPC), ("childEPCs", CHILD), ("inputEPCList", INPUT), ("outputEPCList", OUTPUT))
_CLASSES = (
    ("quantityList", EPC | CLASS),
    ("childQuantityList", CHILD | CLASS),
    ("inputQuantityList", INPUT | CLASS),
    ("outputQuantityList", OUTPUT | CLASS),
)
_ACTION_ROLES = {"ADD": ADD, "DELETE": DELETE}
_Keys = tuple[int | None, int | None, int | None, int | None]
_Terms = tuple[tuple[int, int, str], ...]
_LISTS: tuple[tuple[str, str, str, Kind], ...] = (
    ("transaction", "bizTransactionList", "bizTransaction", "bizTransaction"),
)


class Prepared(msgspec.Struct, frozen=True):
    """An event as the ledger's tables want it.

    ``keys`` gives the item key of each name as the event writes it; ``roles`` and ``uris`` are by item key; ``terms``
    give (field, value) of the four vocabulary fields and the type; ``columns`` are action, biz_step, disposition,
    read_point, biz_location; ``marks`` further names.
    """

    hash: bytes
    key: int
    keys: Mapping[str, int]
    roles: Mapping[int, int]
    uris: Mapping[int, str]
    columns: tuple[int | None, int | None, int | None, int | None, int | None]
    terms: tuple[tuple[int, int, str], ...]
    marks: tuple[int, ...]
    declared_at: datetime | None


def prepare(event: dict[str, Any], *, personal: bool = True) -> Prepared:
    """Return what the ledger keeps beside an event in standard form (EPCIS 2.0, 7.4).

    The hash is that of the event without personal data; ``personal=False`` says that there is none.
    """
    digest = event_hash(without_personal(event) if personal else event)
    declaration = event.get("errorDeclaration")
    named = quick.names(event, digest, _heads) if quick is not None else None
    keys, roles, uris, key, marks = named or _names(event, digest)
    columns, terms = _terms(event)
    return Prepared(
        hash=digest,
        key=key,
        keys=keys,
        roles=roles,
        uris=uris,
        columns=(ACTIONS.get(event.get("action", "")), *columns),
        terms=terms,
        marks=marks,
        declared_at=moment(declaration["declarationTime"]) if declaration else None,
    )


def moment(text: str) -> datetime:
    """Return the time that an event says (EPCIS 2.0, 7.2.3: ISO 8601 with a zone); raises ``ValueError``."""
    time = moments.moment(text)  # which the rules of the validator look at as well, so it is parsed once
    if time is None:
        raise ValueError(f"no time with a zone: {text}")
    return time


@lru_cache(maxsize=65536)
def mark(kind: str, *parts: str) -> int:
    """Return the 63-bit key of a name by which entries are found; ``kind`` keeps names of different kinds apart."""
    return int.from_bytes(sha256("\0".join((kind, *parts)).encode()).digest()[:8], "big") >> 1


def _names(event: Mapping[str, Any], digest: bytes) -> Names:
    """Return keys, roles and URIs of the things, the key of the hash, and the marks."""
    things = _things(event, DECLARED if event.get("errorDeclaration") else 0)
    return *things, mark("hash", digest.hex()), tuple(dict.fromkeys(_marks(event, digest)))


def _things(event: Mapping[str, Any], common: int) -> tuple[dict[str, int], dict[int, int], dict[int, str]]:
    common |= _ACTION_ROLES.get(event.get("action", ""), 0)
    keys: dict[str, int] = {}
    roles: dict[int, int] = {}
    uris: dict[int, str] = {}
    for text, role in _named(event):
        key, uri = thing(text)
        keys[text], uris[key] = key, uri
        roles[key] = roles.get(key, common) | role
    return keys, roles, uris


def _named(event: Mapping[str, Any]) -> list[tuple[str, int]]:
    parent = event.get("parentID")
    named = [(parent, PARENT)] if parent else []
    for name, role in _EPCS:
        if epcs := event.get(name):
            named += [(epc, role) for epc in epcs]
    for name, role in _CLASSES:
        if quantities := event.get(name):
            named += [(quantity["epcClass"], role) for quantity in quantities]
    return named


def _terms(event: Mapping[str, Any]) -> tuple[_Keys, _Terms]:
    read, at = event.get("readPoint"), event.get("bizLocation")
    return _terms_of(
        event["type"],
        event.get("bizStep"),
        event.get("disposition"),
        read["id"] if read else None,
        at["id"] if at else None,
    )


@lru_cache(maxsize=8192)  # few steps at few places make most of a stream
def _terms_of(
    kind: str, step: str | None, disposition: str | None, read: str | None, at: str | None
) -> tuple[_Keys, _Terms]:
    values = (
        None if step is None else bare("bizStep", step),
        None if disposition is None else bare("disposition", disposition),
        None if read is None else canonical_uri(read),
        None if at is None else canonical_uri(at),
    )
    first, second, third, fourth = (None if value is None else item_key(value) for value in values)
    fields = (*values, kind)
    found = ((field, item_key(value), value) for field, value in enumerate(fields, 1) if value is not None)
    return (first, second, third, fourth), tuple(found)


def _marks(event: Mapping[str, Any], digest: bytes) -> Iterator[int]:
    given = event.get("eventID")
    if given and given != hash_uri(digest):
        yield mark("event", given)
    if transformation := event.get("transformationID"):
        yield mark("transformation", canonical_uri(transformation))
    for kind, name, value, vocabulary in _LISTS:
        for one in event.get(name) or ():
            yield mark(kind, bare(vocabulary, one.get("type", "")), canonical_uri(one[value]))
