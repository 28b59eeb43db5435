"""The loop, the mass balance, the plans and the jobs of the organisation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import get, post
from litestar.params import Parameter

from takeback import store
from takeback.operate import accounts, clock, jobs, plans
from takeback.operate.accounts import MaterialFlow, SiteBalance
from takeback.operate.identity import Actor, organisation
from takeback.operate.jobs import JobLine
from takeback.operate.loop import Loop, Scope, loop
from takeback.operate.plans import PlanLine

Days = Annotated[int, Parameter(ge=1, le=3650)]


@get("/loop", sync_to_thread=True, tags=["Loop"], summary="What is at each stage, its worth and its age")
def read_loop(actor: Actor, site: UUID | None = None, vertical: str = "", days: Days = 7) -> Loop:
    actor.require("spine.read")
    with store.transaction(actor.org_id) as connection:
        now = clock.now(connection, actor.org_id)
        currency = organisation(connection, actor.org_id).currency
        scope = Scope(site=str(site or ""), vertical=vertical, days=days)
        return loop(connection, now, scope, currency)


@get("/balance", sync_to_thread=True, tags=["Balance"], summary="Mass balance by site, in grams")
def read_balance(actor: Actor, since: datetime | None = None, until: datetime | None = None) -> list[SiteBalance]:
    actor.require("spine.read")
    with store.transaction(actor.org_id) as connection:
        return accounts.balances(connection, since=since, until=until)


@get("/balance/materials", sync_to_thread=True, tags=["Balance"], summary="Materials won and lost, in grams")
def read_materials(actor: Actor) -> list[MaterialFlow]:
    actor.require("spine.read")
    with store.transaction(actor.org_id) as connection:
        return accounts.materials(connection)


@get("/plans", sync_to_thread=True, tags=["Plans"], summary="Plans, newest day first")
def read_plans(actor: Actor, day: date | None = None) -> list[PlanLine]:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        return plans.plans(connection, day=day)


@get("/plans/{plan_id:uuid}", sync_to_thread=True, tags=["Plans"], summary="One plan with its routes and proof")
def read_plan(actor: Actor, plan_id: UUID) -> dict[str, Any]:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        return plans.plan(connection, plan_id)


@get("/jobs", sync_to_thread=True, tags=["Jobs"], summary="Jobs, newest first")
def read_jobs(actor: Actor) -> list[JobLine]:
    actor.require("job.read")
    with store.transaction(actor.org_id) as connection:
        return jobs.recent(connection)


@get("/jobs/{job_id:uuid}", sync_to_thread=True, tags=["Jobs"], summary="How far a job is, and how it ended")
def read_job(actor: Actor, job_id: UUID) -> JobLine:
    actor.require("job.read")
    with store.transaction(actor.org_id) as connection:
        return jobs.one(connection, job_id)


@post("/jobs/{job_id:uuid}/cancel", sync_to_thread=True, status_code=200, tags=["Jobs"], summary="Ask a job to stop")
def cancel_job(actor: Actor, job_id: UUID) -> JobLine:
    actor.require("job.cancel")
    with store.transaction(actor.org_id) as connection:
        return jobs.stop(connection, job_id)


HANDLERS = [read_loop, read_balance, read_materials, read_plans, read_plan, read_jobs, read_job, cancel_job]
