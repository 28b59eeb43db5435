"""The server process: whether it lives, how it starts and how it stops."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import psycopg

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store.embedded import locks, trouble
from takeback.store.embedded.configuration import configure
from takeback.store.embedded.home import server_lock
from takeback.store.embedded.layout import SOCKET, Layout
from takeback.store.urls import conninfo, socket_url

_PATIENCE_S = 120.0  # recovery after a crash reads up to max_wal_size
_SOCKET_GONE_S = 5.0
_FOR_GOOD = r"authentication failed|pg_hba\.conf|role \S+ does not exist"
_NO_PROCESS = 2**31 - 1  # above every system's largest process number


def administrator_url(sockets: Path, database: str = "postgres") -> str:
    """Return the superuser's address: no password, the system says who we are (peer)."""
    return socket_url("postgres", None, sockets, database)


def answers(url: str) -> bool:
    """Return whether the server takes `url`; one that has no connection left at this moment does."""
    reason = _refusal(url)
    return reason is None or "too many clients" in reason or "connection slots" in reason


def _refusal(url: str) -> str | None:
    """Return why no connection with `url` can be had, None when it can."""
    try:
        with psycopg.connect(conninfo(url), connect_timeout=5) as connection:
            connection.execute("select 1")
    except psycopg.Error as error:
        return " ".join(str(error).split())
    return None


def bring_up(layout: Layout) -> None:
    """Start the server unless it answers; wait for one that is starting, recovering or ending.

    Raises
    ------
    Problem
        What keeps it from starting, or `store.no-answer` when it lives and stays silent.
    """
    begin = time.monotonic()
    while (reason := _refusal(administrator_url(layout.sockets))) is not None:
        waited = time.monotonic() - begin
        if locks.free(server_lock(layout.home)):
            start(layout)
        elif waited > _SOCKET_GONE_S and _process(layout) and not _socket_there(layout):
            stop(layout)  # somebody cleared the folder of the socket: nobody can reach this server any more
        elif waited > _PATIENCE_S or re.search(_FOR_GOOD, reason):
            raise _silent(layout, reason)
        else:
            time.sleep(0.05)


def start(layout: Layout) -> None:
    """Start the server and wait until it answers.

    Its processes inherit a lock, so that the kernel tells whether one of them lives: a file with a process
    number, as PostgreSQL's own, outlives a crash, and the number may be another's by then.
    """
    lock = locks.take(server_lock(layout.home))
    if lock is None:
        return
    try:
        _forget_dead(layout)
        configure(layout)
        first = layout.log / "start.log"
        layout.account.write(first, "")
        command = _pg_ctl(layout, "start", "-l", str(first))
        done = layout.account.run(command, folder=layout.cluster, keeps=(lock,))
    finally:
        locks.leave(lock)
    if done.returncode and locks.free(server_lock(layout.home)):
        raise trouble.told(_said(layout) or done.stderr, layout.cluster)


def stop(layout: Layout) -> None:
    """Stop the server in good order, ending its connections; returns when its last process is gone.

    Raises
    ------
    Problem
        `store.no-stop` when it does not end in time.
    """
    if locks.free(server_lock(layout.home)):
        return
    done = layout.account.run(_pg_ctl(layout, "stop", "-m", "fast"), folder=layout.cluster)
    end = time.monotonic() + _PATIENCE_S
    while not locks.free(server_lock(layout.home)):
        if time.monotonic() > end:
            raise Problem(
                "store.no-stop",
                msg("The embedded server does not stop."),
                where=str(layout.cluster),
                found=done.stderr.strip() or None,
                remedy=msg("Wait: it may be writing to a slow disk. Then try again."),
                status=503,
                exit_code=75,
            )
        time.sleep(0.02)


def _pg_ctl(layout: Layout, *command: str) -> list[str]:
    patience = str(int(_PATIENCE_S))
    return [str(layout.programs / "pg_ctl"), *command, "-D", str(layout.data), "-w", "-t", patience]


def _process(layout: Layout) -> int | None:
    """Return the number of the server's main process, None when the one that is written down is another's."""
    pid = _written_pid(layout)
    if pid is None:
        return None
    arguments = _arguments(pid)
    ours = bool(arguments) and Path(arguments[0]).name == "postgres" and str(layout.data) in arguments
    return pid if ours else None


def _forget_dead(layout: Layout) -> None:
    """Undo what a crashed server left, unless one that was started by hand lives.

    PostgreSQL refuses to start while any process has the number in the pid file or in the socket's lock file, so
    the first becomes one that no process has: the file stays, because its other lines are PostgreSQL's own guard
    against processes of a crashed server.
    """
    if _process(layout) is not None:
        return
    layout.account.run(["rm", "-f", SOCKET, f"{SOCKET}.lock"], folder=layout.sockets)
    if _written_pid(layout) is not None:
        path = layout.data / "postmaster.pid"
        content = layout.account.run(["cat", path], folder=layout.cluster).stdout
        layout.account.write(path, f"{_NO_PROCESS}\n" + content.partition("\n")[2])


def _written_pid(layout: Layout) -> int | None:
    found = layout.account.run(["head", "-n", "1", layout.data / "postmaster.pid"], folder=layout.cluster)
    return int(found.stdout) if found.stdout.strip().isdigit() else None


def _arguments(pid: int) -> list[str]:
    """Return a process's command line; empty for a dead one and for a zombie."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        if Path("/proc/self").exists():
            return []
        command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()  # noqa: S603
    return [os.fsdecode(part) for part in line.split(b"\0")]


def _socket_there(layout: Layout) -> bool:
    return (layout.sockets / SOCKET).exists()


def _said(layout: Layout) -> str:
    """Return the end of what the server said at this start: before its log was open, and in the log."""
    script = "cat start.log; ls -t postgresql-*.log 2>/dev/null | head -n 1 | xargs -r tail -n 20"
    return layout.account.run(["/bin/sh", "-c", script], folder=layout.log).stdout


def _silent(layout: Layout, reason: str) -> Problem:
    return Problem(
        "store.no-answer",
        msg("The embedded server lives but accepts no connection."),
        where=str(layout.cluster),
        found=reason,
        remedy=msg("Wait if it is recovering from a crash; else run `takeback db stop` and try again."),
        status=503,
        exit_code=75,
    )
