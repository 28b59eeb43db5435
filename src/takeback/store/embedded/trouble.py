"""What PostgreSQL's programs say when they fail, as problems that say what to do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

_FULL_BELOW = 20 * 2**20  # one segment of PostgreSQL's log has 16 MiB


def told(output: str, where: Path) -> Problem:
    """Return the problem of which a program's output, the server's log or the system's error speaks."""
    if shutil.disk_usage(where).free < _FULL_BELOW:  # who meets a full disk does not always say so
        return full(where, _last(output))
    for pattern, problem in _KNOWN:
        if found := re.search(rf"(?m)^.*(?:{pattern}).*$", output):
            return problem(where, _plain(found[0]))
    return _problem(
        "store.start-failed",
        msg("The embedded server does not start."),
        where,
        _last(output),
        msg("Read the newest file in the folder log beside the data, and run `takeback doctor`."),
        70,
    )


def full(where: Path, reason: str, *, needed_mb: int | None = None) -> Problem:
    """Return the problem of a disk without room."""
    problem = _problem(
        "store.disk-full",
        msg("The disk of the home folder is full."),
        where,
        reason,
        msg("Free some space, or let TAKEBACK_HOME name a folder on another disk; no data is lost."),
        74,
    )
    problem.expected = msg("{needed} MB of free space", needed=needed_mb) if needed_mb else None
    return problem


def broken(where: Path, reason: str) -> Problem:
    """Return the problem of a data folder that PostgreSQL cannot read."""
    return _problem(
        "store.data-broken",
        msg("The data folder is damaged or incomplete."),
        where,
        reason,
        msg("Put it back from a backup, and keep this one until that is done: nothing was changed in it."),
        74,
    )


def _memory(where: Path, reason: str) -> Problem:
    return _problem(
        "store.no-memory",
        msg("There is too little memory for the embedded server."),
        where,
        reason,
        msg("It needs about 300 MB; end other programs or raise the container's limit."),
        71,
    )


def _taken(where: Path, reason: str) -> Problem:
    return _problem(
        "store.socket-taken",
        msg("Another server uses the socket or the data of this home."),
        where,
        reason,
        msg("End the other server; if you started it by hand, stop it with `pg_ctl stop`."),
        75,
    )


def _not_allowed(where: Path, reason: str) -> Problem:
    return _problem(
        "store.not-allowed",
        msg("The embedded server may not use its own folder."),
        where,
        reason,
        msg("The folder and what is in it must belong to the server's user, with mode 0700."),
        77,
    )


def _problem(kind: str, title: Message, where: Path, found: str, remedy: Message, exit_code: int) -> Problem:
    return Problem(kind, title, where=str(where), found=found, remedy=remedy, status=503, exit_code=exit_code)


# In the order of asking: a full disk shows itself as damage too, damage as a failed start.
_KNOWN: tuple[tuple[str, Callable[[Path, str], Problem]], ...] = (
    ("No space left on device|Disk quota exceeded", full),
    ("Cannot allocate memory|could not map anonymous shared memory|could not create shared memory", _memory),
    (
        "pre-existing shared memory block|lock file .* already exists|Address already in use|"
        "could not bind Unix|could not create any Unix-domain",
        _taken,
    ),
    ("data directory .* has (?:invalid permissions|wrong ownership)|Permission denied", _not_allowed),
    (
        "PANIC:|could not locate a valid checkpoint|could not find the database system|"
        "is not a database cluster|"
        "not a valid data directory|incorrect checksum|invalid checksum|does not exist.*PG_VERSION|"
        "could not (?:open|read|access) (?:file|directory)|database files are incompatible",
        broken,
    ),
)


def _plain(line: str) -> str:
    return re.sub(r"^\S+ \S+ UTC \[\d+\] ", "", line.strip())


def _last(output: str) -> str:
    lines = [line for line in output.strip().splitlines() if line.strip()]
    told = [line for line in lines if re.search(r"FATAL|PANIC|ERROR|error:", line)]
    return _plain((told or lines or ["…"])[-1])
