"""One thread for the linear algebra of an engine.

The matrices of these engines are small. On a machine that other work keeps busy, a BLAS that spreads them over all
cores spends its time waiting for the slowest (measured: 37 s instead of 1.2 s for two trainings at load 8 on 2 cores).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@contextmanager
def one_thread() -> Iterator[None]:
    """Run the block with single-threaded BLAS; about 0.2 ms, after 50 ms at the first use in a process."""
    with _controller().limit(limits=1):
        yield


@cache
def _controller() -> ThreadpoolController:
    """Find the loaded libraries once: callers have imported numpy and scipy by then."""
    return ThreadpoolController()
