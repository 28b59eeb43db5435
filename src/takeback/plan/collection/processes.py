"""Processes that search side by side, warmed before the clock starts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context

from takeback.plan.doors import Budget


@contextmanager
def processes(count: int | None = None) -> Iterator[Executor]:
    """Provide `count` processes (None: one a processor) that have imported and compiled what searches need.

    They are new Python processes, not copies of this one, so that its threads and locks are none of theirs.
    """
    count = count or os.cpu_count() or 1
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as executor:
        list(executor.map(_warm_slowly, range(count)))
        yield executor


def _warm_slowly(_: int) -> None:
    """Warm this process; slow enough that no process does it twice while another does it never."""
    warm()


def warm() -> None:
    """Import and compile what searches need, by planning a small day with each engine."""
    from takeback.plan.collection.example import small_day  # noqa: PLC0415 -- loads compiled code
    from takeback.plan.collection.jobs import ENGINES, Job, work  # noqa: PLC0415

    import_module("takeback.plan.collection.master")
    for engine in ENGINES:
        work(Job(engine, small_day(), Budget(iterations=2), seed=0))
