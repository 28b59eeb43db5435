"""Dual mentors: a student has one from a university or institute and one from an enterprise; only both are a pair."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta
from msgspec.structs import replace

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Line, kind
from takeback.share.centre.naming import PersonId
from takeback.share.centre.people import Person, names
from takeback.share.centre.records import Record, create, find, get, move
from takeback.share.centre.records import change as change_record
from takeback.share.centre.talent.persons import present
from takeback.share.centre.talent.profiles import profile_record

STUDENTS = 5  # at the same time, where a mentor's profile says nothing else
_RUNNING = ("open", "complete")
Side = Literal["academic", "enterprise"]
_SIDE: dict[str, Side] = {"university": "academic", "institute": "academic", "enterprise": "enterprise"}


@kind(
    "mentoring",
    title="topic",
    states={"open": ("complete", "ended"), "complete": ("open", "ended"), "ended": ()},
    create="training.edit",
    read="training.edit",
    fixed_in=("ended",),
    person="student",
    year="year",
)
class Mentoring(Facts, frozen=True, kw_only=True):
    """A student and the mentors, as far as there are any."""

    student: PersonId
    topic: Line
    topic_zh: Annotated[str, Meta(max_length=200)] = ""
    begins: date
    year: int
    until: date | None = None
    academic: PersonId | None = None
    enterprise: PersonId | None = None


def begin_mentoring(
    connection: sa.Connection,
    actor: CentreActor,
    student: UUID,
    topic: str,
    begins: date,
    *,
    topic_zh: str = "",
    until: date | None = None,
    at: datetime | None = None,
) -> Record:
    """Say that a student is to be mentored; a student is so once at a time.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (404), ``centre.other-role``, ``centre.mentored`` (409).
    """
    actor.require("training.edit")
    present(connection, student, role="student", lock=True)
    if find(connection, "mentoring", person=student, state=_RUNNING):
        raise Problem("centre.mentored", msg("This student has mentors already."), found=student, status=409)
    facts = Mentoring(student=student, topic=topic, topic_zh=topic_zh, begins=begins, year=begins.year, until=until)
    return create(connection, actor, "mentoring", facts, at=at)


def give_mentor(
    connection: sa.Connection, actor: CentreActor, mentoring_id: UUID, mentor: UUID, *, at: datetime | None = None
) -> Record:
    """Give a student a mentor: the member that the mentor belongs to says for which side. With both, it is complete.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (404), ``centre.other-role``, ``centre.no-side`` (of no member, or
        of an authority), ``centre.has-mentor`` (409), ``centre.too-many-students`` (409), ``centre.own-mentor``.
    """
    actor.require("training.edit")
    person = present(connection, mentor, role="mentor", lock=True)
    old = get(connection, mentoring_id, kind="mentoring", lock=True)
    side = _side(connection, person)
    if getattr(old.facts, side) is not None or old.state == "ended":
        raise Problem("centre.has-mentor", msg("This side has a mentor."), where=old.title, found=side, status=409)
    if mentor == old.facts.student:
        raise Problem("centre.own-mentor", msg("Nobody mentors oneself."), where=person.name)
    _has_room(connection, person)
    facts: Mentoring = replace(old.facts, **{side: mentor})
    if facts.academic and facts.enterprise:
        return move(connection, actor, mentoring_id, "complete", facts=facts, at=at)
    return change_record(connection, actor, mentoring_id, facts, at=at)


def release_mentor(
    connection: sa.Connection, actor: CentreActor, mentoring_id: UUID, side: Side, *, at: datetime | None = None
) -> Record:
    """Let a mentor go: the pair is complete no more."""
    old = get(connection, mentoring_id, kind="mentoring", lock=True)
    facts = replace(old.facts, **{side: None})
    if old.state == "complete":
        return move(connection, actor, mentoring_id, "open", facts=facts, at=at)
    return change_record(connection, actor, mentoring_id, facts, at=at)


def end_mentoring(
    connection: sa.Connection, actor: CentreActor, mentoring_id: UUID, *, reason: str = "", at: datetime | None = None
) -> Record:
    """End a mentoring."""
    return move(connection, actor, mentoring_id, "ended", kind="mentoring", reason=reason, at=at)


def students_of(connection: sa.Connection, mentor: UUID) -> list[Record]:
    """Return the running mentorings that a person has a side of; a student who withdrew is none any more."""
    running = find(connection, "mentoring", state=_RUNNING)
    own = [record for record in running if mentor in {record.facts.academic, record.facts.enterprise}]
    persons = names(connection, [record.facts.student for record in own])
    return [record for record in own if persons[record.facts.student].withdrawn_at is None]


def complete_pairs(connection: sa.Connection) -> list[Record]:
    """Return the mentorings with both mentors, all three of whom are still there and in their roles."""
    found = find(connection, "mentoring", state="complete")
    persons = names(connection, [one for record in found for one in _three(record.facts)])
    return [record for record in found if _all_there(record.facts, persons)]


def _three(facts: Mentoring) -> list[UUID]:
    return [one for one in (facts.student, facts.academic, facts.enterprise) if one]


def _all_there(facts: Mentoring, persons: dict[UUID, Person]) -> bool:
    needed = ((facts.student, "student"), (facts.academic, "mentor"), (facts.enterprise, "mentor"))
    return all(one in persons and role in persons[one].roles for one, role in needed)


def _side(connection: sa.Connection, mentor: Person) -> Side:
    sort = get(connection, mentor.member_id, kind="member").facts.sort if mentor.member_id else ""
    if sort not in _SIDE:
        raise Problem(
            "centre.no-side",
            msg("A mentor belongs to a university, an institute or an enterprise."),
            where=mentor.name,
            found=sort,
            expected=", ".join(_SIDE),
        )
    return _SIDE[sort]


def _has_room(connection: sa.Connection, mentor: Person) -> None:
    profile = profile_record(connection, mentor.id)
    most = profile.facts.students_at_most if profile else STUDENTS
    students = len(students_of(connection, mentor.id))
    if students >= most:
        raise Problem(
            "centre.too-many-students",
            msg("This mentor has as many students as one can have at a time."),
            where=mentor.name,
            found=students,
            expected=msg("{count} at most", count=most),
            status=409,
        )
