"""Common problems: experts merge what two or more members share; the originals stay, and can be taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem as Refused
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Line, LineZh, Text, kind
from takeback.share.centre.naming import CallId, MemberId, PriorityId, RecordId
from takeback.share.centre.problems.sharing import members_sharing
from takeback.share.centre.problems.stating import Lines
from takeback.share.centre.records import Record, change, create, find, get, move
from takeback.share.centre.targets import known_priorities, pinned

FEWEST = 2  # members that share a problem that is common


@kind(
    "common-problem",
    title="title",
    states={
        "common": ("called", "dissolved"),
        "called": ("common", "solved"),
        "solved": (),
        "dissolved": (),
    },
    create="problem.merge",
    move={"called": "call.edit", "common": "call.edit"},
    fixed_in=("called", "solved", "dissolved"),
)
class CommonProblem(Facts, frozen=True, kw_only=True):
    """What several members have in common. `members`: those that share it; `solved_by`: records with their entries."""

    title: Line
    title_zh: LineZh = ""
    statement: Text
    members: tuple[MemberId, ...]
    statement_zh: Text = ""
    fields: tuple[Line, ...] = ()
    criteria: Lines = ()
    criteria_zh: Lines = ()
    priorities: tuple[PriorityId, ...] = ()
    call_id: CallId | None = None
    solved_by: tuple[tuple[RecordId, int], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what fewer than two members share; ``centre.not-common``."""
        enough(self.members, self.title)


def merge(
    connection: sa.Connection,
    actor: CentreActor,
    originals: Sequence[UUID],
    *,
    title: str,
    title_zh: str = "",
    statement: str,
    statement_zh: str = "",
    at: datetime | None = None,
) -> Record:
    """Merge stated problems into a common one; one problem alone, when another member shares it, can be one, too.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.not-common`` when fewer than two members share them; ``centre.bad-move`` (409)
        for one that is merged or closed.
    """
    actor.require("problem.merge")
    found = [get(connection, one, kind="problem", lock=True) for one in sorted({*originals})]
    facts = CommonProblem(
        title=title, title_zh=title_zh, statement=statement, statement_zh=statement_zh,
        members=tuple(sorted(members_sharing(connection, found))), fields=_all(found, "fields"),
        criteria=_all(found, "criteria"), criteria_zh=_criteria_zh(found), priorities=_all(found, "priorities"),
    )  # fmt: skip
    common = create(connection, actor, "common-problem", facts, at=at)
    for one in found:
        _join(connection, actor, one, common.id, at)
    return common


def _criteria_zh(found: Sequence[Record]) -> tuple[str, ...]:
    """Return the criteria in Chinese if all are there in Chinese; else none, so that the English ones are shown."""
    whole = all(len(one.facts.criteria_zh) == len(one.facts.criteria) for one in found)
    return _all(found, "criteria_zh") if whole else ()


def add_to_common(
    connection: sa.Connection, actor: CentreActor, common_id: UUID, problem_id: UUID, *, at: datetime | None = None
) -> Record:
    """Merge a further problem into a common one; ``centre.bad-move`` (409) once there is a call."""
    actor.require("problem.merge")
    common = _open(connection, common_id)
    _join(connection, actor, get(connection, problem_id, kind="problem", lock=True), common_id, at)
    members = sharing_common(connection, common_id)
    facts = msgspec.structs.replace(common.facts, members=members)
    return change(connection, actor, common_id, facts, at=at)


def edit_common(
    connection: sa.Connection,
    actor: CentreActor,
    common_id: UUID,
    facts: CommonProblem,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Word a common problem anew; who shares it is counted, not edited."""
    actor.require("problem.merge")
    common = _open(connection, common_id)
    known_priorities(connection, facts.priorities)
    kept = msgspec.structs.replace(facts, members=common.facts.members, call_id=None, solved_by=())
    return change(connection, actor, common_id, kept, version=version, at=at)


def unmerge(
    connection: sa.Connection,
    actor: CentreActor,
    problem_id: UUID,
    reason: str,
    *,
    at: datetime | None = None,
) -> Record:
    """Take a problem out of the common one; what fewer than two members share then is common no more.

    Returns the common problem: with the members that remain, or dissolved, its other originals stated again.
    """
    actor.require("problem.merge")
    problem = locked(connection, problem_id)
    if problem.kind != "problem" or problem.facts.common_id is None:
        raise Refused("centre.not-merged", msg("This problem is not merged."), where=problem.title, status=409)
    common = _open(connection, problem.facts.common_id)
    _part(connection, actor, problem, reason, at)
    return recount(connection, actor, common.id, reason=reason, at=at)


def recount(
    connection: sa.Connection, actor: CentreActor, common_id: UUID, *, reason: str = "", at: datetime | None = None
) -> Record:
    """Count again who shares a common problem, and dissolve it when fewer than two members do."""
    common = _open(connection, common_id)
    members = sharing_common(connection, common_id)
    if len(members) >= FEWEST:
        if members == common.facts.members:
            return common
        facts = msgspec.structs.replace(common.facts, members=members)
        return change(connection, actor, common_id, facts, at=at, allowed=True)
    for one in originals_of(connection, common_id):
        _part(connection, actor, one, reason, at)
    return move(connection, actor, common_id, "dissolved", reason=reason, at=at, allowed=True)


def mark_called(
    connection: sa.Connection, actor: CentreActor, common_id: UUID, call_id: UUID, *, at: datetime | None = None
) -> Record:
    """Say that there is a call for a common problem, which two or more members must share at this moment."""
    actor.require("call.edit")
    get(connection, call_id, kind="call")
    common = _open(connection, common_id)
    facts = msgspec.structs.replace(common.facts, call_id=call_id, members=sharing_common(connection, common_id))
    for one in originals_of(connection, common_id):
        move(connection, actor, one.id, "called", at=at, allowed=True)
    return move(connection, actor, common_id, "called", facts=facts, at=at)


def mark_uncalled(
    connection: sa.Connection, actor: CentreActor, common_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Say that a call brought nothing: the problem is common, and there is no call for it."""
    actor.require("call.edit")
    common = get(connection, common_id, kind="common-problem", lock=True)
    for one in originals_of(connection, common_id, state="called"):
        move(connection, actor, one.id, "merged", reason=reason, at=at, allowed=True)
    facts = msgspec.structs.replace(common.facts, call_id=None)
    return move(connection, actor, common_id, "common", facts=facts, reason=reason, at=at)


def mark_solved(
    connection: sa.Connection, actor: CentreActor, common_id: UUID, by: Sequence[UUID], *, at: datetime | None = None
) -> Record:
    """Say that a called problem is solved, and by which results or adoptions; ``centre.no-evidence`` without any."""
    actor.require("problem.merge")
    common = get(connection, common_id, kind="common-problem", lock=True)
    facts = msgspec.structs.replace(common.facts, solved_by=pinned(connection, by))
    solved = move(connection, actor, common_id, "solved", facts=facts, at=at)
    for one in originals_of(connection, common_id):
        move(connection, actor, one.id, "solved", at=at, allowed=True)
    return solved


def originals_of(connection: sa.Connection, common_id: UUID, *, state: str | None = None) -> list[Record]:
    """Return the problems that were merged into a common one, the oldest first."""
    return sorted(find(connection, "problem", parent=common_id, state=state), key=lambda one: (one.created_at, one.id))


def locked(connection: sa.Connection, problem_id: UUID) -> Record:
    """Return a problem or a common one, locked; the common one first, so that no two wait for each other.

    Raises
    ------
    Problem
        ``centre.no-record`` (404).
    """
    found = get(connection, problem_id)
    if found.kind not in ("problem", "common-problem"):
        raise Refused("centre.no-record", msg("There is no such record in this centre."), found=problem_id, status=404)
    if found.kind == "problem" and found.facts.common_id is not None:
        get(connection, found.facts.common_id, lock=True)
    return get(connection, problem_id, lock=True)


def sharing_common(connection: sa.Connection, common_id: UUID) -> tuple[UUID, ...]:
    """Return the members that share a common problem: those of its originals, and those that share it as it is."""
    return tuple(sorted(members_sharing(connection, originals_of(connection, common_id), common_id)))


def enough(members: Sequence[UUID], title: str) -> None:
    """Go on only when two or more members share something; raises ``centre.not-common``."""
    if len({*members}) < FEWEST:
        raise Refused(
            "centre.not-common",
            msg("A problem is common when two or more members share it."),
            where=title,
            found=len({*members}),
            expected=f">= {FEWEST}",
            remedy=msg("Wait until another member says that it shares the problem."),
        )


def _open(connection: sa.Connection, common_id: UUID) -> Record:
    common = get(connection, common_id, kind="common-problem", lock=True)
    if common.state != "common":
        raise Refused(
            "centre.bad-move",
            msg("This common problem changes no more."),
            where=common.title,
            found=common.state,
            expected="common",
            status=409,
        )
    return common


def _join(connection: sa.Connection, actor: CentreActor, one: Record, common_id: UUID, at: datetime | None) -> None:
    facts = msgspec.structs.replace(one.facts, common_id=common_id)
    move(connection, actor, one.id, "merged", facts=facts, at=at, allowed=True)


def _part(connection: sa.Connection, actor: CentreActor, one: Record, reason: str, at: datetime | None) -> None:
    facts = msgspec.structs.replace(one.facts, common_id=None)
    move(connection, actor, one.id, "stated", facts=facts, reason=reason, at=at, allowed=True)


def _all(problems: Sequence[Record], field: str) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for one in problems for value in getattr(one.facts, field)))
