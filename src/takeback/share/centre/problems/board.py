"""The problem board, as people of the centre see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import File, files_of
from takeback.share.centre.problems.following import followed
from takeback.share.centre.problems.sharing import interests_in
from takeback.share.centre.problems.similar import Similar, alike, alike_pairs
from takeback.share.centre.records import Record, find, get

SUGGESTED = 0.2  # likeness from which two problems are suggested to be merged


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem on the board; `sharing`: members that share it, its own included; `mine`: of the reader's member."""

    record: Record
    sharing: int
    interested: int
    mine: bool
    following: bool


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem with its data files, the members that share it or are interested, and what is like it."""

    line: ProblemLine
    files: list[File]
    sharing: frozenset[UUID]
    interested: frozenset[UUID]
    similar: list[Similar[UUID]]


def board(
    connection: sa.Connection,
    actor: CentreActor,
    *,
    state: str | Sequence[str] | None = None,
    member: UUID | None = None,
    field: str = "",
    text: str = "",
) -> list[ProblemLine]:
    """Return the problems of the board, the latest changed first, narrowed by what is given."""
    actor.require("centre.read")
    found = find(connection, "problem", state=state, member=member, text=text)
    return _lines(connection, actor, [one for one in found if not field or field in one.facts.fields])


def problem_view(connection: sa.Connection, actor: CentreActor, problem_id: UUID) -> ProblemView:
    """Return a problem as people of the centre see it."""
    actor.require("centre.read")
    record = get(connection, problem_id, kind="problem")
    (line,) = _lines(connection, actor, [record])
    sharing = interests_in(connection, [problem_id], "shares")[problem_id] | {record.facts.member_id}
    interested = interests_in(connection, [problem_id], "interested")[problem_id]
    alike = similar_problems(connection, actor, problem_text(record), besides=[problem_id])
    return ProblemView(line, files_of(connection, problem_id), frozenset(sharing), frozenset(interested), alike)


def similar_problems(
    connection: sa.Connection, actor: CentreActor, text: str, *, besides: Iterable[UUID] = (), most: int = 5
) -> list[Similar[UUID]]:
    """Return the problems, common ones too, that speak of what a text speaks of."""
    actor.require("centre.read")
    return alike(text, _texts(connection, {*besides}), most=most)


def suggested_merges(
    connection: sa.Connection, actor: CentreActor, *, least: float = SUGGESTED, most: int = 20
) -> list[tuple[UUID, Similar[UUID]]]:
    """Return pairs of stated problems, of different members, that may be one: the most alike first."""
    actor.require("problem.merge")
    stated = {one.id: one for one in reversed(find(connection, "problem", state="stated"))}
    pairs = alike_pairs({key: problem_text(one) for key, one in stated.items()}, least=least)
    return [(key, one) for key, one in pairs if _differ(stated[key], stated[one.key])][:most]


def problem_text(record: Record) -> str:
    """Return all that a problem, or a common one, says."""
    said = record.facts
    body = getattr(said, "details", "") or getattr(said, "statement", "")
    body_zh = getattr(said, "details_zh", "") or getattr(said, "statement_zh", "")
    return " ".join([said.title, said.title_zh, body, body_zh, *said.fields, *getattr(said, "constraints", ())])


def _lines(connection: sa.Connection, actor: CentreActor, found: Sequence[Record]) -> list[ProblemLine]:
    ids = [one.id for one in found]
    sharing, interested = interests_in(connection, ids, "shares"), interests_in(connection, ids, "interested")
    follows = followed(connection, actor) if actor.person_id else frozenset()
    return [
        ProblemLine(
            one,
            len(sharing[one.id] | {one.facts.member_id}),
            len(interested[one.id]),
            one.facts.member_id == actor.member_id,
            one.id in follows,
        )
        for one in found
    ]


def _texts(connection: sa.Connection, besides: set[UUID]) -> dict[UUID, str]:
    found = [
        *find(connection, "problem", state=["stated", "merged", "called", "solved"]),
        *find(connection, "common-problem", state=["common", "called", "solved"]),
    ]
    return {one.id: problem_text(one) for one in found if one.id not in besides}


def _differ(a: Record, b: Record) -> bool:
    return bool(a.facts.member_id != b.facts.member_id)
