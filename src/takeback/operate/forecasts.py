"""Forecasts of what comes back, kept in the ledger as they were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.canonical import canonical_json
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.store import bulk


class PastPoint(msgspec.Struct, frozen=True, kw_only=True):
    """What came back in the period that began at ``start``."""

    start: date
    value: float


class AheadPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Quantiles of what will come back in the period that begins at ``start``, and what the naive forecast says."""

    start: date
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float
    naive: float


class StoredForecast(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast of items a week. ``skill``: share of the naive forecast's back-test error that is saved
    (negative: worse)."""

    vertical: str
    made_at: datetime
    method: str
    history: list[PastPoint]
    ahead: list[AheadPoint]
    skill: float | None
    coverage: float | None


_LATEST = sa.text(
    "select distinct on (vertical) vertical, forecast from forecast_run order by vertical, at desc, entry_id desc"
)


def latest_forecasts(connection: sa.Connection) -> dict[str, StoredForecast]:
    """Return the tenant's newest forecast of each vertical."""
    return {row.vertical: msgspec.convert(row.forecast, StoredForecast) for row in connection.execute(_LATEST)}


def keep(connection: sa.Connection, author: Author, forecasts: Sequence[StoredForecast]) -> None:
    """Write forecasts into the ledger."""
    author.require("plan.make")
    entries = [
        prove.Entry(
            "takeback:Forecast",
            {"type": "takeback:Forecast", "takeback:step": "forecast", "takeback:facts": msgspec.to_builtins(forecast)},
            forecast.made_at,
        )
        for forecast in forecasts
    ]
    record(connection, author, entries)


@projects("forecast")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    rows = []
    for fact in facts:
        forecast = fact.body["takeback:facts"]
        rows.append((org, fact.id, forecast["vertical"], fact.event_time, canonical_json(forecast).decode()))
    bulk.insert(connection, "forecast_run", ("org_id", "entry_id", "vertical", "at", "forecast"), rows)
