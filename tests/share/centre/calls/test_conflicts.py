"""Conflicts of interest: each rule is found, named when it refuses a reviewer, and told to no reviewer."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import calls, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.conflict import RULES
from takeback.share.centre.people import PersonFields, enter_person
from takeback.share.centre.projects.kinds import Project, TeamMember
from takeback.share.centre.talent.mentoring import Mentoring
from tests.share.centre.calls.call_world import WORDS, WRITING, CallWorld


def _worked_with(call: CallWorld, expert: CentreActor, author: CentreActor, state: str) -> None:
    """Let an expert and an author work in a project."""
    facts = Project(
        code="P9", title="Earlier work", leader=expert.person(), member=call.centre.members["university"],
        team=(TeamMember(person=author.person(), role="researcher"),), begins=date(2026, 1, 1), ends=date(2026, 12, 31),
        budget=1,
    )  # fmt: skip
    with store.transaction(call.org) as connection:
        project = records.create(connection, call.manager, "project", facts)
        if state != "planned":
            records.move(connection, call.manager, project.id, state, allowed=True)


def prepared(call: CallWorld, rule: str) -> CentreActor:
    """Hand in two proposals and return an expert whom `rule` alone forbids to judge the first."""
    expert, author = call.experts[0], call.authors[0]
    changes: dict[str, object] = {}
    if rule == "in-team":
        expert = call.centre.enter("Both", "outside", "expert", "researcher")
        changes = {"team": (expert.person(),)}
    if rule == "applicant":
        expert = call.centre.enter("Rival", "shop", "expert", "researcher")
        call.authors.append(expert)
        with store.transaction(call.org) as connection:
            own = calls.draft_proposal(connection, expert, call.proposal(expert, partners=()), at=WRITING)
            calls.submit_proposal(connection, expert, own.id, at=WRITING)
    if rule == "same-member":
        expert = call.centre.enter("Same", "of author 0", "expert")
    if rule == "partner":
        expert = call.centre.enter("Partner", "maker", "expert")
    if rule == "runs-the-call":
        expert = call.centre.enter("Runner", "shop", "expert", "director")
    if rule == "named":
        changes = {"unwanted": (expert.person(),)}
    if rule == "co-team":
        _worked_with(call, expert, author, "running")
    if rule == "mentor":
        facts = Mentoring(
            student=author.person(), topic="A thesis", begins=date(2024, 1, 1), year=2024, academic=expert.person()
        )
        with store.transaction(call.org) as connection:
            records.create(connection, call.manager, "mentoring", facts)
    if rule == "declared":
        with store.transaction(call.org) as connection:
            calls.declare_conflict(connection, expert, call.call, person=author.person(), note="a friend")
    call.submit(0, **changes)
    call.submit(1, partners=())
    call.close()
    return expert


@pytest.mark.parametrize("rule", sorted(RULES))
def test_each_rule_refuses_the_reviewer_and_is_named(call: CallWorld, rule: str) -> None:
    """Of two proposals the expert is refused for the one that the rule forbids, with the rule's own words."""
    expert = prepared(call, rule)
    with store.transaction(call.org) as connection:
        found = [one for one in calls.conflicts(connection, call.manager, call.call) if one.expert == expert.person()]
        assert rule in {one.rule for one in found if one.proposal == call.proposals[0]}
        with pytest.raises(Problem) as refused:
            calls.assign_reviewers(connection, call.manager, call.call, [(call.proposals[0], expert.person())])
        assert refused.value.kind == "centre.reviewer-conflict"
        assert refused.value.found == RULES[rule]  # type: ignore[index]
        assert records.find(connection, "review") == []
        if rule not in {"applicant", "runs-the-call", "in-team"}:
            calls.assign_reviewers(connection, call.manager, call.call, [(call.proposals[1], expert.person())])


def test_a_project_that_is_over_binds_nobody(call: CallWorld) -> None:
    """Whoever worked together in a project that was stopped may judge."""
    _worked_with(call, call.experts[0], call.authors[0], "stopped")
    call.submit(0)
    call.close()
    call.assign((0, 0))


def test_an_interest_declared_on_sight_sends_the_review_back_for_good(call: CallWorld) -> None:
    """By the neutral name, a reviewer gives a proposal back; it is neither seen nor given to the same expert again."""
    call.submit(0)
    call.close()
    call.assign((0, 0), (0, 1))
    with store.transaction(call.org) as connection:
        calls.declare_conflict(connection, call.experts[0], call.call, proposal=call.name(0, 0), note="I know it")
        with pytest.raises(Problem) as gone:
            calls.reviewer_view(connection, call.experts[0], call.call)
        assert gone.value.status == 404
        with pytest.raises(Problem) as again:
            calls.assign_reviewers(connection, call.manager, call.call, [(call.proposals[0], call.experts[0].person())])
        assert again.value.found == RULES["declared"]


def test_after_seeing_proposals_nobody_asks_by_declaring(call: CallWorld) -> None:
    """A reviewer who declares persons or organisations to see which review goes back is refused."""
    call.submit(0)
    call.close()
    call.assign((0, 0))
    with store.transaction(call.org) as connection:
        for about in ({"person": call.authors[0].person()}, {"member": call.authors[0].member_id}, {}):
            with pytest.raises(Problem) as refused:
                calls.declare_conflict(connection, call.experts[0], call.call, **about)
            assert refused.value.kind == "centre.bad-conflict"
        with pytest.raises(Problem) as other:
            calls.declare_conflict(connection, call.experts[1], call.call, proposal=call.name(0, 0))
        assert other.value.kind == "centre.no-record"


def test_who_became_a_partner_meanwhile_is_refused_without_being_told_why(call: CallWorld) -> None:
    """The rule would tell whose proposal it is: the reviewer hears only that it may not be judged."""
    call.submit(0)
    call.close()
    call.assign((0, 0))
    expert = call.experts[0]
    with store.transaction(call.org) as connection:
        moved = PersonFields(name="Exodia", member_id=call.centre.members["maker"], roles=["expert"])
        enter_person(connection, call.manager, moved, id=expert.person())
    with pytest.raises(Problem) as refused:
        call.review(0, 0, 1, 1, 1)
    assert refused.value.kind == "centre.reviewer-conflict"
    assert not any(str(RULES["partner"]) in str(value) for value in refused.value.as_dict().values())


def test_load_doubles_and_strangers_are_refused(call: CallWorld) -> None:
    """More than four proposals, the same pair twice, somebody who is no expert: nothing is assigned at all."""
    for place in range(5):
        call.submit(place)
    call.close()
    expert = call.experts[0].person()
    cases = {
        "centre.over-load": [(one, expert) for one in call.proposals],
        "centre.double-review": [(call.proposals[0], expert)] * 2,
        "centre.no-expert": [(call.proposals[0], expert), (call.proposals[1], call.authors[0].person())],
        "centre.not-eligible": [(call.call, expert)],
    }
    with store.transaction(call.org) as connection:
        for kind, pairs in cases.items():
            with pytest.raises(Problem) as refused:
                calls.assign_reviewers(connection, call.manager, call.call, pairs)
            assert refused.value.kind == kind
        assert records.find(connection, "review") == []


def test_the_engine_assigns_by_words_within_all_rules_and_shows_its_bound(call: CallWorld) -> None:
    """Each proposal gets three experts, nobody more than four, nobody in conflict; what they know counts."""
    for place in range(6):
        call.submit(place, unwanted=(call.experts[place].person(),))
    call.close()
    known = {expert.person(): {WORDS[(place + 1) % 6]: 5.0} for place, expert in enumerate(call.experts)}
    with store.transaction(call.org) as connection:
        made = calls.assign_by_engine(connection, call.manager, call.call, expertise=known).facts
        reviews = records.find(connection, "review")
        assert Counter(one.facts.proposal for one in reviews) == dict.fromkeys(call.proposals, 3)
        assert max(made.loads) <= 4
        forbidden = {(one.proposal, one.expert) for one in calls.conflicts(connection, call.manager, call.call)}
        pairs = {(one.facts.proposal, one.facts.expert) for one in reviews}
        assert not pairs & forbidden
        assert made.objective <= made.bound + 1e-6
        assert made.gap <= 0.01
        masters = {(call.proposals[(place + 1) % 6], call.experts[place].person()) for place in range(6)}
        assert masters <= pairs


def test_the_engine_fills_up_what_was_given_back(call: CallWorld) -> None:
    """After a reviewer gave a proposal back, the engine keeps the others and finds one more, not the same."""
    for place in range(2):
        call.submit(place)
    call.close()
    with store.transaction(call.org) as connection:
        calls.assign_by_engine(connection, call.manager, call.call, expertise={})
        first = records.find(connection, "review", parent=call.proposals[0])
        calls.release_reviewer(connection, call.manager, first[0].id, "ill")
        made = calls.assign_by_engine(connection, call.manager, call.call, expertise={})
        assert made.facts.pairs == 1
        now = {
            one.facts.expert for one in records.find(connection, "review", parent=call.proposals[0], state="assigned")
        }
        assert len(now) == 3
        assert first[0].facts.expert not in now
