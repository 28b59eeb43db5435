"""Traces and recalls for people: things named as they type them, told with their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import store
from takeback.core.items import item_hex, item_key
from takeback.core.times import parse_moment
from takeback.operate.identity import organisations
from takeback.operate.items import scanned, unknown
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.genealogy import Direction, Kind, names_of, trace
from takeback.prove.genealogy.result import KINDS
from takeback.store.bulk import driver

_HEX = re.compile(r"[0-7][0-9a-f]{15}")
_CODES = "select key, code from item where key = any(%s)"
_BY_CODE = "select code, key from item where code = any(%s)"
_KINDS = tuple(KINDS.values())
LARGEST_ANSWER = 10_000
"""Things of a recall that are listed; all are counted."""


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """A thing of a genealogy. ``key`` stands in addresses; ``uri`` None: named by another party only.

    ``code``: what people call it, where it is an item of ours. ``entry`` and ``kind``: the event that led here.
    """

    key: str
    uri: str | None
    code: str | None
    depth: int
    entry: int | None = None
    kind: Kind | None = None


class Joint(msgspec.Struct, frozen=True, kw_only=True):
    """A step: the keys of what is inside or went in (``inner``), and of what holds it or came out (``outer``)."""

    kind: Kind
    entries: tuple[int, ...]
    at: datetime
    inner: tuple[str, ...]
    outer: tuple[str, ...]


class GenealogyView(msgspec.Struct, frozen=True, kw_only=True):
    """A genealogy with names; ``hidden``: events of other parties that join these things and are not shared with us."""

    direction: Direction
    at: datetime | None
    things: tuple[Thing, ...]
    steps: tuple[Joint, ...]
    hidden: int


class RecallView(msgspec.Struct, frozen=True, kw_only=True):
    """``by_depth``: how many things at each depth; ``things``: the first of them, nearest first, of ``total``.

    ``hidden``: events of other parties that join these things; None where there are too many things to ask.
    """

    direction: Direction
    at: datetime | None
    total: int
    by_depth: tuple[int, ...]
    things: tuple[Thing, ...]
    hidden: int | None


def genealogy(
    org: UUID, key: int, *, direction: Direction, at: datetime | None = None, depth: int | None = None
) -> GenealogyView:
    """Return the genealogy of one thing.

    Raises
    ------
    Problem
        ``items.unknown`` for a key that neither we nor the ledger know, ``trace.too-large``.
    """
    found = trace(org, [key], direction=direction, at=at, depth=depth, parties=_parties())
    keys = [node.key for node in found.genealogy.nodes]
    with store.transaction(org) as connection:
        uris, codes = names_of(connection, org, keys), _codes(connection, keys)
    if len(keys) == 1 and key not in uris and key not in codes:
        raise unknown(item_hex(key))
    return GenealogyView(
        direction=direction,
        at=at,
        things=tuple(
            Thing(
                key=item_hex(node.key), uri=uris.get(node.key), code=codes.get(node.key), depth=node.depth,
                entry=node.entry, kind=node.kind,
            )
            for node in found.genealogy.nodes
        ),
        steps=tuple(
            Joint(kind=step.kind, entries=step.entries, at=step.at, inner=_hexes(step.inner), outer=_hexes(step.outer))
            for step in found.genealogy.steps
        ),
        hidden=found.hidden,
    )  # fmt: skip


def recalled(
    org: UUID,
    named: Sequence[str],
    *,
    direction: Direction = "forward",
    at: datetime | None = None,
    depth: int | None = None,
    limit: int = 1_000,
) -> RecallView:
    """Return what the things named (codes, EPCs, Digital Links or keys) went into; ``limit`` things are listed.

    Raises
    ------
    Problem
        ``items.unknown`` for what is no identifier and no code of ours.
    """
    from takeback.prove.genealogy.recall import recall  # noqa: PLC0415 - loads a compiler; a server starts without

    with store.transaction(org) as connection:
        keys = _keys_of(connection, named)
    answer = recall(org, keys, direction=direction, at=at, depth=depth, parties=_parties())
    reached, most = answer.reached, min(limit, LARGEST_ANSWER)
    first = [column[:most].tolist() for column in reached]
    with store.transaction(org) as connection:
        uris, codes = names_of(connection, org, first[0]), _codes(connection, first[0])
    things = tuple(
        Thing(
            key=item_hex(key), uri=uris.get(key), code=codes.get(key), depth=depth,
            entry=None if via < 0 else via, kind=None if via < 0 else _KINDS[kind],
        )
        for key, depth, via, kind in zip(*first, strict=True)
    )  # fmt: skip
    total, depths = len(reached.keys), tuple(answer.by_depth)
    return RecallView(direction=direction, at=at, total=total, by_depth=depths, things=things, hidden=answer.hidden)


def key_of(connection: sa.Connection, name: str) -> int:
    """Return the key of what is named: a key, an identifier in any form, or the code of one of our items."""
    text = name.strip()
    if _HEX.fullmatch(text):
        return int(text, 16)
    if ":" in text:
        return item_key(canonical_uri(text))
    found = scanned(connection, text)
    if found is None:
        raise unknown(text)
    return int(found, 16)


def _keys_of(connection: sa.Connection, named: Sequence[str]) -> list[int]:
    """Return the keys of many things; codes are looked up together."""
    codes = [name.strip() for name in named if ":" not in name]
    known = dict(driver(connection).execute(_BY_CODE, (codes,)).fetchall()) if codes else {}
    return [known[name.strip()] if name.strip() in known else key_of(connection, name) for name in named]


def instant(text: str, *, where: str = "at") -> datetime | None:
    """Return the moment that is asked for, None for an empty text. Raises a problem of `parse_moment`."""
    return parse_moment(text, where=where) if text.strip() else None


def _codes(connection: sa.Connection, keys: Sequence[int]) -> dict[int, str]:
    return dict(driver(connection).execute(_CODES, (list(keys),)).fetchall())


def _parties() -> list[UUID]:
    with store.admin() as connection:
        return [one.id for one in organisations(connection)]


def _hexes(keys: Iterable[int]) -> tuple[str, ...]:
    return tuple(item_hex(key) for key in keys)
