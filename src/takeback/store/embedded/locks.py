"""Locks on files: the kernel lets them go with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from takeback.core.message import msg
from takeback.core.problem import Problem

LONGEST_WAIT_S = 180.0
_PAUSE_S = 0.03
_ours: set[int] = set()
_alone: set[int] = set()


def take(path: Path, *, shared: bool = False) -> int | None:
    """Return an open file that holds the lock until `release` or our end; None when others hold it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    except OSError as error:
        os.close(file)
        raise _unsupported(path, error) from error
    _ours.add(file)
    return file


def wait(path: Path, *, shared: bool = False, seconds: float = LONGEST_WAIT_S) -> int:
    """Return an open file that holds the lock, waiting for others up to `seconds`.

    Raises
    ------
    Problem
        `store.busy` when the time is up.
    """
    end = time.monotonic() + seconds
    while (file := take(path, shared=shared)) is None:
        if time.monotonic() > end:
            raise Problem(
                "store.busy",
                msg("Another process has been starting or stopping the embedded server for very long."),
                where=str(path),
                remedy=msg("Wait until it is done and try again; `takeback doctor` shows how the server is."),
                status=503,
                exit_code=75,
            )
        time.sleep(_PAUSE_S)
    return file


def release(file: int) -> None:
    """Free the lock, for the copies of `file` in other processes too."""
    fcntl.flock(file, fcntl.LOCK_UN)
    leave(file)


def leave(file: int) -> None:
    """Close our copy of `file`; the lock stays while a process that inherited it lives."""
    _ours.discard(file)
    os.close(file)


def become_sole(file: int) -> bool:
    """Turn a shared lock into an exclusive one; False when others share it (our share may be gone then)."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def free(path: Path) -> bool:
    """Return whether nobody holds the lock."""
    file = take(path)
    if file is None:
        return False
    release(file)
    return True


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock alone; commands that we run meanwhile hold it with us (`alone`)."""
    file = wait(path)
    _alone.add(file)
    try:
        yield
    finally:
        _alone.discard(file)
        release(file)


def alone() -> tuple[int, ...]:
    """Return the open files of our exclusive blocks, for commands to inherit.

    A command whose starter is killed goes on: the lock must stay until it has ended, or the next one works on the
    same files beside it.
    """
    return tuple(_alone)


def _forget_in_child() -> None:
    # A forked worker is no user of its own: it must not keep the lock when its parent is killed.
    for file in _ours:
        os.close(file)
    _ours.clear()
    _alone.clear()


os.register_at_fork(after_in_child=_forget_in_child)


def _unsupported(path: Path, error: OSError) -> Problem:
    return Problem(
        "store.no-locks",
        msg("The file system of the home folder does not support locks."),
        where=str(path),
        found=error.strerror,
        remedy=msg("Let TAKEBACK_HOME name a folder on a local disk."),
        status=503,
        exit_code=78,
    )
