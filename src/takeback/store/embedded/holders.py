"""Who uses the server: each user holds a shared lock, and the last one that leaves stops the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from takeback.store.embedded import locks
from takeback.store.embedded.home import holders_lock, kept_mark, opened, start_lock
from takeback.store.embedded.server import ensure, stop_locked
from takeback.store.embedded.watch import watched
from takeback.store.urls import Urls


@contextmanager
def hold(home: Path, *, programs: Path | None = None, keep: bool = False) -> Iterator[Urls]:
    """Yield the addresses of the server in `home`, which runs at least until the end of the block.

    If it dies before, it is started again; connections are lost then, what was committed is not.

    The last holder that leaves stops it; after a holder with `keep` it runs until `stop`. A holder that is
    killed leaves no trace: its lock goes with it, and the next one that leaves is the last. Threads and
    processes hold independently.

    Raises
    ------
    Problem
        As `ensure`.
    """
    home = opened(home)
    # First held, then made sure of: whoever is stopping the server has the lock alone and is waited for.
    lock = locks.wait(holders_lock(home), shared=True)
    try:
        urls = ensure(home, programs=programs)
        if keep:
            kept_mark(home).touch()
        with watched(home, programs):
            yield urls
    finally:
        _leave(home, lock)


def _leave(home: Path, lock: int) -> None:
    try:
        with locks.exclusive(start_lock(home)):
            if locks.become_sole(lock) and not kept_mark(home).exists():
                stop_locked(home)
    except FileNotFoundError:
        pass  # somebody deleted the home: a server without its data folder ends by itself within a minute
    finally:
        locks.release(lock)
