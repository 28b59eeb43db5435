"""Costs that the team claims: a receipt, two people, then a spending under the fund's rules; each invoice once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import money, notices, projects
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import files_of
from takeback.share.centre.records import Record, get
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.money.money_world import AT, cost, fund, give
from tests.share.centre.projects.project_world import PAPER, ProjectWorld, running_project


@pytest.fixture
def world(centre: CentreWorld) -> ProjectWorld:
    """A running project with a team."""
    return running_project(centre)


def claim(world: ProjectWorld, who: CentreActor, **more: Any) -> Record:
    """Claim a train ticket."""
    said = {"cost_kind": "travel", "amount": 500_00, "purpose": "To the maker", "on": date(2026, 5, 4),
            "supplier": "Railway", "invoice": "R-77", **more}  # fmt: skip
    with store.transaction(world.centre.org) as connection:
        return projects.claim_cost(connection, who, world.id, PAPER, at=AT.replace(month=6), **said)


def refused(slug: str, command: Any) -> Problem:
    with pytest.raises(Problem) as problem:
        command()
    assert problem.value.kind == slug
    return problem.value


def test_an_approved_claim_is_spent_with_its_receipt_and_both_are_told(world: ProjectWorld) -> None:
    """The claim becomes a spending; the manager hears of the claim, the claimant of the decision."""
    centre = world.centre
    made = claim(world, world.dan)
    with store.transaction(centre.org) as connection:
        source = fund(connection, centre, received=1_000_00)
        give(connection, centre, source, world.id, 800_00)
        spent = projects.approve_claim(connection, centre.manager, made.id, source, at=AT.replace(month=6))
        assert (spent.facts.amount, spent.facts.invoice, len(files_of(connection, spent.id))) == (500_00, "R-77", 1)
        told = get(connection, made.id)
        assert (told.state, told.facts.spending) == ("approved", spent.id)
        assert money.money_violations(connection) == []
        assert "claim.made" in {one.code for one in notices.my_notices(connection, centre.manager)}
        assert notices.my_notices(connection, world.dan)[0].code == "claim.decided"
        assert [one.state for one in projects.my_claims(connection, world.dan)] == ["approved"]
        again = refused("centre.bad-move", lambda: projects.approve_claim(connection, centre.manager, made.id, source))
        assert again.status == 409


def test_an_invoice_is_claimed_once_and_not_after_it_was_spent(world: ProjectWorld) -> None:
    """Neither by another person, nor in other letters, nor by claim after spending; a refused claim may come again."""
    centre = world.centre
    first = claim(world, world.dan)
    assert refused("centre.claimed-twice", lambda: claim(world, world.alice, invoice="r - 77")).status == 409
    with store.transaction(centre.org) as connection:
        refused("centre.no-reason", lambda: projects.refuse_claim(connection, centre.manager, first.id, " "))
        projects.refuse_claim(connection, centre.manager, first.id, "Wrong day")
        assert get(connection, first.id).facts.answer == "Wrong day"
    second = claim(world, world.dan)
    with store.transaction(centre.org) as connection:
        projects.withdraw_claim(connection, world.dan, second.id)
        source = fund(connection, centre, received=1_000_00)
        give(connection, centre, source, world.id, 800_00)
        spending = cost(source, world.id, 10_00, supplier="Railway", invoice="R-77")
        money.spend(connection, centre.manager, spending, at=AT.replace(month=6))
    refused("centre.claimed-twice", lambda: claim(world, world.dan))


def test_who_may_claim_and_who_may_decide(world: ProjectWorld) -> None:
    """Alice and Dan work on it, Bob does not; nobody decides on a cost of their own; Charlie sees none."""
    centre = world.centre
    made = claim(world, world.alice)
    assert refused("centre.not-in-team", lambda: claim(world, world.bob)).status == 403
    own = claim(world, centre.manager, invoice="R-78")
    with store.transaction(centre.org) as connection:
        source = fund(connection, centre, received=1_000_00)
        refused("centre.own-claim", lambda: projects.approve_claim(connection, centre.manager, own.id, source))
        refused("centre.forbidden", lambda: projects.approve_claim(connection, world.alice, made.id, source))
        refused("centre.forbidden", lambda: projects.refuse_claim(connection, world.bob, made.id, "no"))
        refused("centre.no-record", lambda: projects.withdraw_claim(connection, world.dan, made.id))
        assert projects.my_claims(connection, world.dan) == []
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        refused("centre.no-record", lambda: projects.refuse_claim(connection, charlie.manager, made.id, "no"))


def test_a_fund_that_has_too_little_refuses_and_the_claim_stays_open(world: ProjectWorld) -> None:
    """A claim is spent under the rules of the fund: nothing of it is written when one is broken."""
    centre = world.centre
    made = claim(world, world.dan)
    with store.transaction(centre.org) as connection:
        source = fund(connection, centre, received=1_000_00)
        give(connection, centre, source, world.id, 100_00)

        def approve() -> None:
            with connection.begin_nested():
                projects.approve_claim(connection, centre.manager, made.id, source, at=AT.replace(month=6))

        refused("centre.fund-committed", approve)
        assert get(connection, made.id).state == "claimed"


def test_a_cost_to_come_is_no_cost(world: ProjectWorld) -> None:
    """A claim is for what was paid."""
    refused("centre.cost-ahead", lambda: claim(world, world.dan, on=date(2027, 1, 1)))
