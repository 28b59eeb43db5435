"""The jobs of an organisation, as people see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store import jobs as machinery


class JobLine(msgspec.Struct, frozen=True, kw_only=True):
    """A job. ``title`` and ``message`` are messages (msgid, params); ``problem`` an RFC 9457 body when it failed."""

    id: UUID
    kind: str
    title: dict[str, Any]
    state: str
    done: int
    total: int | None
    message: dict[str, Any] | None
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    cancel_requested: bool
    created_by: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


_SELECT = (
    "select id, kind, title, state, done, total, message, result, problem, cancel_requested, created_by, created_at, "
    "started_at, finished_at from job"
)


def recent(connection: sa.Connection, *, limit: int = 100) -> list[JobLine]:
    """Return the tenant's jobs, newest first."""
    rows = connection.execute(sa.text(f"{_SELECT} order by created_at desc limit :limit"), {"limit": limit})
    return [JobLine(**dict(row._mapping)) for row in rows]


def running(connection: sa.Connection, kind: str) -> JobLine | None:
    """Return the newest job of a kind that has not ended, if there is one."""
    alive = sa.text(f"{_SELECT} where kind = :kind and state in ('queued', 'running') order by created_at desc limit 1")
    row = connection.execute(alive, {"kind": kind}).one_or_none()
    return None if row is None else JobLine(**dict(row._mapping))


def one(connection: sa.Connection, job: UUID) -> JobLine:
    """Return a job; ``jobs.unknown`` when the tenant has no such job."""
    row = connection.execute(sa.text(f"{_SELECT} where id = :id"), {"id": job}).one_or_none()
    if row is None:
        raise Problem("jobs.unknown", msg("There is no such job."), found=job, status=404)
    return JobLine(**dict(row._mapping))


def stop(connection: sa.Connection, job: UUID) -> JobLine:
    """Ask a job to stop and return it; ``jobs.ended`` when it has ended already."""
    before = one(connection, job)
    if not machinery.cancel(connection, job):
        raise Problem("jobs.ended", msg("The job has ended already."), found=before.state, status=409)
    return one(connection, job)
