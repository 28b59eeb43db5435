"""Rows of a query as arrays: COPY TO in PostgreSQL's binary form, read by numpy as it stands.

COPY of a query is allowed under row-level security; only COPY into a table is not.
Source of the form: PostgreSQL documentation, COPY, "Binary Format".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from psycopg import sql

from takeback.store.bulk import driver

SIGNATURE = b"PGCOPY\n\xff\r\n\x00"
_HEADER = len(SIGNATURE) + 8  # flags, length of the extension
_TRAILER = 2
_SIZES = {"i8": 8, "i2": 2}


def fetch(
    connection: sa.Connection, query: str, values: Mapping[str, Any], columns: Mapping[str, str]
) -> dict[str, NDArray[np.int64]]:
    """Return the columns of ``query``; ``columns`` gives the form of each, ``i8`` (bigint, timestamptz) or ``i2``.

    No value may be null. Times are microseconds since 2000-01-01 UTC, as PostgreSQL keeps them.
    """
    asked = sql.SQL("copy ({}) to stdout (format binary)").format(sql.SQL(query))
    with driver(connection).cursor() as cursor, cursor.copy(asked, values) as answer:
        content = bytearray()
        for part in answer:
            content += part
    if not content.startswith(SIGNATURE):
        raise ValueError("not the binary form of COPY")
    form = np.dtype([("fields", ">i2")] + [field for name, kind in columns.items() for field in _field(name, kind)])
    rows = np.frombuffer(content, form, offset=_HEADER, count=(len(content) - _HEADER - _TRAILER) // form.itemsize)
    if len(rows) * form.itemsize + _HEADER + _TRAILER != len(content):
        raise ValueError("a null, or a column of another width")
    return {name: rows[name].astype(kind) for name, kind in columns.items()}


def _field(name: str, kind: str) -> list[tuple[str, str]]:
    return [(f"{name}_length", ">i4"), (name, f">{kind}")]
