"""Who works on a project: its leader, its team, and who runs the centre."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money import ProjectStatement, project_statement
from takeback.share.centre.money.book import hold
from takeback.share.centre.projects.kinds import Project
from takeback.share.centre.records import Record, get

OVER = ("accepted", "stopped")
"""States of a project in which nothing is done for it any more."""


def works_on(actor: CentreActor, project: Project) -> bool:
    """Whether somebody is of the project's team, or runs the centre."""
    return actor.may("centre.edit") or (actor.may("project.work") and actor.person_id in project.people)


def of_team(connection: sa.Connection, actor: CentreActor, project_id: UUID) -> Record:
    """Return a project on which the actor works, for a command that changes it.

    Raises
    ------
    Problem
        ``centre.not-in-team`` (403), ``centre.no-record`` (404).
    """
    hold(connection, actor.org_id)
    project = get(connection, project_id, kind="project")
    if not works_on(actor, project.facts):
        raise Problem(
            "centre.not-in-team",
            msg("Only the project's team can do this."),
            where=project.title,
            found=actor.label,
            remedy=msg("Ask the project's leader to take you into the team."),
            status=403,
            exit_code=77,
        )
    return project


def speaks_for_user(actor: CentreActor, user: UUID | None) -> bool:
    """Whether somebody is the delegate of the member that uses what came of a project."""
    return user is not None and user == actor.member_id and "delegate" in actor.roles


def of_team_or_user(connection: sa.Connection, actor: CentreActor, project_id: UUID, user: UUID | None) -> None:
    """Go on for the project's team, and for the delegate of the user, who knows since when and what it changed.

    Raises
    ------
    Problem
        As `of_team`.
    """
    if not speaks_for_user(actor, user):
        of_team(connection, actor, project_id)
        return
    hold(connection, actor.org_id)
    get(connection, project_id, kind="project")


def running(connection: sa.Connection, actor: CentreActor, project_id: UUID) -> Record:
    """Return a project of the actor that is not over; raises ``centre.project-over`` (409) and as `of_team`."""
    return going_on(of_team(connection, actor, project_id))


def going_on(project: Record) -> Record:
    """Return a project that is not over; raises ``centre.project-over`` (409)."""
    if project.state in OVER:
        raise Problem(
            "centre.project-over", msg("This project is over."), where=project.title, found=project.state, status=409
        )
    return project


def project_money(connection: sa.Connection, actor: CentreActor, project_id: UUID) -> ProjectStatement:
    """Return a project's money for its team, and for those who may see all money."""
    project = get(connection, project_id, kind="project")
    return project_statement(connection, actor, project_id, allowed=works_on(actor, project.facts))
