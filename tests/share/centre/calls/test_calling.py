"""Calls are written, published, extended, closed; who may, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import calls, problems, records
from takeback.share.centre.calls import BudgetRule
from takeback.share.centre.money import Fund, open_new_fund
from tests.share.centre.calls.call_world import CLOSES, CRITERIA, OPENS, REVIEWS, CallWorld, new_call
from tests.share.centre.centre_world import CentreWorld, new_centre


@pytest.mark.parametrize(
    ("where", "changes"),
    [
        ("zone", {"zone": "Asia/Nowhere"}),
        ("closes", {"closes": OPENS}),
        ("closes", {"review_closes": CLOSES - timedelta(seconds=1)}),
        ("budget", {"budget": BudgetRule(total_minor=5, most_minor=6)}),
        ("budget", {"budget": BudgetRule(total_minor=9, most_minor=6, least_minor=7)}),
        ("criteria", {"criteria": (CRITERIA[0], CRITERIA[0])}),
        ("announced", {"announced": OPENS}),
    ],
)
def test_a_call_that_cannot_be_is_refused_where_it_is_wrong(call: CallWorld, where: str, changes: Any) -> None:
    """A zone, deadlines, amounts, criteria that make no sense are named."""
    with store.transaction(call.org) as connection:
        facts = msgspec.structs.replace(records.get(connection, call.call).facts, **changes)
        with pytest.raises(Problem) as refused:
            calls.draft_call(connection, call.manager, facts)
    assert (refused.value.kind, refused.value.where) == ("centre.bad-call", where)


def test_a_published_call_keeps_its_rules_and_gives_more_time_only(call: CallWorld) -> None:
    """After publishing nothing changes but deadlines, and these only to later ones; reviews follow applications."""
    with store.transaction(call.org) as connection:
        facts = records.get(connection, call.call).facts
        with pytest.raises(Problem) as fixed:
            calls.change_call(connection, call.manager, call.call, facts)
        assert fixed.value.kind == "centre.fixed"
        with pytest.raises(Problem) as sooner:
            calls.extend_call(connection, call.manager, call.call, closes=CLOSES - timedelta(days=1))
        assert sooner.value.kind == "centre.bad-call"
        later = REVIEWS + timedelta(days=3)
        longer = calls.extend_call(connection, call.manager, call.call, closes=later, reason="a holiday")
        assert (longer.facts.closes, longer.facts.review_closes) == (later, later)
        with pytest.raises(Problem) as early:
            calls.close_call(connection, call.manager, call.call, at=CLOSES)
        assert early.value.kind == "centre.call-open"


def test_a_call_does_not_open_in_the_past(call: CallWorld) -> None:
    """What closes before now is not published."""
    with store.transaction(call.org) as connection:
        facts = records.get(connection, call.call).facts
        drafted = calls.draft_call(connection, call.manager, facts, at=OPENS)
        with pytest.raises(Problem) as late:
            calls.publish_call(connection, call.manager, drafted.id, at=CLOSES)
    assert late.value.kind == "centre.bad-call"


def test_who_may_call(call: CallWorld) -> None:
    """Alice manages; Bob, who applies, may neither write, publish, extend, close nor cancel; Charlie sees none."""
    bob, charlie = call.authors[0], new_centre("other")
    with store.transaction(call.org) as connection:
        facts = records.get(connection, call.call).facts
        for refused in (
            lambda: calls.draft_call(connection, bob, facts),
            lambda: calls.change_call(connection, bob, call.call, facts),
            lambda: calls.publish_call(connection, bob, call.call),
            lambda: calls.extend_call(connection, bob, call.call, closes=REVIEWS),
            lambda: calls.close_call(connection, bob, call.call, at=CLOSES),
            lambda: calls.cancel_call(connection, bob, call.call, "no"),
            lambda: calls.announce_decisions(connection, bob, call.call),
            lambda: calls.check_eligibility(connection, bob, call.call),
            lambda: calls.assign_reviewers(connection, bob, call.call, []),
            lambda: calls.propose_reviewers(connection, bob, call.call),
            lambda: calls.conflicts(connection, bob, call.call),
            lambda: calls.ranking(connection, bob, call.call),
            lambda: calls.committee_view(connection, bob, call.call),
            lambda: calls.decide(connection, bob, uuid4(), "funded", "mine"),
            lambda: calls.decide_appeal(connection, bob, uuid4(), upheld=True, answer="mine"),
            lambda: calls.release_reviewer(connection, bob, uuid4(), "no"),
        ):
            with pytest.raises(Problem) as problem:
                refused()
            assert problem.value.status in {403, 409}, problem.value
            assert problem.value.kind in {"centre.forbidden", "centre.bad-move"}
    with store.transaction(charlie.org) as connection, pytest.raises(Problem) as unknown:
        calls.publish_call(connection, charlie.manager, call.call)
    assert unknown.value.status == 404


def test_problems_are_called_and_wait_again_when_the_call_is_cancelled(centre: CentreWorld) -> None:
    """Publishing marks the common problems that a call answers; a cancelled call gives them back."""
    bob, eve = centre.enter("Bob", "maker", "delegate"), centre.enter("Eve", "shop", "delegate")
    stated = problems.Problem(
        title="Slow", title_zh="慢", member_id=centre.members["maker"], details="Hours.", criteria=("Minutes.",)
    )
    with store.transaction(centre.org) as connection:
        one = problems.state_problem(connection, bob, stated)
        problems.say_interest(connection, eve, one.id, "shares")
        problem = problems.merge(
            connection, centre.manager, [one.id], title="Slow tests", title_zh="检测慢", statement="Hours."
        ).id
    call = new_call(centre, authors=1, experts=1, problems=(problem,))
    with store.transaction(centre.org) as connection:
        assert records.get(connection, problem).state == "called"
        calls.cancel_call(connection, call.manager, call.call, "no money")
        assert records.get(connection, problem).state == "common"


def test_the_funds_rule_counts_beside_the_calls(centre: CentreWorld) -> None:
    """A fund that gives at most 200,000 to a project refuses a proposal of 300,000 that the call would allow."""
    fund = Fund(code="F1", title="City", source="City", channel="municipal", per_project=200_000_00)
    with store.transaction(centre.org) as connection:
        fund_id = open_new_fund(connection, centre.manager, fund).id
    rule = BudgetRule(total_minor=900_000_00, most_minor=500_000_00, fund=fund_id)
    call = new_call(centre, authors=1, experts=1, budget=rule)
    with pytest.raises(Problem) as refused:
        call.submit(0)
    assert (refused.value.kind, refused.value.expected) == (
        "centre.over-budget",
        "200\N{NARROW NO-BREAK SPACE}000.00\N{NO-BREAK SPACE}CNY",
    )
