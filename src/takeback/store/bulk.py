"""Many rows at once under row-level security, where COPY into the table itself is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import sqlalchemy as sa
from psycopg import sql

_staged: WeakKeyDictionary[psycopg.Connection[Any], set[str]] = WeakKeyDictionary()
FEW = 24  # below this many rows a temporary table costs more than it saves


def driver(connection: sa.Connection) -> psycopg.Connection[Any]:
    """Return the psycopg connection beneath a SQLAlchemy one."""
    inner = connection.connection.driver_connection
    if not isinstance(inner, psycopg.Connection):
        raise TypeError("the store speaks psycopg 3 only")
    return inner


def insert(
    connection: sa.Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    on_conflict: str = "",
) -> None:
    """Insert ``rows`` into ``table``; ``on_conflict`` is the text behind ON CONFLICT, as ``(id) DO NOTHING``.

    A few rows go as they are; many are copied into a temporary table of the session and moved from there,
    so that the policies of the table hold for each of them.
    """
    if not rows:
        return
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    conflict = sql.SQL(" ON CONFLICT " + on_conflict) if on_conflict else sql.SQL("")
    target = sql.SQL("INSERT INTO {} ({}) ").format(sql.Identifier(table), names)
    with driver(connection).cursor() as cursor:
        if len(rows) < FEW:
            # One statement: what a statement-level trigger checks (postings that sum to zero) holds for all rows.
            row = sql.SQL("({})").format(sql.SQL(", ").join(sql.Placeholder() * len(columns)))
            values = sql.SQL("VALUES ") + sql.SQL(", ").join([row] * len(rows))
            cursor.execute(target + values + conflict, [value for given in rows for value in given])
            return
        staging = stage(cursor, table, columns, rows)
        cursor.execute(target + sql.SQL("SELECT {} FROM {}").format(names, staging) + conflict)
        cursor.execute(sql.SQL("TRUNCATE {}").format(staging))


def stage(
    cursor: psycopg.Cursor[Any], table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> sql.Identifier:
    """Copy ``rows`` into the session's temporary twin of ``table`` and return its name."""
    twin = sql.Identifier("pg_temp", f"stage_{table}")
    bare = sql.Identifier(f"stage_{table}")
    known = _staged.setdefault(cursor.connection, set())
    if table not in known:
        cursor.execute("SELECT to_regclass(%s) IS NULL", (f"pg_temp.stage_{table}",))
        if cursor.fetchone() == (True,):
            create = sql.SQL("CREATE TEMPORARY TABLE {} AS SELECT * FROM {} LIMIT 0")
            cursor.execute(create.format(bare, sql.Identifier(table)))
        else:
            known.add(table)  # only what was found stays: what this transaction makes may be rolled back
    _copy(cursor, twin, columns, rows)
    return twin


def copy(connection: sa.Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Copy ``rows`` straight into a table that has no row-level security."""
    with driver(connection).cursor() as cursor:
        _copy(cursor, sql.Identifier(table), columns, rows)


def _copy(
    cursor: psycopg.Cursor[Any], table: sql.Identifier, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)) as lines:
        for row in rows:
            lines.write_row(row)


def update(
    connection: sa.Connection,
    table: str,
    keys: Sequence[str],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Set ``columns`` of the rows of ``table`` that ``keys`` name; each row gives the keys first, then the columns."""
    if not rows:
        return
    with driver(connection).cursor() as cursor:
        staging = stage(cursor, table, [*keys, *columns], rows)
        assignments = sql.SQL(", ").join(
            sql.SQL("{} = new.{}").format(sql.Identifier(c), sql.Identifier(c)) for c in columns
        )
        match = sql.SQL(" AND ").join(
            sql.SQL("old.{} = new.{}").format(sql.Identifier(k), sql.Identifier(k)) for k in keys
        )
        change = sql.SQL("UPDATE {} AS old SET {} FROM {} AS new WHERE {}")
        cursor.execute(change.format(sql.Identifier(table), assignments, staging, match))
        cursor.execute(sql.SQL("TRUNCATE {}").format(staging))
