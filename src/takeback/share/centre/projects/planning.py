"""A project's plan: work packages, deliverables, milestones, risks; each named once, and within the project's time."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts
from takeback.share.centre.money.currency import shown
from takeback.share.centre.projects.kinds import Deliverable, Project, ProjectMilestone, Risk, WorkPackage
from takeback.share.centre.projects.team import running
from takeback.share.centre.records import Record, change, create, find, get, move


def add_work_package(
    connection: sa.Connection, actor: CentreActor, facts: WorkPackage, *, at: datetime | None = None
) -> Record:
    """Add a work package.

    Raises
    ------
    Problem
        ``centre.not-in-team``, ``centre.project-over``, ``centre.outside-project``; ``centre.over-project-budget``
        (409): the work packages would cost more than the project has.
    """
    project = running(connection, actor, facts.project).facts
    _within(project, facts.begins, facts.ends)
    planned = sum(one.facts.budget for one in find(connection, "work-package", parent=facts.project)) + facts.budget
    if planned > project.budget:
        raise Problem(
            "centre.over-project-budget",
            msg("The work packages would cost more than the project has."),
            where=facts.code,
            found=shown(connection, planned),
            expected=msg("at most {amount}", amount=shown(connection, project.budget)),
            status=409,
        )
    return create(connection, actor, "work-package", facts, at=at, allowed=True)


def add_deliverable(
    connection: sa.Connection, actor: CentreActor, facts: Deliverable, *, at: datetime | None = None
) -> Record:
    """Add something that the project must hand over; raises as `add_work_package`."""
    _within(running(connection, actor, facts.project).facts, facts.due)
    if facts.work_package is not None:
        get(connection, facts.work_package, kind="work-package")
    return create(connection, actor, "deliverable", facts, at=at, allowed=True)


def add_milestone(
    connection: sa.Connection, actor: CentreActor, facts: ProjectMilestone, *, at: datetime | None = None
) -> Record:
    """Add a point that the project must reach; raises as `add_work_package`."""
    _within(running(connection, actor, facts.project).facts, facts.due)
    return create(connection, actor, "project-milestone", facts, at=at, allowed=True)


def add_risk(connection: sa.Connection, actor: CentreActor, facts: Risk, *, at: datetime | None = None) -> Record:
    """Add something that may go wrong."""
    running(connection, actor, facts.project)
    return create(connection, actor, "risk", facts, at=at, allowed=True)


def judge_risk(
    connection: sa.Connection, actor: CentreActor, risk_id: UUID, facts: Risk, *, version: int | None = None,
    at: datetime | None = None,
) -> Record:  # fmt: skip
    """Say anew how likely a risk is, what it would do, and what is done about it."""
    _ours(connection, actor, risk_id, "risk", facts)
    return change(connection, actor, risk_id, facts, version=version, at=at, allowed=True)


def move_risk(
    connection: sa.Connection, actor: CentreActor, risk_id: UUID, state: str, reason: str = "", *,
    at: datetime | None = None,
) -> Record:  # fmt: skip
    """Say that a risk `occurred`, is `closed`, or `open` again."""
    _ours(connection, actor, risk_id, "risk")
    return move(connection, actor, risk_id, state, reason=reason, at=at, allowed=True)


def move_work_package(
    connection: sa.Connection, actor: CentreActor, package_id: UUID, state: str, *, at: datetime | None = None
) -> Record:
    """Say that a work package is `running` or `done`."""
    _ours(connection, actor, package_id, "work-package")
    return move(connection, actor, package_id, state, at=at, allowed=True)


def _ours(
    connection: sa.Connection, actor: CentreActor, record_id: UUID, kind: str, facts: Facts | None = None
) -> None:
    old = get(connection, record_id, kind=kind)
    running(connection, actor, old.facts.project)
    if facts is not None and getattr(facts, "project", None) != old.facts.project:
        raise Problem("centre.other-project", msg("This belongs to another project."), where=old.title, status=409)


def _within(project: Project, *days: date) -> None:
    for day in days:
        if not project.begins <= day <= project.ends:
            raise Problem(
                "centre.outside-project",
                msg("This day lies outside the project."),
                where=project.code,
                found=day,
                expected=msg("{first} to {last}", first=project.begins, last=project.ends),
            )
