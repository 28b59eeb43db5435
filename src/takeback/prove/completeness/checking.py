"""Are a party's maps of what is complete what its entries give?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.prove import bodies
from takeback.prove.completeness.frontier import Frontier
from takeback.prove.completeness.making import KIND, news_of
from takeback.prove.completeness.state import State
from takeback.prove.completeness.things import Things

_MAPS = sa.text(
    """
    select m.entry_id, m.size, m.items, m.root, m.whole, m.content, m.made_at, e.body, e.record_time
    from completeness_map m left join entry e on e.org_id = m.org_id and e.id = m.entry_id and e.kind = :kind
    where m.org_id = :org order by m.entry_id
    """
)
_COUNT = sa.text("select count(*) from entry where org_id = :org and kind = :kind")
_FRONTIER = sa.text("select entry_id, depth, hashes from completeness_frontier where org_id = :org")


def map_findings(connection: sa.Connection, org: UUID) -> list[str]:
    """Return what does not agree: each map, made anew from the entries, with what is stored and what its entry says."""
    rows = connection.execute(_MAPS, {"org": org, "kind": KIND}).all()
    found = [] if len(rows) == connection.scalar(_COUNT, {"org": org, "kind": KIND}) else ["a map is missing"]
    before = _nothing()
    try:
        for row in rows:
            news = news_of(connection, org, before, row.size)
            before = _carried_on(before, row, news)
            found += _differing(row, before, news)
        if rows:
            found += _upper_part(connection, org, before)
    except ValueError as error:
        found.append(f"a map cannot be read: {error}")
    return [f"party {org}: {finding}" for finding in found]


def _nothing() -> State:
    return State(0, 0, Things.none(), Frontier.over(Things.none()), 0)


def _carried_on(before: State, row: sa.Row[Any], news: Things) -> State:
    """Return the map that a row should be."""
    things = before.things.with_newer(news)
    frontier = before.frontier.changed(things, news.keys)
    if not frontier.suits(len(things)):
        frontier = Frontier.over(things)
    return State(row.entry_id, row.size, things, frontier, 0)


def _differing(row: sa.Row[Any], made: State, news: Things) -> Iterator[str]:
    if bytes(row.content) != (made.things if row.whole else news).packed():
        yield f"the map of entry {row.entry_id} is not what the entries give: some were left out or added"
    said = bodies.load(bytes(row.body)).get("takeback:map", {}) if row.body is not None else {}
    root = made.frontier.root()
    stated = (said.get("size"), said.get("items"), said.get("root"), row.record_time)
    if stated != (row.size, len(made.things), root.hex(), row.made_at):
        yield f"the map of entry {row.entry_id} is not what the entry says"
    if (row.items, bytes(row.root)) != (len(made.things), root):
        yield f"the map of entry {row.entry_id} is not what it says of itself"


def _upper_part(connection: sa.Connection, org: UUID, newest: State) -> Iterator[str]:
    kept = connection.execute(_FRONTIER, {"org": org}).one_or_none()
    if kept is None or kept.entry_id != newest.entry_id:
        yield "the upper part of the newest map is missing"
    elif not 0 <= kept.depth < 30 or len(kept.hashes) != 32 << kept.depth:
        yield "the upper part of the newest map has another depth than it says"
    elif bytes(kept.hashes) != Frontier.over(newest.things, kept.depth).packed():
        yield "the upper part of the newest map is not what the map gives"
