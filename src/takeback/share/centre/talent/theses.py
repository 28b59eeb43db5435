"""Theses that come from a company's problem."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Line, kind
from takeback.share.centre.naming import PersonId, ProblemId, ProjectId, naming
from takeback.share.centre.records import Record, create, get, move
from takeback.share.centre.talent.persons import own_or, present

_PROBLEMS = ("problem", "common-problem")


@kind(
    "thesis",
    title="title",
    states={"proposed": ("running", "stopped"), "running": ("defended", "stopped"), "defended": (), "stopped": ()},
    create="training.edit",
    fixed_in=("defended", "stopped"),
    parent="problem",
    person="student",
    year="year",
)
class Thesis(Facts, frozen=True, kw_only=True):
    """A thesis. `problem`: the company's, or the common one that it works on; `project`: in which, if any."""

    title: Line
    title_zh: Line
    student: PersonId
    degree: Literal["bachelor", "master", "doctor"]
    problem: ProblemId
    project: ProjectId | None = None
    mentoring: Annotated[UUID, naming("mentoring")] | None = None
    year: int


def put_thesis(connection: sa.Connection, actor: CentreActor, thesis: Thesis, *, at: datetime | None = None) -> Record:
    """Put a thesis: the student proposes it, or whoever edits training.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (404), ``centre.other-role`` for one who is no student,
        ``centre.no-record`` (404), ``centre.bad-thesis`` for a problem, project or mentoring that is none.
    """
    own_or(actor, thesis.student, "training.edit")
    present(connection, thesis.student, role="student")
    _linked(connection, thesis, "problem", _PROBLEMS)
    _linked(connection, thesis, "project", ("project",))
    mentoring = _linked(connection, thesis, "mentoring", ("mentoring",))
    if mentoring and mentoring.facts.student != thesis.student:
        raise _bad("mentoring", mentoring.title, "mentoring of the student")
    return create(connection, actor, "thesis", thesis, at=at, allowed=True)


def move_thesis(
    connection: sa.Connection,
    actor: CentreActor,
    thesis_id: UUID,
    state: str,
    *,
    reason: str = "",
    at: datetime | None = None,
) -> Record:
    """Begin a thesis, say that it was defended, or stop it."""
    return move(connection, actor, thesis_id, state, kind="thesis", reason=reason, at=at)


def _linked(connection: sa.Connection, thesis: Thesis, field: str, kinds: tuple[str, ...]) -> Record | None:
    linked = getattr(thesis, field)
    if linked is None:
        return None
    record = get(connection, linked)
    if record.kind not in kinds:
        raise _bad(field, record.kind, ", ".join(kinds))
    return record


def _bad(field: str, found: str, expected: str) -> Problem:
    return Problem(
        "centre.bad-thesis", msg("A thesis cannot be linked to this."), where=field, found=found, expected=expected
    )
