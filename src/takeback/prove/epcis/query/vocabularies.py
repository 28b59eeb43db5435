"""Master data out of the headers of EPCIS documents: kept in the ledger, and in tables that queries ask."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.items import item_key
from takeback.prove import bodies
from takeback.prove.entry import Entry
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.query.fieldname import Context
from takeback.prove.epcis.query.seen import listed
from takeback.prove.epcis.query.words import in_full
from takeback.prove.ledger import append, seal
from takeback.store import bulk

KIND = "takeback:MasterData"
_NOW = sa.text("select now()")
_ENTRIES = sa.text("select id, body from entry where org_id = :org and kind = :kind order by id")
_HELD = sa.text("select key, type, attributes from vocabulary_element where org_id = :org and key = any(:keys)")
_CHILDREN = sa.text("select parent, child from vocabulary_child where org_id = :org and parent = any(:keys)")
_ATTRIBUTES = sa.text("select attributes from vocabulary_element where org_id = :org and key = :key")
_BELOW = sa.text(
    """
    with recursive below (key, uri) as (
        select child, uri from vocabulary_child where org_id = :org and parent = :key
        union
        select c.child, c.uri from below b join vocabulary_child c on c.org_id = :org and c.parent = b.key
    )
    select uri from below
    """
)
_FORGET = sa.text("delete from vocabulary_child where org_id = :org and parent = any(:keys)")
_UPDATE = (
    "(org_id, key) do update set type = excluded.type, attributes = excluded.attributes, entry_id = excluded.entry_id"
)


class _Element(msgspec.Struct, frozen=True):
    key: int
    uri: str
    type: str
    attributes: dict[str, list[str]]
    children: dict[int, str] | None  # None: the document says nothing of them


class StoredMaster:
    """The master data of one organisation; what was asked once is remembered, so make one for each request."""

    def __init__(self, connection: sa.Connection, org: UUID) -> None:
        self._connection = connection
        self._org = org
        self._below: dict[str, frozenset[str]] = {}
        self._attributes: dict[str, Mapping[str, Sequence[str]]] = {}

    def descendants(self, uri: str) -> Collection[str]:
        """Return the canonical URIs of all direct and indirect children; a ring of children is no trouble."""
        if uri not in self._below:
            found = self._connection.scalars(_BELOW, {"org": self._org, "key": item_key(uri)})
            self._below[uri] = frozenset(found)
        return self._below[uri]

    def attributes(self, uri: str) -> Mapping[str, Sequence[str]]:
        """Return the values of the element's attributes by their full names."""
        if uri not in self._attributes:
            found = self._connection.scalar(_ATTRIBUTES, {"org": self._org, "key": item_key(uri)})
            self._attributes[uri] = found or {}
        return self._attributes[uri]


def keep(
    connection: sa.Connection,
    org: UUID,
    header: Mapping[str, Any] | None,
    *,
    actor: str,
    prefixes: Context | None = None,
) -> int:
    """Keep the master data of a document's header (`Document.header`); return how many elements were new or changed.

    What is kept is an entry of the ledger in the caller's transaction; the same header again changes nothing. An
    element replaces what was known of it: its attributes always, its children where it gives some.
    """
    data = (header or {}).get("epcisMasterData")
    elements = list(_elements(data if isinstance(data, Mapping) else {}, prefixes or {}))
    changed = _changed(connection, org, elements)
    if changed:
        now = connection.execute(_NOW).scalar_one()
        body = {"type": KIND, "@context": dict(prefixes or {}), "takeback:masterData": data}
        appended = append(connection, org, [Entry(KIND, body, now, captured=True)], actor=actor)
        _write(connection, org, changed, appended[0].id)
        seal(connection, org, appended)
    return len(changed)


def rebuild(connection: sa.Connection, org: UUID) -> int:
    """Make the tables of master data anew from the organisation's ledger; return the number of entries read."""
    for table in ("vocabulary_child", "vocabulary_element"):
        connection.execute(sa.text(f"delete from {table} where org_id = :org"), {"org": org})
    rows = connection.execute(_ENTRIES, {"org": org, "kind": KIND}).all()
    for row in rows:
        body = bodies.load(row.body)
        elements = list(_elements(body["takeback:masterData"], body["@context"]))
        _write(connection, org, _changed(connection, org, elements), row.id)
    return len(rows)


def _elements(data: Mapping[str, Any], prefixes: Context) -> Iterator[_Element]:
    for vocabulary in listed(data, "vocabularyList"):
        for element in listed(vocabulary, "vocabularyElementList"):
            given = element.get("id")
            if isinstance(given, str) and given:
                uri = canonical_uri(given)
                kind = str(vocabulary.get("type", ""))
                yield _Element(item_key(uri), uri, kind, _attributes(element, prefixes), _children(element))


def _attributes(element: Mapping[str, Any], prefixes: Context) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attribute in listed(element, "attributes"):
        value = attribute.get("attribute")
        values = found.setdefault(in_full(str(attribute.get("id", "")), prefixes), [])
        if isinstance(value, str | int | float):
            values.append(str(value))
    return found


def _children(element: Mapping[str, Any]) -> dict[int, str] | None:
    children = element.get("children")
    if not isinstance(children, list):
        return None
    uris = [canonical_uri(child) for child in children if isinstance(child, str)]
    return {item_key(uri): uri for uri in uris}


def _changed(connection: sa.Connection, org: UUID, elements: Sequence[_Element]) -> list[_Element]:
    last = {element.key: element for element in elements}  # of an element that comes twice the last counts
    asked = {"org": org, "keys": list(last)}
    held = {row.key: (row.type, row.attributes) for row in connection.execute(_HELD, asked)}
    children: dict[int, set[int]] = {}
    for parent, child in connection.execute(_CHILDREN, asked):
        children.setdefault(parent, set()).add(child)
    return [
        element
        for element in last.values()
        if held.get(element.key) != (element.type, element.attributes)
        or (element.children is not None and set(element.children) != children.get(element.key, set()))
    ]


def _write(connection: sa.Connection, org: UUID, elements: Sequence[_Element], entry: int) -> None:
    rows = [(org, e.key, e.uri, e.type, msgspec.json.encode(e.attributes).decode(), entry) for e in elements]
    columns = ("org_id", "key", "uri", "type", "attributes", "entry_id")
    bulk.insert(connection, "vocabulary_element", columns, rows, on_conflict=_UPDATE)
    told = [element for element in elements if element.children is not None]
    connection.execute(_FORGET, {"org": org, "keys": [element.key for element in told]})
    links = [(org, e.key, child, uri) for e in told for child, uri in (e.children or {}).items()]
    bulk.insert(connection, "vocabulary_child", ("org_id", "parent", "child", "uri"), links)
