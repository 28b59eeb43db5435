"""The events that bear an eventID: mostly one; an error declaration bears that of the event it withdraws."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.query import Found, page, parse_json

MOST = 100


def events_named(connection: sa.Connection, org: UUID, event_id: str) -> Sequence[Found]:
    """Return the events with this eventID, given or the event hash. Raises ``epcis.no-event`` (404)."""
    try:
        found = page(connection, org, parse_json({"EQ_eventID": [event_id]}), per_page=MOST).events
    except Problem:  # what is no URI is no event's name
        found = ()
    if not found:
        raise Problem("epcis.no-event", msg("There is no such event."), found=event_id, status=404)
    return found
