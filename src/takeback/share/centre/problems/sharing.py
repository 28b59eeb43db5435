"""Who shares a problem: the member that stated it, and those that said that they have it, too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from takeback.share.centre.kinds import Facts, Line, Text, kind
from takeback.share.centre.naming import MemberId, ProblemId
from takeback.share.centre.records import Record, find

Sort = Literal["interested", "shares"]


@kind(
    "interest",
    title="title",
    states={"given": ("withdrawn",), "withdrawn": ("given",)},
    create="problem.state",
    parent="problem_id",
    member="member_id",
)
class Interest(Facts, frozen=True, kw_only=True):
    """A member's word about another's problem, or about a common one: `shares`: it has the problem, too."""

    problem_id: ProblemId
    member_id: MemberId
    title: Line
    sort: Sort
    note: Text = ""


def members_sharing(
    connection: sa.Connection, problems: Sequence[Record], common_id: UUID | None = None
) -> frozenset[UUID]:
    """Return the active members that have one of these problems: who stated them and who said that they share them.

    `common_id`: the common problem that they are part of, which members can share as it is.
    """
    active = {one.id for one in find(connection, "member", state="active")}
    ids = {one.id for one in problems} | {common_id}
    said = [one for one in find(connection, "interest", state="given") if one.facts.problem_id in ids]
    sharing = {one.facts.member_id for one in said if one.facts.sort == "shares"}
    return frozenset(active & (sharing | {one.facts.member_id for one in problems}))


def interests_in(connection: sa.Connection, problems: Iterable[UUID], sort: Sort) -> dict[UUID, set[UUID]]:
    """Return for each problem the members that said so."""
    found: dict[UUID, set[UUID]] = {problem: set() for problem in problems}
    for one in find(connection, "interest", state="given"):
        if one.facts.sort == sort and one.facts.problem_id in found:
            found[one.facts.problem_id].add(one.facts.member_id)
    return found
