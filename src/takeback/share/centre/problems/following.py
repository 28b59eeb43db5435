"""People follow a problem; whom news about it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem as Refused
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Line, kind
from takeback.share.centre.naming import ProblemId
from takeback.share.centre.people import names
from takeback.share.centre.records import Record, create, find, get, move

FOLLOWED = ("problem", "common-problem")


@kind(
    "following",
    title="title",
    states={"following": ("ended",), "ended": ("following",)},
    create="centre.read",
    read="centre.edit",
    parent="problem_id",
)
class Following(Facts, frozen=True, kw_only=True):
    """A person follows a problem; nobody but the person and whoever runs the centre sees it."""

    problem_id: ProblemId
    title: Line


def follow(connection: sa.Connection, actor: CentreActor, problem_id: UUID, *, at: datetime | None = None) -> Record:
    """Follow a problem or a common one: its news come to the person who acts."""
    actor.require("centre.read")
    old = _mine(connection, actor, problem_id)
    if old is not None:
        return old if old.state == "following" else move(connection, actor, old.id, "following", at=at)
    what = get(connection, problem_id, lock=True)
    if what.kind not in FOLLOWED:
        raise Refused("centre.no-record", msg("There is no such record in this centre."), found=problem_id, status=404)
    return create(connection, actor, "following", Following(problem_id=problem_id, title=what.title), at=at)


def unfollow(connection: sa.Connection, actor: CentreActor, problem_id: UUID, *, at: datetime | None = None) -> None:
    """Follow a problem no longer; nothing happens when one did not."""
    old = _mine(connection, actor, problem_id)
    if old is not None and old.state == "following":
        move(connection, actor, old.id, "ended", at=at)


def followed(connection: sa.Connection, actor: CentreActor) -> frozenset[UUID]:
    """Return the problems that the person who acts follows."""
    mine = find(connection, "following", person=actor.person(), state="following")
    return frozenset(one.facts.problem_id for one in mine)


def concerned(connection: sa.Connection, problems: Iterable[UUID]) -> frozenset[UUID]:
    """Return the people whom news about problems concern; who withdrew is not among them.

    They are those who stated one of them or what it is merged with, those who said for a member that it shares it or
    is interested, and those who follow it.
    """
    about = _family(connection, {*problems})
    people = {one.person_id for kind in ("interest", "following") for one in _about(connection, kind, about)}
    people |= {one.person_id for one in find(connection, "problem") if one.id in about}
    known = names(connection, {one for one in people if one is not None})
    return frozenset(one.id for one in known.values() if one.withdrawn_at is None)


def _family(connection: sa.Connection, problems: set[UUID]) -> set[UUID]:
    """Return the problems, the common ones that they are part of, and all that is merged with these."""
    all_ = find(connection, "problem")
    commons = {one.facts.common_id for one in all_ if one.id in problems and one.facts.common_id} | problems
    return commons | {one.id for one in all_ if one.facts.common_id in commons}


def _about(connection: sa.Connection, kind: str, problems: set[UUID]) -> list[Record]:
    state = "following" if kind == "following" else "given"
    return [one for one in find(connection, kind, state=state) if one.facts.problem_id in problems]


def _mine(connection: sa.Connection, actor: CentreActor, problem_id: UUID) -> Record | None:
    found = find(connection, "following", parent=problem_id, person=actor.person())
    return found[0] if found else None
