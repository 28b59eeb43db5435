"""A member states a practical problem: with data, constraints, what would be accepted, and a prize."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem as Refused
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import File, attach
from takeback.share.centre.kinds import Facts, Line, LineZh, Minor, Text, kind
from takeback.share.centre.naming import CommonProblemId, MemberId, PriorityId
from takeback.share.centre.records import Record, change, create, get, move
from takeback.share.centre.targets import known_priorities

Lines = Annotated[tuple[Text, ...], Meta(max_length=50)]


@kind(
    "problem",
    title="title",
    states={
        "stated": ("merged", "closed"),
        "merged": ("stated", "called"),
        "called": ("merged", "solved"),
        "solved": (),
        "closed": ("stated",),
    },
    create="problem.state",
    edit="problem.merge",
    fixed_in=("called", "solved", "closed"),
    parent="common_id",
    member="member_id",
)
class Problem(Facts, frozen=True, kw_only=True):
    """A problem of a member's practice.

    - `details`, `constraints`, `criteria` (what a solution must show to be accepted), and the files of the record;
      `constraints_zh`, `criteria_zh`: the same lines in Chinese, or none;
    - `prize`: in minor units of the centre's currency, paid by the member;
    - `confidentiality`: `open` (anybody may read it, once the centre opens its board) or `members` (the centre alone);
    - `priorities`: those of the authority that it answers; `common_id`: the common problem that it became part of.
    """

    title: Line
    title_zh: LineZh = ""
    member_id: MemberId
    details: Text
    details_zh: Text = ""
    fields: tuple[Line, ...] = ()
    constraints: Lines = ()
    constraints_zh: Lines = ()
    criteria: Lines = ()
    criteria_zh: Lines = ()
    prize: Minor | None = None
    confidentiality: Literal["open", "members"] = "members"
    priorities: tuple[PriorityId, ...] = ()
    common_id: CommonProblemId | None = None


def state_problem(
    connection: sa.Connection,
    actor: CentreActor,
    facts: Problem,
    *,
    id: UUID | None = None,
    at: datetime | None = None,
) -> Record:
    """State a problem of one's own member.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.not-own`` (403) for another member's; ``centre.bad-problem`` without details or
        without criteria; ``centre.no-priority``.
    """
    actor.require("problem.state")
    _own(actor, facts.member_id)
    get(connection, facts.member_id, kind="member")
    _whole(facts)
    known_priorities(connection, facts.priorities)
    return create(connection, actor, "problem", msgspec.structs.replace(facts, common_id=None), id=id, at=at)


def change_problem(
    connection: sa.Connection,
    actor: CentreActor,
    problem_id: UUID,
    facts: Problem,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Change a problem of one's own member until there is a call for it; whose it is and its merging stay."""
    old = own_problem(connection, actor, problem_id)
    _whole(facts)
    known_priorities(connection, facts.priorities)
    kept = msgspec.structs.replace(facts, member_id=old.facts.member_id, common_id=old.facts.common_id)
    return change(connection, actor, problem_id, kept, version=version, at=at, allowed=True)


def close_problem(
    connection: sa.Connection, actor: CentreActor, problem_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Close a problem that is no longer one, before it is merged."""
    own_problem(connection, actor, problem_id)
    return move(connection, actor, problem_id, "closed", reason=reason, at=at, allowed=True)


def state_again(
    connection: sa.Connection, actor: CentreActor, problem_id: UUID, *, at: datetime | None = None
) -> Record:
    """Open a closed problem again; ``centre.bad-move`` (409) for a merged one, which is unmerged instead."""
    old = own_problem(connection, actor, problem_id)
    if old.state != "closed":
        raise Refused(
            "centre.bad-move", msg("This cannot follow."), where=old.title, found=f"{old.state} -> stated", status=409
        )
    return move(connection, actor, problem_id, "stated", at=at, allowed=True)


def add_data(
    connection: sa.Connection,
    actor: CentreActor,
    problem_id: UUID,
    name: str,
    media_type: str,
    content: bytes,
    *,
    at: datetime | None = None,
) -> File:
    """Keep a file of data with a problem of one's own member; ``centre.not-own`` (403), ``centre.bad-file``."""
    own_problem(connection, actor, problem_id)
    return attach(connection, actor, problem_id, name, media_type, content, at=at)


def own_problem(connection: sa.Connection, actor: CentreActor, problem_id: UUID) -> Record:
    """Return a problem of the actor's own member, or any to whoever runs the centre; ``centre.not-own`` (403)."""
    actor.require("problem.state")
    record = get(connection, problem_id, kind="problem", lock=True)
    _own(actor, record.facts.member_id)
    return record


def _own(actor: CentreActor, member_id: UUID) -> None:
    if actor.member_id != member_id and not actor.may("member.edit"):
        raise Refused(
            "centre.not-own",
            msg("This belongs to another member."),
            where="member_id",
            found=member_id,
            status=403,
            exit_code=77,
        )


def _whole(facts: Problem) -> None:
    for field, said in (("details", facts.details.strip()), ("criteria", any(one.strip() for one in facts.criteria))):
        if not said:
            raise Refused(
                "centre.bad-problem",
                msg("A problem says what is wrong and what would be accepted as its solution."),
                where=field,
            )
