"""What the ledger needs of an EPCIS event besides its body: hash, things and their roles, values to find it by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from takeback.core.items import item_key
from takeback.native import Keys, Made, Terms, Words, quick
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.hashing import event_hash, hash_uri, quick_tables
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
_PLACES = ("readPoint", "bizLocation")
_ACTION_ROLES = {"ADD": ADD, "DELETE": DELETE}
_Fields = tuple[
    bytes, int, Mapping[str, int], Mapping[int, int], Mapping[int, str], Keys, Terms, tuple[int, ...]
]  # of `Prepared`, but the last
_MOST_KNOWN = 32_768
_known: dict[Words, tuple[Keys, Terms]] = {}  # few steps at few places make most of a stream; `quick` reads it too
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
    columns: Keys
    terms: Terms
    marks: tuple[int, ...]
    declared_at: datetime | None


def prepare(event: dict[str, Any], *, personal: bool = True) -> Prepared:
    """Return what the ledger keeps beside an event in standard form (EPCIS 2.0, 7.4).

    The hash is that of the event without personal data; ``personal=False`` says that there is none.
    """
    hashed = without_personal(event) if personal else event
    if quick is not None and hashed is event:
        made = quick.prepared(event, *quick_tables(event), _known)
        if made is not None:
            return Prepared(*_with_terms(made, event), None)
    digest = event_hash(hashed)
    declaration = event.get("errorDeclaration")
    return Prepared(*_made(event, digest), moment(declaration["declarationTime"]) if declaration else None)


def _made(event: Mapping[str, Any], digest: bytes) -> _Fields:
    """Return the fields of `Prepared` but the last."""
    keys, roles, uris = _things(event, DECLARED if event.get("errorDeclaration") else 0)
    marks = tuple(dict.fromkeys(_marks(event, digest)))
    return digest, mark("hash", digest.hex()), keys, roles, uris, *_terms(event), marks


def _with_terms(made: Made, event: Mapping[str, Any]) -> _Fields:
    digest, key, keys, roles, uris, columns, terms, marks = made
    if columns is None or terms is None:  # the first event of its kind, step and place
        columns, terms = _terms(event)
    return digest, key, keys, roles, uris, columns, terms, marks


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


def _terms(event: Mapping[str, Any]) -> tuple[Keys, Terms]:
    read, at = event.get("readPoint"), event.get("bizLocation")
    places = read["id"] if read else None, at["id"] if at else None
    words = (event["type"], event.get("action"), event.get("bizStep"), event.get("disposition"), *places)
    if (found := _known.get(words)) is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[words] = _terms_of(*words)
    return found


def _terms_of(
    kind: str, action: str | None, step: str | None, disposition: str | None, read: str | None, at: str | None
) -> tuple[Keys, Terms]:
    terms = (
        None if step is None else _term("bizStep", step),
        None if disposition is None else _term("disposition", disposition),
        None if read is None else _term("readPoint", read),
        None if at is None else _term("bizLocation", at),
    )
    keys = (None if term is None else term[1] for term in terms)
    found = (*terms, _term("type", kind))
    return (ACTIONS.get(action or ""), *keys), tuple(term for term in found if term is not None)


@lru_cache(maxsize=8192)
def _term(name: str, text: str) -> tuple[int, int, str]:
    value = text if name == "type" else canonical_uri(text) if name in _PLACES else bare(name, text)  # type: ignore[arg-type]
    return FIELDS[name], item_key(value), value


def _marks(event: Mapping[str, Any], digest: bytes) -> Iterator[int]:
    given = event.get("eventID")
    if given and given != hash_uri(digest):
        yield mark("event", given)
    if transformation := event.get("transformationID"):
        yield mark("transformation", canonical_uri(transformation))
    for kind, name, value, vocabulary in _LISTS:
        for one in event.get(name) or ():
            yield mark(kind, bare(vocabulary, one.get("type", "")), canonical_uri(one[value]))
