"""Events out of the ledger for analysis: NDJSON or Parquet, a folder a day, as DuckDB, Spark and pandas read them.

day=2026-03-01/events.parquet      the days are those of the event times, in UTC
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import msgspec
import pyarrow as pa
import sqlalchemy as sa

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove import bodies
from takeback.prove.bulk.daily import NdjsonDay, ParquetDay
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.hashing import hash_uri
from takeback.prove.epcis.own_prefix import with_own_prefix

Format = Literal["ndjson", "parquet"]
ROWS = 5000  # read and written at a time
SCHEMA = pa.schema(
    [
        ("event_id", pa.string()),
        ("event_hash", pa.string()),
        ("type", pa.string()),
        ("action", pa.string()),
        ("biz_step", pa.string()),
        ("disposition", pa.string()),
        ("read_point", pa.string()),
        ("biz_location", pa.string()),
        ("event_time", pa.timestamp("us", tz="UTC")),
        ("record_time", pa.timestamp("us", tz="UTC")),
        ("parent", pa.string()),
        ("epcs", pa.list_(pa.string())),
        ("event", pa.string()),
    ]
)
_COUNT = sa.text(
    """
    select count(*) from entry
    where org_id = :org and event_key is not null and event_time >= :since and event_time < :until
    """
)
_READ = sa.text(
    """
    select event_time, record_time, event_hash, body from entry
    where org_id = :org and event_key is not null and event_time >= :since and event_time < :until
    order by event_time, id
    """
)
_EARLIEST, _LATEST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
_EPCS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")


@dataclass(frozen=True, slots=True)
class Exported:
    """How many events went into how many days' files."""

    events: int
    days: int


def export(
    org: UUID,
    folder: Path,
    *,
    form: Format,
    since: datetime | None = None,
    until: datetime | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Exported:
    """Write the party's events from ``since`` up to ``until`` (event times) into an empty or new folder.

    Each file appears when it is whole. Raises `Problem` ``export.not-empty``.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Problem(
            "export.not-empty",
            msg("The folder has something in it already; an export does not mix with what is there."),
            where=str(folder),
            expected=msg("a new or an empty folder"),
        )
    bounds = {"org": org, "since": since or _EARLIEST, "until": until or _LATEST}
    day_file = ParquetDay if form == "parquet" else NdjsonDay
    events = days = 0
    with store.transaction(org) as connection:
        total = connection.scalar(_COUNT, bounds) or 0
        rows = connection.execution_options(yield_per=ROWS).execute(_READ, bounds)
        for day, of_day in groupby(rows, key=lambda row: row.event_time.astimezone(UTC).date()):
            with day_file(folder / f"day={day}", SCHEMA) as file:
                for batch in _batches(of_day):
                    file.write(batch)
                    events += len(batch)
                    if on_progress:
                        on_progress(events, total)
            days += 1
    return Exported(events, days)


def _batches(rows: Iterator[sa.Row[Any]]) -> Iterator[list[dict[str, Any]]]:
    batch = []
    for row in rows:
        batch.append(_record(row))
        if len(batch) == ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _record(row: sa.Row[Any]) -> dict[str, Any]:
    """Return an event as a row of `SCHEMA`; identifiers in columns are canonical, the event itself is as it came."""
    event = with_own_prefix(bodies.load(row.body))
    identity = hash_uri(row.event_hash)
    recorded = row.record_time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    whole = {**event, "eventID": event.get("eventID", identity), "recordTime": recorded}
    return {
        "event_id": whole["eventID"],
        "event_hash": identity,
        "type": event["type"],
        "action": event.get("action"),
        "biz_step": event.get("bizStep"),
        "disposition": event.get("disposition"),
        "read_point": _uri(event.get("readPoint")),
        "biz_location": _uri(event.get("bizLocation")),
        "event_time": row.event_time,
        "record_time": row.record_time,
        "parent": canonical_uri(event["parentID"]) if event.get("parentID") else None,
        "epcs": [canonical_uri(epc) for name in _EPCS for epc in event.get(name) or ()],
        "event": msgspec.json.encode(whole).decode(),
    }


def _uri(place: dict[str, Any] | None) -> str | None:
    return canonical_uri(place["id"]) if place else None
