"""Courses and labs: who takes them, for how many hours, with what mark."""

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
from takeback.share.centre.kinds import Code, Facts, Line, Text, kind
from takeback.share.centre.naming import PersonId, naming
from takeback.share.centre.records import Record, create, find, get, move
from takeback.share.centre.talent.competencies import Level, known_areas
from takeback.share.centre.talent.persons import own_or, present
from takeback.share.centre.turns import take_turn

Mark = Annotated[int, Meta(ge=0, le=100)]
Hours = Annotated[int, Meta(ge=0, le=5000)]


class Teaches(Facts, frozen=True, kw_only=True):
    """What a course leads to: a level in an area of competency."""

    area: Code
    level: Level


@kind(
    "course",
    title="title",
    states={
        "planned": ("open", "cancelled"),
        "open": ("running", "cancelled"),
        "running": ("done", "cancelled"),
        "done": (),
        "cancelled": (),
    },
    create="training.edit",
    fixed_in=("done", "cancelled"),
    person="teacher",
    year="year",
)
class Course(Facts, frozen=True, kw_only=True):
    """A course or a lab. `hours`: of the whole; `places`: None without limit; `pass_mark`: of 100."""

    code: Code
    title: Line
    title_zh: Line
    sort: Literal["course", "lab", "workshop", "internship"]
    hours: Hours
    year: int
    begins: date | None = None
    ends: date | None = None
    teacher: PersonId | None = None
    places: Annotated[int, Meta(ge=1)] | None = None
    pass_mark: Mark = 60
    teaches: tuple[Teaches, ...] = ()
    contents: Text = ""


@kind(
    "enrolment",
    title="title",
    states={"enrolled": ("passed", "failed", "left"), "passed": (), "failed": ("enrolled",), "left": ("enrolled",)},
    create="training.edit",
    read="training.edit",
    parent="course",
    person="person",
    year="year",
)
class Enrolment(Facts, frozen=True, kw_only=True):
    """A person in a course; `hours`: those attended; `mark`: of 100."""

    course: Annotated[UUID, naming("course")]
    person: PersonId
    title: Line
    title_zh: Annotated[str, Meta(max_length=200)] = ""
    year: int
    hours: Hours = 0
    mark: Mark | None = None


def put_course(connection: sa.Connection, actor: CentreActor, course: Course, *, at: datetime | None = None) -> Record:
    """Put a course; ``centre.no-competency`` for an area that there is not."""
    actor.require("training.edit")
    known_areas(connection, [one.area for one in course.teaches])
    if course.teacher:
        present(connection, course.teacher)
    return create(connection, actor, "course", course, at=at)


def move_course(
    connection: sa.Connection, actor: CentreActor, course_id: UUID, state: str, *, at: datetime | None = None
) -> Record:
    """Open, begin, end or cancel a course; ``centre.unmarked`` (409) for an end with people who have no mark."""
    take_turn(connection)  # nobody enrols meanwhile
    if state == "done" and (waiting := find(connection, "enrolment", parent=course_id, state="enrolled")):
        raise Problem(
            "centre.unmarked",
            msg("Somebody in this course has no mark yet."),
            where=waiting[0].title,
            found=len(waiting),
            status=409,
        )
    return move(connection, actor, course_id, state, kind="course", at=at)


def enrol(
    connection: sa.Connection,
    actor: CentreActor,
    course_id: UUID,
    *,
    person: UUID | None = None,
    at: datetime | None = None,
) -> Record:
    """Enrol oneself, or (with the permission to edit training) somebody else.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (404), ``centre.course-closed``, ``centre.enrolled``,
        ``centre.course-full`` (409).
    """
    who = person or actor.person()
    actor.require("person.own")
    own_or(actor, who, "training.edit")
    present(connection, who)
    course = get(connection, course_id, kind="course", lock=True)
    if course.state not in {"open", "running"}:
        raise Problem(
            "centre.course-closed",
            msg("Nobody can enrol here now."),
            where=course.title,
            found=course.state,
            status=409,
        )
    taken = find(connection, "enrolment", parent=course_id, state=("enrolled", "passed"))
    if any(one.facts.person == who for one in taken):
        raise Problem("centre.enrolled", msg("This person is enrolled already."), where=course.title, status=409)
    if course.facts.places is not None and len(taken) >= course.facts.places:
        raise Problem(
            "centre.course-full", msg("All places are taken."), where=course.title, found=len(taken), status=409
        )
    told: Course = course.facts
    facts = Enrolment(course=course_id, person=who, title=told.title, title_zh=told.title_zh, year=told.year)
    return create(connection, actor, "enrolment", facts, at=at, allowed=True)


def give_mark(
    connection: sa.Connection,
    actor: CentreActor,
    enrolment_id: UUID,
    mark: int,
    *,
    hours: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Give a mark, with which the course is passed or failed; `hours`: attended, all of the course if not said.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.own-mark`` (403): nobody marks oneself; ``centre.bad-mark``,
        ``centre.bad-move`` (409) when there is a mark.
    """
    old = get(connection, enrolment_id, kind="enrolment", lock=True)
    course = get(connection, old.facts.course, kind="course")
    if actor.person_id is None or actor.person_id != course.facts.teacher:
        actor.require("training.edit")
    if actor.person_id == old.facts.person:
        raise Problem("centre.own-mark", msg("Nobody marks oneself."), where=old.title, status=403)
    spent = course.facts.hours if hours is None else hours
    if not 0 <= mark <= 100 or not 0 <= spent <= course.facts.hours:
        raise Problem(
            "centre.bad-mark",
            msg("A mark is from 0 to 100, and nobody attends more hours than there are."),
            where=old.title,
            found=f"{mark}, {spent} h",
            expected=f"0 to 100, 0 to {course.facts.hours} h",
        )
    state = "passed" if mark >= course.facts.pass_mark else "failed"
    facts = replace(old.facts, mark=mark, hours=spent)
    return move(connection, actor, enrolment_id, state, facts=facts, at=at, allowed=True)


def leave_course(
    connection: sa.Connection, actor: CentreActor, enrolment_id: UUID, *, at: datetime | None = None
) -> Record:
    """Leave a course: oneself, or by whoever edits training."""
    old = get(connection, enrolment_id, kind="enrolment", lock=True)
    own_or(actor, old.facts.person, "training.edit")
    return move(connection, actor, enrolment_id, "left", at=at, allowed=True)


def transcript(connection: sa.Connection, actor: CentreActor, person_id: UUID) -> list[Record]:
    """Return what a person is or was enrolled in, the latest year first: for the person, and who edits training."""
    own_or(actor, person_id, "training.edit")
    return sorted(find(connection, "enrolment", person=person_id), key=lambda one: (-one.facts.year, one.title))
