"""One event captured by itself (REST binding, `POST /events`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.epcis.capturing import Outcome, admit
from takeback.operate.epcis.results import shown
from takeback.operate.identity import Actor
from takeback.prove.epcis.capture import capture
from takeback.prove.epcis.intake import Intake, take_in
from takeback.prove.epcis.query import Query
from takeback.prove.epcis.query.candidates import Search
from takeback.prove.epcis.query.master import NOTHING


@dataclass(frozen=True, slots=True)
class Made:
    """The event as the repository has it; ``new`` is False where it had it before."""

    event_id: str
    event: dict[str, Any]
    new: bool


def capture_event(actor: Actor, content: bytes, media_type: str) -> Made:
    """Capture one event. The same event again is done already, and answered as the first time.

    Raises
    ------
    Problem
        ``epcis.invalid`` (400), ``epcis.one-event`` (400), ``epcis.event-exists`` (409) where another event has its
        eventID.
    """
    actor.require("epcis.capture")
    taken = take_in(content, media_type, now=datetime.now(UTC))
    admit(taken, Outcome(), "rollback")
    if taken.total != 1:
        raise _not_one(taken)
    with store.transaction(actor.org_id) as connection:
        return _entered(connection, actor, taken)


def _entered(connection: sa.Connection, actor: Actor, taken: Intake) -> Made:
    done = capture(
        connection,
        actor.org_id,
        taken.events,
        actor=actor.label,
        findings=taken.warnings,
        personal=taken.personal,
    )
    entry = done.entries[0]
    if entry is None:
        raise _taken(taken.events[0].get("eventID"))
    found = Search(connection, actor.org_id, Query(), NOTHING, 1).by_ids([entry])
    (event,) = shown(connection, actor, found)
    return Made(event["eventID"], event, bool(done.appended))


def _not_one(taken: Intake) -> Problem:
    return Problem(
        "epcis.one-event",
        msg("One event is captured at this address."),
        found=msg("{count} events", count=taken.total),
        expected=msg("one event"),
        remedy=msg("Post documents to /epcis/capture."),
        status=400,
    )


def _taken(event_id: Any) -> Problem:
    return Problem(
        "epcis.event-exists",
        msg("Another event has this eventID already."),
        where="/eventID",
        found=event_id,
        remedy=msg("Give this event an eventID of its own, or none; to correct the other one, declare it an error."),
        status=409,
    )
