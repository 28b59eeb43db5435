"""A cost is claimed, decided and seen in the console; whoever is not of the team cannot."""

from __future__ import annotations

import re
from collections.abc import Callable

from takeback import store
from takeback.share.centre import projects
from takeback.share.centre.projects import TeamMember
from tests.share.centre.money.money_world import fund, give
from tests.share.centre.projects.project_world import AT, project_facts
from tests.support.people import People
from tests.web.centre_people import entering, signed_centre
from tests.web.conftest import Client

COST = {"cost_kind": "travel", "amount": "120.50", "purpose": "To the maker", "on": "2026-05-04", "supplier": "Railway",
        "invoice": "R-77"}  # fmt: skip


def test_a_cost_is_claimed_by_the_team_and_approved_by_the_manager(
    people: People, new_client: Callable[[], Client]
) -> None:
    """Lin claims with a receipt; Alice approves it from a fund; Bob, who is not of the team, is refused."""
    centre = signed_centre()
    world, lin_id = centre.world, centre.world.people["lin"].id
    with store.transaction(world.org) as connection:
        team = (TeamMember(person=lin_id, role="researcher", share=500),)
        made = projects.start_project(connection, world.manager, project_facts(world, lin_id, team=team), at=AT)
        projects.begin_project(connection, world.manager, made.id, at=AT)
        source = fund(connection, world, received=1_000_00)
        give(connection, world, source, made.id, 800_00)
    enter = entering(new_client, centre)
    lin, bob, alice = enter("lin"), enter("bob"), enter("alice")
    href = f"/centre/project/{made.id}/do/claim"
    assert href in lin.get(f"/centre/project/{made.id}").text
    assert href not in bob.get(f"/centre/project/{made.id}").text
    assert 'name="receipt"' in lin.get(href).text
    receipt = {"receipt": ("ticket.pdf", b"%PDF-1.7 a ticket", "application/pdf")}
    assert bob.post(f"{href}/file", data=COST, files=receipt).status_code == 403
    bad = lin.post(f"{href}/file", data={**COST, "amount": "much"}, files=receipt)
    assert bad.status_code == 422
    assert lin.post(f"{href}/file", data=COST, files=receipt).status_code == 303
    assert "To the maker" in lin.get("/centre/claims").text
    page = bob.get("/centre/claims").text
    assert "To the maker" not in page
    assert 'href="/centre/project?state=running"' in page, "whoever claimed nothing finds the way to a project"
    assert lin.get("/centre/claim").status_code == 403, "the list of all is for who sees money"
    (claim,) = re.findall(r'href="(/centre/claim/[0-9a-f-]{36})"', alice.get("/centre/claim").text)
    assert bob.post(f"{claim}/do/approve", data={"fund": str(source)}).status_code == 403
    done = alice.post(f"{claim}/do/approve", data={"fund": str(source)})
    assert done.status_code == 303, done.text
    page = lin.get("/centre/claims").text
    assert "Approved" in page
    assert "/withdraw" not in page
