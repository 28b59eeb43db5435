"""The assignment as a programme for a solver: a column for each pair that may be chosen, a row for each rule.

Columns: the worst mean match; reviews beyond the even share of each reviewer; what is short of each rule (reviews,
seniors, people from outside, a reviewer's least); then the pairs. Rows: reviews of each proposal; load of each
reviewer; mean match of each proposal above the worst; load within the even share; seniors; outside; then, where they
matter, those of an organisation at a proposal and of two reviewers apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from takeback.plan.reviewing.highs import Arrays
from takeback.plan.reviewing.rules import Rule
from takeback.plan.reviewing.tables import BoolArray, FloatArray, IntArray, Tables


@dataclass(frozen=True)
class Programme:
    """Pairs (numbers p * R + r) to choose from, and the `rules` among them (see `rules`).

    `short`: what one review, senior, ... less than the rules say costs; inf = none may be missing. `worth` False: what
    the pairs are worth counts nothing. `fair` False: nor does the worst-served proposal.
    """

    tables: Tables
    pairs: IntArray
    rules: tuple[Rule, ...] = ()
    short: float = np.inf
    worth: bool = True
    fair: bool = True

    @property
    def p(self) -> IntArray:
        """Proposals of the pairs."""
        return self.pairs // len(self.tables.most)

    @property
    def r(self) -> IntArray:
        """Reviewers of the pairs."""
        return self.pairs % len(self.tables.most)

    @property
    def first_pair(self) -> int:
        """Column of the first pair."""
        proposals, reviewers = self.tables.match.shape
        return int(1 + 2 * reviewers + 3 * proposals)

    def rows(self) -> list[int]:
        """Return the first row of each kind, in the order of the module's description."""
        proposals, reviewers = self.tables.match.shape
        kinds = (proposals, reviewers, proposals, reviewers, proposals, proposals)
        return [0, *accumulate(kinds)]

    def arrays(self) -> Arrays:
        """Return the programme."""
        row, column, weight = self._matrix()
        low, high = self._limits()
        cost, first = self._cost(), self.first_pair
        fixed = self.tables.fixed.ravel()[self.pairs]
        extra = [[self.tables.highest_worst], self.tables.most, self._shortage()]
        whole = np.arange(len(cost)) >= first
        return Arrays(
            cost=cost,
            low=np.concatenate([np.zeros(first), fixed.astype(np.float64)]),
            high=np.concatenate([*extra, np.ones(len(self.pairs))]),
            row=row,
            column=column,
            weight=weight,
            row_low=low,
            row_high=high,
            whole=whole,
        )

    def point(self, chosen: BoolArray) -> FloatArray:
        """Return the values of the columns for an assignment (P, R) of some of the pairs."""
        beyond = np.maximum(0, chosen.sum(axis=0) - self.tables.problem.even_share)
        means = np.where(chosen, self.tables.match, 0.0).sum(axis=1) / self.tables.wanted
        extra = np.zeros(self.first_pair - 1 - len(beyond))
        return np.concatenate([[means.min()], beyond, extra, chosen.ravel()[self.pairs]]).astype(np.float64)

    def _shortage(self) -> FloatArray:
        """Return how much may be short of each rule."""
        proposals, reviewers = self.tables.match.shape
        return np.full(3 * proposals + reviewers, 0.0 if np.isinf(self.short) else np.inf)

    def _cost(self) -> FloatArray:
        problem = self.tables.problem
        proposals, reviewers = self.tables.match.shape
        worst = problem.fairness * problem.reviews * self.fair
        extra = [[worst], np.full(reviewers, -problem.balance)]
        pairs = self.tables.match.ravel()[self.pairs]
        if not self.worth:
            extra, pairs = [[0.0], np.zeros(reviewers)], np.zeros(len(pairs))
        missing = np.full(3 * proposals + reviewers, 0.0 if np.isinf(self.short) else -self.short)
        return np.concatenate([*extra, missing, pairs])

    def _limits(self) -> tuple[FloatArray, FloatArray]:
        t, none = self.tables, np.inf
        proposals, reviewers = t.match.shape
        cap = t.problem.most_of_organisation or 0
        mean = np.full(proposals, 0.0 if self.fair else -none)
        low = [t.wanted, t.least, mean, np.full(reviewers, -none), self._seniors(), t.outside_wanted]
        high = [t.wanted, t.most, np.full(proposals, none), np.full(reviewers, float(t.problem.even_share))]
        high += [np.full(2 * proposals, none)]
        count = len(t.organisations)
        few = np.full(len(self.rules), -none)
        many = np.array([cap if number < count else 1 for _, number in self.rules])
        return np.concatenate([*low, few]).astype(np.float64), np.concatenate([*high, many]).astype(np.float64)

    def _seniors(self) -> IntArray:
        return np.full(len(self.tables.wanted), self.tables.problem.seniors)

    def _matrix(self) -> tuple[IntArray, IntArray, FloatArray]:
        t, p, r = self.tables, self.p, self.r
        proposals, reviewers = t.match.shape
        review, load, fair, even, senior, outside, *_ = self.rows()
        all_p, all_r, column = np.arange(proposals), np.arange(reviewers), self.first_pair + np.arange(len(p))
        short = 1 + reviewers
        mean = t.match.ravel()[self.pairs] / t.wanted[p]
        old, far = t.senior[r], t.outside[r]
        parts = [
            (fair + all_p, np.zeros(proposals), np.full(proposals, -1.0)),
            (even + all_r, 1 + all_r, np.full(reviewers, -1.0)),
            (review + all_p, short + all_p, np.ones(proposals)),
            (senior + all_p, short + proposals + all_p, np.ones(proposals)),
            (outside + all_p, short + 2 * proposals + all_p, np.ones(proposals)),
            (load + all_r, short + 3 * proposals + all_r, np.ones(reviewers)),
            (review + p, column, np.ones(len(p))),
            (load + r, column, np.ones(len(p))),
            (fair + p, column, mean),
            (even + r, column, np.ones(len(p))),
            (senior + p[old], column[old], np.ones(int(old.sum()))),
            (outside + p[far], column[far], np.ones(int(far.sum()))),
            *self._rules(column),
        ]
        row, where, weight = (np.concatenate(axis) for axis in zip(*parts, strict=True))
        return row.astype(np.int64), where.astype(np.int64), weight.astype(np.float64)

    def _rules(self, column: IntArray) -> list[tuple[IntArray, IntArray, FloatArray]]:
        """Return the entries of the rules of organisations and of reviewers apart."""
        if not self.rules:
            return []
        number = {rule: self.rows()[-1] + k for k, rule in enumerate(self.rules)}
        pairs = zip(column.tolist(), self.p.tolist(), self.r.tolist(), strict=True)
        of = self.tables.rules_of
        entries = [(number[p, n], at) for at, p, r in pairs for n in of[r] if (p, n) in number]
        table = np.array(entries, dtype=np.int64).reshape(-1, 2)
        return [(table[:, 0], table[:, 1], np.ones(len(table)))]
