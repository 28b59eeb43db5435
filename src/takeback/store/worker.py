"""The worker process: it runs jobs, and it keeps the ledger's sequencer going."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Callable, Sequence

import procrastinate

from takeback import store
from takeback.store.jobs import QUEUE, app
from takeback.store.urls import conninfo

CONCURRENCY = 2


def work(modules: Sequence[str], beside: Callable[[threading.Event], None] | None = None, *, wait: bool = True) -> None:
    """Run jobs until the process is told to stop (or, with ``wait=False``, until none is left).

    ``modules`` register the handlers; ``beside`` runs in a thread of its own until its event is set.
    """
    for module in modules:
        importlib.import_module(module)
    stop = threading.Event()
    thread = threading.Thread(target=beside, args=(stop,), name="beside", daemon=True) if beside else None
    if thread:
        thread.start()
    try:
        asyncio.run(_work(wait))
    finally:
        stop.set()
        if thread:
            thread.join(timeout=10)


async def _work(wait: bool) -> None:
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo(store.database().application_url), min_size=1, max_size=CONCURRENCY + 2
    )
    worker = app.with_connector(connector)
    async with worker.open_async():
        for stalled in await worker.job_manager.get_stalled_jobs(queue=QUEUE):
            await worker.job_manager.retry_job(stalled)
        await worker.run_worker_async(
            queues=[QUEUE],
            concurrency=CONCURRENCY,
            wait=wait,
            delete_jobs="successful",
            shutdown_graceful_timeout=5.0,
        )
