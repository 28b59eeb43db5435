"""Documents of many events are captured in processes beside the server: Python computes one thing at a time in each.

They start with the first such document, which does not wait for them. A process that dies takes nothing along: what
it had not committed is rolled back, and the document is captured once more, which finds again what was committed.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from uuid import UUID

from takeback import store
from takeback.core.interpreter import end_with_parent, for_throughput
from takeback.operate.epcis import capturing
from takeback.operate.epcis.jobs import Behaviour
from takeback.operate.identity import Actor

WORTH = 65_536  # bytes of a document from which on the way to another process pays: some 80 events

_most = 0
_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None
_awake: list[Future[None]] = []


@contextmanager
def processes(count: int) -> Iterator[None]:
    """Let `capture_document` use ``count`` processes of this one's database until the block ends."""
    global _most  # noqa: PLW0603 - one server is one process
    _most = count
    try:
        yield
    finally:
        _most = 0
        _give_up(_pool)


def capture_document(actor: Actor, content: bytes, media_type: str, behaviour: Behaviour, *, most_events: int) -> UUID:
    """Do what `capturing.capture_document` does, in another process where there is one and the document is large."""
    if len(content) >= WORTH and (pool := _woken()) is not None:
        with suppress(BrokenProcessPool, CancelledError):
            return pool.submit(_capture, actor, content, media_type, behaviour, most_events).result()
        _give_up(pool)
    return capturing.capture_document(actor, content, media_type, behaviour, most_events=most_events)


def _woken() -> ProcessPoolExecutor | None:
    """Return the pool once all its processes are there; the first call starts them."""
    global _pool  # noqa: PLW0603
    with _lock:
        if _pool is None and _most:
            database = store.database()
            urls = (database.application_url, database.owner_url)
            _pool = ProcessPoolExecutor(_most, multiprocessing.get_context("spawn"), _start, urls)
            _awake[:] = [_pool.submit(_stay, 0.2) for _ in range(_most)]
        return _pool if all(one.done() for one in _awake) else None


def _give_up(pool: ProcessPoolExecutor | None) -> None:
    global _pool  # noqa: PLW0603
    with _lock:
        if pool is not None and pool is _pool:
            _pool = None
    if pool is not None:
        pool.shutdown(wait=False, cancel_futures=True)


def _start(application_url: str, owner_url: str) -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its processes in order
    for_throughput()
    store.open_database(application_url, owner_url, pool_size=1)


def _stay(seconds: float) -> None:
    threading.Event().wait(seconds)  # so long that each process takes one, and all of them start


def _capture(actor: Actor, content: bytes, media_type: str, behaviour: Behaviour, most_events: int) -> UUID:
    return capturing.capture_document(actor, content, media_type, behaviour, most_events=most_events)
