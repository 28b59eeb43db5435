"""The rows of entries, column by column: all that can be made of them before the ledger gives ids and times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import accumulate

import msgspec
import sqlalchemy as sa

from takeback.prove.entry import VERSION, Appended, Entry, Stored
from takeback.prove.epcis.prepare import EVENT_TYPES, Prepared, prepare
from takeback.prove.epcis.roles import EPC
from takeback.store import bulk
from takeback.store.arrays import Array, Blobs, Bools, Int2s, Int8s, Texts, Times

_COLUMNS = (
    "kind",
    "event_time",
    "salt",
    "body",
    "captured",
    "action",
    "biz_step",
    "disposition",
    "read_point",
    "biz_location",
    "event_hash",
    "event_key",
    "error_declared_at",
)
_NAMES = ", ".join(_COLUMNS)
_INSERT = f"""
    insert into entry (id, org_id, record_time, actor, version, {_NAMES}, thing_keys, thing_roles)
    select id, %s, %s, %s, {VERSION}, kind, event_time, salt, body, captured, action, biz_step, disposition,
        read_point, biz_location, event_hash, event_key, error_declared_at, (%s::bigint[])[until - things + 1 : until],
        (%s::smallint[])[until - things + 1 : until]
    from unnest({", ".join(["%s"] * (len(_COLUMNS) + 3))}) as given(id, things, until, {_NAMES})
"""
_ITEM = """
    insert into entry_item (org_id, entry_id, event_time, item_key, roles)
    select %s, unnest(%s), unnest(%s), unnest(%s), unnest(%s)
"""
_NOTHING = (None,) * 5  # of a commercial fact the EPCIS columns are empty


class Rows(msgspec.Struct, frozen=True):
    """Entries with what is derived of them.

    ``roles`` gives what each thing is in an entry, by key; ``openings`` begin their leaves; ``columns`` are arrays in
    the order of the columns of ``entry``; ``each`` counts the things of an entry, ``items`` are their columns in
    ``entry_item``.
    """

    entries: Sequence[Entry]
    prepared: Sequence[Prepared | None]
    roles: Sequence[Mapping[int, int]]
    openings: Sequence[str]
    columns: Sequence[Array]
    each: Sequence[int]
    items: tuple[Array, Array, Array]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Rows:
        """Prepare what is not prepared yet, and write the arrays."""
        prepared = [_prepared(entry) for entry in entries]
        pairs = zip(entries, prepared, strict=True)
        roles = [made.roles if made and not entry.items else _roles(entry, made) for entry, made in pairs]
        stored = list(map(_stored, entries, prepared, roles))
        times = Times([entry.event_time for entry in entries])
        each = list(map(len, roles))
        keys = Int8s([key for one in roles for key in one])
        bits = Int2s([bit for one in roles for bit in one.values()])
        openings = [one.opening for one in stored]
        columns = _columns(entries, prepared, stored, times)
        return cls(entries, prepared, roles, openings, columns, each, (times.repeated(each), keys, bits))

    def only(self, places: Sequence[int]) -> Rows:
        """Return the rows at these places."""
        if len(places) == len(self.entries):
            return self
        return Rows.of([self.entries[place] for place in places])

    def insert(self, connection: sa.Connection, org: object, actor: str, now: datetime, ids: Sequence[int]) -> None:
        """Write the entries and their things."""
        run = bulk.driver(connection).execute
        numbers, (times, keys, roles) = Int8s(ids), self.items
        things, until = Int8s(self.each), Int8s(list(accumulate(self.each)))
        run(_INSERT, (org, now, actor, keys, roles, numbers, things, until, *self.columns))
        run(_ITEM, (org, numbers.repeated(self.each), times, keys, roles))

    def appended(self, ids: Sequence[int], actor: str, now: datetime) -> list[Appended]:
        """Return the entries as they are in the ledger under these ids."""
        columns = zip(ids, self.entries, self.openings, self.roles, self.prepared, strict=True)
        return [
            Appended(one, entry, actor, now, opening, roles, made.hash if made else None)
            for one, entry, opening, roles, made in columns
        ]


def _stored(entry: Entry, made: Prepared | None, roles: Mapping[int, int]) -> Stored:
    if entry.stored and not entry.items:  # it was made with the things that the event names
        return entry.stored
    return Stored.of(entry.kind, entry.body, entry.event_time, roles, made.hash if made else None)


def _prepared(entry: Entry) -> Prepared | None:
    if entry.kind not in EVENT_TYPES:
        return None
    return entry.prepared or prepare(dict(entry.body))


def _roles(entry: Entry, made: Prepared | None) -> Mapping[int, int]:
    if made is None:
        return dict.fromkeys(entry.items, EPC)
    beyond = [key for key in entry.items if key not in made.roles]
    return {**made.roles, **dict.fromkeys(beyond, EPC)} if beyond else made.roles


def _columns(
    entries: Sequence[Entry], prepared: Sequence[Prepared | None], stored: Sequence[Stored], times: Times
) -> list[Array]:
    found = list(zip(*(made.columns if made else _NOTHING for made in prepared), strict=True)) or [()] * 5
    return [
        Texts([entry.kind for entry in entries]),
        times,
        Blobs([one.salt for one in stored]),
        Blobs([one.body for one in stored]),
        Bools([entry.captured for entry in entries]),
        Int2s(found[0]),
        *(Int8s(column) for column in found[1:]),
        Blobs([made.hash if made else None for made in prepared]),
        Int8s([made.key if made else None for made in prepared]),
        Times([made.declared_at if made else None for made in prepared]),
    ]
