"""Capture jobs: what became of each capture (EPCIS 2.0, 8.2.1 and REST binding, `/capture/{captureID}`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import Problem

Behaviour = Literal["rollback", "proceed"]
_INSERT = sa.text(
    """
    insert into capture_job (org_id, id, created_at, finished_at, behaviour, success, events, captured, errors)
    values (:org, :id, :started, clock_timestamp(), :behaviour, :success, :events, :captured, cast(:errors as json))
    """
)
_COLUMNS = "id, created_at, finished_at, behaviour, success, events, captured"
_ONE = sa.text(f"select {_COLUMNS}, errors from capture_job where org_id = :org and id = :id")
_PAGE = sa.text(
    f"""
    select {_COLUMNS}, errors from capture_job where org_id = :org and id < :before
    order by id desc limit :count
    """
)
_LAST = UUID(int=2**128 - 1)


class CaptureJob(msgspec.Struct, frozen=True, kw_only=True):
    """A capture: of the ``events`` that came ``captured`` are new in the ledger; ``errors`` are problem documents."""

    id: UUID
    created_at: datetime
    finished_at: datetime | None
    behaviour: Behaviour
    success: bool | None
    events: int
    captured: int
    errors: list[dict[str, Any]]


def record(
    connection: sa.Connection,
    org: UUID,
    *,
    started: datetime,
    behaviour: Behaviour,
    events: int,
    captured: int,
    errors: Sequence[dict[str, Any]] = (),
) -> UUID:
    """Write down a capture in its own transaction and return the job's id; ids sort in the order of their making."""
    job = uuid7()
    row = {"org": org, "id": job, "started": started, "behaviour": behaviour, "events": events, "captured": captured}
    told = msgspec.json.encode(errors).decode() if errors else "[]"
    connection.execute(_INSERT, {**row, "success": not errors, "errors": told})
    return job


def one(connection: sa.Connection, org: UUID, job: UUID) -> CaptureJob:
    """Return a capture job. Raises ``epcis.no-job`` (404)."""
    row = connection.execute(_ONE, {"org": org, "id": job}).one_or_none()
    if row is None:
        raise Problem("epcis.no-job", msg("There is no such capture job."), found=job, status=404)
    return CaptureJob(**row._mapping)


def page(connection: sa.Connection, org: UUID, *, before: UUID | None, count: int) -> list[CaptureJob]:
    """Return the newest jobs, or those made before ``before``."""
    rows = connection.execute(_PAGE, {"org": org, "before": before or _LAST, "count": count})
    return [CaptureJob(**row._mapping) for row in rows]
