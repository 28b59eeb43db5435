"""Gives a slot the nodes of a whole route at once; Python calls these while it lays out a solution."""

from __future__ import annotations

from takeback.plan.collection.compiled import entry
from takeback.plan.collection.lns.arrays import (
    DRIVE,
    KIND,
    LEAVES,
    ROUTE,
    SLOT,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.evaluate import EXACT, evaluate
from takeback.plan.collection.lns.insert import room
from takeback.plan.collection.lns.labels import refresh
from takeback.plan.collection.lns.links import put


@entry
def prepare(p: Rules, s: State, w: Work, slot: int, m: int) -> bool:
    """Give a slot the `m` nodes of `w.room[ROUTE]`, which are free, if that is a route; return whether it is."""
    w.room[DRIVE, EXACT] = 1
    if not (evaluate(p, s.slots[slot, KIND], s.slots[slot, LEAVES], m, w) and room(p, s, w, slot)):
        return False
    last = p.first_start + slot
    for i in range(m):
        node = w.room[ROUTE, i]
        if s.at[node, SLOT] < 0:
            put(p, s, node, last)
        last = node
    refresh(p, s, w, slot)
    return True


@entry
def force(p: Rules, s: State, w: Work, slot: int, m: int) -> None:
    """Give an empty slot the first `m` nodes of `w.room[ROUTE]`, whatever the rules say."""
    last = p.first_start + slot
    for i in range(m):
        put(p, s, w.room[ROUTE, i], last)
        last = w.room[ROUTE, i]
    refresh(p, s, w, slot)
