"""Events as the repository gives them out: with eventID and recordTime; personal data to who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from takeback.core.times import moment_text
from takeback.operate.identity import Actor
from takeback.prove.epcis.query import Found
from takeback.prove.erasure import joined


def shown(connection: sa.Connection, actor: Actor, found: Sequence[Found]) -> list[dict[str, Any]]:
    """Return found events in standard form: the eventID given, else the event hash (CBV 2.0, 8.9); our recordTime."""
    events = [one.event for one in found]
    if actor.may("ledger.personal"):
        events = joined(connection, actor.org_id, events)
    return [
        {**event, "eventID": event.get("eventID") or one.event_id, "recordTime": moment_text(one.record_time)}
        for event, one in zip(events, found, strict=True)
    ]
