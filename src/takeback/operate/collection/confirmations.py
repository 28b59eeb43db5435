"""Confirmed stops as they are stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem

Outcome = Literal["done", "partly", "failed"]
Reason = Literal["closed", "nobody", "not-ready", "refused", "access", "damaged", "no-room", "wrong-goods", "other"]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """An image that stands behind a confirmation: the SHA-256 (hexadecimal) of its bytes stands in the ledger."""

    kind: Literal["signature", "photo"]
    media_type: str
    sha256: str
    bytes: int


class ConfirmedStop(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a stop. Grams; `weight_g` None: not weighed. `collected`, `remaining`: numbers of things.

    - `id`: the key that the phone gave; `task`: the stop's name in plans.
    - `fetched_g`: declared mass of what was collected, of `declared_g` that the stop was planned for.
    - `out_of_order`: an earlier stop of the route was still open; `elsewhere`: the plan has the stop on another route.
    """

    id: UUID
    entry_id: int
    route_id: UUID
    plan_id: UUID
    task: str
    outcome: Outcome
    reason: str | None
    note: str | None
    at: datetime
    weight_g: int | None
    declared_g: int
    fetched_g: int
    collected: int
    remaining: int
    out_of_order: bool
    elsewhere: bool
    evidence: list[Evidence]


_NAMES = ", ".join(ConfirmedStop.__struct_fields__)
_OF_DAY = sa.text(f"select {_NAMES} from stop_confirmation where site_id = :site and day = :day order by at, entry_id")
_ONE = sa.text(f"select {_NAMES}, request_hash from stop_confirmation where id = :id")


def confirmed_stops(connection: sa.Connection, site: UUID, day: date) -> list[ConfirmedStop]:
    """Return what drivers confirmed on a site's day, in the order of its happening."""
    return [_line(row) for row in connection.execute(_OF_DAY, {"site": site, "day": day})]


def confirmed_before(connection: sa.Connection, key: UUID) -> tuple[ConfirmedStop, bytes] | None:
    """Return what was confirmed under a key, and the hash of what was sent; None when nothing was."""
    row = connection.execute(_ONE, {"id": key}).one_or_none()
    return None if row is None else (_line(row), bytes(row.request_hash))


def confirmed(connection: sa.Connection, key: UUID) -> ConfirmedStop:
    """Return what was confirmed under a key; ``collection.no-confirmation`` (404) when nothing was."""
    found = confirmed_before(connection, key)
    if found is None:
        raise Problem("collection.no-confirmation", msg("There is no such confirmation."), found=key, status=404)
    return found[0]


def _line(row: sa.Row[tuple[object, ...]]) -> ConfirmedStop:
    return msgspec.convert({name: getattr(row, name) for name in ConfirmedStop.__struct_fields__}, ConfirmedStop)
