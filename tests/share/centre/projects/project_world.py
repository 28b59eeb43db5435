"""A running project of a university and a company, with a team and experts, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.projects import (
    Deliverable,
    Project,
    TeamMember,
    add_deliverable,
    begin_project,
    conclude,
    deliver_project,
    give_opinion,
    open_acceptance,
    start_project,
)
from tests.share.centre.centre_world import CentreWorld

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
PAPER = ("report.pdf", "application/pdf", b"%PDF-1.7 a report")


@dataclass
class ProjectWorld:
    """Alice leads the project, Dan is of its team; Bob is a colleague outside it; three experts of the institute."""

    centre: CentreWorld
    id: UUID
    alice: CentreActor
    bob: CentreActor
    dan: CentreActor
    experts: list[CentreActor]


def project_facts(world: CentreWorld, leader: UUID, **more: Any) -> Project:
    """Return a project of the university with the maker."""
    facts = {
        "code": "P-1", "title": "Grading cells fast", "leader": leader, "member": world.members["university"],
        "partners": (world.members["maker"],), "begins": date(2026, 3, 1), "ends": date(2027, 2, 28),
        "budget": 1_000_000_00, **more,
    }  # fmt: skip
    return Project(**facts)


def running_project(world: CentreWorld) -> ProjectWorld:
    """Enter the people and let the project begin."""
    alice = world.enter("Alice", "university", "researcher")
    bob = world.enter("Bob", "university", "researcher")
    dan = world.enter("Dan", "maker", "researcher")
    experts = [world.enter(f"Expert {letter}", "institute", "expert") for letter in "XYZ"]
    team = tuple(TeamMember(person=one.person(), role="researcher", share=500) for one in (alice, dan))
    with store.transaction(world.org) as connection:
        made = start_project(connection, world.manager, project_facts(world, alice.person(), team=team), at=AT)
        begin_project(connection, world.manager, made.id, at=AT)
    return ProjectWorld(world, made.id, alice, bob, dan, experts)


def deliverable(connection: sa.Connection, world: ProjectWorld, due: date = date(2026, 9, 1), code: str = "D1") -> UUID:
    """Plan a deliverable; return its id."""
    facts = Deliverable(project=world.id, code=code, title=f"Method {code}", due=due)
    return add_deliverable(connection, world.alice, facts, at=AT).id


def refuse(world: ProjectWorld) -> UUID:
    """Deliver the project and let the experts refuse it; return the acceptance."""
    manager, asked = world.centre.manager, [one.person() for one in world.experts]
    with store.transaction(world.centre.org) as connection:
        deliver_project(connection, world.alice, world.id)
        acceptance = open_acceptance(connection, manager, world.id, "Acceptance", asked).id
        for expert in world.experts:
            give_opinion(connection, expert, acceptance, "refused", "The method does not hold.")
        conclude(connection, manager, acceptance, "refused", "All experts refuse it.")
    return acceptance
