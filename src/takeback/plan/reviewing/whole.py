"""From the relaxation to whole reviews: a dive beside it, a climb of the worst-served, a search over all that may pay.

With a worst mean match prescribed, few pairs are left that pay, and the search among them is quick; so the climb halves
the way between the worst that is had and the worst that the relaxation promises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from takeback.plan.reviewing import price, rules
from takeback.plan.reviewing.highs import Arrays, Whole, choose, relax
from takeback.plan.reviewing.programme import Programme
from takeback.plan.reviewing.relaxation import Relaxation
from takeback.plan.reviewing.tables import BoolArray, FloatArray, IntArray, Tables
from takeback.plan.reviewing.worth import assignment

MOST_PAIRS = 60_000  # of a search
DIVE = 0.02  # matches below what its rules cost, up to which a pair takes part in the dive
NEAR = 0.05  # the same for a step of the climb
STEPS = 7  # of the climb
WORTH_A_CLIMB = 1e-3  # of the bound
SURE = 1 - 1e-6
PROVEN = 1e-6  # of the objective: closer to the bound there is nothing to search


@dataclass
class Search:
    """The best assignment so far (P, R), None where there is none, and the bound on all; `impossible`: none can be."""

    tables: Tables
    relaxed: Relaxation
    left: Callable[[], float | None]
    nodes: int | None
    seed: int
    best: BoolArray | None
    bound: float
    impossible: bool = False

    @property
    def objective(self) -> float:
        """Return the objective of the best assignment."""
        return -np.inf if self.best is None else assignment(self.tables, self.best).objective

    @property
    def proven(self) -> bool:
        """Return whether nothing is left to be gained."""
        return self.best is not None and self.bound - self.objective <= PROVEN * max(1.0, abs(self.bound))

    def dive(self) -> None:
        """Keep what the relaxation has chosen wholly, or else nothing; search the rest among pairs near it."""
        sure = self.relaxed.amount >= SURE
        near = self.relaxed.worth.ravel()[self.relaxed.pairs] >= -DIVE
        looked = (self.relaxed.amount > 1 - SURE) | near
        pairs = self.relaxed.pairs[looked]
        self._take(pairs, self._search(pairs, self.relaxed.pairs[sure]))
        if self.best is None:
            self._take(pairs, self._search(pairs, None))

    def climb(self) -> None:
        """Raise the worst-served proposal by halves between what is had and what the relaxation promises."""
        if self.bound - self.objective <= WORTH_A_CLIMB * abs(self.bound):
            return
        low = 0.0 if self.best is None else assignment(self.tables, self.best).worst
        high = min(self.relaxed.worst, self.tables.highest_worst)
        for step in range(STEPS):
            left = self.left()
            if high - low < PROVEN or (left is not None and left <= 0):
                return
            level = (low + high) / 2
            found = self._at_least(level, None if left is None else left / (STEPS + 2 - step))
            low, high = (max(level, found), high) if found is not None else (low, level)

    def _at_least(self, level: float, seconds: float | None) -> float | None:
        """Search assignments whose worst mean match is `level` at least; return the worst of the one found."""
        programme = Programme(self.tables, self.relaxed.pairs, self.relaxed.rules)
        relaxed = relax(_prescribed(programme.arrays(), level), seconds=seconds, basis=self.relaxed.basis)
        if relaxed is None or not relaxed.optimal:
            return None
        worth = price.above(self.tables, price.prices(programme, relaxed.price)).ravel()
        kept = (relaxed.x[programme.first_pair :] > 1 - SURE) | (worth[programme.pairs] >= -NEAR)
        pairs = programme.pairs[kept | self.tables.fixed.ravel()[programme.pairs]]
        narrow = Programme(self.tables, pairs, rules.broken(self.tables, pairs, np.ones(len(pairs))))
        arrays = _prescribed(narrow.arrays(), level)
        found = choose(arrays, seconds=seconds, nodes=self.nodes, seed=self.seed, start=None)
        self._take(pairs, found)
        return None if found.x is None else self._worst(pairs, found.x)

    def _worst(self, pairs: IntArray, x: FloatArray) -> float:
        return assignment(self.tables, self._chosen(pairs, x)).worst

    def search(self) -> None:
        """Search all pairs that could be in a better assignment; what it proves is a bound on all."""
        tables = self.tables
        gap = self.relaxed.bound - self.objective
        worth = np.where(tables.allowed, self.relaxed.worth, -np.inf).ravel()
        useful = worth >= -gap - PROVEN
        useful |= (tables.fixed | self._known()).ravel()
        pairs = np.flatnonzero(useful)
        exact = len(pairs) <= MOST_PAIRS
        if not exact:
            kept = np.argpartition(-worth, MOST_PAIRS)[:MOST_PAIRS]
            pairs = np.union1d(kept, np.flatnonzero((tables.fixed | self._known()).ravel()))
        found = self._search(pairs, None)
        self._take(pairs, found)
        if exact and found.impossible and self.best is None:
            self.impossible = True
        elif exact and not found.impossible:
            self.bound = max(self.objective, min(self.bound, found.bound))

    def _known(self) -> BoolArray:
        return np.zeros_like(self.tables.allowed) if self.best is None else self.best

    def _search(self, pairs: IntArray, sure: IntArray | None) -> Whole:
        tables = self.tables
        programme = Programme(tables, pairs, rules=rules.broken(tables, pairs, np.ones(len(pairs))))
        arrays = programme.arrays()
        if sure is not None:
            low = arrays.low.copy()
            low[programme.first_pair :][np.isin(pairs, sure)] = 1.0
            arrays = replace(arrays, low=low)
        start = None
        if self.best is not None and sure is None:
            start = programme.point(self.best)
        return choose(arrays, seconds=self.left(), nodes=self.nodes, seed=self.seed, start=start)

    def _take(self, pairs: IntArray, found: Whole) -> None:
        if found.x is None:
            return
        one = self._chosen(pairs, found.x)
        if assignment(self.tables, one).objective > self.objective:
            self.best = one

    def _chosen(self, pairs: IntArray, x: FloatArray) -> BoolArray:
        chosen = np.zeros(self.tables.allowed.size, dtype=np.bool_)
        chosen[pairs[x[len(x) - len(pairs) :] > 0.5]] = True
        return chosen.reshape(self.tables.allowed.shape)


def _prescribed(arrays: Arrays, level: float) -> Arrays:
    """Return the programme with a worst mean match of `level` at least that is worth nothing beyond."""
    low, cost = arrays.low.copy(), arrays.cost.copy()
    low[0], cost[0] = level, 0.0
    return replace(arrays, low=low, cost=cost)
