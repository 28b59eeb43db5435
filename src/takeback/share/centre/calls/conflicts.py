"""The conflicts of interest of a call: what experts declared, what applicants named, and what rules find."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre import people, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.apart import seeing_all
from takeback.share.centre.calls.blind import Names
from takeback.share.centre.calls.calling import call_in
from takeback.share.centre.calls.conflict import RULES, Conflict, Rule
from takeback.share.centre.calls.proposal import Identity
from takeback.share.centre.calls.taking_part import (
    BLIND,
    proposals_of,
    require_impartial,
    reviews_by,
)
from takeback.share.centre.people import Person
from takeback.share.centre.records import Record
from takeback.share.centre.roles import permissions_of

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOGETHER = sa.text("""
    select coalesce(person_id::text, '') || facts::text from centre_record
    where kind = any(:kinds) and state <> all(:ended)
""")
_BUT_BY = sa.text(f"""{_TOGETHER.text}
    and not exists (select from entry e where e.id in (first_entry, entry_id) and e.actor = :but_by)
""")
_ENDED = ["closed", "ended", "finished", "accepted", "cancelled", "stopped", "dissolved", "rejected", "withdrawn"]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A conflict between a proposal and an expert, and the rule that says so."""

    proposal: UUID
    expert: UUID
    rule: Rule


class Interests:
    """All that speaks against experts in a call, read once; `but_by`: without who works together by this one's word."""

    def __init__(self, connection: sa.Connection, call_id: UUID, *, but_by: UUID | None = None) -> None:
        self.proposals = proposals_of(connection, call_id)
        self._declared = [
            record.facts for record in records.find(connection, "conflict", parent=call_id, state="standing")
        ]
        self._working = _together(connection, ["project", "team"], _ENDED, but_by)
        self._learning = _together(connection, ["mentoring", "thesis"], [], but_by)
        self._seeing = seeing_all(connection)
        self._applying = frozenset(person for one in self.proposals for person in one.facts.identity.people)

    def between(self, proposal: Record, expert: Person) -> list[Found]:
        """Return the rules that forbid an expert to judge a proposal."""
        rules = dict.fromkeys(self._rules(proposal, expert))
        return [Found(proposal=proposal.id, expert=expert.id, rule=rule) for rule in rules]

    def _rules(self, proposal: Record, expert: Person) -> Iterator[Rule]:
        identity: Identity = proposal.facts.identity
        if BLIND in permissions_of(expert.roles) or expert.id in self._seeing:
            yield "runs-the-call"
        if expert.id in identity.people:
            yield "in-team"
        elif expert.id in self._applying:
            yield "applicant"
        if expert.member_id == identity.member:
            yield "same-member"
        elif expert.member_id in identity.partners:
            yield "partner"
        if expert.id in identity.unwanted:
            yield "named"
        others = identity.people - {expert.id}
        if any(expert.id in group and group & others for group in self._working):
            yield "co-team"
        if any(expert.id in group and group & others for group in self._learning):
            yield "mentor"
        if any(_concerns(one, proposal, expert) for one in self._declared):
            yield "declared"


def conflicts(connection: sa.Connection, actor: CentreActor, call_id: UUID) -> list[Found]:
    """Return all conflicts of a call's proposals with the experts of the centre.

    Raises
    ------
    Problem
        ``centre.forbidden`` unless the actor runs the call, ``centre.not-impartial``.
    """
    actor.require("proposal.run")
    require_impartial(connection, actor, call_id)
    interests, experts = Interests(connection, call_id), people.people(connection, role="expert")
    return [found for one in interests.proposals for expert in experts for found in interests.between(one, expert)]


def declare_conflict(
    connection: sa.Connection,
    actor: CentreActor,
    call_id: UUID,
    *,
    proposal: str | None = None,
    person: UUID | None = None,
    member: UUID | None = None,
    note: str = "",
    at: datetime | None = None,
) -> None:
    """Declare an interest: in a proposal that one was shown (by its neutral name), a person, or a member organisation.

    The review of that proposal goes back. Once proposals were shown, persons and organisations can no longer be
    declared: whether a review then goes back would tell who applies.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.bad-conflict`` unless one of the three is given, ``centre.no-record`` (404).
    """
    actor.require("review.write")
    expert = people.person_by_id(connection, actor.person())
    call_in(connection, call_id, "published", "reviewing")
    mine = reviews_by(connection, call_id, expert.id)
    if [proposal, person, member].count(None) != 2 or (mine and not proposal):
        raise Problem(
            "centre.bad-conflict",
            msg("An interest is in one proposal, one person or one organisation."),
            expected=msg("persons and organisations before proposals were shown, afterwards a proposal that was"),
        )
    review = _review(connection, call_id, expert.id, proposal, mine) if proposal else None
    conflict = Conflict(
        call=call_id, expert=expert.id, proposal=review.facts.proposal if review else None, about_person=person,
        about_member=member, note=note,
    )  # fmt: skip
    records.create(connection, actor, "conflict", conflict, at=at, allowed=True)
    if review:
        records.move(connection, actor, review.id, "released", reason="declared", at=at, allowed=True)


def _review(connection: sa.Connection, call_id: UUID, expert: UUID, proposal: str, mine: Sequence[Record]) -> Record:
    by_proposal = {one.facts.proposal: one for one in mine if one.state != "final"}
    return by_proposal[Names(connection, call_id, expert).find(proposal, by_proposal)]


def refusal(found: Found, where: str) -> Problem:
    """Return the refusal of a reviewer: it names the rule."""
    return Problem(
        "centre.reviewer-conflict",
        msg("This expert may not judge this proposal."),
        where=where,
        found=RULES[found.rule],
        expected=msg("an expert without an interest in it"),
        remedy=msg("Choose another expert."),
        status=409,
    )


def _concerns(declared: Conflict, proposal: Record, expert: Person) -> bool:
    identity: Identity = proposal.facts.identity
    about = (
        declared.proposal == proposal.id,
        declared.about_person in identity.people,
        declared.about_member in identity.members,
    )
    return declared.expert == expert.id and any(about)


def _together(
    connection: sa.Connection, kinds: list[str], ended: list[str], but_by: UUID | None
) -> list[frozenset[UUID]]:
    """Return for each record of some kinds the ids of all that it names: persons who are named together work so."""
    where = {"kinds": kinds, "ended": ended, "but_by": f"person:{but_by}"}
    rows = connection.execute(_TOGETHER if but_by is None else _BUT_BY, where).scalars()
    return [frozenset(map(UUID, _ID.findall(row))) for row in rows]
