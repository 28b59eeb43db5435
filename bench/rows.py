"""Rows of the ledger's tables from arrays, copied in PostgreSQL's binary form at hundreds of thousands a second."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END = b"\xff\xff"
RUN = 200_000
BODY = b"\x00" + b'{"type":"AssociationEvent","readPoint":{"id":"https://id.gs1.org/414/6901234000016"}}'.ljust(300)

Longs = NDArray[np.int64]
Column = bytes | np.int16 | Longs | NDArray[np.void]
Things = Sequence[tuple[Longs, int]]
_BIGINT, _SMALLINT = 20, 21  # types of the elements of arrays


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


def copy_entries(
    connection: sa.Connection, org: UUID, kind: str, action: int | None, ids: Longs, times: Longs, things: Things
) -> None:
    """Copy rows of `entry`; ``times`` in microseconds since 2000-01-01, ``things``: sides of keys, a row each an entry.

    Bodies are of a usual length, and all alike.
    """
    keys = np.concatenate([side for side, _ in things], axis=1)
    roles = np.concatenate([np.full(side.shape, role) for side, role in things], axis=1)
    columns: dict[str, Column] = {
        "id": ids,
        "org_id": org.bytes,
        "kind": kind.encode(),
        "event_time": times,
        "record_time": times,
        "actor": b"bench",
        "salt": bytes(16),
        "body": BODY,
        "thing_keys": _arrays(keys, _BIGINT, ">i8"),
        "thing_roles": _arrays(roles, _SMALLINT, ">i2"),
    }
    if action is not None:
        columns["action"] = np.int16(action)
    _copy(connection, "entry", columns, len(ids))


def _arrays(values: Longs, element: int, layout: str) -> NDArray[np.void]:
    """Return each row as an array of PostgreSQL's."""
    count, each = values.shape
    item = np.dtype([("length", ">i4"), ("value", layout)])
    rows = np.empty(count, np.dtype([("head", "V20"), ("items", item, (each,))]))
    rows["head"] = np.void(struct.pack(">iiIii", 1, 0, element, each, 1))
    rows["items"]["length"], rows["items"]["value"] = item["value"].itemsize, values
    whole: NDArray[np.void] = rows.view(f"V{rows.dtype.itemsize}")
    return whole


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
    if isinstance(value, np.ndarray):
        width = f"V{value.dtype.itemsize}" if value.dtype.kind == "V" else ">i8"
    else:
        width = f"V{len(value)}" if isinstance(value, bytes) else ">i2"
    return [(f"{name}_length", ">i4"), (name, width)]
