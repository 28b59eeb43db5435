"""Who stands on one side of a call does not see the other by any other role, by a refusal, or by asking cleverly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate.identity.memberships import insert_member
from takeback.operate.identity.users import create_user
from takeback.share.centre import calls, projects, records, tables
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.conflicts import Interests
from takeback.share.centre.people import person_by_id
from takeback.share.centre.reporting import figure_evidence
from takeback.share.centre.seeing import visible
from takeback.share.centre.talent import Place, Team, put_team
from takeback.web.api.centre_calls import open_appeals
from tests.share.centre.calls.call_world import CLOSES, REVIEWS, TELLING, CallWorld
from tests.share.centre.centre_world import CentreWorld

BLIND = ("proposal", "conflict", "review", "assignment", "decision", "appeal")


def reviewed(call: CallWorld, proposals: int = 2) -> CallWorld:
    """Return a call with some proposals, the first two with two reviews each."""
    for place in range(proposals):
        call.submit(place)
    call.close()
    call.assign((0, 0), (0, 1), (1, 0), (1, 1))
    for expert in (0, 1):
        for proposal in (0, 1):
            call.review(expert, proposal, 5, 5, 5)
    return call


@pytest.mark.parametrize("side", ["author", "withdrawn author", "reviewer", "released reviewer"])
def test_who_came_to_run_the_centre_sees_no_record_of_a_call_with_an_own_part_in_it(call: CallWorld, side: str) -> None:
    """A role that was given later opens neither lists, nor counts, nor exports, nor figures of that call."""
    call.submit(0)
    call.submit(1)
    if side == "withdrawn author":
        with store.transaction(call.org) as connection:
            calls.withdraw_proposal(connection, call.authors[0], call.proposals[0], at=CLOSES)
    call.close()
    call.assign((1, 0), (1, 1))
    with store.transaction(call.org) as connection:
        if side == "released reviewer":
            calls.declare_conflict(connection, call.experts[0], call.call, proposal=call.name(0, 1), at=CLOSES)
        one = call.authors[0] if "author" in side else call.experts[0]
        risen = replace(one, roles=one.roles | {"manager", "director", "council"})
        assert calls.closed_calls(connection, risen, "proposal.run") == [call.call]
        for kind in BLIND:
            closed = calls.closed_calls(connection, risen, "proposal.run")
            assert records.find(connection, kind, closed=closed) == []
            assert records.count(connection, kind, closed=closed) == 0
            assert tables.export(connection, risen, kind, "json").count(b'"kind"') == 0
            assert tables.export(connection, call.manager, kind, "csv") != b""
        assert tables.export(connection, call.manager, "proposal", "json").count(str(call.call).encode()) > 0
        evidence = figure_evidence(connection, risen, "calls.received", 2026).lines
        assert evidence
        assert not any(line.open for line in evidence)
        for refused in (calls.committee_view, calls.ranking, calls.conflicts):
            with pytest.raises(Problem) as partial:
                refused(connection, risen, call.call)
            assert partial.value.kind == "centre.not-impartial"


def _account(call: CallWorld, actor: CentreActor, role: str) -> None:
    with store.transaction(call.org) as connection:
        user = create_user(
            connection, email="a@b.example", display_name="A", password="a-long-password-3", locale="en"
        ).id
        insert_member(connection, call.org, user, role)  # type: ignore[arg-type]
        sql = sa.text("update centre_person_name set user_id = :user where id = :id")
        connection.execute(sql, {"user": user, "id": actor.person_id})


@pytest.mark.parametrize(("role", "may"), [("participant", True), ("owner", False), ("auditor", False)])
def test_an_account_that_reads_the_ledger_neither_applies_nor_reviews(call: CallWorld, role: str, may: bool) -> None:
    """Whoever owns or audits the centre's organisation sees both sides: such a person is no reviewer."""
    call.submit(0)
    call.close()
    _account(call, call.experts[0], role)
    with store.transaction(call.org) as connection:
        interests = Interests(connection, call.call)
        expert = person_by_id(connection, call.experts[0].person())
        rules = [found.rule for found in interests.between(interests.proposals[0], expert)]
        named = {one for one, _ in calls.propose_reviewers(connection, call.manager, call.call, expertise={}).pairs}
        chosen = {
            expert for _, expert in calls.propose_reviewers(connection, call.manager, call.call, expertise={}).pairs
        }
    assert named == {call.proposals[0]}
    assert rules == ([] if may else ["runs-the-call"])
    assert may or call.experts[0].person() not in chosen
    if not may:
        with pytest.raises(Problem):
            call.assign((0, 0))


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_an_account_that_reads_the_ledger_begins_no_proposal(call: CallWorld, role: str) -> None:
    """The refusal is that for those who run the calls."""
    _account(call, call.authors[0], role)
    with pytest.raises(Problem) as refused:
        call.submit(0)
    assert refused.value.kind == "centre.runs-the-calls"


def _refusals(call: CallWorld, place: int) -> list[tuple[str, object, object, object]]:
    author, own = call.authors[place], call.proposals[place]
    found = []
    for ask in (
        lambda connection: calls.withdraw_proposal(connection, author, own, at=REVIEWS),
        lambda connection: calls.appeal(connection, author, own, "Why?", at=REVIEWS),
        lambda connection: calls.submit_proposal(connection, author, own, at=REVIEWS),
        lambda connection: calls.change_proposal(connection, author, own, call.proposal(author, place), at=REVIEWS),
    ):
        with pytest.raises(Problem) as refused, store.transaction(call.org) as connection:
            ask(connection)  # type: ignore[no-untyped-call]
        said = refused.value
        found.append((said.kind, said.found, said.expected, said.status))
    return found


def test_no_refusal_tells_a_decision_before_it_is_announced(call: CallWorld) -> None:
    """Funded, declined and not yet decided: whatever the authors try, they are told the same."""
    reviewed(call, 3)
    call.decide(0, "funded", 100_000_00)
    call.decide(1, "declined")
    refused = [_refusals(call, place) for place in range(3)]
    assert refused[0] == refused[1] == refused[2]
    assert "funded" not in str(refused)
    assert "declined" not in str(refused)


def test_a_project_is_not_entered_before_the_announcement(call: CallWorld) -> None:
    """Its page is open to all: it would tell the decision, and to the reviewers who applied."""
    reviewed(call)
    call.decide(0, "funded", 100_000_00)
    call.decide(1, "declined")

    def begin() -> None:
        with store.transaction(call.org) as connection:
            first, last = date(2026, 9, 1), date(2027, 8, 31)
            projects.project_from_proposal(connection, call.manager, call.proposals[0], "P-1", first, last, at=TELLING)

    with pytest.raises(Problem) as refused:
        begin()
    assert refused.value.kind == "centre.not-announced"
    call.announce()
    begin()


def test_a_team_of_ones_own_making_asks_no_question_about_applicants(call: CallWorld) -> None:
    """A reviewer who enters a team with a supposed applicant is told nothing by it; the manager sees the conflict."""
    call.submit(0)
    call.submit(1)
    call.close()
    call.assign((0, 0), (1, 0))
    asking = replace(call.experts[0], roles=call.experts[0].roles | {"mentor"})
    with store.transaction(call.org) as connection:
        pair = (call.authors[0].person(), asking.person())
        team = Team(
            name="Friends", name_zh="友", leader=asking.person(), places=tuple(Place(person=one) for one in pair)
        )
        put_team(connection, asking, team)
    call.review(0, 0, 5, 5, 5, final=False)
    call.review(0, 1, 5, 5, 5, final=False)
    with store.transaction(call.org) as connection:
        found = calls.conflicts(connection, call.manager, call.call)
    assert [(one.proposal, one.rule) for one in found if one.expert == asking.person() and one.rule != "same-member"]


def test_who_came_to_run_the_centre_is_not_told_who_appeals(call: CallWorld) -> None:
    """Alice, who runs the calls alone, gets the appeals that wait; Bob, who reviewed before, does not.

    Charlie, a reviewer, has no such permission at all.
    """
    reviewed(call)
    call.decide(0, "declined")
    call.decide(1, "declined")
    call.announce()
    with store.transaction(call.org) as connection:
        calls.appeal(connection, call.authors[0], call.proposals[0], "Misread.", at=TELLING)
        assert len(open_appeals(connection, call.manager, call.call)) == 1
        bob = replace(call.experts[0], roles=call.experts[0].roles | {"manager"})
        for who, kind in ((bob, "centre.not-impartial"), (call.experts[1], "centre.forbidden")):
            with pytest.raises(Problem) as refused:
                open_appeals(connection, who, call.call)
            assert refused.value.kind == kind


@pytest.mark.parametrize(
    ("who", "whom", "seen"),
    [
        ("student", "expert", False), ("expert", "student", False), ("expert", "researcher", False),
        ("delegate", "expert", False), ("student", "researcher", True), ("expert", "expert", True),
        ("expert", "manager", True), ("student", "manager", True), ("council", "expert", True),
    ],
)  # fmt: skip
def test_the_list_of_people_keeps_teams_and_experts_apart(centre: CentreWorld, who: str, whom: str, seen: bool) -> None:
    """Whoever may be in a team, students too, sees no expert, and the other way round; who runs the centre is seen."""
    other = centre.enter("Other One", "maker", whom)
    asking = replace(centre.enter("Asking One", "shop", who), roles=frozenset({who}))
    with store.transaction(centre.org) as connection:
        assert visible(person_by_id(connection, other.person()), asking) is seen
