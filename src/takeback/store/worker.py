"""The worker process: it runs jobs, takes over those of workers that died, and keeps house."""

from __future__ import annotations

import asyncio
import importlib
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from takeback import store
from takeback.store.jobs import QUEUE, app, give_up
from takeback.store.urls import conninfo

CONCURRENCY = 2
SECONDS_BETWEEN_ROUNDS = 60.0
LONGEST_SILENCE_S = 30.0  # a worker beats every 10 s
MOST_DEATHS = 3  # a job that has taken so many workers with it is not tried again
_log = logging.getLogger(__name__)


def work(
    modules: Sequence[str],
    beside: Callable[[threading.Event], None] | None = None,
    housekeeping: Callable[[], None] = lambda: None,
    *,
    wait: bool = True,
) -> None:
    """Run jobs until the process is told to stop (or, with ``wait=False``, until none is left).

    ``modules`` register the handlers; ``beside`` runs in a thread of its own until its event is set;
    ``housekeeping`` is called at the start and every minute.
    """
    for module in modules:
        importlib.import_module(module)
    stop = threading.Event()
    thread = threading.Thread(target=beside, args=(stop,), name="beside", daemon=True) if beside else None
    if thread:
        thread.start()
    try:
        asyncio.run(_work(wait, housekeeping))
    finally:
        stop.set()
        if thread:
            thread.join(timeout=10)


async def _work(wait: bool, housekeeping: Callable[[], None]) -> None:
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo(store.database().application_url), min_size=1, max_size=CONCURRENCY + 2
    )
    worker = app.with_connector(connector)
    async with worker.open_async():
        await take_over(worker)
        rounds = asyncio.create_task(_rounds(worker, housekeeping))
        try:
            await worker.run_worker_async(
                queues=[QUEUE],
                concurrency=CONCURRENCY,
                wait=wait,
                delete_jobs="successful",
                shutdown_graceful_timeout=5.0,
            )
        finally:
            rounds.cancel()
            with suppress(asyncio.CancelledError):
                await rounds


async def _rounds(worker: procrastinate.App, housekeeping: Callable[[], None]) -> None:
    while True:
        try:
            await asyncio.to_thread(housekeeping)
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
            await take_over(worker)
        except Exception:  # a database that is away for a moment must not end the rounds
            _log.warning("a round of housekeeping failed", exc_info=True)
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)


async def take_over(worker: procrastinate.App) -> None:
    """Start again the jobs of workers that fell silent; give up a job whose workers died again and again."""
    stalled = await worker.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=LONGEST_SILENCE_S)
    for job in stalled:
        with suppress(ConnectorException):  # another worker was quicker
            if job.attempts + 1 < MOST_DEATHS:
                await worker.job_manager.retry_job(job)
            else:
                await worker.job_manager.finish_job(job, Status.FAILED, delete_job=False)
                await asyncio.to_thread(give_up, str(job.task_kwargs["job"]))
