"""The home folder: found or made, and the files in it by which processes agree about the server."""

from __future__ import annotations

import os
from pathlib import Path

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

_UNQUOTABLE = set("\"'`$\\\n\r")  # initdb and pg_ctl hand paths to a shell within double quotes


def opened(home: Path) -> Path:
    """Return the home's real path; makes the folder when it is missing.

    Raises
    ------
    Problem
        `store.bad-home` when it cannot be made, is not writable or has a name that PostgreSQL cannot take.
    """
    home = home.expanduser().resolve()
    if _UNQUOTABLE & set(str(home)):
        raise _bad(home, msg("The home folder's path has a character that PostgreSQL cannot take."))
    try:
        made(home)
        (home / "locks").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _bad(home, msg("The home folder cannot be used."), error.strerror) from error
    if not os.access(home / "locks", os.W_OK | os.X_OK):
        raise _bad(home, msg("The home folder belongs to another user."))
    return home


def made(folder: Path) -> None:
    """Make a folder, private to us; root's can be passed through by the dedicated account, but not listed."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def start_lock(home: Path) -> Path:
    """Return the lock of the one that starts, stops or sets up the server."""
    return home / "locks" / "start"


def holders_lock(home: Path) -> Path:
    """Return the lock that all users of the server share."""
    return home / "locks" / "holders"


def server_lock(home: Path) -> Path:
    """Return the lock that the server's own processes hold while one of them lives."""
    return home / "locks" / "server"


def kept_mark(home: Path) -> Path:
    """Return the file that says: the server stays when its last holder leaves."""
    return home / "locks" / "kept"


def _bad(home: Path, title: Message, reason: str | None = None) -> Problem:
    remedy = msg("Let TAKEBACK_HOME name a folder on a local disk that belongs to the user you are.")
    return Problem("store.bad-home", title, where=str(home), found=reason, remedy=remedy, status=503, exit_code=73)
