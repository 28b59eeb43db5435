"""All decisions of a call are told at once; when the time to appeal is over, the call is closed for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.appealing import open_appeals
from takeback.share.centre.calls.calling import call_in, moment
from takeback.share.centre.calls.taking_part import proposals_of
from takeback.share.centre.problems import mark_uncalled
from takeback.share.centre.records import Record


def announce_decisions(
    connection: sa.Connection, actor: CentreActor, call_id: UUID, *, at: datetime | None = None
) -> Record:
    """Tell all applicants at once; the time to appeal begins.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.undecided`` (409) while a proposal or an appeal has no decision.
    """
    actor.require("call.edit")
    call = call_in(connection, call_id, "reviewing", lock=True)
    waiting = [*proposals_of(connection, call_id, "submitted", "eligible"), *open_appeals(connection, call_id)]
    if waiting:
        raise Problem(
            "centre.undecided",
            msg("There are proposals or appeals without a decision."),
            where=call.title,
            found=len(waiting),
            expected="0",
            status=409,
        )
    now = moment(connection, actor, at)
    told = msgspec.structs.replace(call.facts, announced=now)
    return records.move(connection, actor, call_id, "decided", facts=told, at=now)


def finish_call(connection: sa.Connection, actor: CentreActor, call_id: UUID, *, at: datetime | None = None) -> Record:
    """Close a decided call for good, when the time to appeal is over and no appeal is open.

    Problems that no funded proposal answers wait for another call.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.appeals-open`` (409).
    """
    call = call_in(connection, call_id, "decided", lock=True)
    ends = call.facts.announced + timedelta(days=call.facts.appeal_days)
    waiting = open_appeals(connection, call_id)
    if waiting or moment(connection, actor, at) <= ends:
        raise Problem(
            "centre.appeals-open",
            msg("Applicants can still appeal, or wait for an answer."),
            where=call.title,
            found=len(waiting),
            expected=msg("no open appeal, after {moment}", moment=ends),
            status=409,
        )
    funded = {one.facts.problem for one in proposals_of(connection, call_id, "funded")}
    for problem in {*call.facts.problems} - funded:
        mark_uncalled(connection, actor, problem, "no proposal was funded", at=at)
    return records.move(connection, actor, call_id, "closed", at=at)
