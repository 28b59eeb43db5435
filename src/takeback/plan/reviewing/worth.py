"""What an assignment is worth."""

from __future__ import annotations

import numpy as np

from takeback.plan.reviewing.solution import Assignment
from takeback.plan.reviewing.tables import BoolArray, Tables


def assignment(tables: Tables, chosen: BoolArray) -> Assignment:
    """Return the assignment of the pairs chosen (P, R) with its figures."""
    problem = tables.problem
    scores = np.where(chosen, tables.match, 0.0).sum(axis=1)
    means = scores / np.maximum(1, tables.wanted)
    last = int(means.argmin()) if len(means) else -1
    worst = float(means[last]) if len(means) else 0.0
    beyond = int(np.maximum(0, chosen.sum(axis=0) - problem.even_share).sum())
    quality = float(scores.sum())
    where = zip(*(axis.tolist() for axis in np.nonzero(chosen)), strict=True)
    return Assignment(
        pairs=tuple((problem.proposals[p].id, problem.reviewers[r].id) for p, r in where),
        quality=quality,
        mean=quality / max(1, problem.reviews),
        worst=worst,
        worst_proposal=problem.proposals[last].id if last >= 0 else "",
        beyond=beyond,
        missing=int(np.maximum(0, tables.wanted - chosen.sum(axis=1)).sum()),
        objective=quality + problem.fairness * problem.reviews * worst - problem.balance * beyond,
    )
