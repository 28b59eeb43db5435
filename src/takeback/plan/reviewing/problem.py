"""What is asked: who reviews which proposal, so that each meets people who know its field and have no interest.

The match of a proposal p and a reviewer r is the share of the proposal's topics that the reviewer masters:

    match(p, r) = sum over topics t of weight(p, t) * level(r, t) / (top_level * sum of weights(p)), in [0, 1]

(as in the Toronto Paper Matching System: Charlin and Zemel 2013). An assignment is worth

    objective = sum of the matches of its pairs
              + fairness * reviews wanted in all * mean match of the worst-served proposal
              - balance * reviews beyond the even share

A proposal's mean match is the sum of its matches over the reviews it wants. The middle term raises the worst-served
proposal, as in Garg, Kavitha, Kumar, Mehlhorn and Mestre ("Assigning papers to referees", 2010) and in Stelmakh, Shah
and Singh ("PeerReview4All", 2021), who go on with the next worst. The even share of a reviewer is the number of reviews
wanted in all over the number of reviewers, rounded up.
"""

from __future__ import annotations

from dataclasses import dataclass

from takeback.plan.reviewing import valid


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal that wants to be reviewed.

    - `topics`: (topic, weight above 0), each topic once.
    - `wanted`: how many reviewers it gets, exactly.
    - `outside`: how many of them, at least, are of no member organisation.
    - `organisations`: those that take part in it: their people do not review it.
    """

    id: str
    topics: tuple[tuple[str, float], ...]
    wanted: int = 3
    outside: int = 0
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who reviews.

    - `expertise`: (topic, level from 0 to the problem's `top_level`), each topic once; what is not there is 0.
    - `least`, `most`: how many proposals this reviewer takes.
    - `organisation`: "" = none. `member`: whether it is a member of the centre.
    """

    id: str
    expertise: tuple[tuple[str, float], ...]
    most: int
    least: int = 0
    organisation: str = ""
    member: bool = False
    senior: bool = False


Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewingProblem:
    """Proposals, reviewers, and the rules between them. Raises `Problem` (`reviewing.bad-problem`) for mistakes.

    - `conflicts`, `never`: (proposal, reviewer) that must not meet: by interest, or for whatever other reason.
    - `fixed`: (proposal, reviewer) that stand already; they count for every rule.
    - `apart`: (reviewer, reviewer) who do not review the same proposal.
    - `most_of_organisation`: of one organisation for a proposal; None = any number.
    - `seniors`: how many of a proposal's reviewers, at least, are senior.
    - `least_match`: below it a reviewer knows too little of a proposal (fixed pairs excepted).
    - `fairness` >= 0: what the worst-served proposal counts beside the mean; `balance` >= 0: what a review beyond the
      even share costs, in matches.
    """

    proposals: tuple[Proposal, ...]
    reviewers: tuple[Reviewer, ...]
    conflicts: tuple[Pair, ...] = ()
    never: tuple[Pair, ...] = ()
    fixed: tuple[Pair, ...] = ()
    apart: tuple[Pair, ...] = ()
    most_of_organisation: int | None = None
    seniors: int = 0
    least_match: float = 0.0
    top_level: float = 5.0
    fairness: float = 1.0
    balance: float = 0.05

    def __post_init__(self) -> None:
        valid.refuse_mistakes(self)

    @property
    def reviews(self) -> int:
        """Reviews wanted in all."""
        return sum(one.wanted for one in self.proposals)

    @property
    def even_share(self) -> int:
        """Reviews of each reviewer if all did alike, rounded up."""
        return -(-self.reviews // max(1, len(self.reviewers)))
