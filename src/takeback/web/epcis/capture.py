"""`/capture`: documents come in; each capture has a job that tells what became of it."""

from __future__ import annotations

import io
from typing import Any, get_args
from urllib.parse import unquote
from uuid import UUID

import msgspec
from litestar import MediaType, Response, get, post
from litestar.concurrency import sync_to_thread

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.core.times import moment_text
from takeback.operate.epcis import beside, jobs
from takeback.operate.epcis.capturing_files import capture_file
from takeback.operate.epcis.jobs import Behaviour, CaptureJob
from takeback.operate.identity import Actor
from takeback.store.settings import Settings
from takeback.web.epcis.formats import JSON, accepted
from takeback.web.epcis.links import absolute
from takeback.web.epcis.paging import Paging, paging_of
from takeback.web.epcis.problem_xml import job_xml
from takeback.web.epcis.receiving import received
from takeback.web.epcis.versions import SPOKEN
from takeback.web.preferences import AnyRequest

HEADER = "GS1-Capture-Error-Behaviour"


@post("/capture", status_code=202, request_max_body_size=None, include_in_schema=False)
async def capture(request: AnyRequest, actor: Actor) -> Response[bytes]:
    actor.require("epcis.capture")
    behaviour, settings = _behaviour(request), Settings.from_environment()
    media_type = request.headers.get("content-type", "")
    body = await received(request, settings.capture_limit)
    job = await sync_to_thread(_captured, actor, body, media_type, behaviour, settings.capture_events)
    headers = {**SPOKEN, HEADER: behaviour, "Location": absolute(request, f"/epcis/capture/{job}")}
    return Response(b"", status_code=202, media_type=MediaType.TEXT, headers=headers)


@get("/capture", sync_to_thread=True, include_in_schema=False)
def read_jobs(request: AnyRequest, actor: Actor) -> Response[list[dict[str, Any]]]:
    actor.require("epcis.read")
    accepted(request, JSON)
    paging = paging_of(request, "capture", str(actor.org_id))
    with store.transaction(actor.org_id) as connection:
        paging.check(connection, actor.org_id)
        before = _job_id(paging.after) if paging.after else None
        found = jobs.page(connection, actor.org_id, before=before, count=paging.size + 1)
    return paging.answer([_shown(job) for job in found[: paging.size]], _next(paging, found))


@get("/capture/{capture_id:str}", sync_to_thread=True, include_in_schema=False)
def read_job(request: AnyRequest, actor: Actor, capture_id: str) -> Response[Any]:
    actor.require("epcis.read")
    media = accepted(request)
    with store.transaction(actor.org_id) as connection:
        job = _shown(jobs.one(connection, actor.org_id, _job_id(unquote(capture_id))))
    content = job_xml(job) if media == "application/xml" else msgspec.json.encode(job)
    return Response(content, media_type=media, headers=dict(SPOKEN))


def _captured(actor: Actor, body: Any, media_type: str, behaviour: Behaviour, most_events: int) -> UUID:
    if isinstance(body, bytes):
        return beside.capture_document(actor, body, media_type, behaviour, most_events=most_events)
    with io.BufferedReader(body) if isinstance(body, io.RawIOBase) else body as file:
        return capture_file(actor, file, media_type, behaviour, most_events=most_events)


def _behaviour(request: AnyRequest) -> Behaviour:
    value = request.headers.get(HEADER, "rollback").strip()
    for behaviour in get_args(Behaviour):
        if behaviour == value:
            return behaviour  # type: ignore[no-any-return]
    raise Problem(
        "epcis.bad-behaviour",
        msg("There is no such behaviour in case of errors."),
        where=HEADER,
        found=value,
        expected="rollback, proceed",
        status=400,
    )


def _job_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem("epcis.no-job", msg("There is no such capture job."), found=text, status=404) from None


def _next(paging: Paging, found: list[CaptureJob]) -> str | None:
    return str(found[paging.size - 1].id) if len(found) > paging.size else None


def _shown(job: CaptureJob) -> dict[str, Any]:
    """Return a job as the standard's CaptureJob; `finishedAt` is there once it has ended."""
    shown = {
        "captureID": str(job.id),
        "createdAt": moment_text(job.created_at),
        "finishedAt": moment_text(job.finished_at) if job.finished_at else None,
        "running": job.finished_at is None,
        "success": job.success is not False,
        "captureErrorBehaviour": job.behaviour,
        "errors": job.errors,
        "eventsReceived": job.events,
        "eventsCaptured": job.captured,
    }
    return {name: value for name, value in shown.items() if value is not None}


HANDLERS = [capture, read_jobs, read_job]
