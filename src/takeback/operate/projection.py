"""Business tables are projections of the ledger: written here only, and rebuilt from it at will."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.prove.bodies import load
from takeback.store.bulk import driver


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry as projectors see it."""

    id: int
    kind: str
    event_time: datetime
    body: dict[str, Any]


Projector = Callable[[sa.Connection, UUID, Sequence[Fact]], None]
_projectors: dict[str, Projector] = {}

TABLES = [
    "site",
    "partner",
    "product",
    "battery_model",
    "price",
    "outlet",
    "resource",
    "condition",
    "holding",
    "vehicle",
    "zone",
    "static_rule",
    "takeback_order",
    "item",
    "stage_total",
    "stage_flow",
    "statement",
    "decision",
    "decision_run",
    "forecast_run",
    "posting",
    "balance",
    "plan",
    "accepted_plan",
    "dispatched_route",
    "stop_confirmation",
]
"""The tables that a rebuild empties; what refers to another one stands behind it."""


def owns(*tables: str) -> None:
    """Say of tables of another room that they are projections, too."""
    TABLES.extend(table for table in tables if table not in TABLES)


def projects(step: str) -> Callable[[Projector], Projector]:
    """Register the projector of one step (``takeback:step`` of a body)."""

    def register(projector: Projector) -> Projector:
        _projectors[step] = projector
        return projector

    return register


def steps() -> list[str]:
    """Return the names of all steps that have a projector."""
    return sorted(_projectors)


def project(connection: sa.Connection, org: UUID, facts: Iterable[Fact]) -> None:
    """Write what the facts mean into the business tables, in their order, each run of one step at once."""
    for step, run in groupby(facts, key=lambda fact: fact.body.get("takeback:step")):
        if step is not None:
            _projectors[step](connection, org, list(run))


def rebuild(connection: sa.Connection, org: UUID, *, batch: int = 2000) -> int:
    """Empty the organisation's projections and make them anew from its ledger; return the number of entries read."""
    for table in reversed(TABLES):
        connection.execute(sa.text(f"delete from {table}"))
    last = count = 0
    read = """
        select id, kind, event_time, body from entry
        where org_id = %s and id > %s and not captured order by id limit %s
    """
    while rows := driver(connection).execute(read, (org, last, batch)).fetchall():
        project(connection, org, (Fact(number, kind, at, load(body)) for number, kind, at, body in rows))
        last, count = rows[-1][0], count + len(rows)
    return count
