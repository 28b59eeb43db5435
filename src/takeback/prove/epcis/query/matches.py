"""The plain evaluator: does one event answer a query?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from takeback.prove.epcis.query.master import NOTHING, MasterData
from takeback.prove.epcis.query.query import Query
from takeback.prove.epcis.query.seen import Seen


def matches(
    query: Query,
    event: Mapping[str, Any],
    *,
    record_time: datetime,
    event_id: str,
    master: MasterData = NOTHING,
) -> bool:
    """Whether an event in standard form meets all conditions of a query.

    ``event_id`` is the hash by which the repository knows the event (an eventID of its own is read from the event);
    ``master`` is the asker's master data. Order and size of the result are no matter of one event.
    """
    seen = Seen(event, record_time, event_id, master)
    return all(condition.holds(seen) for condition in query.conditions)
