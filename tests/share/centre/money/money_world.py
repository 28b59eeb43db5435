"""A centre with a project and a fund, for the tests of money."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.share.centre.money import Commitment, Fund, Spending, commit, grant, open_new_fund
from takeback.share.centre.projects.kinds import Project
from takeback.share.centre.records import create
from tests.share.centre.centre_world import CentreWorld

AT = datetime(2026, 4, 1, 9, tzinfo=UTC)


def project(world: CentreWorld, code: str = "P1", member: str = "university") -> UUID:
    """Enter a project that its leader, a new person, leads; return its id."""
    leader = world.enter(f"Leader of {code}", member, "researcher")
    facts = Project(
        code=code, title=f"Project {code}", leader=leader.person(), member=world.members[member],
        begins=date(2026, 3, 1), ends=date(2027, 12, 31), budget=10_000_00,
    )  # fmt: skip
    with store.transaction(world.org) as connection:
        return create(connection, world.manager, "project", facts, at=AT).id


def fund(
    connection: sa.Connection, world: CentreWorld, code: str = "F1", received: int = 1_000_00, **rules: Any
) -> UUID:
    """Open a fund that has received something; return its id."""
    facts = Fund(**{"code": code, "title": f"Fund {code}", "source": "City", "channel": "municipal", **rules})
    made = open_new_fund(connection, world.manager, facts, at=AT).id
    if received:
        grant(connection, world.manager, made, received, at=AT)
    return made


def give(
    connection: sa.Connection, world: CentreWorld, fund_id: UUID, project_id: UUID, amount: int, year: int = 2026
) -> None:
    """Commit an amount of a fund to a project."""
    wish = Commitment(fund=fund_id, project=project_id, amount=amount, purpose="Work", year=year)
    commit(connection, world.manager, wish, at=AT)


def cost(fund_id: UUID, project_id: UUID, amount: int, **more: Any) -> Spending:
    """Return a cost with an invoice."""
    facts = {
        "cost_kind": "equipment", "purpose": "A cell tester", "on": date(2026, 5, 4), "supplier": "Instruments Ltd",
        "invoice": "2026-001", **more,
    }  # fmt: skip
    return Spending(fund=fund_id, project=project_id, amount=amount, **facts)
