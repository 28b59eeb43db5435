"""Recalls: everything that many things went into, from graphs in memory, across the parties that let us see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import numpy as np

from takeback import store
from takeback.prove.genealogy.grants import granted_to
from takeback.prove.genealogy.graph import Graph, registry
from takeback.prove.genealogy.graph.graph import Reached
from takeback.prove.genealogy.graph.keys import Longs
from takeback.prove.genealogy.order import ordered
from takeback.prove.genealogy.result import KINDS, Direction, Node
from takeback.prove.genealogy.scope import Scope, hidden, naming, particular, within
from takeback.prove.genealogy.walk import rows_of

LARGEST_COUNT = 100_000
"""Things beyond which events of other parties are not counted: ``hidden`` is None."""
KIND_NAMES = tuple(KINDS.values())
"""The joints by the numbers that a graph gives them."""
Reach = Callable[[Longs, int | None], Reached]


class Recall(msgspec.Struct, frozen=True, kw_only=True):
    """``reached``: see `takeback.prove.genealogy.graph.graph.Reached`; ``hidden``: of others, None: not counted."""

    reached: Reached
    hidden: int | None

    @property
    def by_depth(self) -> list[int]:
        """How many things there are at each depth."""
        return [int(count) for count in np.bincount(self.reached.depths)]


def recall(
    org: UUID,
    items: Iterable[int],
    *,
    direction: Direction = "forward",
    at: datetime | None = None,
    depth: int | None = None,
    parties: Sequence[UUID] = (),
) -> Recall:
    """Return all that ``items`` went into (or were made of), and what may not be seen of it; any size.

    The first call of an organisation loads its graph; later ones take in what came since.
    """
    seeds = np.unique(np.fromiter(items, np.int64))
    with store.transaction(org) as connection:
        scopes = granted_to(connection, org)
        own = registry.current(connection, org)
    if scopes:
        ways = [_in_graph(own, direction, at), *(_way(party, scope, direction, at) for party, scope in scopes.items())]
        reached = _together(seeds, ways, depth)
    else:
        reached = own.reach(seeds.tolist(), direction, at=at, depth=depth)
    others = sorted({*parties, *scopes} - {org})
    if len(reached.keys) > LARGEST_COUNT and others:
        return Recall(reached=reached, hidden=None)
    with store.transaction(org) as connection:
        keys = particular(connection, org, reached.keys.tolist())
    return Recall(reached=reached, hidden=sum(hidden(one, keys, scopes.get(one, frozenset())) for one in others))


def _way(party: UUID, scope: Scope, direction: Direction, at: datetime | None) -> Reach:
    if scope is None:
        with store.transaction(party) as connection:
            return _in_graph(registry.current(connection, party), direction, at)

    def reach(keys: Longs, depth: int | None) -> Reached:
        with store.transaction(party) as connection:
            rows = rows_of(connection, party, keys.tolist(), direction=direction, at=at, depth=depth)
            seen = within(rows, naming(connection, party, scope))
        return _arrays(ordered(seen, direction, at, depth, keys.tolist()).nodes)

    return reach


def _in_graph(graph: Graph, direction: Direction, at: datetime | None) -> Reach:
    return lambda keys, depth: graph.reach(keys.tolist(), direction, at=at, depth=depth)


def _together(seeds: Longs, ways: Sequence[Reach], depth: int | None) -> Reached:
    """Go level by level, each through all ways at once; where several lead to a thing, the first entry counts."""
    levels = [_alone(seeds)]
    known = seeds
    while len(levels[-1].keys) and (depth is None or len(levels) <= depth):
        met = [way(levels[-1].keys, 1) for way in ways]
        new = [Reached(*(column[one.depths == 1] for column in one)) for one in met]
        keys, via, kind = (np.concatenate([getattr(one, name) for one in new]) for name in ("keys", "via", "kind"))
        order = np.lexsort((via, keys))
        first = order[np.unique(keys[order], return_index=True)[1]]
        first = first[~np.isin(keys[first], known)]
        at_depth = np.full(len(first), len(levels), np.int32)
        levels.append(Reached(keys[first], at_depth, via[first], kind[first]))
        known = np.concatenate([known, keys[first]])
    return Reached(*(np.concatenate(column) for column in zip(*levels, strict=True)))


def _alone(seeds: Longs) -> Reached:
    count = len(seeds)
    return Reached(seeds, np.zeros(count, np.int32), np.full(count, -1), np.zeros(count, np.int8))


def _arrays(nodes: Sequence[Node]) -> Reached:
    return Reached(
        keys=np.array([node.key for node in nodes], np.int64),
        depths=np.array([node.depth for node in nodes], np.int32),
        via=np.array([-1 if node.entry is None else node.entry for node in nodes], np.int64),
        kind=np.array([KIND_NAMES.index(node.kind) if node.kind else 0 for node in nodes], np.int8),
    )
