"""Who hears of projects, acceptances, deliverables and results."""

from __future__ import annotations

from takeback.share.centre.notices.telling import Titles, tell, tell_roles
from takeback.share.centre.records import Heard, Record, get, when
from takeback.share.centre.roles import PERMISSIONS


@when("project", "planned")
def started(heard: Heard) -> None:
    """Tell the team of a new project."""
    if heard.before is None:
        _team(heard, heard.record, "project.started", heard.record)


@when("project", "running")
def resumed(heard: Heard) -> None:
    """Tell the team that their refused project works on; each time it does."""
    if heard.before is not None and heard.before.state == "refused":
        tell(heard.connection, heard.actor, heard.record.facts.people, "project.resumed", _page(heard.record),
             **_said(heard.record), once=str(heard.record.version), at=heard.at)  # fmt: skip


@when("project-milestone", "dropped")
def dropped(heard: Heard) -> None:
    """Tell the team which milestone they need not reach any more."""
    project = get(heard.connection, heard.record.facts.project, kind="project")
    tell(heard.connection, heard.actor, project.facts.people, "milestone.dropped", _page(heard.record),
         **_said(heard.record), at=heard.at)  # fmt: skip


@when("project-change", "approved", "refused")
def decided(heard: Heard) -> None:
    """Tell leader and whoever asked for a change what was decided."""
    project = get(heard.connection, heard.record.facts.project, kind="project")
    people = {project.facts.leader, heard.record.person_id}
    tell(heard.connection, heard.actor, people, "change.decided", _page(heard.record), **_said(project), at=heard.at)


@when("acceptance", "open")
def asked(heard: Heard) -> None:
    """Ask the experts of an acceptance for their opinion."""
    if heard.before is None:
        experts = heard.record.facts.experts
        tell(heard.connection, heard.actor, experts, "acceptance.asked", _page(heard.record), **_said(heard.record),
             at=heard.at)  # fmt: skip


@when("acceptance", "accepted", "conditional", "refused")
def accepted(heard: Heard) -> None:
    """Tell the team whether the project is accepted."""
    project = get(heard.connection, heard.record.facts.project, kind="project")
    _team(heard, project, "acceptance.decided", heard.record)


@when("deliverable", "approved", "returned")
def judged(heard: Heard) -> None:
    """Tell the leader what became of a deliverable."""
    project = get(heard.connection, heard.record.facts.project, kind="project")
    people = {project.facts.leader, heard.record.person_id}
    tell(heard.connection, heard.actor, people, "deliverable.judged", _page(heard.record), **_said(heard.record),
         once=str(heard.record.version), at=heard.at)  # fmt: skip


@when("result", "accepted", "returned", "withdrawn")
def weighed(heard: Heard) -> None:
    """Tell who stated a result what was decided."""
    if heard.before is not None and heard.before.state != heard.record.state:
        tell(heard.connection, heard.actor, [heard.record.person_id], "result.judged", _page(heard.record),
             **_said(heard.record), once=str(heard.record.version), at=heard.at)  # fmt: skip


@when("claim", "claimed")
def claimed(heard: Heard) -> None:
    """Tell who runs the money that a cost waits."""
    tell_roles(heard.connection, heard.actor, PERMISSIONS["money.edit"], "claim.made", _page(heard.record),
               **_said(heard.record), at=heard.at)  # fmt: skip


@when("claim", "approved", "refused")
def settled(heard: Heard) -> None:
    """Tell who claimed a cost what was decided."""
    tell(heard.connection, heard.actor, [heard.record.facts.person], "claim.decided", "/centre/claims",
         **_said(heard.record), once=str(heard.record.id), at=heard.at)  # fmt: skip


def _team(heard: Heard, project: Record, code: str, about: Record) -> None:
    tell(heard.connection, heard.actor, project.facts.people, code, _page(about), **_said(project), at=heard.at)


def _page(record: Record) -> str:
    return f"/centre/{record.kind}/{record.id}"


def _said(record: Record) -> Titles:
    return {"title": record.title, "title_zh": getattr(record.facts, "title_zh", "")}
