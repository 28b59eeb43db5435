"""What the ledger knows of the things that new events name, for the validator's third stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.prove.epcis.validation.known import Known
from takeback.store import bulk
from takeback.store.arrays import Int8s

_ENDED = """
    select distinct on (item_key) item_key, at, entry_id from item_end e
    where item_key = any(%s) and not exists (select from voided v where v.entry_id = e.entry_id)
    order by item_key, at
"""
_PARENTS = """
    select c.* from unnest(%s) as k(key) cross join lateral (
        select child_key, parent_key, kind from containment
        where child_key = k.key order by org_id, child_key, parent_key, kind offset 0  -- only the index by child fits
    ) c
"""
_ANY_VOIDED = "select exists(select from voided)"
_NOT_VOIDED = "and not exists (select from voided v where v.entry_id = i.entry_id)"
_LAST = """
    select k.key, i.event_time from unnest(%s) as k(key) left join lateral (
        select i.event_time from entry_item i where i.item_key = k.key and {} {}
        order by i.item_key desc, i.entry_id desc limit 1  -- so that only the index by thing fits
    ) i on true where i.event_time is null or i.event_time > %s
"""
_BELOW = "i.entry_id < %s::bigint"  # passes over one's own rows in the index, without a look at them
_NOT_OWN = "i.xmin <> %s::xid"
_OTHERS = "select coalesce(max(entry_id + count - 1), 0) from number_run where org_id = %s and number >= %s"
_BEGUN = """
    select distinct i.item_key from entry_item i
    where i.item_key = any(%s) and i.xmin <> %s::xid and i.roles & 65 = 65 and i.roles & 256 = 0
      and not exists (select from voided v where v.entry_id = i.entry_id)
"""


def read(
    connection: sa.Connection,
    added: Sequence[Mapping[str, Any]],
    key_of: Mapping[str, int],
    *,
    earliest: datetime,
    but: str,
    below: int | None = None,
) -> Known:
    """Return what is known before events of the things in ``key_of``; the connection is bound to the party.

    ``added`` are those of the events that have the action ADD. None of the events is before ``earliest``: of what was
    seen by then it matters only that it was, so it is not asked when.
    Entries written under the transaction id ``but`` are those of the events themselves; ``below``: the first of their
    ids, where nobody else has written greater ones (`nobody_behind`).
    """
    keys = sorted(set(key_of.values()))  # neighbours stand on one page of an index
    if not keys:
        return Known()
    run = bulk.driver(connection).execute
    voided = _NOT_VOIDED if run(_ANY_VOIDED).fetchone() == (True,) else ""  # most parties have withdrawn nothing
    begins = [key_of[epc] for event in added for epc in event.get("epcList") or ()]
    with bulk.driver(connection).pipeline():  # the database looks for the next while an answer is read
        own = (_NOT_OWN, but) if below is None else (_BELOW, below)
        last = run(_LAST.format(own[0], voided), (Int8s(keys), own[1], earliest))
        within, ended = run(_PARENTS, (Int8s(keys),)), run(_ENDED, (Int8s(keys),))
        begun = run(_BEGUN, (begins, but)) if begins else ()
        return Known(
            last=_last(keys, last.fetchall(), earliest),
            parents=_parents(within),
            ended={key: (at.astimezone(UTC), entry) for key, at, entry in ended},
            begun={key for (key,) in begun},
        )


def _last(keys: Iterable[int], rows: Iterable[tuple[int, datetime | None]], earliest: datetime) -> dict[int, datetime]:
    """Return when things were seen last; ``rows`` are of those that never were, or later than ``earliest``."""
    last = dict.fromkeys(keys, earliest)
    for key, at in rows:
        if at is None:
            del last[key]
        else:
            last[key] = at.astimezone(UTC)
    return last


def nobody_behind(connection: sa.Connection, org: UUID, first: int, since: int) -> bool:
    """Whether all that came under the party's number ``since`` or greater ones has smaller ids than ``first``."""
    return bool(bulk.driver(connection).execute(_OTHERS, (org, since)).fetchall()[0][0] < first)


def _parents(rows: Iterable[tuple[int, int, int]]) -> dict[int, list[tuple[int, int]]]:
    parents: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for child, parent, kind in rows:
        parents[child].append((parent, kind))
    return parents
