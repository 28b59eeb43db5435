"""Where the parts of an embedded server lie."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store.embedded.account import BASE, Account
from takeback.store.embedded.home import made
from takeback.store.embedded.programs import Programs
from takeback.store.embedded.record import Record, read_record, write_record

# A socket's address holds 108 bytes on Linux and 104 elsewhere, with the closing zero.
LONGEST_SOCKET = 103
SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Layout:
    """A server's folders, its account and its programs. `cluster` and `sockets` have mode 0700."""

    home: Path
    cluster: Path
    sockets: Path
    account: Account
    programs: Programs

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.cluster / "data"

    @property
    def log(self) -> Path:
        """Return the folder of the server's log, one file for each day of the week."""
        return self.cluster / "log"


def settled(home: Path, account: Account, programs: Programs) -> Layout:
    """Return the layout of `home`: the remembered one where it still holds, else a new one; remembers it.

    Raises
    ------
    Problem
        `store.copied-home`, `store.folder-taken`, `store.unreachable-folder`.
    """
    record = read_record(home)
    cluster = _remembered(home, record) or _new_cluster(home, account)
    for folder in (cluster, cluster / "log"):
        account.folder(folder)
    sockets = _sockets(home, cluster, account, record)
    inside = cluster.is_relative_to(home)
    remembered = Record(
        home=str(home),
        cluster=str(cluster.relative_to(home) if inside else cluster),
        sockets=str(sockets),
        programs=str(programs.folder),
        roles=record.roles if record else "",
    )
    if remembered != record:
        write_record(home, remembered)
    return Layout(home, cluster, sockets, account, programs)


def _remembered(home: Path, record: Record | None) -> Path | None:
    if record is None:
        return None
    former, cluster = Path(record.home), home / record.cluster
    if former != home and Path(record.cluster).is_absolute() and _points_to(former, record.cluster):
        raise Problem(
            "store.copied-home",
            msg("This home folder is a copy, and its database still belongs to the original."),
            where=str(home),
            found=str(former),
            remedy=msg(
                "To begin with an empty database here, delete embedded.json and passwords.json in this "
                "folder; to take the data along, restore a dump into it."
            ),
            status=503,
            exit_code=78,
        )
    return cluster


def _points_to(home: Path, cluster: str) -> bool:
    try:
        record = read_record(home)
    except Problem:
        return True
    return record is not None and record.cluster == cluster


def _new_cluster(home: Path, account: Account) -> Path:
    if not account.other or account.reaches(home):
        return home / "postgres"
    made(BASE)
    made(BASE / "clusters")
    _demand_reach(account, BASE / "clusters")
    return BASE / "clusters" / _short_name(home)


def _sockets(home: Path, cluster: Path, account: Account, record: Record | None) -> Path:
    """Return a folder of mode 0700 whose path an address can hold; the remembered one when it is still ours."""
    if _fits(cluster / "run"):
        account.folder(cluster / "run")
        return cluster / "run"
    if account.other:
        made(BASE)
        made(BASE / "run")
        _demand_reach(account, BASE / "run")
        account.folder(BASE / "run" / _short_name(home))
        return BASE / "run" / _short_name(home)
    if record is not None and record.home == str(home) and _private(Path(record.sockets)):
        return Path(record.sockets)
    parents = [Path(p) for p in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp") if p]  # noqa: S108
    parent = next(p for p in parents if _fits(p / "takeback-12345678") and os.access(p, os.W_OK | os.X_OK))
    return Path(tempfile.mkdtemp(prefix="takeback-", dir=parent))


def _private(folder: Path) -> bool:
    """Return whether a folder in a place open to others is ours alone."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _fits(folder: Path) -> bool:
    # libpq reads a comma as the end of one host and the beginning of another.
    return "," not in str(folder) and len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET


def _short_name(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:16]


def _demand_reach(account: Account, folder: Path) -> None:
    if not account.reaches(folder):
        raise Problem(
            "store.unreachable-folder",
            msg("The user {name} cannot go to the folder of the embedded server.", name=account.name),
            where=str(folder),
            remedy=msg("Run `chmod a+x {base}` as root.", base=str(BASE)),
            status=503,
            exit_code=77,
        )
