"""Other members say that they are interested in a problem, or that they have it, too."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem as Refused
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.problems.common import locked, originals_of, recount
from takeback.share.centre.problems.sharing import Interest, Sort
from takeback.share.centre.records import Record, change, create, find, move


def say_interest(
    connection: sa.Connection,
    actor: CentreActor,
    problem_id: UUID,
    sort: Sort,
    *,
    note: str = "",
    at: datetime | None = None,
) -> Record:
    """Say for one's member that it is interested in a problem, also a common one, or shares it; the last word counts.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-member`` (403) for somebody of no member, ``centre.own-problem`` (409).
    """
    actor.require("problem.state")
    member = _member(actor)
    problem = locked(connection, problem_id)
    if member in _stated_by(connection, problem):
        raise Refused(
            "centre.own-problem", msg("A member shares its own problem as it is."), where=problem.title, status=409
        )
    facts = Interest(problem_id=problem_id, member_id=member, title=problem.title, sort=sort, note=note)
    old = find(connection, "interest", parent=problem_id, member=member)
    if old and sort != "shares":
        _not_called(problem)
    said = _put(connection, actor, old[0] if old else None, facts, at)
    _count_again(connection, actor, problem, at)
    return said


def withdraw_interest(
    connection: sa.Connection, actor: CentreActor, problem_id: UUID, *, at: datetime | None = None
) -> Record:
    """Take back what one's member said; ``centre.called`` (409) once there is a call for the problem.

    A common problem that fewer than two members share then is dissolved.
    """
    actor.require("problem.state")
    problem = locked(connection, problem_id)
    old = find(connection, "interest", parent=problem_id, member=_member(actor), state="given")
    if not old:
        raise Refused("centre.no-record", msg("Your member said nothing about this problem."), status=404)
    _not_called(problem)
    gone = move(connection, actor, old[0].id, "withdrawn", at=at)
    _count_again(connection, actor, problem, at)
    return gone


def _put(
    connection: sa.Connection, actor: CentreActor, old: Record | None, facts: Interest, at: datetime | None
) -> Record:
    if old is None:
        return create(connection, actor, "interest", facts, at=at)
    if old.state == "withdrawn":
        return move(connection, actor, old.id, "given", facts=facts, at=at)
    return change(connection, actor, old.id, facts, at=at)


def _count_again(connection: sa.Connection, actor: CentreActor, problem: Record, at: datetime | None) -> None:
    if problem.state == "merged":
        recount(connection, actor, problem.facts.common_id, at=at)
    elif problem.state == "common":
        recount(connection, actor, problem.id, at=at)


def _stated_by(connection: sa.Connection, problem: Record) -> set[UUID]:
    originals = [problem] if problem.kind == "problem" else originals_of(connection, problem.id)
    return {one.facts.member_id for one in originals}


def _member(actor: CentreActor) -> UUID:
    if actor.member_id is None:
        raise Refused(
            "centre.no-member", msg("Only somebody of a member can say this for it."), status=403, exit_code=77
        )
    return actor.member_id


def _not_called(problem: Record) -> None:
    if problem.state in ("called", "solved"):
        raise Refused(
            "centre.called", msg("There is a call for this problem already."), where=problem.title, status=409
        )
