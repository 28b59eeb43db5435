"""A project begins: from a proposal that was funded, or by the centre's own decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.taking_part import TOLD, require_impartial
from takeback.share.centre.money.book import hold
from takeback.share.centre.money.currency import shown
from takeback.share.centre.projects.kinds import Origin, Project, TeamMember
from takeback.share.centre.projects.team import of_team
from takeback.share.centre.records import Record, create, find, get, move


def start_project(
    connection: sa.Connection, actor: CentreActor, facts: Project, *, proposal: UUID | None = None,
    at: datetime | None = None,
) -> Record:  # fmt: skip
    """Enter a project, planned; `proposal`: the funded one that it comes from, whose link few may see.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.bad-project``: a code or proposal that has a project already (409), a member or
        leader that there is not; ``centre.not-funded`` (409), ``centre.not-announced`` (409): a project is public;
        ``centre.over-decision`` (409): a budget above what the council gave.
    """
    actor.require("centre.edit")
    hold(connection, actor.org_id)
    _check(connection, facts)
    if proposal is not None:
        _funded(connection, actor, proposal, facts.budget)
    made = create(connection, actor, "project", facts, at=at)
    if proposal is not None:
        create(
            connection, actor, "project-origin", Origin(title=facts.title, project=made.id, proposal=proposal), at=at
        )
    return made


def project_from_proposal(
    connection: sa.Connection, actor: CentreActor, proposal: UUID, code: str, begins: date, ends: date, *,
    at: datetime | None = None,
) -> Record:  # fmt: skip
    """Enter the project of a funded proposal as the council decided: its title, leader, team, partners, amount.

    Raises
    ------
    Problem
        As `start_project`.
    """
    actor.require("proposal.run")
    said = get(connection, proposal, kind="proposal").facts
    who = said.identity
    team = [TeamMember(person=who.lead, role="leader")]
    team += [TeamMember(person=one, role="researcher") for one in who.team if one != who.lead]
    facts = Project(
        code=code,
        title=said.blind.title,
        title_zh=said.blind.title_zh,
        summary=said.blind.summary,
        summary_zh=said.blind.summary_zh,
        call=said.call,
        problem=said.problem,
        leader=who.lead,
        member=who.member,
        partners=who.partners,
        team=tuple(team),
        begins=begins,
        ends=ends,
        budget=_given(connection, proposal),
    )
    return start_project(connection, actor, facts, proposal=proposal, at=at)


def begin_project(
    connection: sa.Connection, actor: CentreActor, project_id: UUID, *, at: datetime | None = None
) -> Record:
    """Let the work of a planned project begin: from now on the plan changes by approved changes only.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.bad-move`` (409) for a project that is not planned.
    """
    actor.require("centre.edit")
    _still(connection, project_id, "planned")
    return move(connection, actor, project_id, "running", kind="project", at=at)


def stop_project(
    connection: sa.Connection, actor: CentreActor, project_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """End a project before its time; raises ``centre.no-reason`` without a reason."""
    actor.require("decision.make")
    if not reason.strip():
        raise Problem("centre.no-reason", msg("A project is not stopped without a reason."), where="reason")
    return move(connection, actor, project_id, "stopped", kind="project", reason=reason, at=at, allowed=True)


def resume_project(
    connection: sa.Connection, actor: CentreActor, project_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Let a refused project work on, to be delivered and judged again.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-reason``; ``centre.bad-move`` (409) for a project that was not refused;
        ``centre.conflict`` (403) for one of its team.
    """
    actor.require("decision.make")
    if not reason.strip():
        raise Problem("centre.no-reason", msg("A refused project works on for a reason."), where="reason")
    project = _still(connection, project_id, "refused")
    if actor.person_id in project.facts.people:
        raise Problem(
            "centre.conflict", msg("Nobody judges their own project."), where=project.title, status=403, exit_code=77
        )
    return move(connection, actor, project_id, "running", kind="project", reason=reason, at=at, allowed=True)


def deliver_project(
    connection: sa.Connection, actor: CentreActor, project_id: UUID, *, at: datetime | None = None
) -> Record:
    """Say that the project's work is done, so that experts can look at it; ``centre.bad-move`` (409) when it was."""
    of_team(connection, actor, project_id)
    _still(connection, project_id, "running", "conditional")
    return move(connection, actor, project_id, "delivered", kind="project", at=at, allowed=True)


def project_of(connection: sa.Connection, actor: CentreActor, proposal: UUID) -> Record | None:
    """Return the project that a proposal became; only for who runs proposals."""
    actor.require("proposal.run")
    origin = _origin(connection, proposal)
    return get(connection, origin.facts.project, kind="project") if origin else None


@dataclass(frozen=True, slots=True)
class ComesFrom:
    """The proposal that became a project, and its call."""

    proposal: UUID
    call: UUID


def origin_of(connection: sa.Connection, actor: CentreActor, project_id: UUID) -> ComesFrom | None:
    """Return what a project comes from, None where it was entered by hand; only for who runs proposals.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403), ``centre.no-record`` (404); ``centre.not-impartial`` (403) for who applied or
        reviewed in the call.
    """
    actor.require("proposal.run")
    get(connection, project_id, kind="project")
    proposal = next((one.facts.proposal for one in find(connection, "project-origin", parent=project_id)), None)
    if proposal is None:
        return None
    call = get(connection, proposal, kind="proposal").facts.call
    require_impartial(connection, actor, call)
    return ComesFrom(proposal, call)


def _still(connection: sa.Connection, project_id: UUID, *states: str) -> Record:
    """Return a project in one of the states from which a command goes on; other commands lead from the others."""
    project = get(connection, project_id, kind="project", lock=True)
    if project.state not in states:
        raise Problem(
            "centre.bad-move", msg("This cannot follow."), where=project.title, found=project.state,
            expected=", ".join(states), status=409,
        )  # fmt: skip
    return project


def _check(connection: sa.Connection, facts: Project) -> None:
    if any(one.facts.code == facts.code for one in find(connection, "project", text=facts.code)):
        raise Problem(
            "centre.bad-project", msg("Another project has this code."), where="code", found=facts.code, status=409
        )


def _funded(connection: sa.Connection, actor: CentreActor, proposal: UUID, budget: int) -> None:
    actor.require("proposal.run")
    said = get(connection, proposal, kind="proposal")
    if said.state != "funded":
        raise Problem("centre.not-funded", msg("This proposal was not funded."), found=said.state, status=409)
    if get(connection, said.facts.call, kind="call").state not in TOLD:  # a project is public: it would tell
        raise Problem(
            "centre.not-announced",
            msg("The decisions of this call are not announced yet."),
            where="proposal",
            remedy=msg("Announce all decisions first."),
            status=409,
        )
    if _origin(connection, proposal):
        raise Problem("centre.bad-project", msg("This proposal has its project already."), status=409)
    most = _given(connection, proposal)
    if budget > most:
        raise Problem(
            "centre.over-decision",
            msg("The budget is above what the council gave."),
            where="budget",
            found=shown(connection, budget),
            expected=msg("at most {amount}", amount=shown(connection, most)),
            status=409,
        )


def _given(connection: sa.Connection, proposal: UUID) -> int:
    return sum(
        one.facts.amount_minor
        for one in find(connection, "decision", parent=proposal, state="made")
        if one.facts.outcome == "funded"
    )


def _origin(connection: sa.Connection, proposal: UUID) -> Record | None:
    return next(
        (one for one in find(connection, "project-origin", text=str(proposal)) if one.facts.proposal == proposal), None
    )
