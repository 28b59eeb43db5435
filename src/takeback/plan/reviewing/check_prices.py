"""Works out again what the prices of a solution prove: one sum over all pairs, from the definition of the problem.

For prices of the right sign, the objective of any assignment that keeps the rules is at most

    sum_p wanted_p proposal_p + sum_r (most_r or least_r) load_r + even share * sum_r even_r
      - sum_p seniors senior_p - sum_p outside_p out_p + most_of_organisation * sum organisation + sum apart
      + Z max(0, fairness * reviews - sum_p fair_p) + sum_r most_r max(0, even_r - balance)
      + sum over pairs that may be of max(0, what the pair is worth above the prices)

where Z is the lowest of what each proposal could have if all who may review it had time for it alone, and a pair (p, r)
is worth match (1 + fair_p / wanted_p) - proposal_p - load_r - even_r + senior_p [r is senior] + out_p [r is from
outside] - the prices of its organisation and of its pairs apart; fixed pairs count also below 0.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from takeback.plan.doors import Violation
from takeback.plan.reviewing.problem import Proposal, ReviewingProblem
from takeback.plan.reviewing.solution import FloatArray, ReviewingSolution

CLOSE = 1e-6


def check_prices(problem: ReviewingProblem, solution: ReviewingSolution) -> Iterator[Violation]:
    """Yield what is wrong with the prices and the bound that they are to prove."""
    wrong = [*_shapes(problem, solution), *_signs(solution)]
    yield from wrong
    if not wrong and problem.proposals:
        gain, alone = _pairs(problem, solution)
        worst = problem.fairness * sum(one.wanted for one in problem.proposals) - float(solution.prices.fair.sum())
        proven = _rules(problem, solution) + gain + alone * max(0.0, worst)
        if not math.isclose(proven, solution.priced_bound, rel_tol=CLOSE, abs_tol=CLOSE):
            yield Violation("bound.prices", "priced_bound", solution.priced_bound, proven)


def _shapes(problem: ReviewingProblem, solution: ReviewingSolution) -> Iterator[Violation]:
    many = {"load": len(problem.reviewers), "even": len(problem.reviewers)}
    for name in ("proposal", "load", "fair", "even", "senior", "outside"):
        found: FloatArray = getattr(solution.prices, name)
        shape = (many.get(name, len(problem.proposals)),)
        if found.shape != shape or not np.isfinite(found).all():
            yield Violation("prices.shape", name, found.shape, shape)


def _signs(solution: ReviewingSolution) -> Iterator[Violation]:
    for name in ("fair", "even", "senior", "outside"):
        if (low := float(getattr(solution.prices, name).min(initial=0.0))) < 0:
            yield Violation("prices.sign", name, low, 0)
    for *_, price in (*solution.prices.organisation, *solution.prices.apart):
        if price < 0:
            yield Violation("prices.sign", "rules", price, 0)


def _rules(problem: ReviewingProblem, solution: ReviewingSolution) -> float:
    prices, reviews = solution.prices, sum(one.wanted for one in problem.proposals)
    share = math.ceil(reviews / max(1, len(problem.reviewers)))
    terms = list[float]()
    for k, proposal in enumerate(problem.proposals):
        terms += [proposal.wanted * prices.proposal[k], -problem.seniors * prices.senior[k]]
        terms += [-proposal.outside * prices.outside[k]]
    for k, reviewer in enumerate(problem.reviewers):
        load, even = float(prices.load[k]), float(prices.even[k])
        terms += [load * (reviewer.most if load > 0 else reviewer.least), share * even]
        terms += [reviewer.most * max(0.0, even - problem.balance)]
    terms += [price * (problem.most_of_organisation or 0) for *_, price in prices.organisation]
    return math.fsum([*terms, *(price for *_, price in prices.apart)])


def _pairs(problem: ReviewingProblem, solution: ReviewingSolution) -> tuple[float, float]:
    """Return what pairs are worth above the prices, and the lowest mean match that a proposal could have alone."""
    prices, people = solution.prices, problem.reviewers
    number = {one.id: k for k, one in enumerate(people)}
    topics: defaultdict[str, FloatArray] = defaultdict(lambda: np.zeros(len(people)))
    for k, reviewer in enumerate(people):
        for topic, level in reviewer.expertise:
            topics[topic][k] = level
    senior, outside = np.array([r.senior for r in people]), np.array([not r.member for r in people])
    barred, fixed = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for into, pairs in ((barred, (*problem.conflicts, *problem.never)), (fixed, problem.fixed)):
        for proposal_id, reviewer_id in pairs:
            into[proposal_id].append(number[reviewer_id])
    rules = _prices_of_rules(problem, solution)
    total, alone = [], []
    for p, proposal in enumerate(problem.proposals):
        match = _matches(problem, proposal, topics, len(people))
        worth = match * (1 + prices.fair[p] / proposal.wanted) - prices.proposal[p] - prices.load - prices.even
        worth = worth + prices.senior[p] * senior + prices.outside[p] * outside - rules.get(p, 0.0)
        may = match >= problem.least_match - 1e-12
        may[barred[proposal.id]] = False
        may &= np.array([not r.organisation or r.organisation not in proposal.organisations for r in people])
        could = may.copy()
        could[fixed[proposal.id]] = True
        alone.append(float(np.sort(np.where(could, match, 0.0))[-proposal.wanted :].sum()) / proposal.wanted)
        gain = np.where(may, np.maximum(0.0, worth), 0.0)
        gain[fixed[proposal.id]] = worth[fixed[proposal.id]]
        total.append(float(gain.sum()))
    return math.fsum(total), min(alone)


def _matches(problem: ReviewingProblem, proposal: Proposal, topics: dict[str, FloatArray], people: int) -> FloatArray:
    weights = math.fsum(weight for _, weight in proposal.topics)
    match = np.zeros(people)
    for topic, weight in proposal.topics:
        if topic in topics:
            match = match + topics[topic] * (weight / (weights * problem.top_level))
    return match


def _prices_of_rules(problem: ReviewingProblem, solution: ReviewingSolution) -> dict[int, FloatArray]:
    """Return, for proposals with such a rule, the price (R,) that each reviewer's organisation and pairs apart cost."""
    number = {one.id: k for k, one in enumerate(problem.reviewers)}
    prices: defaultdict[int, FloatArray] = defaultdict(lambda: np.zeros(len(problem.reviewers)))
    for p, name, price in solution.prices.organisation:
        prices[p] += price * np.array([one.organisation == name for one in problem.reviewers])
    for p, k, price in solution.prices.apart:
        for reviewer in problem.apart[k]:
            prices[p][number[reviewer]] += price
    return prices
