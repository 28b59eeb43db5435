"""Reviewing: who reviews which proposal.

Downwards: `solve` asks `explain` for what cannot be, makes the greedy `baseline`, then the `relaxation` over all pairs,
whose prices (`price`) prove the bound; `whole` goes from there to whole reviews. Both write a `programme` for `highs`.
What only all rules together forbid, `shortage` explains. `check` shares nothing with any of this.
"""

from takeback.plan.reviewing.check import check
from takeback.plan.reviewing.problem import Proposal, Reviewer, ReviewingProblem
from takeback.plan.reviewing.solution import Assignment, Prices, ReviewingSolution
from takeback.plan.reviewing.solve import solve

__all__ = ["Assignment", "Prices", "Proposal", "Reviewer", "ReviewingProblem", "ReviewingSolution", "check", "solve"]
