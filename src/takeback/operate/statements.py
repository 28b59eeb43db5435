"""What is stated of an item, and what was decided about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """A measured or declared value with its interval, unit, method, originator, time and evidence (ledger entry)."""

    property: str
    value: float | None
    text: str | None
    unit: str | None
    low: float | None
    high: float | None
    method: str
    originator: str
    at: datetime
    provenance: str
    entry_id: int


class DecisionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A decision: what was chosen among which options, why, by whom, on what evidence, and what it brought.

    Each of ``options`` says ``disposition`` (``hold``: to decide later) and either ``barred`` (a message) or
    ``expected_minor``, ``low_minor``, ``high_minor`` (none for ``hold``) and ``after_place_minor``: the expected value
    less what the option's scarce place is worth to other items. ``after_place_minor`` is what the reasons compare, and
    is missing in decisions written before it was kept.
    """

    entry_id: int
    at: datetime
    by_kind: str
    by_name: str
    disposition: str
    expected_minor: int
    low_minor: int
    high_minor: int
    currency: str
    rule_disposition: str | None
    options: list[dict[str, Any]]
    why: list[dict[str, Any]]
    evidence: list[int]
    realised_minor: int | None
    realised_at: datetime | None
    realised_counts: bool


_STATEMENTS = sa.text(
    """
    select property, value, text, unit, low, high, method, originator, at, provenance, entry_id
    from statement where item_key = :key order by at desc, property, entry_id desc
    """
)
_DECISIONS = sa.text(
    """
    select entry_id, at, by_kind, by_name, disposition, expected_minor, low_minor, high_minor, currency,
           rule_disposition, options, why, evidence, realised_minor, realised_at, realised_counts
    from decision where item_key = :key order by at desc, entry_id desc
    """
)


def statements_of(connection: sa.Connection, key: int) -> list[StatementLine]:
    """Return all statements on an item of the tenant, newest first."""
    return [StatementLine(**dict(row._mapping)) for row in connection.execute(_STATEMENTS, {"key": key})]


def decisions_of(connection: sa.Connection, key: int) -> list[DecisionLine]:
    """Return all decisions on an item of the tenant, newest first."""
    return [DecisionLine(**dict(row._mapping)) for row in connection.execute(_DECISIONS, {"key": key})]
