"""The server is started again when it dies while somebody holds it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from takeback.core.problem import Problem
from takeback.store.embedded import locks
from takeback.store.embedded.home import server_lock
from takeback.store.embedded.record import read_record
from takeback.store.embedded.server import ensure

_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0


@contextmanager
def watched(home: Path, programs: Path | None) -> Iterator[None]:
    """Look after the server in `home` during the block: one that was killed is started again within seconds."""
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(home, programs, over), name="embedded-server", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch(home: Path, programs: Path | None, over: threading.Event) -> None:
    pause_s = _PAUSE_S
    while not over.wait(pause_s):
        try:
            if _crashed(home):
                ensure(home, programs=programs)
            pause_s = _PAUSE_S
        except (Problem, OSError):  # whoever needs the server next is told; we try again, ever more seldom
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def _crashed(home: Path) -> bool:
    """Return whether the server is gone without having been stopped: then its pid file is still there."""
    record = read_record(home)
    if record is None or not (home / record.cluster / "data" / "postmaster.pid").exists():
        return False
    return locks.free(server_lock(home))
