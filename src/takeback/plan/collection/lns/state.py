"""Makes room for a solution, and reads what it holds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from takeback.plan.collection.found import Sequence, Visit
from takeback.plan.collection.lns.arrays import (
    AFTER,
    BEFORE,
    BEST_END,
    BEST_LIST,
    COSTS,
    DRIVING_AT,
    FIRST_AT,
    FIXED,
    FREE_COUNT,
    FREE_FROM,
    FREE_LIST,
    GROUP,
    IDLE_COUNT,
    IDLE_FROM,
    IDLE_LIST,
    INDEX,
    KEY,
    KIND,
    LEAVES,
    LEFT,
    LEFT_LIST,
    LOADS,
    LOSS,
    LOST,
    MOST_ROUTES,
    MUST,
    MUST_LEFT,
    PAUSE_AT,
    PINNED,
    POOL_NODES,
    POSITION,
    ROUTE,
    RUINED,
    SEEN,
    SERVED,
    SITE,
    SLOT,
    STARTED,
    SUMS,
    VALUE,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.encode import Code
from takeback.plan.collection.lns.fill import force, prepare

POOL_ROWS, POOL_WIDTH = 8_192, 100  # routes with more stops are too many to recombine


def make_work(code: Code) -> Work:
    """Return room for driving one route."""
    p = code.rules
    pauses = int(np.diff(p.kind[:, PAUSE_AT]).max(initial=0))
    width = max(len(p.node), pauses, p.classes, 4) + 4
    return Work(room=np.zeros((8, width), np.int64), unloaded=np.zeros((p.places, p.k), np.int64))


def make_state(code: Code, w: Work) -> State:
    """Return the solution in which started vehicles drive what they have begun with, and nobody else drives."""
    p = code.rules
    nodes = len(p.node)
    s = State(
        at=np.full((nodes, LOADS + 2 * p.k), -1, np.int64),
        slots=np.zeros((p.r, SUMS + 2 * p.k + p.classes), np.int64),
        lists=np.zeros((9, nodes + 64), np.int64),
        tally=np.zeros((5, max(p.kinds, p.sites, code.groups, 1)), np.int64),
        floats=np.zeros((3, nodes + 64)),
        counts=np.zeros(16, np.int64),
        unloads=np.zeros((p.r + 1 if p.has_intake else 0, p.places, p.k), np.int64),
        pool=np.zeros((POOL_ROWS, POOL_NODES + POOL_WIDTH), np.int64),
    )
    _fill_slots(code, s)
    _fill_lists(code, s)
    _prepare(p, s, w, code.prefixes)
    return s


def _fill_slots(code: Code, s: State) -> None:
    """Lay every route out empty, with all slots at rest."""
    p = code.rules
    starts = p.first_start + np.arange(p.r)
    s.at[starts, AFTER], s.at[starts + p.r, BEFORE] = starts + p.r, starts
    s.at[starts, SLOT] = s.at[starts + p.r, SLOT] = np.arange(p.r)
    s.at[starts, POSITION] = 0
    s.slots[:, KIND] = code.kinds
    s.slots[:, [LEAVES, SEEN, RUINED]] = -1
    for slot, leaves in code.leaves.items():
        s.slots[slot, LEAVES], s.slots[slot, STARTED] = leaves, 1
    per_kind = np.bincount(s.slots[:, KIND], minlength=p.kinds)
    s.tally[IDLE_COUNT, : p.kinds] = per_kind
    s.tally[IDLE_FROM, : p.kinds] = np.cumsum(per_kind) - per_kind
    s.lists[IDLE_LIST, : p.r] = np.arange(p.r)
    s.slots[:, DRIVING_AT] = -1 - np.arange(p.r)
    s.counts[MOST_ROUTES] = p.r


def _fill_lists(code: Code, s: State) -> None:
    """List all tasks as left, and all copies of sites as free."""
    p = code.rules
    copies = np.arange(p.n, p.first_start)
    per_site = np.bincount(p.node[copies, SITE], minlength=p.sites)
    s.tally[FREE_COUNT, : p.sites] = per_site
    s.tally[FREE_FROM, : p.sites] = np.cumsum(per_site) - per_site
    s.lists[FREE_LIST, : len(copies)], s.at[copies, INDEX] = copies, np.arange(len(copies))
    s.lists[LEFT_LIST, : p.n] = s.at[: p.n, INDEX] = np.arange(p.n)
    s.counts[LEFT] = p.n
    group = p.node[: p.n, GROUP]
    _, firsts = np.unique(group, return_index=True)
    counted = [*np.flatnonzero(group < 0), *(i for i in firsts if group[i] >= 0)]
    s.floats[VALUE, LOST] = p.node[counted, LOSS].sum()
    s.counts[MUST_LEFT] = p.node[counted, MUST].sum()


def _prepare(p: Rules, s: State, w: Work, prefixes: dict[int, list[int]]) -> None:
    """Put the stops that routes have begun with in their places."""
    for slot, prefix in prefixes.items():
        copies = _new_copies(s, [Visit(node) for node in prefix]) or []
        nodes = [node if node >= 0 else copies.pop(0) for node in prefix]
        w.room[ROUTE, : len(nodes)] = nodes
        p.node[nodes, FIXED] = 1
        force(p, s, w, slot, len(nodes))
    for slot in range(p.r):
        if slot not in prefixes:
            force(p, s, w, slot, 0)


def load(p: Rules, s: State, w: Work, routes: Iterable[Sequence]) -> None:
    """Put routes onto the slots, as far as they keep every rule; a started vehicle's go to its own slot."""
    for kind, visits in routes:
        slot = _slot(p, s, kind, [visit.task for visit in visits])
        if slot is None:
            continue
        begun = _nodes(p, s, slot)
        rest = visits[len(begun) :]
        copies = _new_copies(s, rest)
        if copies is None or any(v.task >= 0 and s.at[v.task, SLOT] >= 0 for v in rest):
            continue
        added = [copies.pop(0) if visit.task < 0 else visit.task for visit in rest]
        if added and _keeps_rules(p, s, slot, begun, added):
            w.room[ROUTE, : len(visits)] = begun + added
            prepare(p, s, w, slot, len(visits))


def _slot(p: Rules, s: State, kind: int, tasks: list[int]) -> int | None:
    """Return the slot of a route: that of its started vehicle, else any at rest of its type."""
    owners = {int(p.node[k, PINNED]) for k in tasks if k >= 0} - {-1}
    if owners:
        (slot, *others) = owners
        return slot if not others and s.slots[slot, KIND] == kind else None
    if not s.tally[IDLE_COUNT, kind]:
        return None
    return int(s.lists[IDLE_LIST, s.tally[IDLE_FROM, kind] + s.tally[IDLE_COUNT, kind] - 1])


def _new_copies(s: State, visits: Iterable[Visit]) -> list[int] | None:
    """Return a copy for each visit to a site, None where there are not enough."""
    copies: list[int] = []
    used = [0] * s.tally.shape[1]
    for visit in visits:
        if visit.task < 0:
            site = -1 - visit.task
            used[site] += 1
            if used[site] > s.tally[FREE_COUNT, site]:
                return None
            copies.append(int(s.lists[FREE_LIST, s.tally[FREE_FROM, site] + s.tally[FREE_COUNT, site] - used[site]]))
    return copies


def _keeps_rules(p: Rules, s: State, slot: int, begun: list[int], added: list[int]) -> bool:
    kind, nodes = int(s.slots[slot, KIND]), begun + added
    tasks = [node for node in nodes if node < p.n]
    if not p.allowed[kind, tasks].all() or len(set(tasks)) < len(tasks):
        return False
    groups = [int(p.node[k, GROUP]) for k in tasks if p.node[k, GROUP] >= 0]
    new = [int(p.node[k, GROUP]) for k in added if k < p.n and p.node[k, GROUP] >= 0]
    if len(set(groups)) < len(groups) or any(s.tally[SERVED, g] for g in new):
        return False
    for i, task in enumerate(tasks):
        if not set(p.more[p.node[task, FIRST_AT] : p.node[task + 1, FIRST_AT]].tolist()) <= set(tasks[:i]):
            return False
    return True


def _nodes(p: Rules, s: State, slot: int) -> list[int]:
    nodes, node = [], int(s.at[p.first_start + slot, AFTER])
    while node < p.first_start:
        nodes.append(node)
        node = int(s.at[node, AFTER])
    return nodes


def best_routes(p: Rules, s: State) -> tuple[Sequence, ...]:
    """Return the routes of the best solution, those of started vehicles first."""
    routes: list[tuple[int, list[Visit]]] = []
    slots = []
    for code in s.lists[BEST_LIST, : s.counts[BEST_END]].tolist():
        if code < 0:
            routes.append((int(s.slots[-1 - code, KIND]), []))
            slots.append(-1 - code)
        else:
            routes[-1][1].append(Visit(code if code < p.n else -1 - int(p.node[code, SITE])))
    first = sorted(range(len(routes)), key=lambda k: not s.slots[slots[k], STARTED])
    return tuple((routes[k][0], tuple(routes[k][1])) for k in first)


def pooled_routes(s: State, most: int) -> tuple[Sequence, ...]:
    """Return up to `most` routes met in good solutions."""
    rows = np.flatnonzero(s.pool[:, KEY])[:most]
    return tuple(
        (int(kind), tuple(Visit(int(k)) for k in nodes[:stops]))
        for _, _, kind, stops, *nodes in s.pool[rows].tolist()
    )  # fmt: skip


def objective(s: State) -> float:
    """Return the present costs and prizes lost, minor units."""
    return float(s.floats[VALUE, COSTS] + s.floats[VALUE, LOST])
