"""Filling up the ledger of the first release: run once, by the migration that adds the columns."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import set_json_loads

from takeback.core.canonical import canonical_json
from takeback.prove import bodies
from takeback.prove.epcis.prepare import EVENT_TYPES, Prepared, prepare

BATCH = 2000
_READ = "select id, org_id, kind, body from entry where id > %s order by id limit %s"
_ENTRY = """
    update entry set packed = %s, action = %s, biz_step = %s, disposition = %s, read_point = %s, biz_location = %s,
                     event_hash = %s, event_key = %s, error_declared_at = %s where id = %s
"""
_ROLE = """
    insert into entry_item (org_id, item_key, entry_id, roles) values (%s, %s, %s, %s)
    on conflict (org_id, item_key, entry_id) do update set roles = excluded.roles
"""
_URI = "insert into identifier (org_id, key, uri) values (%s, %s, %s) on conflict do nothing"
_TERM = "insert into term (org_id, field, key, uri) values (%s, %s, %s, %s) on conflict do nothing"
_MARK = "insert into entry_mark (org_id, mark, entry_id) values (%s, %s, %s) on conflict do nothing"
_NOTHING = (None,) * 8


def refill(connection: psycopg.Connection[Any]) -> None:
    """Pack the bodies and index the physical events, for all organisations; the caller may change all rows."""
    set_json_loads(bodies.decoded, connection)
    last = 0
    while rows := connection.execute(_READ, (last, BATCH)).fetchall():
        prepared = [(number, org, prepare(body)) for number, org, kind, body in rows if kind in EVENT_TYPES]
        events = {number: made for number, _, made in prepared}
        with connection.cursor() as cursor:
            cursor.executemany(_ENTRY, [_columns(number, body, events.get(number)) for number, _, _, body in rows])
        _index(connection, prepared)
        last = rows[-1][0]


def _columns(number: int, body: dict[str, Any], made: Prepared | None) -> tuple[Any, ...]:
    event = (*made.columns, made.hash, made.key, made.declared_at) if made else _NOTHING
    return (bodies.pack(canonical_json(body)), *event, number)


def _index(connection: psycopg.Connection[Any], prepared: list[tuple[int, UUID, Prepared]]) -> None:
    rows: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for number, org, made in prepared:
        rows[_ROLE] += ((org, key, number, role) for key, role in made.roles.items())
        rows[_URI] += ((org, key, uri) for key, uri in made.uris.items())
        rows[_TERM] += ((org, *term) for term in made.terms)
        rows[_MARK] += ((org, mark, number) for mark in made.marks)
    with connection.cursor() as cursor:
        for statement, values in rows.items():
            cursor.executemany(statement, values)
