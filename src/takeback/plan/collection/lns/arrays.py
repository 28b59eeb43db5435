"""The problem and a solution as a few tables of numbers, which compiled code reads.

Few, because compiled functions are handed each table with every call.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NEVER = 2**60  # later than any moment, dearer than any route
UNIT = 18_000  # running costs are counted in 1/18 000 minor units, in which all are whole


class Rules(NamedTuple):
    """A collection problem. `n` tasks, `k` load dimensions, `r` slots (one a vehicle that may drive).

    Nodes 0 to n-1 are the tasks, then come copies of sites, each good for one visit, then from `first_start` on the
    start of every slot, then its end. `rich`: some rule needs a whole route to be driven; `timed`: time can bind or
    costs; `classes` of goods that matter; `places` with intake: sites, then depots. Numbers named `..._at` say
    where in `more` something begins.
    """

    n: int
    k: int
    r: int
    kinds: int
    sites: int
    places: int
    classes: int
    first_start: int
    pickup: int  # first column of pickups in `node`
    rich: bool
    timed: bool
    has_intake: bool
    related: bool
    hours_at: int  # (closed-zone classes x first_start + 1) beginnings of lists of first, last moments of service
    foes_at: int  # (classes) bit masks of the classes that one may not be with
    supplies_at: int  # (sites)
    intake_at: int  # (places x k)
    slices_at: int  # (profiles + 1) beginnings of lists of start, percent
    node: Ints  # (nodes, columns named below, then deliveries, then pickups)
    kind: Ints  # (types + 1, columns named below, then capacities, then sites it may visit)
    more: Ints
    allowed: Flags  # (types, n)
    distance: Ints  # (profiles, locations, locations)
    duration: Ints
    near: Ints  # (n, neighbours) the nearest tasks first
    keys: Floats  # (orders, n) by which tasks are sorted before they are put back


PLACE, SERVICE, OPENS, CLOSES, SITE, GOODS, GROUP, PINNED, FIXED, LOSS, MUST, FIRST_AT, SECOND_AT, SALT, DELIVERY = (
    range(15)
)
(
    LEAVE_FROM,
    LEAVE_TO,
    BACK_FROM,
    BACK_TO,
    MAX_DURATION,
    MAX_OVERTIME,
    MAX_DISTANCE,
    FIXED_COST,
    METRE,
    SECOND,
    OVERSECOND,
    PROFILE,
    ZONE_CLASS,
    COMPARTMENTS,
    COMPARTMENT_UNIT,
    RELOADS,
    TAKES_LOAD,
    END_PLACE,
    START_AT,
    END_AT,
    PAUSE_AT,  # lists of first, last moment and length; the next row says where they end
    CAPACITY,
) = range(22)


class Work(NamedTuple):
    """Room that the drive of one route writes into: rows named below; and what is unloaded, (places, k)."""

    room: Ints
    unloaded: Ints


ROUTE, OUT, NOW_AT, SLACK, WAITED, ABOARD, MOST, DRIVE = range(8)
RUNNING_OUT, METRES_OUT, LASTS_OUT, LEAVES_OUT = range(4)  # in OUT: 1/18 000 minor units, metres, seconds, departure


class State(NamedTuple):
    """A solution that is being changed, what it was before the change, and the best one."""

    at: Ints  # (nodes, columns named below, then most aboard until and from here, k each)
    slots: Ints  # (r, columns named below, then deliveries, pickups, tasks of each class)
    lists: Ints  # rows named below
    tally: Ints  # rows named below
    floats: Floats  # rows named below
    counts: Ints
    unloads: Ints  # (r + 1, places, k): by each slot, then in all
    pool: Ints  # (rows, key, cost, type, stops, nodes)


# `until` and `onward`: seconds, earliest and latest leaving of the drive from the start and to the end
AFTER, BEFORE, SLOT, POSITION, INDEX, UNTIL, ONWARD, LOADS = 0, 1, 2, 3, 4, 5, 8, 11
KIND, LEAVES, STARTED, COST, RUNNING, METRES, LASTS, STOPS, VISITS, DRIVING_AT, SEEN, RUINED, SUMS = range(13)
DRIVING_LIST, IDLE_LIST, LEFT_LIST, FREE_LIST, KEPT_LIST, KEPT_SLOT, KEPT_FROM, BEST_LIST, QUEUE = range(9)
IDLE_FROM, IDLE_COUNT, FREE_FROM, FREE_COUNT, SERVED = range(5)
ABSENCES, ORDER, VALUE = range(3)
KEY, POOL_COST, POOL_KIND, POOL_STOPS, POOL_NODES = range(5)
(
    DRIVING,
    LEFT,
    KEPT,
    KEPT_END,
    ITERATION,
    MOST_ROUTES,
    MUST_LEFT,
    BEST_END,
    BEST_LEFT,
    TICK,
    BROKEN,
    BEST_ROUTES,
    FOUND_AT,
    FOUND_WAY,
    FOUND_SITE,
) = range(15)
COSTS, LOST, BEST, NOW, PENALTY = range(5)
