"""The newest map of a party as it stands in the tables: a whole one, and the changes since."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.prove.completeness.frontier import Frontier
from takeback.prove.completeness.things import Things

_MAPS = sa.text(
    """
    select entry_id, size, root, whole, content from completeness_map
    where org_id = :org and entry_id >= coalesce(
        (select max(entry_id) from completeness_map where org_id = :org and whole), 0)
    order by entry_id
    """
)
_NEWEST = sa.text(
    "select entry_id, size, items, root, made_at from completeness_map "
    "where org_id = :org order by entry_id desc limit 1"
)
_FRONTIER = sa.text("select entry_id, depth, hashes from completeness_frontier where org_id = :org")
_MOST_KEPT = 2  # maps that a process remembers; one of a million things takes 60 MB
_lock = threading.Lock()
_kept: OrderedDict[tuple[UUID, int], State] = OrderedDict()


@dataclass(frozen=True, slots=True)
class State:
    """A map: the ledger entry with its root (0: none yet), how many leaves of the log it covers, and what is in it."""

    entry_id: int
    size: int
    things: Things
    frontier: Frontier
    changes: int  # things that stand in changes since the last whole map, each time counted


def newest(connection: sa.Connection, org: UUID) -> sa.Row[Any] | None:
    """Return entry_id, size, items, root and made_at of the party's newest map, None before the first."""
    return connection.execute(_NEWEST, {"org": org}).one_or_none()


def read_state(connection: sa.Connection, org: UUID) -> State:
    """Return the party's newest map."""
    last = newest(connection, org)
    if last is None:
        return State(0, 0, Things.none(), Frontier.over(Things.none()), 0)
    with _lock:
        if (known := _kept.get((org, last.entry_id))) is not None:
            return known
    things, changes = Things.none(), 0
    for row in connection.execute(_MAPS, {"org": org}):
        part = Things.unpacked(bytes(row.content))
        things = things.with_newer(part)
        changes = 0 if row.whole else changes + len(part)
    stored = connection.execute(_FRONTIER, {"org": org}).one_or_none()
    current = stored is not None and stored.entry_id == last.entry_id
    frontier = Frontier.unpacked(stored.depth, bytes(stored.hashes)) if stored and current else Frontier.over(things)
    state = State(last.entry_id, last.size, things, frontier, changes)
    remember(org, state)
    return state


def remember(org: UUID, state: State) -> None:
    """Keep a map for whoever asks next. One that is rolled back does no harm: its entry's number never comes again."""
    with _lock:
        _kept[org, state.entry_id] = state
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
