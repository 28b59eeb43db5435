"""Jobs of workers that died are taken over by the living, but not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import procrastinate
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import TYPE_BASE
from takeback.store import jobs
from takeback.store.urls import conninfo
from takeback.store.worker import MOST_DEATHS, take_over, work

ORG = uuid7()
_runs: list[UUID] = []


@jobs.handles("test.worker")
def _run(job: jobs.JobContext) -> Mapping[str, Any]:
    _runs.append(job.id)
    return {}


@pytest.fixture
def job(database: store.Database) -> UUID:
    """A job whose worker died while it ran."""
    with store.transaction(ORG) as connection:
        made = jobs.enqueue(connection, ORG, "test.worker", msg("Filling the demo world"), {})
    _die()
    return made


def _apart(run: Callable[[], object]) -> None:
    """Run it in a thread of its own: the thread of the tests may have a browser's event loop already."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def _die() -> None:
    with store.admin() as connection:
        connection.execute(sa.text("update procrastinate_jobs set status = 'doing', worker_id = null"))


def _take_over(database: store.Database) -> None:
    async def once() -> None:
        connector = procrastinate.PsycopgConnector(conninfo=conninfo(database.application_url), min_size=1, max_size=2)
        async with jobs.app.with_connector(connector).open_async() as app:
            await take_over(app)

    _apart(lambda: asyncio.run(once()))


def _state(job: UUID) -> tuple[str, str | None]:
    with store.transaction(ORG) as connection:
        row = connection.execute(sa.text("select state, problem from job where id = :id"), {"id": job}).one()
        return row.state, row.problem and row.problem["type"].removeprefix(TYPE_BASE)


def test_a_job_of_a_dead_worker_is_run_by_the_next(database: store.Database, job: UUID) -> None:
    """Nobody asks for it a second time: it is run, once, and ends well."""
    _apart(lambda: work([], wait=False))
    assert _runs.count(job) == 1
    assert _state(job) == ("succeeded", None)


def test_a_job_that_kills_its_workers_is_given_up_with_its_reason(database: store.Database, job: UUID) -> None:
    """It is tried as often as allowed; then people read why it is not tried any more."""
    for _ in range(MOST_DEATHS - 1):
        _take_over(database)
        assert _state(job)[0] == "queued"
        _die()
    _take_over(database)
    assert _state(job) == ("failed", "job.deadly")


def test_housekeeping_is_done_while_a_worker_runs(database: store.Database) -> None:
    """What is to be tidied is tidied by the worker, without a wish of anybody."""
    rounds: list[int] = []
    _apart(lambda: work([], housekeeping=lambda: rounds.append(1), wait=False))
    assert rounds
