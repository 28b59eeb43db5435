"""A call from its text to decisions and appeals."""

from __future__ import annotations

from datetime import timedelta

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import projection
from takeback.share.centre import calls, records
from takeback.share.centre.calls import blindness_cases
from takeback.share.centre.figures import unproven
from tests.share.centre.calls.call_world import REVIEWS, TELLING, CallWorld

PAIRS = [(proposal, (proposal + shift) % 7) for proposal in range(4) for shift in range(3)]


def through(call: CallWorld) -> None:
    """Hand in four proposals, review each three times, fund the best, decline the others, announce."""
    for place in range(4):
        call.submit(place)
    call.close()
    call.assign(*PAIRS)
    for proposal, expert in PAIRS:
        call.review(expert, proposal, 9 - proposal, 8, 7, for_authors="Well done.")
    call.decide(0, "funded", 300_000_00)
    for place in (1, 2, 3):
        call.decide(place, "declined")
    call.announce()


def test_the_best_is_funded_and_all_learn_it_at_once(call: CallWorld) -> None:
    """After the announcement each lead sees the own decision and three reviews, before it none; figures count them."""
    through(call)
    with store.transaction(call.org) as connection:
        best = calls.author_view(connection, call.authors[0], call.proposals[0])
        assert (best.state, len(best.reviews), best.appeal_until) == ("funded", 3, "")
        assert best.decision
        assert best.decision.amount_minor == 300_000_00
        second = calls.author_view(connection, call.authors[1], call.proposals[1])
        assert (second.state, second.appeal_until) == ("declined", "2026-05-30")
        found = {one.code: one.value for one in calls.figures(connection, 2026)}
        assert found == {
            "calls.calls": 1, "calls.received": 4, "calls.eligible": 4, "calls.funded": 1, "calls.reviews": 12,
            "calls.granted": 300_000_00, "calls.days_to_decision": 40.0,
        }  # fmt: skip
        assert unproven(calls.figures(connection, 2026)) == []


def test_nothing_leaks_and_a_rebuilt_centre_is_the_same(call: CallWorld) -> None:
    """All views of the whole call keep both sides apart; tables made anew from the ledger give the same view."""
    through(call)
    with store.transaction(call.org) as connection:
        found = blindness_cases(connection, call.call)
        assert found.leaks == ()
        assert found.cases > 500
        before = calls.committee_view(connection, call.council[1], call.call)
        projection.rebuild(connection, call.org)
        assert calls.committee_view(connection, call.council[1], call.call) == before


def test_an_appeal_is_decided_by_others_than_those_who_decided(call: CallWorld) -> None:
    """The council member who declined is refused; another one upholds, within what is left of the call's money."""
    through(call)
    with store.transaction(call.org) as connection:
        filed = calls.appeal(connection, call.authors[1], call.proposals[1], "A score was misread.", at=TELLING)
        with pytest.raises(Problem) as same:
            calls.decide_appeal(connection, call.council[0], filed.id, upheld=True, answer="Yes.", amount_minor=1)
        assert same.value.kind == "centre.not-impartial"
        with pytest.raises(Problem) as early:
            calls.finish_call(connection, call.manager, call.call, at=TELLING + timedelta(days=20))
        assert early.value.kind == "centre.appeals-open"
        calls.decide_appeal(
            connection, call.council[1], filed.id, upheld=True, answer="It was.", amount_minor=200_000_00, at=TELLING
        )
        seen = calls.author_view(connection, call.authors[1], call.proposals[1])
        assert seen.decision
        assert (seen.state, seen.decision.amount_minor, seen.appeals[0].state) == ("funded", 200_000_00, "upheld")
        calls.finish_call(connection, call.manager, call.call, at=TELLING + timedelta(days=11))


def test_appeals_late_double_or_against_nothing_are_refused(call: CallWorld) -> None:
    """After ten days, a second time, and against being funded: each refused with its own rule."""
    through(call)
    late = TELLING + timedelta(days=10, seconds=1)
    with store.transaction(call.org) as connection:
        cases = [(1, late, "centre.late-appeal"), (0, TELLING, "centre.nothing-to-appeal")]
        calls.appeal(connection, call.authors[2], call.proposals[2], "Look again.", at=TELLING)
        for place, at, rule in [*cases, (2, TELLING, "centre.double-appeal")]:
            with pytest.raises(Problem) as refused:
                calls.appeal(connection, call.authors[place], call.proposals[place], "Look again.", at=at)
            assert refused.value.kind == rule


def test_what_is_given_stays_within_what_was_asked_and_what_is_left(call: CallWorld) -> None:
    """More than the proposal asks for, or than the call still has, is refused with the rule."""
    for place in range(4):
        call.submit(place)
    call.close()
    call.assign(*PAIRS)
    for proposal, expert in PAIRS:
        call.review(expert, proposal, 5, 5, 5)
    with pytest.raises(Problem, match="cannot be given"):
        call.decide(0, "funded", 300_000_01)
    for place in range(3):
        call.decide(place, "funded", 300_000_00)
    with pytest.raises(Problem, match=r"left of the call's money: 100\s000\.00\sCNY"):
        call.decide(3, "funded", 300_000_00)
    with pytest.raises(Problem) as undecided:
        call.announce()
    assert undecided.value.kind == "centre.undecided"


def test_a_decision_waits_for_all_reviews(call: CallWorld) -> None:
    """While one of three reviews is a draft, nothing is decided."""
    call.submit(0)
    call.close()
    call.assign((0, 0), (0, 1))
    call.review(0, 0, 5, 5, 5)
    call.review(1, 0, 5, 5, 5, final=False)
    with pytest.raises(Problem) as refused:
        call.decide(0, "declined")
    assert refused.value.kind == "centre.reviews-missing"


def test_an_ineligible_proposal_says_why_and_an_appeal_brings_it_back(call: CallWorld) -> None:
    """A broken rule is named to the applicants; a council member can let the proposal take part nevertheless."""
    call.submit(0, months=36)
    call.close()
    with store.transaction(call.org) as connection:
        seen = calls.author_view(connection, call.authors[0], call.proposals[0])
        assert [(one.found, one.expected) for one in seen.reasons] == [("36", "24")]
        filed = calls.appeal(
            connection, call.authors[0], call.proposals[0], "Read 24.", at=REVIEWS - timedelta(days=25)
        )
        calls.decide_appeal(connection, call.council[0], filed.id, upheld=True, answer="Cut it.")
        assert records.get(connection, call.proposals[0]).state == "eligible"
