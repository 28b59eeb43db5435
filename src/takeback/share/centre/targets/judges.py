"""Who may judge the centre in an evaluation: no expert whose work, house or people are judged, as in `calls`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.people import Person, person_by_id
from takeback.share.centre.records import Record, find
from takeback.share.centre.roles import permissions_of

RULES: Mapping[str, Message] = {
    "runs-the-centre": msg("The expert runs the centre that is judged."),
    "same-member": msg("The expert belongs to the university that leads the centre."),
    "in-team": msg("The expert works in a project of the centre, or what shows its success is the expert's."),
    "co-team": msg("The expert works in a team with one of those who run the centre."),
    "mentor": msg("The expert and one of those who run the centre are mentor and student."),
    "declared": msg("The expert has a declared interest."),
}
"""Rule -> what it says."""


def interests_of(connection: sa.Connection, evaluation: Record, expert_id: UUID) -> list[str]:
    """Return the rules that forbid an expert to judge the centre in an evaluation."""
    return [*dict.fromkeys(_rules(connection, evaluation, person_by_id(connection, expert_id)))]


def require_disinterested(connection: sa.Connection, evaluation: Record, expert_id: UUID) -> None:
    """Go on only where no rule forbids an expert to judge; ``centre.reviewer-conflict`` (409) with the rule."""
    for rule in interests_of(connection, evaluation, expert_id):
        raise Problem(
            "centre.reviewer-conflict",
            msg("This expert may not judge the centre."),
            where=evaluation.title,
            found=RULES[rule],
            expected=msg("an expert without an interest in it"),
            remedy=msg("Choose another expert."),
            status=409,
        )


def _rules(connection: sa.Connection, evaluation: Record, expert: Person) -> Iterator[str]:
    where: dict[str, Any] = {"expert": expert.id, "org": _org(connection), "member": expert.member_id}
    where["shown"] = [record for one in evaluation.facts.assessment for record, _ in one.evidence]
    running = set(connection.execute(_RUNNING, where).scalars())
    if "centre.edit" in permissions_of(expert.roles) or expert.id in running:
        yield "runs-the-centre"
    if connection.execute(_LEADS, where).scalar_one():
        yield "same-member"
    if connection.execute(_IN_TEAM, where).scalar_one():
        yield "in-team"
    others = [str(one) for one in running - {expert.id}]
    for rule, kinds, ended in _TOGETHER:
        given = {"kinds": kinds, "ended": ended, "expert": str(expert.id), "others": others}
        if connection.execute(_MET, given).scalar_one():
            yield rule
    if find(connection, "evaluation-score", parent=evaluation.id, person=expert.id, state="abstained"):
        yield "declared"


def _org(connection: sa.Connection) -> UUID:
    return UUID(connection.execute(sa.text("select current_setting('takeback.org')")).scalar_one())


_TOGETHER: tuple[tuple[str, list[str], list[str]], ...] = (
    ("co-team", ["team", "project"], ["closed", "stopped", "accepted"]),
    ("mentor", ["mentoring", "thesis"], []),
)
_RUNNING = sa.text("""
    select p.id from centre_person p where p.withdrawn_at is null and p.roles && array['manager', 'director']
    union
    select n.id from centre_person_name n join membership m on m.user_id = n.user_id
    where m.org_id = :org and m.role <> 'participant'
""")
_LEADS = sa.text("""
    select exists(select from centre_record where kind = 'member' and id = cast(:member as uuid)
                  and (facts ->> 'lead')::boolean)
""")
_IN_TEAM = sa.text("""
    select exists(
        select from centre_record where kind = 'project' and state <> 'stopped'
        and (person_id = :expert or strpos(facts::text, cast(:expert as text)) > 0)
        union all
        select from centre_record where id = any(:shown) and kind <> 'member'
        and (person_id = :expert or strpos(facts::text, cast(:expert as text)) > 0)
    )
""")
_MET = sa.text("""
    select exists(
        select from centre_record r
        cross join lateral (select coalesce(r.person_id::text, '') || r.facts::text) as said(words)
        where r.kind = any(:kinds) and r.state <> all(:ended) and strpos(said.words, :expert) > 0
        and exists(select from unnest(cast(:others as text[])) as other where strpos(said.words, other) > 0)
    )
""")
