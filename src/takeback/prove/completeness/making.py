"""Making a party's next map: only what is new in the log since the last one is read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import numpy as np
import sqlalchemy as sa

from takeback.prove.completeness.frontier import Frontier
from takeback.prove.completeness.state import State, newest, read_state, remember
from takeback.prove.completeness.things import Things
from takeback.prove.completeness.trie import EMPTY, link
from takeback.prove.entry import Entry
from takeback.prove.ledger import append, seal
from takeback.prove.numbers import number_of
from takeback.store import bulk

KIND = "takeback:CompletenessMap"
FORMAT = "takeback-completeness-v1"
HASH = 32

_LOCK = sa.text("select pg_advisory_xact_lock(7386217, hashtext(:org))")
_SIZE = sa.text("select coalesce(max(size), 0) from checkpoint")
_NEW = """
select i.item_key, string_agg(l.leaf_hash, ''::bytea order by l.leaf_index)
from leaf l join entry e on e.id = l.entry_id cross join lateral unnest(e.thing_keys) as i(item_key)
where l.leaf_index >= %s and l.leaf_index < %s and e.org_id = %s
group by i.item_key order by i.item_key
"""
_ADD = sa.text(
    "insert into completeness_map (org_id, entry_id, made_at, size, items, root, whole, content) "
    "values (:org, :entry, (select record_time from entry where id = :entry), :size, :items, :root, :whole, :content)"
)
_KEEP = sa.text(
    """
    insert into completeness_frontier (org_id, entry_id, depth, hashes) values (:org, :entry, :depth, :hashes)
    on conflict (org_id) do update set entry_id = excluded.entry_id, depth = excluded.depth, hashes = excluded.hashes
    """
)
_SINCE = sa.text(
    f"""
    select (select next_number - 1 from party_counter where org_id = :org)
         - coalesce({number_of(":org", ":entry")}, 0)
    """
)


def make_map(connection: sa.Connection, org: UUID, *, actor: str, at: datetime) -> int | None:
    """Make the party's map over all signed leaves and record its root; return the entry, None when nothing is new.

    Call it last in a transaction, as `takeback.prove.seal`. A million things take about 50 MB of memory.
    """
    connection.execute(_LOCK, {"org": str(org)})
    before, size = read_state(connection, org), connection.scalar(_SIZE) or 0
    news = news_of(connection, org, before, size)
    if not len(news) and before.entry_id:
        return None
    things = before.things.with_newer(news)
    frontier = before.frontier.changed(things, news.keys)
    if not frontier.suits(len(things)):
        frontier = Frontier.over(things)
    root = frontier.root()
    body = {"takeback:map": {"format": FORMAT, "size": size, "items": len(things), "root": root.hex()}}
    appended = append(connection, org, [Entry(KIND, body, at)], actor=actor)
    entry = appended[0].id
    whole = 2 * (before.changes + len(news)) > len(things)
    after = State(entry, size, things, frontier, 0 if whole else before.changes + len(news))
    _store(connection, org, after, root, whole, (things if whole else news).packed())
    seal(connection, org, appended)
    remember(org, after)
    return entry


def news_of(connection: sa.Connection, org: UUID, before: State, size: int) -> Things:
    """Return the things with entries since a map, up to ``size`` leaves, with their chains carried on."""
    cursor = bulk.driver(connection).cursor(binary=True).execute(_NEW, (before.size, size, org))
    carried = list[tuple[int, int, bytes]]()
    while some := cursor.fetchmany(50_000):
        known = before.things.found(np.array([key for key, _ in some], np.int64))
        carried += (_carried(key, leaves, *known.get(key, (0, EMPTY))) for key, leaves in some)
    return Things.of(carried)


def news_count(connection: sa.Connection, org: UUID) -> int:
    """Return how many entries the party has recorded since its newest map, that map's own not counted."""
    last = newest(connection, org)
    return int(connection.scalar(_SINCE, {"org": org, "entry": last.entry_id if last else 0}) or 0)


def _carried(key: int, leaves: bytes, count: int, value: bytes) -> tuple[int, int, bytes]:
    for at in range(0, len(leaves), HASH):
        count += 1
        value = link(key, count, value, leaves[at : at + HASH])
    return key, count, value


def _store(connection: sa.Connection, org: UUID, made: State, root: bytes, whole: bool, content: bytes) -> None:
    row = {"org": org, "entry": made.entry_id, "size": made.size, "items": len(made.things), "root": root}
    connection.execute(_ADD, {**row, "whole": whole, "content": content})
    frontier = {"depth": made.frontier.depth, "hashes": made.frontier.packed()}
    connection.execute(_KEEP, {"org": org, "entry": made.entry_id, **frontier})
