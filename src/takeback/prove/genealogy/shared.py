"""A trace across parties: one's own events, those that others have granted, and a count of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from takeback import store
from takeback.prove.genealogy.grants import granted_to
from takeback.prove.genealogy.order import PART, Row, ordered
from takeback.prove.genealogy.result import Direction, Genealogy
from takeback.prove.genealogy.scope import Scope, hidden, naming, particular, within
from takeback.prove.genealogy.walk import LARGEST, rows_of, too_large


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """What may be seen; ``hidden``: how many events of other parties join the same things and may not be."""

    genealogy: Genealogy
    hidden: int


def trace(
    org: UUID,
    items: Iterable[int],
    *,
    direction: Direction,
    at: datetime | None = None,
    depth: int | None = None,
    parties: Iterable[UUID] = (),
) -> Traced:
    """Return what ``org`` may see of the genealogy of ``items``; it opens the transactions it needs.

    ``parties`` are those whose events are counted where they may not be seen; `takeback.prove.genealogy.walk.walk`
    tells the rest. What one party recorded ends by that party's own events.

    Raises
    ------
    Problem
        ``trace.too-large``.
    """
    seeds = sorted(set(items))
    with store.transaction(org) as connection:
        scopes: dict[UUID, Scope] = {org: None, **granted_to(connection, org)}
    rows = _rows(scopes, seeds, direction, at, depth)
    genealogy = ordered(rows, direction, at, depth, seeds)
    with store.transaction(org) as connection:
        keys = particular(connection, org, [node.key for node in genealogy.nodes])
    unseen = sum(hidden(party, keys, scopes.get(party, frozenset())) for party in sorted({*parties, *scopes} - {org}))
    return Traced(genealogy=genealogy, hidden=unseen)


def _rows(
    scopes: dict[UUID, Scope], seeds: Sequence[int], direction: Direction, at: datetime | None, depth: int | None
) -> list[Row]:
    """Walk in each party's events from what was reached in any, until nothing new is reached."""
    rows: dict[Row, None] = {}
    asked: dict[UUID, set[int]] = {party: set() for party in scopes}
    reached = set(seeds)
    while any(reached - done for done in asked.values()):
        for party, scope in scopes.items():
            new = reached - asked[party]
            if not new:
                continue
            with store.transaction(party) as connection:
                found = rows_of(connection, party, new, direction=direction, at=at, depth=depth)
                seen = within(found, naming(connection, party, scope))
            rows |= dict.fromkeys(_own(row, party) for row in seen)
            mine = {item for item, _, side, *_ in seen if side == 1 and item is not None}
            asked[party] |= new | mine
            reached |= mine
        if len(rows) > LARGEST:
            raise too_large(LARGEST)
    return list(rows)


def _own(row: Row, party: UUID) -> Row:
    """Keep parts of a transformation of one party apart from those of another, whatever ID both have given."""
    item, entry, side, kind, at = row
    return (item ^ party.int, entry, side, kind, at) if side == PART and item is not None else row
