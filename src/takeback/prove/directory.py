"""What things and values the ledger has seen, by key: so that keys can be read back, listed and searched by text."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.prepare import Prepared
from takeback.store import bulk
from takeback.store.arrays import Int2s, Int8s, Texts
from takeback.store.connections import name_of

MOST_KNOWN = 500_000  # keys remembered by a process for one organisation
_MARK = "insert into entry_mark (org_id, mark, entry_id) select %s, unnest(%s), unnest(%s)"
_IDENTIFIER = "insert into identifier (org_id, key, uri) select %s, unnest(%s), unnest(%s) on conflict do nothing"
_TERM = """
    insert into term (org_id, field, key, uri) select %s, unnest(%s), unnest(%s), unnest(%s) on conflict do nothing
"""
T = TypeVar("T")
_lock = threading.Lock()
_Place = tuple[str | None, UUID]  # a database and an organisation in it
_things: defaultdict[_Place, set[int]] = defaultdict(set)
_values: defaultdict[_Place, set[tuple[int, int]]] = defaultdict(set)
_OWN = "xmin = pg_current_xact_id()::xid"  # written by this very transaction


def remember(connection: sa.Connection, org: UUID, prepared: Sequence[Prepared]) -> None:
    """Write the identifiers and values of events; keep it before what may run on while nobody waits for it.

    Raises
    ------
    Problem
        ``ledger.key-taken`` when two things have the same key (see `takeback.core.items.item_key`).
    """
    _identifiers(connection, org, [made.uris for made in prepared])
    # Events of one kind, step and place share one tuple (`prepare`): few are looked into.
    shared = {id(made.terms): made.terms for made in prepared}
    _terms(connection, org, {term for terms in shared.values() for term in terms})


def mark(connection: sa.Connection, org: UUID, prepared: Sequence[tuple[int, Prepared]]) -> None:
    """Write the marks of events, given with the ids of their entries."""
    marks = [mark for _, made in prepared for mark in made.marks]
    if marks:
        entries = [entry for entry, made in prepared for _ in made.marks]
        bulk.driver(connection).execute(_MARK, (org, Int8s(marks), Int8s(entries)))


def _identifiers(connection: sa.Connection, org: UUID, named: Iterable[Mapping[int, str]]) -> None:
    known = _things[name_of(connection), org]
    everything: dict[int, str] = {}
    for uris in named:
        everything.update(uris)
    new = {key: everything[key] for key in everything.keys() - known}
    if not new:
        return
    asked = _ask(connection, f"select key, uri, {_OWN} from identifier where key = any(%s)", list(new))
    for key, uri, _ in asked:
        if uri != new[key]:
            raise _taken(uri, new[key])
    _learn(known, [key for key, _, own in asked if not own])
    for key, _, _ in asked:
        del new[key]
    if new:
        keys = sorted(new)  # in one order everywhere: so two transactions never wait for each other
        bulk.driver(connection).execute(_IDENTIFIER, (org, Int8s(keys), Texts([new[key] for key in keys])))


def _terms(connection: sa.Connection, org: UUID, terms: Iterable[tuple[int, int, str]]) -> None:
    known = _values[name_of(connection), org]
    new = {(field, key): uri for field, key, uri in terms if (field, key) not in known}
    if not new:
        return
    asked = _ask(connection, f"select field, key, {_OWN} from term where key = any(%s)", [key for _, key in new])
    found = {(field, key) for field, key, _ in asked}
    rows = [(field, key, uri) for (field, key), uri in new.items() if (field, key) not in found]
    if rows:
        fields, keys, uris = zip(*sorted(rows), strict=True)
        bulk.driver(connection).execute(_TERM, (org, Int2s(fields), Int8s(keys), Texts(uris)))
    _learn(known, [(field, key) for field, key, own in asked if not own])


def _ask(connection: sa.Connection, query: str, keys: Sequence[int]) -> list[tuple[Any, ...]]:
    return bulk.driver(connection).execute(query, (Int8s(keys),)).fetchall()


def _learn(known: set[T], found: Iterable[T]) -> None:
    # Only what others have committed is remembered: what this transaction has written may still be rolled back.
    with _lock:
        if len(known) > MOST_KNOWN:
            known.clear()
        known.update(found)


def _taken(kept: str, new: str) -> Problem:
    return Problem(
        "ledger.key-taken",
        msg("Two things have the same key; the second cannot be recorded."),
        found=new,
        expected=msg("a thing other than {uri}", uri=kept),
        status=409,
    )
