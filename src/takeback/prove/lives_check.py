"""Are the tables of ends, containments and withdrawals what the entries make of them?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.prove.entry import Appended, Entry
from takeback.prove.epcis.lives import KINDS, empties, ended, pairs, things_as
from takeback.prove.epcis.roles import PARENT
from takeback.prove.kept import things_of
from takeback.store import bulk

Pair = tuple[int, int, int]
_VOIDED = "select entry_id, by_entry from voided"
_TABLES = {
    "item_end": "select item_key, entry_id, at from item_end",
    "containment": "select child_key, parent_key, kind, since, entry_id from containment",
}


class LivesCheck:
    """Takes a party's captured and recorded physical events in the order of their numbers, as capturing does."""

    def __init__(self, connection: sa.Connection, org: UUID) -> None:
        """Check on a connection bound to the party ``org``."""
        self._run = bulk.driver(connection).execute
        self._org = org
        self._ends: set[tuple[int, int, datetime]] = set()
        self._inside: dict[Pair, tuple[datetime, int]] = {}
        self._declared: defaultdict[bytes, set[int]] = defaultdict(set)
        self._happened: defaultdict[bytes, list[int]] = defaultdict(list)
        self._voided: dict[int, bytes] = {}

    def add(self, row: sa.Row[Any], body: Mapping[str, Any]) -> None:
        """Take one event, with the columns of `takeback.prove.kept` and its body."""
        one = _appended(row, body)
        if "errorDeclaration" not in body:
            self._ends.update((key, row.id, row.event_time) for key in ended(one))
            self._contain(one)
        self._void(row, "errorDeclaration" in body)

    def findings(self) -> list[str]:
        """Return what does not agree, over all that was added."""
        inside = {(*pair, *since) for pair, since in self._inside.items()}
        made: dict[str, set[tuple[Any, ...]]] = {"item_end": set(self._ends), "containment": inside}
        differing = {table: len(self._kept(query) ^ made[table]) for table, query in _TABLES.items()}
        differing["voided"] = self._wrongly_voided()
        return [
            f"party {self._org}: {count} rows of {table} are not what the entries make of them"
            for table, count in differing.items()
            if count
        ]

    def _wrongly_voided(self) -> int:
        """Count entries that are voided and should not be, or the reverse; which of several declarations did it is
        open."""
        kept = self._kept(_VOIDED)
        wrong = sum(by not in self._declared.get(self._voided.get(entry, b""), ()) for entry, by in kept)
        return wrong + len(self._voided.keys() - {entry for entry, _ in kept})

    def _kept(self, query: str) -> set[tuple[Any, ...]]:
        return {tuple(row) for row in self._run(query).fetchall()}

    def _contain(self, a: Appended) -> None:
        action, kind = a.body.get("action"), KINDS.get(a.kind)
        if kind is None or action not in ("ADD", "DELETE"):
            return
        if action == "ADD":
            self._inside.update({(c, p, kind): (a.entry.event_time, a.id) for c, p in pairs(a)})
        elif empties(a):
            gone = set(things_as(a, PARENT))
            self._drop([pair for pair in self._inside if pair[1] in gone and pair[2] == kind])
        else:
            self._drop((c, p, kind) for c, p in pairs(a))

    def _drop(self, gone: Iterable[Pair]) -> None:
        for pair in list(gone):
            self._inside.pop(pair, None)

    def _void(self, row: sa.Row[Any], declares: bool) -> None:
        digest = bytes(row.event_hash)
        if declares:
            self._declared[digest].add(row.id)
        else:
            self._happened[digest].append(row.id)
        if digest in self._declared:
            gone = self._happened[digest]
            self._voided.update(dict.fromkeys(gone, digest))
            self._drop([pair for pair, (_, entry) in self._inside.items() if entry in gone])


def _appended(row: sa.Row[Any], body: Mapping[str, Any]) -> Appended:
    roles = things_of(row)
    entry = Entry(row.kind, body, row.event_time, (), row.captured)
    return Appended(row.id, entry, row.actor, row.record_time, "", roles, row.event_hash)
