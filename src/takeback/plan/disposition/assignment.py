"""The exact core: give every item one column at the highest total value, within the resources.

A linear programme over the columns that can matter, grown by pricing until no other column could help
(column generation on a transport-like programme: at a vertex at most one item per scarce resource is split).
The dual prices bound every assignment from above by weak duality, whatever the programme did.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.disposition.highs import LinearProgram, solve_lp, solve_mip
from takeback.plan.disposition.prices import guess
from takeback.plan.disposition.problem import BoolArray, FloatArray, IntArray
from takeback.plan.threads import one_thread

SMALL = 100
TOLERANCE = 1e-7
WHOLE = 1.0 - 1e-6


@dataclass(frozen=True, slots=True)
class Columns:
    """The choices of n items: `value` (-inf = not open), `resource` (-1 = none) and `load`, each (n, K).

    `available` (R,) units of each resource; `names` (R,) for explanations.
    """

    value: FloatArray
    resource: IntArray
    load: FloatArray
    available: FloatArray
    names: tuple[str, ...]

    def charged(self, price: FloatArray) -> FloatArray:
        """Return each column's value once it pays `price` (R,) for what it uses, (n, K)."""
        worth: FloatArray = self.value - self.load * np.append(price, 0.0)[self.resource]
        return worth

    def bound(self, price: FloatArray) -> float:
        """Return the upper bound that any `price` >= 0 proves (Lagrange, weak duality)."""
        scarce = price > 0
        return float(self.charged(price).max(axis=1).sum() + price[scarce] @ self.available[scarce])

    def used(self, choice: IntArray) -> FloatArray:
        """Return the units of each resource that `choice` (n,) takes, (R,)."""
        return _taken(self, np.arange(len(choice)), choice)


@dataclass(frozen=True, slots=True)
class Assignment:
    """`choice` (n,) columns, `price` (R,) of the resources, proven `bound`, pricing `rounds` taken."""

    choice: IntArray
    price: FloatArray
    bound: float
    rounds: int


def assign(
    columns: Columns,
    *,
    most_rounds: int = 50,
    on_round: Callable[[int, float], None] | None = None,
) -> Assignment:
    """Return the best assignment; raises `Problem` (`disposition.infeasible`) that says what does not fit.

    `on_round` is told the round and its bound. Values within `TOLERANCE` of the best count as equal.
    """
    _refuse_closed(columns)
    nothing = np.zeros(len(columns.available))
    choice = columns.value.argmax(axis=1)
    if (columns.used(choice) <= columns.available).all():
        return Assignment(choice, nothing, columns.bound(nothing), 0)
    open_ = _promising(columns)
    for rounds in itertools.count(1):
        answer = _restricted(columns, open_)
        bound = columns.bound(answer.price)
        if on_round is not None:
            on_round(rounds, bound)
        better = columns.charged(answer.price) > answer.worth[:, None] + _slack(columns)
        missing = better & ~open_
        if not missing.any() or (rounds >= most_rounds and not answer.overflow.any()):
            break
        open_ |= missing
    _refuse_overflow(columns, answer)
    return Assignment(_whole(columns, open_, answer), answer.price, bound, rounds)


@dataclass(frozen=True, slots=True)
class _Fractional:
    """The restricted programme's answer: shares of open columns, item duals, prices, and what did not fit."""

    share: FloatArray
    worth: FloatArray
    price: FloatArray
    overflow: FloatArray


def _promising(columns: Columns) -> BoolArray:
    """Return the columns to begin with: all of a small problem, else those near the best at guessed
    prices."""
    if len(columns.value) <= SMALL:
        return np.isfinite(columns.value)
    with one_thread():
        return guess(columns.value, columns.resource, columns.load, columns.available).promising


def _restricted(columns: Columns, open_: BoolArray) -> _Fractional:
    """Solve the programme over the open columns. Items with a single one are constants, not rows."""
    count = open_.sum(axis=1)
    rows = np.flatnonzero(count > 1)
    single = np.flatnonzero(count == 1)
    only = open_[single].argmax(axis=1)
    share = np.zeros(columns.value.shape)
    share[single, only] = 1.0
    taken = _taken(columns, single, only)
    item, column = np.nonzero(open_[rows])
    lp = _program(columns, rows, open_[rows], columns.available - taken)
    answer = solve_lp(lp)
    share[rows[item], column] = answer.x[: len(item)]
    price = np.zeros(len(columns.available))
    scarce = np.isfinite(columns.available)
    price[scarce] = np.maximum(answer.row_dual[len(rows) :], 0.0)
    overflow = np.zeros(len(columns.available))
    overflow[scarce] = answer.x[len(item) :]
    worth = np.where(open_, columns.charged(price), -np.inf).max(axis=1)
    return _Fractional(share, worth, price, overflow)


def _taken(columns: Columns, items: IntArray, at: IntArray) -> FloatArray:
    resource = columns.resource[items, at]
    uses = resource >= 0
    load = columns.load[items, at][uses]
    return np.bincount(resource[uses], load, minlength=len(columns.available)).astype(np.float64)


def _program(columns: Columns, items: IntArray, open_: BoolArray, room: FloatArray) -> LinearProgram:
    """Return: a row per item (exactly one column), then a row and an overflow column per scarce resource."""
    rows = len(items)
    row, column = np.nonzero(open_)
    item = items[row]
    scarce = np.flatnonzero(np.isfinite(columns.available))
    row_of = np.full(len(columns.available) + 1, -1)
    row_of[scarce] = rows + np.arange(len(scarce))
    uses = row_of[columns.resource[item, column]]
    load = columns.load[item, column]
    index = np.stack([row, uses], axis=1).ravel()
    weight = np.stack([np.ones(len(row)), load], axis=1).ravel()
    real = index >= 0
    start = np.concatenate([[0], np.cumsum(real.reshape(-1, 2).sum(axis=1))])
    overflow = rows + np.arange(len(scarce))
    dear = _dear(columns)
    return LinearProgram(
        cost=np.concatenate([columns.value[item, column], np.full(len(scarce), -dear)]),
        start=np.concatenate([start, start[-1] + 1 + np.arange(len(scarce))]),
        index=np.concatenate([index[real], overflow]),
        weight=np.concatenate([weight[real], np.full(len(scarce), -1.0)]),
        row_low=np.concatenate([np.ones(rows), np.full(len(scarce), -np.inf)]),
        row_high=np.concatenate([np.ones(rows), room[scarce]]),
        upper=np.concatenate([np.ones(len(item)), np.full(len(scarce), np.inf)]),
    )


def _dear(columns: Columns) -> float:
    """Return a price of overflow above anything an item could pay."""
    finite = columns.value[np.isfinite(columns.value)]
    loads = columns.load[columns.load > 0]
    return 2.0 * float(np.ptp(finite) + 1.0) / float(loads.min() if len(loads) else 1.0)


def _slack(columns: Columns) -> float:
    return TOLERANCE * max(1.0, float(np.abs(columns.value[np.isfinite(columns.value)]).max(initial=0.0)))


def _whole(columns: Columns, open_: BoolArray, answer: _Fractional) -> IntArray:
    """Return whole choices: only split items, and a growing ring of the most undecided ones, are moved."""
    choice: IntArray = answer.share.argmax(axis=1)
    split = answer.share.max(axis=1) < WHOLE
    if not split.any() and (columns.used(choice) <= columns.available + _rounding(columns)).all():
        return choice
    worth = np.where(open_, columns.charged(answer.price), -np.inf)
    best_two = np.sort(worth, axis=1)[:, -2:]
    undecided = np.argsort(np.where(split, -np.inf, best_two[:, 1] - best_two[:, 0]), kind="stable")
    ring = int(split.sum()) + 12
    while True:
        moved = undecided[:ring]
        whole = _repaired(columns, choice, moved)
        if whole is not None:
            return whole
        if ring >= len(choice):
            raise _too_coarse(columns)
        ring *= 4


def _rounding(columns: Columns) -> FloatArray:
    return 1e-9 * np.maximum(1.0, np.where(np.isfinite(columns.available), columns.available, 1.0))


def _repaired(columns: Columns, choice: IntArray, moved: IntArray) -> IntArray | None:
    """Return `choice` with the `moved` items placed anew in what the others leave; None where they do not
    fit."""
    kept = np.setdiff1d(np.arange(len(choice)), moved)
    room = columns.available - _taken(columns, kept, choice[kept])
    row, column = np.nonzero(np.isfinite(columns.value[moved]))
    answer = solve_mip(_program(columns, moved, np.isfinite(columns.value[moved]), room), whole=len(row))
    if answer is None or (answer[len(row) :] > 1e-6).any():
        return None
    whole = choice.copy()
    taken = answer[: len(row)] > 0.5
    whole[moved[row[taken]]] = column[taken]
    return whole if (columns.used(whole) <= columns.available + _rounding(columns)).all() else None


def _refuse_closed(columns: Columns) -> None:
    closed = np.flatnonzero(~np.isfinite(columns.value).any(axis=1))
    if len(closed):
        raise Problem(
            "disposition.no-option",
            msg("{count} items have no option left: all are barred.", count=len(closed)),
            where=f"item {closed[0]}",
            remedy=msg("Admit at least one option without limit, for example recycling."),
        )


def _refuse_overflow(columns: Columns, answer: _Fractional) -> None:
    short = np.flatnonzero(answer.overflow > 1e-6 * np.maximum(1.0, columns.available))
    if not len(short):
        return
    free = (np.isfinite(columns.value) & (columns.resource < 0)).any(axis=1)
    errors = [
        Problem(
            "disposition.infeasible",
            msg(
                "{resource} is {missing:.6g} units short.",
                resource=columns.names[r],
                missing=answer.overflow[r],
            ),
            where=columns.names[r],
            found=float(columns.available[r] + answer.overflow[r]),
            expected=msg("at most {available:.6g}", available=columns.available[r]),
        )
        for r in short
    ]
    raise Problem(
        "disposition.infeasible",
        msg("The items do not fit: {count} of them have limited options only.", count=int((~free).sum())),
        remedy=msg("Raise the limits by what is missing, allow waiting, or admit an unlimited option."),
        errors=errors,
    )


def _too_coarse(columns: Columns) -> Problem:
    return Problem(
        "disposition.infeasible",
        msg("The items fit only if some are split between options; no whole assignment was found."),
        where=", ".join(columns.names),
        remedy=msg("Raise a limit by one item's load, allow waiting, or admit an unlimited option."),
    )
