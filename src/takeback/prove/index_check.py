"""Do the columns and tables by which entries are found say what the bodies say?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.prove.epcis.prepare import EVENT_TYPES, Prepared, prepare
from takeback.prove.kept import things_of
from takeback.store import bulk

BATCH = 2000  # events compared with the tables at a time
_COUNTS = "select (select count(*) from entry_item), (select count(*) from entry_mark)"
_DIFFERING = """
    select distinct e.id from entry e cross join lateral unnest(e.thing_keys, e.thing_roles) as t(item_key, roles)
    left join entry_item i on i.org_id = e.org_id and i.item_key = t.item_key and i.entry_id = e.id
    where (i.event_time, i.roles) is distinct from (e.event_time, t.roles) order by e.id
"""
_MARKS = "select mark, entry_id from entry_mark where mark = any(%s)"
_URIS = "select key, uri from identifier where key = any(%s)"
_TERMS = "select field, key, uri from term"


class IndexCheck:
    """Collects a party's entries one by one, and tells at the end what does not agree.

    What a leaf commits to is checked elsewhere; here it is what would hide an entry from a query or a trace.
    """

    def __init__(self, connection: sa.Connection, org: UUID) -> None:
        """Check on a connection bound to the party ``org``."""
        self._run = bulk.driver(connection).execute
        self._org = org
        self._found: list[str] = []
        self._things = self._marked = 0
        self._waiting: list[tuple[int, Prepared]] = []
        self._terms: set[tuple[int, int, str]] = set()

    def add(self, row: sa.Row[Any], canonical: bytes) -> None:
        """Take an entry with the columns of `takeback.prove.kept` and of the event."""
        self._things += len(row.thing_keys)
        if row.kind not in EVENT_TYPES:
            return
        made = prepare(msgspec.json.decode(canonical))
        self._found += (f"entry {row.id}: its {what} is not what its body says" for what in _differing(row, made))
        self._marked += len(made.marks)
        self._terms.update(made.terms)
        self._waiting.append((row.id, made))
        if len(self._waiting) >= BATCH:
            self._compare()

    def findings(self) -> list[str]:
        """Return what does not agree, over all that was added."""
        self._compare()
        things, marks = self._run(_COUNTS).fetchone() or (0, 0)
        if (things, marks) != (self._things, self._marked):
            self._found.append(
                f"party {self._org}: {things} things and {marks} marks are indexed, "
                f"{self._things} and {self._marked} are in the entries"
            )
        differing = self._run(_DIFFERING).fetchall()
        self._found += (f"entry {entry}: a thing is not indexed as it should be" for (entry,) in differing)
        lost = self._terms - set(self._run(_TERMS).fetchall())
        self._found += (f"party {self._org}: the value {uri} is not listed" for _, _, uri in sorted(lost))
        return self._found

    def _compare(self) -> None:
        marks = {(mark, entry) for entry, made in self._waiting for mark in made.marks}
        lost = marks - set(self._run(_MARKS, ([mark for mark, _ in marks],)).fetchall())
        self._found += (f"entry {entry}: a name by which it is found is missing" for _, entry in sorted(lost))
        uris = {key: uri for _, made in self._waiting for key, uri in made.uris.items()}
        kept = dict(self._run(_URIS, (list(uris),)).fetchall())
        wrong = (uri for key, uri in uris.items() if kept.get(key) != uri)
        self._found += (f"party {self._org}: {uri} is not listed as it should be" for uri in wrong)
        self._waiting.clear()


def _differing(row: sa.Row[Any], made: Prepared) -> Iterator[str]:
    columns = (row.action, row.biz_step, row.disposition, row.read_point, row.biz_location)
    if columns != made.columns:
        yield "action, step, disposition or place"
    if (row.event_hash, row.event_key) != (made.hash, made.key):
        yield "event hash"
    if row.error_declared_at != made.declared_at:
        yield "error declaration"
    roles = things_of(row)
    if any(roles.get(key) != role for key, role in made.roles.items()):
        yield "list of things"
