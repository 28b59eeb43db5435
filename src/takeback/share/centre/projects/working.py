"""The work of a project: handed over with evidence, reported, and changed with approval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import attach, files_of
from takeback.share.centre.money.book import hold
from takeback.share.centre.projects.kinds import Progress, Project, ProjectChange
from takeback.share.centre.projects.team import going_on, running
from takeback.share.centre.records import Record, create, get, move

Paper = tuple[str, str, bytes]
"""A file: its name, media type and content."""
Remark = Annotated[str, Meta(max_length=4_000)]


def hand_over(
    connection: sa.Connection, actor: CentreActor, deliverable_id: UUID, papers: Sequence[Paper] = (), *,
    at: datetime | None = None,
) -> Record:  # fmt: skip
    """Hand a deliverable over with its files.

    Raises
    ------
    Problem
        ``centre.not-in-team``, ``centre.project-over``, ``centre.no-evidence`` without a file.
    """
    record = get(connection, deliverable_id, kind="deliverable")
    running(connection, actor, record.facts.project)
    _with_papers(connection, actor, record, papers, at)
    return move(connection, actor, deliverable_id, "delivered", at=at, allowed=True)


def judge_deliverable(
    connection: sa.Connection, actor: CentreActor, deliverable_id: UUID, good: bool, reason: str = "", *,
    at: datetime | None = None,
) -> Record:  # fmt: skip
    """Approve a deliverable, or return it with a reason; nobody judges work of a project of their own.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.conflict`` (403), ``centre.no-reason``.
    """
    actor.require("project.accept")
    hold(connection, actor.org_id)
    record = get(connection, deliverable_id, kind="deliverable")
    _impartial(actor, get(connection, record.facts.project, kind="project"))
    if not good and not reason.strip():
        raise Problem("centre.no-reason", msg("What is returned is returned with a reason."), where=record.title)
    return move(connection, actor, deliverable_id, "approved" if good else "returned", reason=reason, at=at)


def reach_milestone(
    connection: sa.Connection, actor: CentreActor, milestone_id: UUID, papers: Sequence[Paper] = (), *,
    at: datetime | None = None,
) -> Record:  # fmt: skip
    """Say that a milestone is reached, with the files that show it; raises as `hand_over`."""
    record = get(connection, milestone_id, kind="project-milestone")
    running(connection, actor, record.facts.project)
    _with_papers(connection, actor, record, papers, at)
    return move(connection, actor, milestone_id, "reached", at=at, allowed=True)


def report_progress(
    connection: sa.Connection, actor: CentreActor, facts: Progress, *, at: datetime | None = None
) -> Record:
    """Report what was done; raises ``centre.not-in-team``, ``centre.project-over``."""
    running(connection, actor, facts.project)
    return create(connection, actor, "progress", facts, at=at, allowed=True)


def note_progress(
    connection: sa.Connection, actor: CentreActor, progress_id: UUID, remark: Remark = "", *, at: datetime | None = None
) -> Record:
    """Say, as who runs the centre, that a progress report was read.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-record`` (404), ``centre.bad-move`` (409) for one that was read already.
    """
    actor.require("centre.edit")
    return move(connection, actor, progress_id, "noted", kind="progress", reason=remark, at=at, allowed=True)


def drop_milestone(
    connection: sa.Connection, actor: CentreActor, milestone_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Give a milestone up, by decision and with a reason.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-reason``; ``centre.conflict`` (403) for one of the project's team;
        ``centre.project-over`` (409); ``centre.bad-move`` (409) for one that was reached or dropped.
    """
    actor.require("decision.make")
    if not reason.strip():
        raise Problem("centre.no-reason", msg("A milestone is not dropped without a reason."), where="reason")
    hold(connection, actor.org_id)
    milestone = get(connection, milestone_id, kind="project-milestone")
    _impartial(actor, going_on(get(connection, milestone.facts.project, kind="project")))
    return move(
        connection, actor, milestone_id, "dropped", kind="project-milestone", reason=reason, at=at, allowed=True
    )


def propose_change(
    connection: sa.Connection, actor: CentreActor, facts: ProjectChange, *, at: datetime | None = None
) -> Record:
    """Ask for a change of a project's plan.

    Raises
    ------
    Problem
        ``centre.not-in-team``, ``centre.project-over``, ``centre.no-change`` for one that changes nothing,
        ``centre.bad-project`` for one that makes no sense.
    """
    project = running(connection, actor, facts.project)
    if not facts.changed():
        raise Problem("centre.no-change", msg("This changes nothing."), where=facts.reason)
    _changed(project.facts, facts)
    return create(connection, actor, "project-change", facts, at=at, allowed=True)


def decide_change(
    connection: sa.Connection, actor: CentreActor, change_id: UUID, approved: bool, reason: str = "", *,
    at: datetime | None = None,
) -> Record:  # fmt: skip
    """Approve a change, which then holds, or refuse it; nobody approves what they asked for themselves.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.conflict`` (403), ``centre.changed-meanwhile`` (409), ``centre.no-reason``.
    """
    actor.require("decision.make")
    hold(connection, actor.org_id)
    asked = get(connection, change_id, kind="project-change")
    project = get(connection, asked.facts.project, kind="project")
    if actor.person_id is not None and actor.person_id in (asked.person_id, project.facts.leader):
        raise _conflict(project)
    if not approved:
        if not reason.strip():
            raise Problem("centre.no-reason", msg("A change is refused with a reason."), where=asked.title)
        return move(connection, actor, change_id, "refused", reason=reason, at=at)
    facts, state = _changed(project.facts, asked.facts), project.state
    decided = move(connection, actor, change_id, "approved", reason=reason, at=at)
    move(
        connection, actor, project.id, state, facts=facts, reason=asked.facts.reason, version=asked.facts.version,
        at=at, allowed=True,
    )  # fmt: skip
    return decided


def _changed(project: Project, asked: ProjectChange) -> Project:
    old = {name: getattr(project, name) for name in Project.__struct_fields__}
    return Project(**{**old, **asked.changed()})


def _with_papers(
    connection: sa.Connection, actor: CentreActor, record: Record, papers: Sequence[Paper], at: datetime | None
) -> None:
    for name, media_type, content in papers:
        attach(connection, actor, record.id, name, media_type, content, at=at)
    if not files_of(connection, record.id):
        raise Problem(
            "centre.no-evidence", msg("Nothing shows that this is done."), where=record.title,
            expected=msg("at least one file"),
        )  # fmt: skip


def _impartial(actor: CentreActor, project: Record) -> None:
    if actor.person_id is not None and actor.person_id in project.facts.people:
        raise _conflict(project)


def _conflict(project: Record) -> Problem:
    return Problem(
        "centre.conflict", msg("Nobody judges what they work on or asked for themselves."), where=project.title,
        status=403, exit_code=77,
    )  # fmt: skip
