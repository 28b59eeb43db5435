"""Long work: started in the transaction that asks for it, watched and cancelled by people, run by workers.

Procrastinate carries only the job's id; the tenant and the arguments stand in our own row, under row-level security.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import procrastinate
import sqlalchemy as sa

from takeback import store
from takeback.core.ids import uuid7
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.store.bulk import driver

QUEUE = "takeback"
SECONDS_BETWEEN_BEATS = 0.4

app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


class Cancelled(Exception):  # noqa: N818 - it is a wish, not an error
    """Raised inside a job that somebody has cancelled."""


@dataclass
class JobContext:
    """What a running job knows of itself, and how it tells people how far it is."""

    id: UUID
    org: UUID
    arguments: Mapping[str, Any]
    _beaten: float = field(default=0.0, repr=False)

    def progress(self, done: int, total: int | None = None, message: Message | None = None) -> None:
        """Say how far the job is; cheap to call often.

        Raises
        ------
        Cancelled
            When somebody has asked the job to stop.
        """
        if time.monotonic() - self._beaten < SECONDS_BETWEEN_BEATS and done != total:
            return
        self._beaten = time.monotonic()
        with store.transaction(self.org) as connection:
            beat = {"id": self.id, "done": done, "total": total, "message": as_json(message)}
            if connection.execute(_BEAT, beat).scalar_one():
                raise Cancelled


Handler = Callable[[JobContext], Mapping[str, Any] | None]
_handlers: dict[str, Handler] = {}

_INSERT = sa.text(
    """
    insert into job (org_id, id, kind, title, arguments, created_by)
    values (:org, :id, :kind, cast(:title as jsonb), cast(:arguments as jsonb), :created_by)
    """
)
_BEAT = sa.text(
    """
    update job set done = :done, total = coalesce(:total, total), beaten_at = now(),
        message = coalesce(cast(:message as jsonb), message)
    where id = :id returning cancel_requested
    """
)
_START = sa.text(
    "update job set state = 'running', started_at = coalesce(started_at, now()), beaten_at = now() "
    "where id = :id and state in ('queued', 'running') and not cancel_requested returning kind, arguments"
)
_END = sa.text(
    """
    update job set state = :state, finished_at = now(), result = cast(:result as jsonb),
        problem = cast(:problem as jsonb)
    where id = :id and state in ('queued', 'running')
    """
)
_CANCEL = sa.text(
    "update job set cancel_requested = true, state = case state when 'queued' then 'cancelled' else state end, "
    "finished_at = case state when 'queued' then now() else finished_at end "
    "where id = :id and state in ('queued', 'running') returning id"
)


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that runs jobs of a kind. It may be started again after a crash: it must go on where
    it was."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def enqueue(
    connection: sa.Connection,
    org: UUID,
    kind: str,
    title: Message,
    arguments: Mapping[str, Any],
    *,
    created_by: UUID | None = None,
) -> UUID:
    """Ask for a job in the caller's transaction; it starts when that commits. Return its id."""
    job = uuid7()
    row = {
        "org": org,
        "id": job,
        "kind": kind,
        "title": as_json(title),
        "arguments": json.dumps(arguments),
        "created_by": created_by,
    }
    connection.execute(_INSERT, row)
    run_job.configure(connection=driver(connection)).defer(job=str(job))
    return job


def cancel(connection: sa.Connection, job: UUID) -> bool:
    """Ask a job to stop; return False when it has ended already or is not the tenant's."""
    return connection.execute(_CANCEL, {"id": job}).first() is not None


@app.task(name="takeback.run_job", queue=QUEUE)
def run_job(job: str) -> None:
    """Run one job: the tenant comes from its row, not from the queue."""
    org = _tenant_of(job)
    if org is not None:
        run(org, UUID(job))


def run(org: UUID, job: UUID) -> None:
    """Run a job of an organisation to its end and write down how it ended."""
    with store.transaction(org) as connection:
        started = connection.execute(_START, {"id": job}).one_or_none()
    if started is None:
        _end(org, job, "cancelled")
        return
    try:
        result = _handlers[started.kind](JobContext(job, org, started.arguments))
    except Cancelled:
        _end(org, job, "cancelled")
    except Problem as problem:
        _end(org, job, "failed", problem=problem.as_dict())
    except Exception:
        _end(org, job, "failed", problem=_unexpected.as_dict())
        raise
    else:
        _end(org, job, "succeeded", result=result)


_unexpected = Problem(
    "job.failed",
    msg("The job failed for a reason that was not foreseen; it stands in the log of the worker."),
    status=500,
)


def give_up(job: str) -> None:
    """Write down that a job failed because the processes that ran it died."""
    org = _tenant_of(job)
    if org is not None:
        _end(org, UUID(job), "failed", problem=_deadly.as_dict())


_deadly = Problem(
    "job.deadly",
    msg("The processes that ran this job died, several times; it is not tried again."),
    remedy=msg("Look at the memory and the disk of the machine, and at the log of the worker; then start it anew."),
    status=500,
)


def _tenant_of(job: str) -> UUID | None:
    with store.presenting("job", job) as connection:
        return cast("UUID | None", connection.scalar(sa.text("select org_id from job where id = :id"), {"id": job}))


def _end(org: UUID, job: UUID, state: str, **outcome: Mapping[str, Any] | None) -> None:
    said = {
        name: json.dumps(outcome[name]) if outcome.get(name) is not None else None for name in ("result", "problem")
    }
    with store.transaction(org) as connection:
        connection.execute(_END, {"id": job, "state": state, **said})


def as_json(message: Message | None) -> str | None:
    """Return a message as the job's row keeps it."""
    if message is None:
        return None
    return json.dumps(
        {
            "msgid": message.msgid,
            "params": {k: v if isinstance(v, int | float) else str(v) for k, v in message.params.items()},
        }
    )
