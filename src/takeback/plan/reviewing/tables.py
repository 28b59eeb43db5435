"""A reviewing problem as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from takeback.plan.reviewing.problem import ReviewingProblem

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Tables:
    """P proposals, R reviewers, O organisations that reviewers have, all by their number."""

    problem: ReviewingProblem

    @cached_property
    def proposal(self) -> dict[str, int]:
        """Number of each proposal."""
        return {one.id: k for k, one in enumerate(self.problem.proposals)}

    @cached_property
    def reviewer(self) -> dict[str, int]:
        """Number of each reviewer."""
        return {one.id: k for k, one in enumerate(self.problem.reviewers)}

    @cached_property
    def organisations(self) -> list[str]:
        """The organisations of reviewers."""
        return sorted({one.organisation for one in self.problem.reviewers} - {""})

    @cached_property
    def organisation(self) -> IntArray:
        """(R,) number of each reviewer's organisation, -1 = none."""
        number = {name: k for k, name in enumerate(self.organisations)}
        return np.array([number.get(one.organisation, -1) for one in self.problem.reviewers], dtype=np.int64)

    @cached_property
    def wanted(self) -> IntArray:
        """(P,) reviews wanted."""
        return np.array([one.wanted for one in self.problem.proposals], dtype=np.int64)

    @cached_property
    def outside_wanted(self) -> IntArray:
        """(P,) reviewers wanted from outside."""
        return np.array([one.outside for one in self.problem.proposals], dtype=np.int64)

    @cached_property
    def least(self) -> IntArray:
        """(R,) proposals a reviewer takes at least."""
        return np.array([one.least for one in self.problem.reviewers], dtype=np.int64)

    @cached_property
    def most(self) -> IntArray:
        """(R,) proposals a reviewer takes at most."""
        return np.array([one.most for one in self.problem.reviewers], dtype=np.int64)

    @cached_property
    def senior(self) -> BoolArray:
        """(R,) who is senior."""
        return np.array([one.senior for one in self.problem.reviewers], dtype=np.bool_)

    @cached_property
    def outside(self) -> BoolArray:
        """(R,) who is of no member organisation."""
        return np.array([not one.member for one in self.problem.reviewers], dtype=np.bool_)

    @cached_property
    def match(self) -> FloatArray:
        """(P, R) matches."""
        topics: dict[str, int] = {}
        for proposal in self.problem.proposals:
            for topic, _ in proposal.topics:
                topics.setdefault(topic, len(topics))
        weight = np.zeros((len(self.problem.proposals), len(topics)))
        level = np.zeros((len(self.problem.reviewers), len(topics)))
        for p, proposal in enumerate(self.problem.proposals):
            for topic, amount in proposal.topics:
                weight[p, topics[topic]] = amount
        for r, reviewer in enumerate(self.problem.reviewers):
            for topic, amount in reviewer.expertise:
                if topic in topics:
                    level[r, topics[topic]] = amount
        share = weight / weight.sum(axis=1, keepdims=True) if topics else weight
        return np.asarray(share @ level.T / self.problem.top_level)

    @cached_property
    def free(self) -> BoolArray:
        """(P, R) pairs without a conflict, whatever they know."""
        free = np.ones(self.match.shape, dtype=np.bool_)
        partner: dict[str, list[int]] = {}
        for r, one in enumerate(self.problem.reviewers):
            partner.setdefault(one.organisation, []).append(r)
        for p, proposal in enumerate(self.problem.proposals):
            for name in proposal.organisations:
                free[p, partner.get(name, []) if name else []] = False
        for pair in (*self.problem.conflicts, *self.problem.never):
            free[self.at(pair)] = False
        return free

    @cached_property
    def fixed(self) -> BoolArray:
        """(P, R) pairs that stand."""
        fixed = np.zeros(self.match.shape, dtype=np.bool_)
        for pair in self.problem.fixed:
            fixed[self.at(pair)] = True
        return fixed

    @cached_property
    def allowed(self) -> BoolArray:
        """(P, R) pairs that may be: free, and the reviewer knows enough; or fixed."""
        return (self.free & (self.match >= self.problem.least_match - 1e-12)) | self.fixed

    @cached_property
    def highest_worst(self) -> float:
        """What no assignment's worst mean match exceeds: the lowest of what each proposal could have alone."""
        best = -np.sort(-np.where(self.allowed, self.match, 0.0), axis=1)
        alone = [float(row[:wanted].sum()) / wanted for row, wanted in zip(best, self.wanted.tolist(), strict=True)]
        return min(alone, default=0.0)

    @cached_property
    def apart(self) -> IntArray:
        """(K, 2) reviewers who do not review the same proposal."""
        pairs = [(self.reviewer[a], self.reviewer[b]) for a, b in self.problem.apart]
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)

    @cached_property
    def rules_of(self) -> list[list[int]]:
        """Numbers of the rules that a reviewer is under at every proposal: see `rules`."""
        capped = self.problem.most_of_organisation is not None
        of = [[own] if capped and own >= 0 else [] for own in self.organisation.tolist()]
        for k, pair in enumerate(self.apart.tolist(), len(self.organisations)):
            for r in pair:
                of[r].append(k)
        return of

    def at(self, pair: tuple[str, str]) -> tuple[int, int]:
        """Return the numbers of a proposal and a reviewer."""
        return self.proposal[pair[0]], self.reviewer[pair[1]]
