"""The greedy assignment that people make by hand: the best pair first, then the next, as long as no rule is broken."""

from __future__ import annotations

import numpy as np

from takeback.plan.reviewing.tables import BoolArray, Tables


def greedy(tables: Tables) -> BoolArray:
    """Return the pairs (P, R) of the greedy assignment; it may leave reviews that nobody writes.

    Fixed pairs first, then by match, ties in the order of the problem. A place of a proposal is kept for the seniors
    and the people from outside that it still needs.
    """
    state = _State(tables)
    for p, r in np.argwhere(tables.fixed).tolist():
        state.take(p, r)
    open_pairs = np.flatnonzero((tables.allowed & ~tables.fixed).ravel())
    order = open_pairs[np.argsort(-tables.match.ravel()[open_pairs], kind="stable")]
    proposals, reviewers = np.divmod(order, max(1, len(tables.most)))
    for p, r in zip(proposals.tolist(), reviewers.tolist(), strict=True):
        if state.room[p] > 0 and state.load[r] > 0 and state.fits(p, r):
            state.take(p, r)
    return state.chosen


class _State:
    """What is chosen and what is left."""

    def __init__(self, tables: Tables) -> None:
        self.tables, problem = tables, tables.problem
        self.chosen: BoolArray = np.zeros(tables.match.shape, dtype=np.bool_)
        self.room, self.load = tables.wanted.tolist(), tables.most.tolist()
        self.seniors = [min(problem.seniors, one.wanted) for one in problem.proposals]
        self.outside = tables.outside_wanted.tolist()
        self.foes: dict[int, list[int]] = {}
        for a, b in tables.apart.tolist():
            self.foes.setdefault(a, []).append(b)
            self.foes.setdefault(b, []).append(a)
        self.is_senior, self.is_outside = tables.senior.tolist(), tables.outside.tolist()
        self.organisation = tables.organisation.tolist()
        self.of: dict[tuple[int, int], int] = {}

    def fits(self, p: int, r: int) -> bool:
        """Return whether a free reviewer fits a proposal that has room."""
        cap, own = self.tables.problem.most_of_organisation, self.organisation[r]
        if cap is not None and own >= 0 and self.of.get((p, own), 0) >= cap:
            return False
        if any(self.chosen[p, foe] for foe in self.foes.get(r, ())):
            return False
        seniors = max(0, self.seniors[p] - self.is_senior[r])
        outside = max(0, self.outside[p] - self.is_outside[r])
        return bool(max(seniors, outside) <= self.room[p] - 1)

    def take(self, p: int, r: int) -> None:
        """Choose a pair."""
        self.chosen[p, r] = True
        self.room[p] -= 1
        self.load[r] -= 1
        self.seniors[p] -= self.is_senior[r]
        self.outside[p] -= self.is_outside[r]
        key = (p, self.organisation[r])
        self.of[key] = self.of.get(key, 0) + 1
