"""A project is accepted, with conditions or without, or refused: by experts who have no conflict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money.book import hold
from takeback.share.centre.people import Person, present_person
from takeback.share.centre.projects.kinds import Acceptance, GivenOpinion, Opinion, Project, Verdict
from takeback.share.centre.records import Record, create, find, get, move

LEAST = 3
"""Experts that look at a project, at least."""


def conflicts_of(connection: sa.Connection, project_id: UUID, expert: UUID) -> list[Message]:
    """Return why an expert cannot judge a project; an empty list: nothing is known against it."""
    project: Project = get(connection, project_id, kind="project").facts
    person = present_person(connection, expert)
    found = [*_by_project(project, person)]
    where = {"expert": expert, "project": project_id, "people": list(project.people), "members": _members(project)}
    if connection.execute(_DECLARED, where).scalar_one():
        found.append(msg("The expert has a declared interest."))
    if person.member_id and connection.execute(_USERS, {**where, "member": person.member_id}).scalar_one():
        found.append(msg("The expert's organisation uses or was given what came of the project."))
    return found


def open_acceptance(
    connection: sa.Connection, actor: CentreActor, project_id: UUID, title: str, experts: Sequence[UUID], *,
    title_zh: str = "", at: datetime | None = None,
) -> Record:  # fmt: skip
    """Ask experts to judge a delivered project.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.not-delivered`` (409); ``centre.few-experts``; ``centre.conflict`` (409) with the
        reason for each expert who has one.
    """
    actor.require("centre.edit")
    hold(connection, actor.org_id)
    project = get(connection, project_id, kind="project")
    if project.state != "delivered" or find(connection, "acceptance", parent=project_id, state="open"):
        raise Problem(
            "centre.not-delivered", msg("This project does not wait for its acceptance."), where=project.title,
            found=project.state, status=409,
        )  # fmt: skip
    chosen = tuple(dict.fromkeys(experts))
    if len(chosen) < LEAST:
        raise Problem(
            "centre.few-experts", msg("Too few experts would look at this project."), found=len(chosen),
            expected=msg("at least {count}", count=LEAST),
        )  # fmt: skip
    _refuse_conflicts(connection, project, chosen)
    facts = Acceptance(project=project_id, title=title, title_zh=title_zh, experts=chosen)
    return create(connection, actor, "acceptance", facts, at=at)


def give_opinion(
    connection: sa.Connection, actor: CentreActor, acceptance_id: UUID, verdict: Verdict, reasons: str, *,
    reasons_zh: str = "", at: datetime | None = None,
) -> Record:  # fmt: skip
    """Say, as one of its experts, whether a project is to be accepted; once, with reasons; return the acceptance.

    Others see it with the decision only, so that nobody follows another.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.not-asked`` (403), ``centre.conflict`` (409), ``centre.no-reason``.
    """
    actor.require("project.accept")
    hold(connection, actor.org_id)
    record = get(connection, acceptance_id, kind="acceptance")
    facts: Acceptance = record.facts
    me = actor.person()
    given = find(connection, "acceptance-opinion", parent=acceptance_id, person=me)
    if me not in facts.experts or given or record.state != "open":
        raise Problem(
            "centre.not-asked", msg("You are not asked, or gave your opinion already."), where=record.title,
            status=403, exit_code=77,
        )  # fmt: skip
    if not reasons.strip():
        raise Problem("centre.no-reason", msg("An opinion needs its reasons."), where=record.title)
    _refuse_conflicts(connection, get(connection, facts.project), [me])
    said = GivenOpinion(
        title=facts.title, title_zh=facts.title_zh, acceptance=acceptance_id, expert=me, verdict=verdict,
        reasons=reasons, reasons_zh=reasons_zh,
    )  # fmt: skip
    create(connection, actor, "acceptance-opinion", said, at=at, allowed=True)
    return record


def conclude(
    connection: sa.Connection,
    actor: CentreActor,
    acceptance_id: UUID,
    verdict: Verdict,
    reasons: str,
    conditions: Sequence[str] = (),
    *,
    reasons_zh: str = "",
    conditions_zh: Sequence[str] = (),
    at: datetime | None = None,
) -> Record:
    """Decide on the experts' opinions; the project moves on.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.conflict`` (403) for one of the team; ``centre.opinions-missing`` (409);
        ``centre.against-experts`` (409): no majority for it; ``centre.deliverables-missing`` (409): accepted without
        conditions though something was not handed over; ``centre.no-reason``: without reasons, or conditions to keep;
        ``centre.bad-conditions``: some of them in Chinese, and not all.
    """
    actor.require("decision.make")
    hold(connection, actor.org_id)
    record = get(connection, acceptance_id, kind="acceptance")
    facts: Acceptance = record.facts
    project = get(connection, facts.project, kind="project")
    if actor.person_id in project.facts.people:
        raise Problem("centre.conflict", msg("Nobody judges their own project."), where=project.title, status=403)
    opinions = _opinions(connection, acceptance_id)
    _by_majority(record, opinions, verdict)
    missing = [one for one in find(connection, "deliverable", parent=project.id)
               if one.state not in ("delivered", "approved")]  # fmt: skip
    _complete(record, verdict, reasons, conditions, missing)
    _in_both(record, conditions, conditions_zh)
    said = Acceptance(
        project=facts.project,
        title=facts.title,
        title_zh=facts.title_zh,
        experts=facts.experts,
        opinions=opinions,
        reasons=reasons,
        reasons_zh=reasons_zh,
        conditions=tuple(conditions),
        conditions_zh=tuple(conditions_zh),
        missing=tuple(one.id for one in missing),
    )
    decided = move(connection, actor, acceptance_id, verdict, facts=said, at=at, allowed=True)
    both = "\n".join(filter(None, (reasons, reasons_zh)))
    move(connection, actor, project.id, verdict, reason=both, at=at, allowed=True)
    return decided


def _by_project(project: Project, person: Person) -> list[Message]:
    found = []
    if "expert" not in person.roles:
        found.append(msg("The person is no expert of the centre."))
    if person.id in project.people:
        found.append(msg("The expert is of the team."))
    if person.member_id in _members(project):
        found.append(msg("The expert's organisation takes part in the project."))
    return found


def _members(project: Project) -> list[UUID]:
    return [project.member, *project.partners]


def _refuse_conflicts(connection: sa.Connection, project: Record, experts: Sequence[UUID]) -> None:
    found = {one: conflicts_of(connection, project.id, one) for one in experts}
    errors = [
        Problem("centre.conflict", reason, where=str(expert)) for expert, some in found.items() for reason in some
    ]
    if errors:
        raise Problem(
            "centre.conflict", msg("An expert has a conflict of interest."), where=project.title, errors=errors,
            remedy=msg("Ask another expert."), status=409,
        )  # fmt: skip


def _opinions(connection: sa.Connection, acceptance_id: UUID) -> tuple[Opinion, ...]:
    """Return the opinions that the experts gave themselves, by the ledger's word on who acted."""
    given = find(connection, "acceptance-opinion", parent=acceptance_id)
    rows = connection.execute(_ACTORS, {"ids": [one.first_entry for one in given]})
    actors = {row.id: row.actor for row in rows}
    own = [one.facts for one in reversed(given) if actors.get(one.first_entry) == f"person:{one.facts.expert}"]
    return tuple(
        Opinion(expert=one.expert, verdict=one.verdict, reasons=one.reasons, reasons_zh=one.reasons_zh) for one in own
    )


def _by_majority(record: Record, opinions: Sequence[Opinion], verdict: Verdict) -> None:
    facts: Acceptance = record.facts
    if len(opinions) < len(facts.experts):
        raise Problem(
            "centre.opinions-missing", msg("Not all experts have given their opinion."), where=record.title,
            found=len(opinions), expected=str(len(facts.experts)), status=409,
        )  # fmt: skip
    good = {"accepted": ("accepted",), "conditional": ("accepted", "conditional"), "refused": ()}[verdict]
    votes = sum(one.verdict in good for one in opinions)
    if verdict != "refused" and 2 * votes <= len(opinions):
        raise Problem(
            "centre.against-experts", msg("Most of the experts say otherwise."), where=record.title, found=votes,
            expected=msg("more than half of {count}", count=len(opinions)), status=409,
        )  # fmt: skip


def _complete(
    record: Record, verdict: Verdict, reasons: str, conditions: Sequence[str], missing: Sequence[Record]
) -> None:
    if verdict == "accepted" and missing:
        raise Problem(
            "centre.deliverables-missing", msg("Not everything was handed over."), where=record.title,
            found=", ".join(one.title for one in missing), status=409,
            remedy=msg("Accept with conditions, or wait until it is handed over."),
        )  # fmt: skip
    if not reasons.strip() or (verdict == "conditional" and not conditions):
        raise Problem(
            "centre.no-reason", msg("A decision needs its reasons, and conditions where it is made with some."),
            where=record.title,
        )  # fmt: skip


def _in_both(record: Record, conditions: Sequence[str], conditions_zh: Sequence[str]) -> None:
    """Refuse conditions of which some have a Chinese text: on Chinese pages the others would be lost."""
    if conditions_zh and len(conditions_zh) != len(conditions):
        raise Problem(
            "centre.bad-conditions", msg("Each condition has its Chinese text, or none has."), where=record.title,
            found=len(conditions_zh), expected=str(len(conditions)),
        )  # fmt: skip


_ACTORS = sa.text("select id, actor from entry where id = any(:ids)")
_DECLARED = sa.text("""
    select exists (
        select from centre_record c where c.kind = 'conflict' and c.state = 'standing' and c.person_id = :expert
          and (c.facts ->> 'about_person' = any(cast(cast(:people as uuid[]) as text[]))
            or c.facts ->> 'about_member' = any(cast(cast(:members as uuid[]) as text[]))
            or c.facts ->> 'proposal' in (select o.facts ->> 'proposal' from centre_record o
                                          where o.kind = 'project-origin' and o.parent_id = :project))
    )
""")
_USERS = sa.text("""
    select exists (
        select from centre_record where kind in ('adoption', 'transfer') and parent_id = :project
          and (facts ->> 'user' = cast(cast(:member as uuid) as text)
            or facts ->> 'taker' = cast(cast(:member as uuid) as text))
    )
""")
