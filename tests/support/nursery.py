"""A process that forks others, to be killed: a fork takes no time for imports, so that the kills fall into the work."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from takeback import store

_OTHERS = sa.text("select count(*) from pg_stat_activity where datname = current_database() and usename = current_user")


class Nursery:
    """The process that forks, and what its children have said so far.

    Its program says "ready", then for each line that it reads it forks a child, which says "pid N" first.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._text = b""
        assert self.line(60) == "ready"

    def start(self, task: str | Path) -> int:
        """Start a child on a task and return its process number."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{task}\n".encode())
        self._process.stdin.flush()
        said = self.line(60)
        assert said is not None
        return int(said.removeprefix("pid "))

    def line(self, seconds: float) -> str | None:
        """Return the next line, None when it does not come in time."""
        assert self._process.stdout is not None
        end = time.monotonic() + seconds
        while b"\n" not in self._text:
            if not select.select([self._process.stdout], [], [], max(0.0, end - time.monotonic()))[0]:
                return None
            self._text += os.read(self._process.stdout.fileno(), 4096)
        line, _, self._text = self._text.partition(b"\n")
        return line.decode()


@contextmanager
def nursery(program: str, *arguments: str) -> Iterator[Nursery]:
    """Run a Python program as a nursery; it ends with the block."""
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Nursery(process)
        finally:
            process.kill()


def kill(pid: int) -> None:
    """Kill -9; one that has ended by itself is no mistake."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def wait_until_alone() -> None:
    """Wait until the server has noticed that the killed one is gone: until then it may go on, even commit."""
    while True:
        with store.admin() as connection:
            if connection.scalar(_OTHERS) == 1:
                return
        time.sleep(0.01)
