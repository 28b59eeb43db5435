"""A worker beside a server: started with it, started again when it falls, gone with it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

LONGEST_PAUSE_S = 30.0
GRACE_S = 6.0  # a job that is cut off goes on later: its transaction is undone


@contextmanager
def worker(*, ready: Callable[[], bool]) -> Iterator[None]:
    """Keep a worker process running during the block, from the moment on that `ready` says yes.

    Both load much at their start; on a small machine the page that somebody waits for goes first.
    """
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(over, ready), name="worker's keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(timeout=GRACE_S + 5)


def _keep(over: threading.Event, ready: Callable[[], bool]) -> None:
    while not ready() and not over.wait(0.1):
        pass
    pause = 1.0
    while not over.is_set():
        # The worker reads stdin and ends with it: so it cannot outlive us, even if we are killed.
        command = [sys.executable, "-m", "takeback", "worker", "--until-eof"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - our own program
        while process.poll() is None and not over.wait(0.2):
            pass
        if process.poll() is None:
            _end(process)
        elif not over.wait(pause):
            pause = min(2 * pause, LONGEST_PAUSE_S)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_S)
    if process.poll() is None:
        process.kill()
        process.wait()
