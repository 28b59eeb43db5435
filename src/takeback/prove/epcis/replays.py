"""The same event twice is one event; another event under the same eventID is a conflict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.prove.epcis.prepare import Prepared, mark
from takeback.prove.numbers import numbered
from takeback.store import bulk
from takeback.store.arrays import Int8s

Content = tuple[bytes, datetime | None]
_BY_CONTENT = "select event_hash, error_declared_at, id from entry where event_key = any(%s)"
_BY_NAME = """
    select m.mark, e.event_hash, m.entry_id from entry_mark m join entry e on e.id = m.entry_id where m.mark = any(%s)
"""
# Both sides are met by INTERSECT: a join of two long lists of unknown length is planned as a loop in a loop.
_CAME = f"""
    with came as materialized (select entry_id from {numbered("%(org)s", "%(number)s")} as n)
    select exists(
        select e.event_key from came cross join lateral (
            select event_key from entry where id = came.entry_id offset 0  -- by its key, one after the other
        ) e
        intersect select unnest(%(keys)s)
    ) or exists(
        select m.entry_id from unnest(%(names)s) as k(mark) cross join lateral (
            select entry_id from entry_mark where mark = k.mark offset 0
        ) m
        intersect select entry_id from came
    )
"""
_WITHDRAWN = """
    select id, error_declared_at is not null, event_hash from entry where event_key = any(%s)
"""


class Place(msgspec.Struct, frozen=True):
    """Where an event is: nowhere yet (`new`), in an ``entry``, in the same document at ``earlier``, or in conflict."""

    new: bool = False
    entry: int | None = None
    earlier: int | None = None


NEW = Place(new=True)
CONFLICT = Place()


class Replays:
    """What is in the ledger of the events of a document, asked once."""

    def __init__(
        self, connection: sa.Connection, events: Sequence[Mapping[str, Any]], prepared: Sequence[Prepared]
    ) -> None:
        """Ask by content and by eventID; the connection is bound to the party."""
        run = bulk.driver(connection).execute
        self._given = _given(events, prepared)
        self._content: dict[Content, list[Place]] = defaultdict(list)
        self._named: dict[int, dict[bytes, list[Place]]] = defaultdict(lambda: defaultdict(list))
        self.declared = any(made.declared_at for made in prepared)
        for digest, declared, entry in run(_BY_CONTENT, (Int8s([made.key for made in prepared]),)):
            self._content[digest, declared].append(Place(entry=entry))
            self.declared |= declared is not None
        names = [name for name in self._given if name is not None]
        for name, digest, entry in run(_BY_NAME, (Int8s(names),)) if names else ():
            self._named[name][digest].append(Place(entry=entry))

    def places(self, prepared: Sequence[Prepared]) -> list[Place]:
        """Return where all events are."""
        if not self._content and not self._named and self._differ(prepared):
            return [NEW] * len(prepared)
        return [self._place(number, made) for number, made in enumerate(prepared)]

    def _differ(self, prepared: Sequence[Prepared]) -> bool:
        """Whether no event is like another one of the document, by content or by name."""
        names = [name for name in self._given if name is not None]
        return len({made.key for made in prepared}) == len(prepared) and len(set(names)) == len(names)

    def _place(self, number: int, made: Prepared) -> Place:
        # What is new is remembered for those that follow in the document.
        name, same = self._given[number], self._content[made.hash, made.declared_at]
        named = self._named[name] if name is not None else {}
        if same and (name is None or not named):
            found = same[0] if name is None else NEW
        elif same and (both := [place for place in same if place in named.get(made.hash, ())]):
            found = both[0]
        else:
            found = CONFLICT if named and made.hash not in named else NEW
        if found.new:
            same.append(Place(earlier=number))
            if name is not None:
                self._named[name][made.hash].append(Place(earlier=number))
        return found


def count_of(connection: sa.Connection, org: UUID) -> int:
    """Return the party's next number: what is committed later has it or a greater one."""
    row = bulk.driver(connection).execute("select next_number from party_counter where org_id = %s", (org,)).fetchone()
    return int(row[0]) if row else 1


def came_since(
    connection: sa.Connection,
    org: UUID,
    events: Sequence[Mapping[str, Any]],
    prepared: Sequence[Prepared],
    number: int,
) -> bool:
    """Whether any of the events, or of their eventIDs, has come into the ledger under ``number`` or a greater one."""
    if count_of(connection, org) == number:
        return False
    names = [name for name in _given(events, prepared) if name is not None]
    asked = {"org": org, "number": number, "keys": Int8s([made.key for made in prepared]), "names": Int8s(names)}
    return bulk.driver(connection).execute(_CAME, asked).fetchone() == (True,)


def _given(events: Sequence[Mapping[str, Any]], prepared: Sequence[Prepared]) -> list[int | None]:
    """Return the marks of the eventIDs that are names of their own, not the event's hash."""
    pairs = zip(events, prepared, strict=True)
    return [_mark(event, made) if "eventID" in event else None for event, made in pairs]


def _mark(event: Mapping[str, Any], made: Prepared) -> int | None:
    given = event.get("eventID")
    name = mark("event", given) if given else None
    return name if name in made.marks else None


def void(connection: sa.Connection, org: UUID, prepared: Sequence[Prepared]) -> None:
    """Withdraw what error declarations among these events are about, and these events where they were declared before.

    EPCIS 2.0, 7.4.1.2: the declaration is a copy of the event, so both have one event hash.
    """
    run = bulk.driver(connection).execute
    known = run(_WITHDRAWN, (Int8s([made.key for made in prepared]),)).fetchall()
    declarations = {digest: entry for entry, declared, digest in known if declared}
    rows = [(org, entry, declarations[d]) for entry, declared, d in known if not declared and d in declarations]
    bulk.insert(connection, "voided", ("org_id", "entry_id", "by_entry"), rows, on_conflict="do nothing")
    run("delete from containment where entry_id = any(%s)", ([entry for _, entry, _ in rows],))
