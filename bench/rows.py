"""Rows of the ledger's tables from arrays, copied in PostgreSQL's binary form at hundreds of thousands a second."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END = b"\xff\xff"
RUN = 200_000
BODY = b"\x00" + b'{"type":"AssociationEvent","readPoint":{"id":"https://id.gs1.org/414/6901234000016"}}'.ljust(300)

Longs = NDArray[np.int64]
Column = bytes | np.int16 | Longs


def copy_items(connection: sa.Connection, org: UUID, keys: Longs, entries: Longs, times: Longs, role: int) -> None:
    """Copy rows of `entry_item`; ``times`` as those of `copy_entries`."""
    columns: dict[str, Column] = {
        "org_id": org.bytes,
        "item_key": keys,
        "entry_id": entries,
        "event_time": times,
        "roles": np.int16(role),
    }
    _copy(connection, "entry_item", columns, len(keys))


def copy_entries(connection: sa.Connection, org: UUID, kind: str, action: int | None, ids: Longs, times: Longs) -> None:
    """Copy rows of `entry`; ``times`` in microseconds since 2000-01-01. Bodies are of a usual length, and all alike."""
    columns: dict[str, Column] = {
        "id": ids,
        "org_id": org.bytes,
        "kind": kind.encode(),
        "event_time": times,
        "record_time": times,
        "actor": b"bench",
        "salt": bytes(16),
        "body": BODY,
    }
    if action is not None:
        columns["action"] = np.int16(action)
    _copy(connection, "entry", columns, len(ids))


def _copy(connection: sa.Connection, table: str, columns: dict[str, Column], count: int) -> None:
    from takeback.store.bulk import driver

    form = np.dtype([("fields", ">i2")] + [field for name, value in columns.items() for field in _form(name, value)])
    rows = np.empty(min(RUN, count), form)
    rows["fields"] = len(columns)
    for name in columns:
        rows[f"{name}_length"] = form[name].itemsize
    statement = f"copy {table} ({', '.join(columns)}) from stdin (format binary)"
    with driver(connection).cursor() as cursor, cursor.copy(statement.encode()) as target:
        target.write(SIGNATURE)
        for first in range(0, count, RUN):
            last = min(first + RUN, count)
            for name, value in columns.items():
                rows[name][: last - first] = value[first:last] if isinstance(value, np.ndarray) else value
            target.write(rows[: last - first].tobytes())
        target.write(END)


def _form(name: str, value: Column) -> list[tuple[str, str]]:
    width = f"V{len(value)}" if isinstance(value, bytes) else ">i2" if isinstance(value, np.int16) else ">i8"
    return [(f"{name}_length", ">i4"), (name, width)]
