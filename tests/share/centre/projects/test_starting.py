"""A project begins from a funded proposal, once, within what the council gave; few see which one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.calls.call import BudgetRule, Call
from takeback.share.centre.calls.conflict import Conflict
from takeback.share.centre.calls.decision import Decision
from takeback.share.centre.calls.proposal import Blind, Identity, Proposal
from takeback.share.centre.projects import (
    conflicts_of,
    origin_of,
    project_from_proposal,
    project_of,
    start_project,
    stop_project,
)
from takeback.share.centre.records import create, get, move
from tests.share.centre.calls.call_world import CLOSES, CRITERIA, OPENS, REVIEWS
from tests.share.centre.centre_world import CentreWorld
from tests.share.centre.projects.project_world import project_facts

BEGINS, ENDS = date(2026, 9, 1), date(2027, 8, 31)


def _refused(slug: str, command: Any, *args: Any, **more: Any) -> Problem:
    with pytest.raises(Problem) as refused:
        command(*args, **more)
    assert refused.value.kind == slug, refused.value
    return refused.value


def _proposal(connection: sa.Connection, world: CentreWorld, lead: UUID, member: UUID, *states: str) -> UUID:
    facts = Proposal(
        call=_told_call(connection, world), blind=Blind(title="Grading cells fast", summary="In minutes."),
        identity=Identity(lead=lead, member=member, partners=(world.members["maker"],)),
    )  # fmt: skip
    made = create(connection, world.manager, "proposal", facts).id
    for state in states:
        move(connection, world.manager, made, state)
    return made


def _told_call(connection: sa.Connection, world: CentreWorld) -> UUID:
    facts = Call(
        code="C", title="Call", title_zh="征集", text="", text_zh="", year=2026, period="construction",
        opens=OPENS, closes=CLOSES, review_closes=REVIEWS, criteria=CRITERIA,
        budget=BudgetRule(total_minor=10**9, most_minor=10**9),
    )  # fmt: skip
    made = create(connection, world.manager, "call", facts).id
    for state in ("published", "reviewing", "decided"):
        move(connection, world.manager, made, state)
    return made


def test_a_funded_proposal_becomes_one_project_within_its_amount(centre: CentreWorld) -> None:
    """Not funded, above the amount, or a second time: refused. Bob sees the project and not the proposal's id."""
    bob = centre.enter("Bob", "university", "researcher")
    lead, member, manager = bob.person(), centre.members["university"], centre.manager
    with store.transaction(centre.org) as connection:
        open_one = _proposal(connection, centre, lead, member, "submitted", "eligible")
        _refused("centre.not-funded", project_from_proposal, connection, manager, open_one, "P1", BEGINS, ENDS)
        funded = _proposal(connection, centre, lead, member, "submitted", "eligible", "funded")
        decision = Decision(
            call=get(connection, funded).facts.call, proposal=funded, outcome="funded", amount_minor=500_000_00,
            by=manager.person(),
            reasons="It answers the problem, its plan is sound and the team can do it.",
        )  # fmt: skip
        create(connection, manager, "decision", decision)
        high = project_facts(centre, lead, budget=500_000_01)
        _refused("centre.over-decision", start_project, connection, manager, high, proposal=funded)
        _refused("centre.forbidden", project_from_proposal, connection, bob, funded, "P1", BEGINS, ENDS)
        made = project_from_proposal(connection, manager, funded, "P1", BEGINS, ENDS)
        assert (made.title, made.facts.budget, made.person_id) == ("Grading cells fast", 500_000_00, lead)
        assert made.facts.partners == (centre.members["maker"],)
        _refused("centre.bad-project", project_from_proposal, connection, manager, funded, "P2", BEGINS, ENDS)
        again = project_of(connection, manager, funded)
        assert again is not None
        assert again.id == made.id
        came = origin_of(connection, manager, made.id)
        assert came is not None
        assert (came.proposal, came.call) == (funded, get(connection, funded).facts.call)
        aside = replace(manager, person_id=lead)  # Lead applied and came to run the centre: still on a side
        _refused("centre.not-impartial", origin_of, connection, aside, made.id)
        _refused("centre.forbidden", origin_of, connection, bob, made.id)
        text = connection.execute(sa.text("select facts::text from centre_record where id = :id"), {"id": made.id})
        assert str(funded) not in text.scalar_one()

        expert = centre.people["Bob"]
        assert "The expert has a declared interest." not in map(str, conflicts_of(connection, made.id, expert.id))
        interest = Conflict(call=get(connection, funded).facts.call, expert=expert.id, proposal=funded)
        create(connection, manager, "conflict", interest)
        assert "The expert has a declared interest." in map(str, conflicts_of(connection, made.id, expert.id))


def test_a_team_is_of_the_centre_and_a_project_is_stopped_with_a_reason(centre: CentreWorld) -> None:
    """A leader who is nobody, a member that there is not, and a stop without a reason are refused."""
    manager = centre.manager
    bob = centre.enter("Bob", "university", "researcher").person()
    with store.transaction(centre.org) as connection:
        _refused("centre.names-nothing", start_project, connection, manager, project_facts(centre, uuid4()))
        strange = project_facts(centre, bob, member=uuid4())
        _refused("centre.names-nothing", start_project, connection, manager, strange)
        made = start_project(connection, manager, project_facts(centre, bob))
        _refused("centre.no-reason", stop_project, connection, manager, made.id, " ")
        assert stop_project(connection, manager, made.id, "The company left.").state == "stopped"
    with pytest.raises(Problem, match="end before it begins"):
        project_facts(centre, bob, ends=date(2025, 1, 1))
