"""A query of the EPCIS 2.0 query language, read and checked (section 8.2.7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Literal

from takeback.core.canonical import canonical_json
from takeback.prove.epcis.query.conditions import Condition
from takeback.prove.epcis.query.conditions.moments import RecordTimeIs
from takeback.prove.epcis.query.fieldname import FieldName

EVENT_TIME: Literal["eventTime"] = "eventTime"
RECORD_TIME: Literal["recordTime"] = "recordTime"


@dataclass(frozen=True, slots=True)
class Order:
    """`orderBy` and `orderDirection`: eventTime, recordTime, or an extension field; the newest first by itself."""

    by: Literal["eventTime", "recordTime"] | FieldName = EVENT_TIME
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All `conditions` hold; at most `limit` events come (eventCountLimit), more than `most` are refused.

    ``per_page`` and ``token`` are perPage and nextPageToken where the query's own address gave them; ``given`` are
    the parameters as they were given, by which two queries are told apart.
    """

    conditions: tuple[Condition, ...] = ()
    order: Order = Order()
    limit: int | None = None
    most: int | None = None
    per_page: int | None = None
    token: str | None = None
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def also(self, other: Query) -> Query:
        """Return the query that asks for what both ask for, in this one's order and size."""
        return replace(self, conditions=self.conditions + other.conditions, given=self.given + other.given)

    def recorded(self, *, since: datetime | None = None, before: datetime | None = None) -> Query:
        """Return the query narrowed to the events recorded from ``since`` on and before ``before``."""
        narrowed = Query()
        if since is not None:
            text = since.isoformat()
            narrowed = narrowed.also(Query((RecordTimeIs("GE", since),), given=(("GE_recordTime", (text,)),)))
        if before is not None:
            text = before.isoformat()
            narrowed = narrowed.also(Query((RecordTimeIs("LT", before),), given=(("LT_recordTime", (text,)),)))
        return self.also(narrowed)

    def digest(self, *scope: str) -> bytes:
        """Return 8 bytes that tell this query from others, within a scope such as the organisation."""
        given = sorted([name, sorted(values)] for name, values in self.given)
        return sha256(canonical_json([list(scope), given])).digest()[:8]
