"""The proof that these are all entries about one thing, or that there is none, up to the newest map."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.items import item_hex
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.completeness.state import State, newest, read_state

_LEAVES = sa.text(
    """
    select l.leaf_hash from entry_item i join leaf l on l.entry_id = i.entry_id
    where i.org_id = :org and i.item_key = :key and l.leaf_index < :size
    order by l.leaf_index
    """
)


def prove_item(connection: sa.Connection, org: UUID, key: int) -> dict[str, Any]:
    """Return what shows how many entries the party has about a thing, and which leaves they are.

    ``map`` is the ledger's entry with the root: its own inclusion proof belongs to this one. Where the thing is not
    in the map, ``other`` is the one thing to which a search for it leads.

    Raises
    ------
    Problem
        ``ledger.no-map`` before the first map.
    """
    if newest(connection, org) is None:
        raise Problem(
            "ledger.no-map",
            msg("There is no map of what is complete yet."),
            remedy=msg("One is made each day; make one now with `takeback prove map`, or POST /api/v1/ledger/maps."),
            status=404,
        )
    state = read_state(connection, org)
    found, steps = _search(state, key)
    leaves = _leaves(connection, org, key, state.size)
    other = None if found in {key, None} else _other(connection, org, found, state.size)
    return {
        "item": item_hex(key),
        "leaves": leaves,
        "path": [[depth, sibling.hex()] for depth, sibling in steps],
        "other": other,
        "map": state.entry_id,
    }


def _search(state: State, key: int) -> tuple[int | None, list[tuple[int, bytes]]]:
    if not len(state.things):
        return None, []
    at, steps = state.frontier.way_to(key, state.things)
    return int(state.things.keys[at]), [(step.depth, step.other) for step in steps]


def _other(connection: sa.Connection, org: UUID, key: int, size: int) -> dict[str, Any]:
    return {"item": item_hex(key), "leaves": _leaves(connection, org, key, size)}


def _leaves(connection: sa.Connection, org: UUID, key: int, size: int) -> list[str]:
    rows = connection.scalars(_LEAVES, {"org": org, "key": key, "size": size})
    return [bytes(leaf).hex() for leaf in rows]
