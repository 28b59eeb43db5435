"""The arrays of the annealed search: what is asked (`Asked`), and the plan in the making (`Plan`).

Nodes are the tasks (0 to n - 1), then two for each route: where it begins (n + 2 r) and where it ends (n + 2 r + 1).
A route is a doubly linked list of nodes. Every vehicle has its own route, empty or not.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
COST, ABSENT, USED, BEST, CLOCK, KEPT, FILL, TOUCHED, SAVED, LEFT, AWAKE = range(11)  # places in `Plan.number`


class Asked(NamedTuple):
    """The problem: never changed by a search, but for `lose`.

    - `cost` (classes, places, places), its transpose `back`, `time` (places, places): of a leg, whole units.
    - `place`, `opens`, `closes`, `service` (nodes,); `delivery`, `pickup` (tasks, loads); `size` (tasks,): share of a
      vehicle that a task fills.
    - `lose` (tasks,): what a task left out costs; `near` (tasks, k): nearest tasks first.
    - `kind`, `klass`, `fixed` (routes,), `capacity` (routes, loads); `first` (kinds + 1,): first route of each vehicle
      type.
    - `timed`: whether clocks matter at all; `keys` (tasks,): random 64-bit keys that name sets of tasks.
    """

    cost: Array
    back: Array
    time: Array
    place: Array
    opens: Array
    closes: Array
    service: Array
    delivery: Array
    pickup: Array
    size: Array
    lose: Array
    near: Array
    kind: Array
    klass: Array
    fixed: Array
    capacity: Array
    first: Array
    timed: bool
    keys: Array


class Plan(NamedTuple):
    """The plan in the making, its best form so far, and what it takes to undo a step.

    - `after`, `before`, `route` (-1: absent), `position`, `leg` (nodes,): `leg` costs the way to the node after it;
      `length` (routes,).
    - `highest_to`, `highest_from` (nodes, loads): most aboard on leaving any node up to this one; from this one on.
    - `due`, `picked` (nodes, loads): deliveries still aboard and pickups aboard on leaving a node.
    - `earliest`, `latest` (nodes,): begin of service.
    - `absent`, `order` (tasks,): tasks and their sort keys; the first `number[ABSENT]` are left out.
    - `best_after` (nodes,): `after` of the best plan. `number`: counters, by the names in this file.
    - `mark`, `touched`, `old_start` (routes,), `old` (nodes,), `old_absent` (tasks,): routes as before this step.
    - `awake` (tasks,): a stack of tasks whose neighbours have changed, so many as `number[AWAKE]`; `waking` (tasks,):
      whether a task lies on it. `move`: the best move of a task so far.
    - `pool_*`: routes met in good plans, found by the sum of their keys in `pool_table`.
    - `random` (1,): the state of the random numbers.
    """

    after: Array
    before: Array
    route: Array
    position: Array
    length: Array
    leg: Array
    highest_to: Array
    highest_from: Array
    due: Array
    picked: Array
    earliest: Array
    latest: Array
    absent: Array
    order: Array
    best_after: Array
    number: Array
    mark: Array
    touched: Array
    old_start: Array
    old: Array
    old_absent: Array
    awake: Array
    waking: Array
    move: Array
    pool_table: Array
    pool_name: Array
    pool_cost: Array
    pool_kind: Array
    pool_start: Array
    pool_tasks: Array
    random: Array


POOL_ROUTES, POOL_TABLE, POOL_TASKS = 20_000, 65_536, 400_000  # the table is sparse; at most so many routes, tasks


def empty_plan(asked: Asked, seed: int) -> Plan:
    """Return the plan in which every task is absent."""
    nodes, tasks, routes, loads = len(asked.place), len(asked.lose), len(asked.klass), asked.capacity.shape[1]
    after, before = np.full(nodes, -1, dtype=np.int32), np.full(nodes, -1, dtype=np.int32)
    starts = tasks + 2 * np.arange(routes, dtype=np.int32)
    after[starts], before[starts + 1] = starts + 1, starts
    route = np.full(nodes, -1, dtype=np.int32)
    route[tasks:] = np.arange(2 * routes) // 2
    number = np.zeros(11, dtype=np.int64)
    number[COST] = number[BEST] = int(asked.lose.sum())
    number[ABSENT] = number[LEFT] = tasks
    absent = np.arange(tasks, dtype=np.int32)
    return Plan(
        after=after,
        before=before,
        route=route,
        position=np.zeros(nodes, dtype=np.int32),
        length=np.zeros(routes, dtype=np.int32),
        leg=np.zeros(nodes, dtype=np.int64),
        highest_to=np.zeros((nodes, loads), dtype=np.int64),
        highest_from=np.zeros((nodes, loads), dtype=np.int64),
        due=np.zeros((nodes, loads), dtype=np.int64),
        picked=np.zeros((nodes, loads), dtype=np.int64),
        earliest=asked.opens.copy(),
        latest=asked.closes.copy(),
        absent=absent,
        order=np.zeros(tasks),
        best_after=after.copy(),
        number=number,
        mark=np.zeros(routes, dtype=np.int64),
        touched=np.zeros(routes, dtype=np.int32),
        old_start=np.zeros(routes + 1, dtype=np.int32),
        old=np.zeros(tasks, dtype=np.int32),
        old_absent=np.zeros(tasks, dtype=np.int32),
        awake=np.zeros(tasks, dtype=np.int32),
        waking=np.zeros(tasks, dtype=np.bool_),
        move=np.zeros(5, dtype=np.int64),
        pool_table=np.zeros(POOL_TABLE, dtype=np.int32),
        pool_name=np.zeros(POOL_ROUTES, dtype=np.uint64),
        pool_cost=np.zeros(POOL_ROUTES, dtype=np.int64),
        pool_kind=np.zeros(POOL_ROUTES, dtype=np.int32),
        pool_start=np.zeros(POOL_ROUTES + 1, dtype=np.int64),
        pool_tasks=np.zeros(POOL_TASKS, dtype=np.int32),
        random=np.array([2 * seed + 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF | 1], dtype=np.uint64),
    )
