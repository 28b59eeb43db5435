"""Jobs as progress bars: GET /jobs, GET /jobs/{id}/progress, POST /jobs/{id}/cancel."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback import store
from takeback.core.message import Message
from takeback.operate import jobs
from takeback.operate.identity import Actor
from takeback.operate.jobs import JobLine
from takeback.web.console.views import JobRow, JobsPage, Progress, ProgressBar
from takeback.web.frame import frame
from takeback.web.pages.answers import page, see_other
from takeback.web.preferences import AnyRequest

_STATES: dict[str, Any] = {
    "queued": "waiting",
    "running": "running",
    "succeeded": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}


def progress_of(job: JobLine, actor: Actor) -> Progress:
    """Return a job as its bar shows it to somebody: only who may stop it is offered to."""
    left = None
    if job.started_at and job.total and 0 < job.done < job.total:
        spent = (datetime.now(job.started_at.tzinfo) - job.started_at).total_seconds()
        left = round(spent * (job.total - job.done) / job.done)
    return Progress(
        id=str(job.id),
        title=said(job.title),
        state=_STATES[job.state],
        done=job.done,
        total=job.total,
        step=said(job.message) if job.message else None,
        seconds_left=left,
        cancellable=job.state in {"queued", "running"} and not job.cancel_requested and actor.may("job.cancel"),
        problem=job.problem["title"] if job.problem else None,
    )


def said(message: dict[str, Any]) -> Message:
    """Return a message that a row keeps."""
    return Message(message["msgid"], message["params"])


@get("/jobs", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("job.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        rows = tuple(_row(job, actor) for job in jobs.recent(connection))
    return page(JobsPage(rows=rows), around.shell)


def _row(job: JobLine, actor: Actor) -> JobRow:
    seconds = (job.finished_at - job.started_at).total_seconds() if job.finished_at and job.started_at else None
    summary = job.result.get("summary") if job.result else None
    return JobRow(
        progress=progress_of(job, actor),
        started_at=job.started_at,
        by=str(job.created_by)[:8] if job.created_by else "takeback",
        seconds=seconds,
        result=said(summary) if isinstance(summary, dict) else None,
    )


@get("/jobs/{job_id:uuid}/progress", sync_to_thread=True, include_in_schema=False)
def bar(request: AnyRequest, actor: Actor, job_id: UUID) -> Response[Any]:
    actor.require("job.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        view = ProgressBar(job=progress_of(jobs.one(connection, job_id), actor))
    answer = page(view, around.shell)
    if not view.job.live:
        answer.headers["HX-Refresh"] = "true"
    return answer


@post("/jobs/{job_id:uuid}/cancel", sync_to_thread=True, include_in_schema=False)
def cancel(actor: Actor, job_id: UUID) -> Redirect:
    actor.require("job.cancel")
    with store.transaction(actor.org_id) as connection:
        jobs.stop(connection, job_id)
    return see_other("/jobs")


HANDLERS = [show, bar, cancel]
