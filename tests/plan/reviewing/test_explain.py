"""Where no assignment can exist, people learn which proposal, which limit, and what would make it fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from takeback.core.problem import Problem
from takeback.plan.doors import Budget
from takeback.plan.reviewing import Proposal, Reviewer, ReviewingProblem, solve

TOPIC = (("cells", 1.0),)


def _day(count: int = 5, **given: object) -> ReviewingProblem:
    """Return two proposals that want three reviews of `count` reviewers with room for both."""
    everybody = tuple(Reviewer(f"r{k}", (("cells", 4.0),), 2, senior=k == 0, member=k > 1) for k in range(count))
    proposals = (Proposal("p0", TOPIC), Proposal("p1", TOPIC))
    return ReviewingProblem(**({"proposals": proposals, "reviewers": everybody} | given))  # type: ignore[arg-type]


def _told(problem: ReviewingProblem) -> list[Problem]:
    with pytest.raises(Problem) as caught:
        solve(problem, budget=Budget(iterations=20))
    assert caught.value.kind == "reviewing.infeasible"
    return list(caught.value.errors)


def test_a_proposal_with_too_few_reviewers_says_how_many_there_are() -> None:
    """Three of five have a conflict with it: "2 reviewers without conflict, 3 wanted"."""
    (error,) = _told(_day(conflicts=tuple(("p0", f"r{k}") for k in range(3))))
    assert (error.kind, error.where) == ("reviewing.too-few", "p0")
    assert str(error.found) == "2 reviewers without conflict, 3 wanted"
    assert str(error.remedy) == "Invite 1 more, or ask for 2."


def test_a_proposal_whose_reviewers_know_too_little_says_so() -> None:
    """Without a conflict are all, but those who know enough are told apart."""
    problem = _day(least_match=0.5)
    novices = tuple(replace(one, expertise=(("cells", 1.0),)) if one.id > "r1" else one for one in problem.reviewers)
    errors = _told(replace(problem, reviewers=novices))
    assert {str(e.found) for e in errors} == {"5 reviewers without conflict, 2 of them know enough, 3 wanted"}


def test_too_few_places_in_all_are_counted() -> None:
    """Six reviews wanted, five places."""
    problem = _day()
    (error,) = _told(replace(problem, reviewers=tuple(replace(one, most=1) for one in problem.reviewers)))
    assert (error.kind, str(error.found)) == ("reviewing.places", "5 places, 6 wanted")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"seniors": 2}, "reviewing.seniors"),
        ({"proposals": (Proposal("p0", TOPIC, outside=3),)}, "reviewing.outside"),
        ({"fixed": (("p0", "r0"),), "conflicts": (("p0", "r0"),)}, "reviewing.fixed-conflict"),
        ({"fixed": tuple(("p0", f"r{k}") for k in range(4))}, "reviewing.fixed-many"),
        ({"fixed": (("p0", "r0"), ("p0", "r1")), "apart": (("r1", "r0"),)}, "reviewing.fixed-apart"),
    ],
)
def test_a_rule_that_one_proposal_cannot_keep_is_named(given: dict[str, object], kind: str) -> None:
    """Seniors, people from outside and fixed pairs that contradict a rule."""
    assert kind in {error.kind for error in _told(_day(**given))}


def test_one_organisation_alone_cannot_review_when_a_rule_forbids_it() -> None:
    """Five reviewers of two organisations, one of each: two of three."""
    problem = _day(most_of_organisation=1)
    of = tuple(replace(one, organisation=f"o{k % 2}") for k, one in enumerate(problem.reviewers))
    errors = _told(replace(problem, reviewers=of))
    assert [(error.kind, str(error.found)) for error in errors] == [
        ("reviewing.organisations", "2 reviewers, 3 wanted")
    ] * 2


def test_proposals_that_share_too_few_reviewers_are_told_together() -> None:
    """Each alone has three reviewers; both want six reviews of three who take one each; others are of no use."""
    problem = _day(7, conflicts=tuple((p, f"r{k}") for p in ("p0", "p1") for k in range(3, 7)))
    ones = tuple(replace(one, most=1) if one.id < "r3" else one for one in problem.reviewers)
    errors = _told(replace(problem, reviewers=ones))
    full = errors[0]
    assert (full.kind, full.where) == ("reviewing.full", "p0, p1")
    assert str(full.found) == "3 places of 3 reviewers, 6 wanted"
    assert str(full.remedy) == "Invite other reviewers for them, or let these take 3 more: r0, r1, r2"
    assert sum(error.kind == "reviewing.review-missing" for error in errors) in (1, 2)


def test_a_reviewer_who_wants_more_than_there_is_for_him_is_told() -> None:
    """At least two proposals, and a conflict with one of the two."""
    problem = _day(conflicts=(("p0", "r1"),))
    eager = tuple(replace(one, least=2) if one.id == "r1" else one for one in problem.reviewers)
    (error,) = _told(replace(problem, reviewers=eager))
    assert (error.kind, error.where) == ("reviewing.least", "r1")


@pytest.mark.parametrize(
    "given",
    [
        {"conflicts": (("p9", "r0"),)},
        {"fixed": (("p0", "r9"),)},
        {"apart": (("r0", "r0"),)},
        {"proposals": (Proposal("p0", ()),)},
        {"proposals": (Proposal("p0", TOPIC, wanted=2, outside=3),)},
        {"proposals": (Proposal("p0", TOPIC), Proposal("p0", TOPIC))},
        {"reviewers": (Reviewer("r0", (("cells", 9.0),), 1),)},
        {"reviewers": (Reviewer("r0", TOPIC, 1, least=2),)},
        {"fairness": float("nan")},
        {"top_level": 0.0},
    ],
)
def test_a_problem_with_a_mistake_is_refused(given: dict[str, object]) -> None:
    """Names that are not there, numbers that cannot be: told before any search."""
    with pytest.raises(Problem) as caught:
        _day(**given)
    assert caught.value.kind == "reviewing.bad-problem"
