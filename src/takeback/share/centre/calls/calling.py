"""A call is written, published, extended, closed; each step under its rule."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.blind import make_secret
from takeback.share.centre.calls.call import Call
from takeback.share.centre.problems import mark_called, mark_uncalled
from takeback.share.centre.records import Record


def draft_call(connection: sa.Connection, actor: CentreActor, call: Call, *, at: datetime | None = None) -> Record:
    """Write a new call; nobody may apply yet.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.bad-call``.
    """
    _check(connection, call)
    record = records.create(connection, actor, "call", call, at=at)
    make_secret(connection, record.id)
    return record


def change_call(
    connection: sa.Connection, actor: CentreActor, call_id: UUID, call: Call, *, at: datetime | None = None
) -> Record:
    """Change a call that is not yet published; ``centre.fixed`` (409) afterwards."""
    records.get(connection, call_id, kind="call")
    _check(connection, call)
    return records.change(connection, actor, call_id, call, at=at)


def publish_call(connection: sa.Connection, actor: CentreActor, call_id: UUID, *, at: datetime | None = None) -> Record:
    """Make a call known; its rules stay from now on.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.bad-move`` (also for a problem that another call is for), ``centre.bad-call``
        when it closes in the past.
    """
    call = call_in(connection, call_id, "draft", lock=True)
    now = moment(connection, actor, at)
    if call.facts.closes <= now:
        raise _bad("closes", call.facts.closes, msg("a moment that is still to come"))
    for problem in call.facts.problems:
        mark_called(connection, actor, problem, call_id, at=now)
    return records.move(connection, actor, call_id, "published", at=now)


def extend_call(
    connection: sa.Connection,
    actor: CentreActor,
    call_id: UUID,
    *,
    closes: datetime | None = None,
    review_closes: datetime | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Record:
    """Give applicants or reviewers more time; a deadline is never moved forward.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.bad-call``, ``centre.bad-move`` where it is no longer open.
    """
    record = call_in(connection, call_id, "published", "reviewing", lock=True)
    old: Call = record.facts
    if closes is not None and (record.state != "published" or closes <= old.closes):
        raise _bad("closes", closes, msg("a later moment, while the call is open"))
    if review_closes is not None and review_closes <= old.review_closes:
        raise _bad("review_closes", review_closes, msg("a later moment"))
    later = closes or old.closes
    new = msgspec.structs.replace(old, closes=later, review_closes=review_closes or max(old.review_closes, later))
    _check(connection, new)
    return records.move(connection, actor, call_id, record.state, facts=new, reason=reason, at=at)


def close_call(connection: sa.Connection, actor: CentreActor, call_id: UUID, *, at: datetime | None = None) -> Record:
    """End the time of applying, once the deadline has passed: reviewing begins.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.call-open`` (409) before the deadline.
    """
    record = call_in(connection, call_id, "published", lock=True)
    now = moment(connection, actor, at)
    if now < record.facts.closes:
        raise Problem(
            "centre.call-open",
            msg("Applicants still have time."),
            where=record.title,
            found=now,
            expected=msg("after {moment}", moment=record.facts.closes),
            status=409,
        )
    return records.move(connection, actor, call_id, "reviewing", at=now)


def cancel_call(
    connection: sa.Connection, actor: CentreActor, call_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Take a call back before it is decided; its problems wait for another one."""
    call = call_in(connection, call_id, "draft", "published", "reviewing", lock=True)
    if call.state != "draft":
        for problem in call.facts.problems:
            mark_uncalled(connection, actor, problem, reason, at=at)
    return records.move(connection, actor, call_id, "cancelled", reason=reason, at=at)


def call_in(connection: sa.Connection, call_id: UUID, *states: str, lock: bool = False) -> Record:
    """Return a call that is in one of `states`; ``centre.bad-move`` (409) where it is in another."""
    record = records.get(connection, call_id, kind="call", lock=lock)
    if record.state not in states:
        raise Problem(
            "centre.bad-move",
            msg("The call is not at this step."),
            where=record.title,
            found=record.state,
            expected=", ".join(states),
            status=409,
        )
    return record


def moment(connection: sa.Connection, actor: CentreActor, at: datetime | None) -> datetime:
    """Return when something happens: `at`, or now."""
    return at or clock.now(connection, actor.org_id)


def _check(connection: sa.Connection, call: Call) -> None:
    if call.zone not in available_timezones():
        raise _bad("zone", call.zone, msg("the IANA name of a time zone, such as Asia/Shanghai"))
    if not call.opens < call.closes <= call.review_closes:
        raise _bad("closes", call.closes, msg("opens before closes, and closes not after reviews are due"))
    budget = call.budget
    if not budget.least_minor <= budget.most_minor <= budget.total_minor:
        raise _bad("budget", budget.most_minor, msg("least, most for a proposal, total: each at most the next"))
    codes = [criterion.code for criterion in call.criteria]
    if len({*codes}) < len(codes):
        raise _bad("criteria", ", ".join(codes), msg("each criterion once"))
    if call.announced:
        raise _bad("announced", call.announced, msg("nothing: the announcement writes it"))
    for problem in call.problems:
        records.get(connection, problem, kind="common-problem")
    if budget.fund:
        records.get(connection, budget.fund, kind="fund")


def _bad(where: str, found: object, expected: Message) -> Problem:
    return Problem("centre.bad-call", msg("A call cannot be like this."), where=where, found=found, expected=expected)
