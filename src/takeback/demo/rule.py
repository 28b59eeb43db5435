"""The static rule: category x observed grade -> disposition, with overflow to the next where a line is full.

`search` finds the best one on training worlds by coordinate ascent from several starts; it may look at their truth, and
never at the truth of the world it is then tested on. All candidates for a cell are simulated side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from takeback.demo.docket import Docket
from takeback.demo.payoff import Payoff
from takeback.demo.world import Floats, Ints

DEEPEST = 3
NOTHING = -1


@dataclass(frozen=True, slots=True)
class Rule:
    """`order` (cells, K): the options each cell tries one after the other; the last one takes everything."""

    cells: tuple[str, ...]
    options: tuple[str, ...]
    order: Ints

    def as_text(self) -> list[str]:
        """Return one line a cell: "phones, C: refurbish, then parts, then liquidate"."""
        return [
            f"{cell}: {', then '.join(self.options[o] for o in row if o != NOTHING)}"
            for cell, row in zip(self.cells, self.order.tolist(), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Training:
    """A world to learn a rule on: its items and their true worth."""

    docket: Docket
    payoff: Payoff


def apply(rule: Rule, docket: Docket) -> Ints:
    """Return the option of each item: in the order of arrival, on the day it is ready, first line with room."""
    return _simulate(docket, rule.order[None])[:, 0]


def search(training: Sequence[Training], *, starts: int = 4, passes: int = 6, seed: int = 0) -> Rule:
    """Return the best rule found on the worlds; `starts` beginnings, at most `passes` sweeps over the cells."""
    first = training[0].docket
    tables = [t.payoff.table() for t in training]
    ends = _best_ends(training, tables)
    candidates = [_candidates(first, end) for end in ends]
    rng = np.random.default_rng([seed, 77])
    best, best_value = np.zeros(0, dtype=np.int64), -np.inf
    for start in range(starts):
        order = _start(start, first, candidates, training, tables, rng)
        order, value = _ascend(order, candidates, training, tables, passes, rng)
        if value > best_value:
            best, best_value = order, value
    return Rule(first.cells, first.market.options, best)


def _best_ends(training: Sequence[Training], tables: Sequence[Floats]) -> list[Ints]:
    """Return for each cell the unlimited option to try last: the best on average, as overflow strikes by chance."""
    free = training[0].docket.unlimited
    return [free[[_worth(training, tables, cell)[free].argmax()]] for cell in range(len(training[0].docket.cells))]


def _worth(training: Sequence[Training], tables: Sequence[Floats], cell: int) -> Floats:
    """Return (options,) the total worth of each option to all items of the cell; far below 0 where it is not open."""
    total = np.zeros(tables[0].shape[1])
    for t, table in zip(training, tables, strict=True):
        rows = t.docket.cell == cell
        total += np.where(t.docket.open[rows], table[rows], -1e12).sum(axis=0)
    return total


def _candidates(docket: Docket, ends: Ints) -> Ints:
    """Return (candidates, DEEPEST + 1): every order of up to three scarce options, then one unlimited option."""
    scarce = np.flatnonzero(docket.line_of >= 0).tolist()
    rows = [
        (*head, *(NOTHING,) * (DEEPEST - len(head)), end)
        for end in ends.tolist()
        for length in range(min(DEEPEST, len(scarce)) + 1)
        for head in permutations(scarce, length)
    ]
    return np.array(rows, dtype=np.int64)


def _start(
    number: int,
    docket: Docket,
    candidates: list[Ints],
    training: Sequence[Training],
    tables: Sequence[Floats],
    rng: np.random.Generator,
) -> Ints:
    """Return a beginning: options by their mean worth alone, then random orders."""
    if number:
        return np.stack([c[rng.integers(len(c))] for c in candidates])
    rows = []
    for cell, options in enumerate(candidates):
        worth, end = _worth(training, tables, cell), int(options[0, -1])
        ranks = np.argsort(-worth, kind="stable").tolist()
        head = [o for o in ranks if docket.line_of[o] >= 0 and worth[o] > worth[end]][:DEEPEST]
        rows.append([*head, *[NOTHING] * (DEEPEST - len(head)), end])
    return np.array(rows, dtype=np.int64)


def _ascend(
    order: Ints,
    candidates: list[Ints],
    training: Sequence[Training],
    tables: Sequence[Floats],
    passes: int,
    rng: np.random.Generator,
) -> tuple[Ints, float]:
    """Return the order after improving one cell at a time until a whole sweep changes nothing."""
    value = _values(training, tables, order[None])[0]
    for _ in range(passes):
        before = value
        for cell in rng.permutation(len(candidates)):
            trial = np.repeat(order[None], len(candidates[cell]), axis=0)
            trial[:, cell] = candidates[cell]
            values = _values(training, tables, trial)
            if values.max() > value:
                value = float(values.max())
                order = trial[values.argmax()]
        if value <= before:
            break
    return order, float(value)


def _values(training: Sequence[Training], tables: Sequence[Floats], orders: Ints) -> Floats:
    """Return the total value over the training worlds of each candidate, (candidates,)."""
    total = np.zeros(len(orders))
    for t, table in zip(training, tables, strict=True):
        choice = _simulate(t.docket, orders)
        total += np.take_along_axis(table, choice, axis=1).sum(axis=0)
    return total


def _simulate(docket: Docket, orders: Ints) -> Ints:
    """Return (n, candidates) options. Days do not touch each other, so the r-th items of all days move together."""
    n, count = len(docket), len(orders)
    days = len(docket.available)
    first = np.searchsorted(docket.ready_day, np.arange(days + 1))
    left = np.repeat(docket.available[:, :, None], count, axis=2)
    choice = np.empty((n, count), dtype=np.int64)
    every = np.arange(count)
    for rank in range(int(np.diff(first).max(initial=0))):
        day = np.flatnonzero(first[:-1] + rank < first[1:])
        item = first[day] + rank
        taken = np.full((len(day), count), NOTHING)
        for place in range(orders.shape[2]):
            option = orders[:, docket.cell[item], place].T
            line = docket.line_of[option]
            load = docket.load[item[:, None], option]
            room = (line < 0) | (left[day[:, None], line, every] >= load - 1e-9)
            fits = (taken == NOTHING) & (option != NOTHING) & docket.open[item[:, None], option] & room
            taken = np.where(fits, option, taken)
        line = docket.line_of[taken]
        uses = line >= 0
        at, k = np.nonzero(uses)
        left[day[at], line[at, k], k] -= docket.load[item[at], taken[at, k]]
        choice[item] = taken
    return choice
