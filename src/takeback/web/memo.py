"""What was computed from an organisation's ledger is good until the ledger grows: kept for a moment, thrown away
by number."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa

from takeback.store.connections import name_of

T = TypeVar("T")
KEPT = 64
_NUMBER = sa.text("select next_number from party_counter where org_id = :org")
_kept: OrderedDict[tuple[str, UUID, Hashable], tuple[int, Any]] = OrderedDict()
_lock = threading.Lock()


def memo(connection: sa.Connection, org: UUID, key: Hashable, compute: Callable[[], T]) -> T:
    """Return ``compute()``, or what it gave before for the same ``key`` while the organisation recorded nothing new."""
    number = int(connection.scalar(_NUMBER, {"org": org}) or 0)
    name = (name_of(connection), org, key)
    with _lock:
        found = _kept.get(name)
    if found is not None and found[0] == number:
        return cast(T, found[1])
    value = compute()
    with _lock:
        _kept[name] = (number, value)
        _kept.move_to_end(name)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return value
