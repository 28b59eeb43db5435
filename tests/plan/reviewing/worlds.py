"""Random reviewing problems, by seed, and the best assignment of tiny ones by looking at all."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np

from takeback.plan.reviewing import Proposal, Reviewer, ReviewingProblem
from takeback.plan.reviewing.problem import Pair

TOPICS = ("cells", "packs", "routing", "returns", "law", "markets")


def problem(seed: int, proposals: int = 12, reviewers: int = 10, **given: object) -> ReviewingProblem:
    """Return a random problem with room for three reviews each, conflicts, organisations and rules."""
    random = np.random.default_rng(seed)
    most = -(-proposals * 3 * 3 // (2 * reviewers)) + 1
    rules: dict[str, object] = {
        "conflicts": _pairs(random, proposals, reviewers, proposals),
        "never": _pairs(random, proposals, reviewers, 2),
        "apart": (("r0", "r1"),),
        "most_of_organisation": 2,
        "seniors": 1,
        "balance": 0.05,
        "fairness": float(random.choice([0.0, 1.0, 3.0])),
    }
    return ReviewingProblem(
        proposals=tuple(
            Proposal(f"p{k}", _topics(random, 2, 1, 4), 3, outside=k % 2, organisations=(f"o{k % 4}",) if k % 3 else ())
            for k in range(proposals)
        ),
        reviewers=tuple(
            Reviewer(f"r{k}", _topics(random, 3, 0, 6), most, 0, f"o{k % 5}", k % 2 == 0, bool(k % 3 == 0))
            for k in range(reviewers)
        ),
        **(rules | given),  # type: ignore[arg-type]
    )


def tiny(seed: int) -> ReviewingProblem:
    """Return a problem of three proposals and five reviewers with whatever rules, feasible or not."""
    random = np.random.default_rng(seed)
    return ReviewingProblem(
        proposals=tuple(
            Proposal(f"p{k}", _topics(random, 2, 1, 4), int(random.integers(1, 4)), int(random.integers(0, 2)),
                     (f"o{random.integers(6)}",)) for k in range(3)
        ),
        reviewers=tuple(
            Reviewer(f"r{k}", _topics(random, 3, 0, 6), int(random.integers(1, 4)), int(random.integers(0, 2)),
                     str(random.choice(["", "o0", "o1", "o2"])), bool(random.random() < 0.5),
                     bool(random.random() < 0.5)) for k in range(5)
        ),
        conflicts=_pairs(random, 3, 5, int(random.integers(0, 3))),
        fixed=_pairs(random, 3, 5, int(random.integers(0, 2))),
        apart=(("r0", "r1"),) if random.random() < 0.5 else (),
        most_of_organisation=int(random.integers(1, 3)) if random.random() < 0.5 else None,
        seniors=int(random.integers(0, 2)),
        least_match=float(random.choice([0.0, 0.1])),
        fairness=float(random.choice([0.0, 0.7, 2.0])),
        balance=float(random.choice([0.0, 0.1, 0.6])),
    )  # fmt: skip


def best(problem: ReviewingProblem) -> float | None:
    """Return the objective of the best assignment, by trying all; None where none keeps the rules."""
    columns = [[*_sets(problem, one)] for one in problem.proposals]
    reviews = sum(one.wanted for one in problem.proposals)
    share = -(-reviews // len(problem.reviewers))
    values = []
    for sets in product(*columns):
        load = {one.id: sum(one.id in chosen for chosen in sets) for one in problem.reviewers}
        if any(not one.least <= load[one.id] <= one.most for one in problem.reviewers):
            continue
        sums = [sum(match(problem, p, problem.reviewers[int(r[1:])]) for r in chosen)
                for p, chosen in zip(problem.proposals, sets, strict=True)]  # fmt: skip
        worst = min(value / p.wanted for value, p in zip(sums, problem.proposals, strict=True))
        beyond = sum(max(0, count - share) for count in load.values())
        values.append(sum(sums) + problem.fairness * reviews * worst - problem.balance * beyond)
    return max(values, default=None)


def match(problem: ReviewingProblem, proposal: Proposal, reviewer: Reviewer) -> float:
    """Return the match of a pair, from the definition."""
    level = dict(reviewer.expertise)
    total = sum(weight for _, weight in proposal.topics)
    return sum(weight * level.get(topic, 0) for topic, weight in proposal.topics) / total / problem.top_level


def _sets(problem: ReviewingProblem, one: Proposal):
    for chosen in combinations(problem.reviewers, one.wanted):
        names = {r.id for r in chosen}
        fixed = {r for p, r in problem.fixed if p == one.id}
        own = [r.organisation for r in chosen if r.organisation]
        cap = problem.most_of_organisation
        if (
            fixed <= names
            and not any((one.id, r) in {*problem.conflicts, *problem.never} for r in names)
            and not {*own} & {*one.organisations}
            and all(match(problem, one, r) >= problem.least_match - 1e-9 or r.id in fixed for r in chosen)
            and (cap is None or all(own.count(name) <= cap for name in own))
            and sum(r.senior for r in chosen) >= problem.seniors
            and sum(not r.member for r in chosen) >= one.outside
            and not any({*pair} <= names for pair in problem.apart)
        ):
            yield names


def _topics(random: np.random.Generator, count: int, low: int, high: int) -> tuple[tuple[str, float], ...]:
    return tuple((str(t), float(random.integers(low, high))) for t in random.choice(TOPICS, count, replace=False))


def _pairs(random: np.random.Generator, proposals: int, reviewers: int, count: int) -> tuple[Pair, ...]:
    drawn = {(f"p{random.integers(proposals)}", f"r{random.integers(reviewers)}") for _ in range(count)}
    return tuple(sorted(drawn))
