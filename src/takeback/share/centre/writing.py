"""Which command writes a record: that of its room where there are rules beyond its kind's, else the plain one.

Console, API and command line all write by these, so that no door has other rules than another. What only follows from
work of its own (a payment, a booking, a score) is not written here at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre import (
    calls,
    frontier,
    money,
    organisation,
    problems,
    projects,
    records,
    resources,
    results,
    talent,
    targets,
    tasks,
)
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import File
from takeback.share.centre.files import attach as attached
from takeback.share.centre.kinds import Facts, Kind, kind_named
from takeback.share.centre.reasons import GRAVE, require_reason
from takeback.share.centre.records import Record

Command = Callable[..., Record]

ROUTES: Mapping[str, str] = {
    "centre": "/centre",
    "member": "/centre/members",
    "charter": "/centre/papers",
    "agreement": "/centre/papers",
    "body": "/centre/bodies",
    "meeting": "/centre/meetings",
    "period": "/centre/periods",
    "milestone": "/centre/milestones",
    "indicator": "/centre/indicators",
    "target": "/centre/indicators",
    "value": "/centre/indicators",
    "consultation": "/centre/consultations",
    "answer": "/centre/consultations",
    "evaluation": "/centre/evaluations",
    "evaluation-score": "/centre/evaluations",
    "result": "/centre/results",
    "problem": "/centre/problems",
    "common-problem": "/centre/common-problems",
    "interest": "/centre/problems",
    "following": "/centre/problems",
    "task": "/centre/tasks",
    "call": "/centre/calls",
    "proposal": "/centre/proposals",
    "conflict": "/centre/calls",
    "assignment": "/centre/calls",
    "review": "/centre/reviewing",
    "discussion": "/centre/reviewing",
    "decision": "/centre/proposals",
    "appeal": "/centre/proposals",
    "fund": "/centre/funds",
    "commitment": "/centre/funds",
    "spending": "/centre/spendings",
    "project": "/centre/projects",
    "project-origin": "/centre/projects",
    "project-change": "/centre/project-changes",
    "work-package": "/centre/work-packages",
    "deliverable": "/centre/deliverables",
    "project-milestone": "/centre/project-milestones",
    "risk": "/centre/risks",
    "progress": "/centre/progress",
    "acceptance": "/centre/acceptances",
    "acceptance-opinion": "/centre/acceptances",
    "ip": "/centre/ip",
    "claim": "/centre/claims",
    "transfer": "/centre/transfers",
    "adoption": "/centre/adoptions",
    "resource": "/centre/resources",
    "use": "/centre/bookings",
    "profile": "/centre/people",
    "competency": "/centre/competency-map",
    "team": "/centre/people",
    "mentoring": "/centre/mentorings",
    "course": "/centre/courses",
    "enrolment": "/centre/enrolments",
    "thesis": "/centre/theses",
    "exchange": "/centre/exchanges",
    "training-plan": "/centre/training-plans",
    "credential": "/centre/credentials",
    "status-list": "/centre/credentials",
    "report": "/centre/reports",
    "source": "/centre/sources",
    "best-known": "/centre/best-known",
    "news": "/centre/news",
}
"""Kinds with rules of their own -> where their other commands are, below the address of the API."""

CREATE: Mapping[str, Command] = {
    "member": organisation.join,
    "charter": organisation.put_paper,
    "agreement": organisation.put_paper,
    "body": organisation.put_body,
    "period": targets.put_period,
    "milestone": targets.put_milestone,
    "indicator": targets.put_indicator,
    "consultation": targets.draft_consultation,
    "evaluation": targets.prepare_evaluation,
    "result": results.state_result,
    "problem": problems.state_problem,
    "task": tasks.undertake,
    "call": calls.draft_call,
    "fund": money.open_new_fund,
    "commitment": money.commit,
    "project": projects.start_project,
    "project-change": projects.propose_change,
    "work-package": projects.add_work_package,
    "deliverable": projects.add_deliverable,
    "project-milestone": projects.add_milestone,
    "risk": projects.add_risk,
    "progress": projects.report_progress,
    "ip": projects.agree_ip,
    "transfer": projects.record_transfer,
    "adoption": projects.record_adoption,
    "resource": resources.offer_resource,
    "profile": talent.set_profile,
    "competency": talent.put_competency,
    "team": talent.put_team,
    "course": talent.put_course,
    "thesis": talent.put_thesis,
    "exchange": talent.put_exchange,
    "training-plan": talent.put_plan,
    "source": frontier.enter_source,
}
CHANGE: Mapping[str, Command] = {
    "centre": records.change,
    "member": organisation.change_member,
    "charter": organisation.redraft,
    "agreement": organisation.redraft,
    "period": targets.change_period,
    "milestone": targets.change_milestone,
    "consultation": targets.change_consultation,
    "evaluation": targets.change_evaluation,
    "result": results.change_result,
    "problem": problems.change_problem,
    "task": tasks.change_task,
    "common-problem": problems.edit_common,
    "call": calls.change_call,
    "fund": money.amend_fund,
    "risk": projects.judge_risk,
    "resource": resources.amend_resource,
    "team": talent.change_team,
    "source": frontier.change_source,
}
MOVE: Mapping[tuple[str, str], Command] = {
    ("centre", "construction"): records.move,
    ("centre", "closed"): records.move,
    ("member", "left"): organisation.leave,
    ("member", "active"): organisation.come_back,
    ("period", "open"): records.move,
    ("period", "closed"): targets.close_period,
    ("milestone", "missed"): targets.miss_milestone,
    ("indicator", "in_force"): records.move,
    ("indicator", "retired"): records.move,
    ("target", "agreed"): records.move,
    ("target", "proposed"): targets.reopen_target,
    ("value", "confirmed"): records.move,
    ("value", "stated"): targets.reopen_value,
    ("evaluation", "prepared"): targets.reopen_assessment,
    ("source", "retired"): records.move,
    ("source", "listed"): records.move,
    ("best-known", "withdrawn"): frontier.withdraw_best_known,
    ("team", "closed"): talent.close_team,
}
ATTACH: Mapping[str, Callable[..., File]] = {"problem": problems.add_data, "result": results.add_evidence}
"""Kinds whose files are for other people than those who change their records."""


def may_put(kind: str) -> bool:
    """Whether a new record of a kind is put here."""
    return kind not in ROUTES or kind in CREATE


def may_alter(kind: str) -> bool:
    """Whether a record of a kind is changed here."""
    return kind not in ROUTES or kind in CHANGE


def may_move(kind: str, state: str) -> bool:
    """Whether a record of a kind is moved to a state here."""
    return kind not in ROUTES or (kind, state) in MOVE


def create(connection: sa.Connection, who: CentreActor, what: Kind, facts: Facts) -> Record:
    """Put a new record; ``centre.written-elsewhere`` (409)."""
    command = _command(what.name, CREATE.get(what.name), records.create)
    return command(connection, who, *([what.name] if command is records.create else []), facts)


def change(connection: sa.Connection, who: CentreActor, old: Record, facts: Facts, *, version: int | None) -> Record:
    """Change a record; ``centre.written-elsewhere`` (409)."""
    command = _command(old.kind, CHANGE.get(old.kind), records.change)
    _unchanged(connection, old, version)
    return command(connection, who, old.id, facts)


def move(
    connection: sa.Connection,
    who: CentreActor,
    old: Record,
    state: str,
    *,
    facts: Facts | None,
    reason: str,
    version: int | None,
) -> Record:
    """Move a record on.

    Raises
    ------
    Problem
        ``centre.written-elsewhere`` (409), also for what it says where a command watches over that;
        ``centre.no-reason`` without one for a state of `GRAVE`.
    """
    command = _command(old.kind, MOVE.get((old.kind, state)), records.move)
    if state in GRAVE and not reason.strip():
        what = kind_named(old.kind)
        who.require(what.move.get(state, what.edit))  # who may not is told that first
        require_reason(reason)
    if facts is not None and facts != old.facts:
        _command(old.kind, None, records.move)
    _unchanged(connection, old, version)
    if command is records.move:
        return command(connection, who, old.id, state, facts=facts, reason=reason)
    more: dict[str, Any] = {"reason": reason} if "reason" in signature(command).parameters else {}
    return command(connection, who, old.id, **more)


def attach(
    connection: sa.Connection, who: CentreActor, record: Record, name: str, media_type: str, content: bytes
) -> File:
    """Keep a file with a record; ``centre.forbidden`` (403) for who may neither change it nor add to it."""
    command = ATTACH.get(record.kind)
    if command is None:
        who.require(kind_named(record.kind).edit)
    return (command or attached)(connection, who, record.id, name, media_type, content)


def _command(kind: str, own: Command | None, usual: Command) -> Command:
    if own is None and (route := ROUTES.get(kind)) is not None:
        raise Problem(
            "centre.written-elsewhere",
            msg("This follows from work of its own and is not written directly."),
            found=kind,
            remedy=msg("Use the routes below {route}.", route=route),
            status=409,
        )
    return own or usual


def _unchanged(connection: sa.Connection, old: Record, version: int | None) -> None:
    """Go on only where a record is of `version`, if one is given; it then stays so until it is written."""
    if version is not None:
        records.same_version(records.get(connection, old.id, lock=True), version)
