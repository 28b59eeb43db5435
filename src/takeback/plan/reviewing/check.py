"""Checks a solution against its problem, from the definition alone: no code of the solver is used.

- `pair.unknown`, `pair.twice`, `pair.conflict` (declared, never, or by an organisation that takes part),
  `pair.knows-too-little`, `pair.fixed-missing`;
- `reviews.wanted`, `load.above-most`, `load.below-least`;
- `rule.organisation`, `rule.apart`, `rule.seniors`, `rule.outside`;
- `figure.quality`, `figure.mean`, `figure.worst`, `figure.worst-proposal`, `figure.beyond`, `figure.missing`,
  `figure.objective`;
- `bound.below-objective`, `bound.above-prices` (the prices prove a lower one), `prices.shape`, `prices.sign`,
  `bound.prices` (the prices do not prove what the solution says).

That a `bound` below `priced_bound` holds is what the search says; whoever doubts it takes `priced_bound`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator

from takeback.plan.doors import Violation
from takeback.plan.reviewing.check_prices import check_prices
from takeback.plan.reviewing.problem import Proposal, Reviewer, ReviewingProblem
from takeback.plan.reviewing.solution import Assignment, ReviewingSolution

CLOSE = 1e-6


def check(problem: ReviewingProblem, solution: ReviewingSolution) -> list[Violation]:
    """Return every rule of `problem` that `solution` breaks and every figure in it that is wrong; empty = valid.

    The baseline may miss reviews, seniors, people from outside, the least of reviewers; else it keeps the rules, too.
    """
    violations = check_assignment(problem, solution.assignment)
    violations += check_assignment(problem, solution.baseline, "baseline", whole=False)
    slack = CLOSE * max(1.0, abs(solution.bound))
    if not solution.bound >= solution.objective - slack:
        violations.append(Violation("bound.below-objective", "bound", solution.bound, solution.objective))
    if not solution.bound <= solution.priced_bound + slack:
        violations.append(Violation("bound.above-prices", "bound", solution.bound, solution.priced_bound))
    return violations + list(check_prices(problem, solution))


def check_assignment(
    problem: ReviewingProblem, found: Assignment, name: str = "assignment", *, whole: bool = True
) -> list[Violation]:
    """Return what is wrong with one assignment; `whole` False: reviews and needs may be missing."""
    proposals = {one.id: one for one in problem.proposals}
    reviewers = {one.id: one for one in problem.reviewers}
    unknown = [pair for pair in found.pairs if pair[0] not in proposals or pair[1] not in reviewers]
    if unknown:
        return [Violation("pair.unknown", name, list(pair), "of the problem") for pair in unknown]
    of: defaultdict[str, list[Reviewer]] = defaultdict(list)
    for proposal, reviewer in found.pairs:
        of[proposal].append(reviewers[reviewer])
    return [
        *_pairs(problem, found, name, proposals, reviewers),
        *_loads(problem, found, name, whole=whole),
        *(wrong for one in problem.proposals for wrong in _one(problem, one, of[one.id], name, whole=whole)),
        *_figures(problem, found, name, of),
    ]


def _pairs(
    problem: ReviewingProblem,
    found: Assignment,
    name: str,
    proposals: dict[str, Proposal],
    reviewers: dict[str, Reviewer],
) -> Iterator[Violation]:
    barred = {*problem.conflicts, *problem.never}
    for pair, times in Counter(found.pairs).items():
        where, (proposal, reviewer) = f"{name}, {pair[0]}, {pair[1]}", (proposals[pair[0]], reviewers[pair[1]])
        if times > 1:
            yield Violation("pair.twice", where, times, 1)
        if pair in barred or (reviewer.organisation and reviewer.organisation in proposal.organisations):
            yield Violation("pair.conflict", where, "assigned", "not assigned")
        level = _match(problem, proposal, reviewer)
        if level < problem.least_match - CLOSE and pair not in problem.fixed:
            yield Violation("pair.knows-too-little", where, level, problem.least_match)
    for pair in sorted({*problem.fixed} - {*found.pairs}):
        yield Violation("pair.fixed-missing", f"{name}, {pair[0]}, {pair[1]}", "not assigned", "assigned")


def _loads(problem: ReviewingProblem, found: Assignment, name: str, *, whole: bool) -> Iterator[Violation]:
    load = Counter(reviewer for _, reviewer in found.pairs)
    for one in problem.reviewers:
        if load[one.id] > one.most:
            yield Violation("load.above-most", f"{name}, {one.id}", load[one.id], one.most)
        if whole and load[one.id] < one.least:
            yield Violation("load.below-least", f"{name}, {one.id}", load[one.id], one.least)


def _one(
    problem: ReviewingProblem, one: Proposal, by: list[Reviewer], name: str, *, whole: bool
) -> Iterator[Violation]:
    where = f"{name}, {one.id}"
    if len(by) > one.wanted or (whole and len(by) < one.wanted):
        yield Violation("reviews.wanted", where, len(by), one.wanted)
    if whole and (count := sum(reviewer.senior for reviewer in by)) < problem.seniors:
        yield Violation("rule.seniors", where, count, problem.seniors)
    if whole and (count := sum(not reviewer.member for reviewer in by)) < one.outside:
        yield Violation("rule.outside", where, count, one.outside)
    for organisation, times in Counter(reviewer.organisation for reviewer in by if reviewer.organisation).items():
        if problem.most_of_organisation is not None and times > problem.most_of_organisation:
            yield Violation("rule.organisation", f"{where}, {organisation}", times, problem.most_of_organisation)
    together = {reviewer.id for reviewer in by}
    for pair in problem.apart:
        if {*pair} <= together:
            yield Violation("rule.apart", where, list(pair), "at most one of them")


def _figures(
    problem: ReviewingProblem, found: Assignment, name: str, of: dict[str, list[Reviewer]]
) -> Iterator[Violation]:
    """Recompute the figures of an assignment."""
    sums = {p.id: math.fsum(_match(problem, p, reviewer) for reviewer in of[p.id]) for p in problem.proposals}
    means = {p.id: sums[p.id] / p.wanted for p in problem.proposals}
    wanted = sum(p.wanted for p in problem.proposals)
    quality, worst = math.fsum(sums.values()), min(means.values(), default=0.0)
    share = math.ceil(wanted / max(1, len(problem.reviewers)))
    load = Counter(reviewer for _, reviewer in found.pairs)
    beyond = sum(max(0, count - share) for count in load.values())
    expected = {
        "quality": quality,
        "mean": quality / max(1, wanted),
        "worst": worst,
        "beyond": beyond,
        "missing": sum(max(0, p.wanted - len(of[p.id])) for p in problem.proposals),
        "objective": quality + problem.fairness * wanted * worst - problem.balance * beyond,
    }
    for figure, value in expected.items():
        if not math.isclose(getattr(found, figure), value, rel_tol=CLOSE, abs_tol=CLOSE):
            yield Violation(f"figure.{figure}", name, getattr(found, figure), value)
    if not math.isclose(means.get(found.worst_proposal, 0.0), worst, rel_tol=CLOSE, abs_tol=CLOSE):
        yield Violation("figure.worst-proposal", name, found.worst_proposal, worst)


def _match(problem: ReviewingProblem, proposal: Proposal, reviewer: Reviewer) -> float:
    known = dict(reviewer.expertise)
    weights = math.fsum(weight for _, weight in proposal.topics)
    return math.fsum(weight * known.get(topic, 0.0) for topic, weight in proposal.topics) / (
        problem.top_level * weights
    )
