"""The system account under which the server runs: one's own, or a dedicated one when we are root."""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.store.embedded import locks

DEDICATED = "takeback"
BASE = Path("/var/lib/takeback")  # what the dedicated account needs lies here, whatever the home is
_MAKING = Path("/run/takeback-account.lock")  # two useradd at once can both report success, and one user be lost
_LONGEST_S = 300.0


@dataclass(frozen=True, slots=True)
class Account:
    """A system account; `other` says that it is not the one of this process."""

    name: str
    uid: int
    gid: int
    other: bool

    def run(
        self, command: Sequence[str | Path], *, folder: Path, text: str = "", keeps: Sequence[int] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run `command` as this account in `folder` with `text` as its input; its exit code is the caller's.

        The command has a session of its own: an interrupt from the terminal does not reach it. It inherits the
        open files `keeps`, as a rule those of the locks that we hold alone.
        """
        switch: dict[str, Any] = {}
        if self.other:
            switch = {"user": self.uid, "group": self.gid, "extra_groups": []}
        try:
            return subprocess.run(  # noqa: S603 - the commands are our own
                [str(part) for part in command],
                cwd=folder,
                env=_environment(),
                input=text,
                capture_output=True,
                text=True,
                errors="replace",
                pass_fds=locks.alone() if keeps is None else keeps,
                umask=0o077,
                start_new_session=True,
                timeout=_LONGEST_S,
                check=False,
                **switch,
            )
        except PermissionError as error:
            if not self.other or error.errno != errno.EPERM:  # EACCES is the command's, EPERM the change of user's
                raise
            title = msg("This process may not work as the user {name}.", name=self.name)
            raise unusable(title, error) from error

    def write(self, path: Path, text: str) -> None:
        """Write a file of mode 0600 as this account, whole or not at all.

        As root we never write into the account's folder ourselves: a link planted there would lead us astray.
        """
        script = 'cat > "$1.new" && mv -f "$1.new" "$1"'
        done = self.run(["/bin/sh", "-c", script, "sh", path], folder=path.parent, text=text)
        if done.returncode:
            raise OSError(done.stderr.strip())

    def folder(self, path: Path) -> None:
        """Make a folder of mode 0700 that belongs to this account; what is there must be such a folder."""
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            found = path.lstat()
            if path.is_symlink() or not path.is_dir() or found.st_uid != self.uid:
                raise _taken(path, self.name) from None
        else:
            os.chown(path, self.uid, self.gid)

    def reaches(self, folder: Path) -> bool:
        """Return whether this account can go to `folder`."""
        if not self.other:
            return os.access(folder, os.X_OK)
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder], folder=Path("/")).returncode == 0


def account() -> Account:
    """Return the account of this process or, for root, the dedicated one, made when it is missing.

    Raises
    ------
    Problem
        `store.no-account` when there is none and we cannot make one.
    """
    if os.geteuid() != 0:
        return _own()
    entry = _entry()
    if entry is None:
        with locks.exclusive(_MAKING):
            entry = _entry() or _made()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, other=True)


def unusable(title: Message, error: object = None) -> Problem:
    """Return the problem of a machine on which root has no other account to run PostgreSQL under."""
    return Problem(
        "store.no-account",
        title,
        found=error,
        expected=msg("an ordinary system user, because PostgreSQL refuses to run as root"),
        remedy=msg(
            "Run `useradd --system {name}` as root, or run Takeback as an ordinary user, "
            "or let TAKEBACK_DATABASE_URL name a PostgreSQL server of your own.",
            name=DEDICATED,
        ),
        status=503,
        exit_code=77,
    )


def _own() -> Account:
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise unusable(
            msg("This process runs under a user number that has no name on this machine."), os.geteuid()
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, other=False)


def _entry() -> pwd.struct_passwd | None:
    try:
        entry = pwd.getpwnam(DEDICATED)
    except KeyError:
        return None
    if entry.pw_uid == 0:
        raise unusable(msg("The user {name} is root itself.", name=DEDICATED))
    return entry


def _made() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    missing = msg("Root needs the system user {name}, and it could not be made.", name=DEDICATED)
    if useradd is None:
        raise unusable(missing)
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(BASE)]
    done = subprocess.run(  # noqa: S603
        [*command, "--shell", "/usr/sbin/nologin", DEDICATED], capture_output=True, text=True, check=False
    )
    entry = _entry()  # what counts is that the user is there, whoever made it
    if entry is None:
        raise unusable(missing, done.stderr.strip())
    return entry


def _taken(path: Path, name: str) -> Problem:
    return Problem(
        "store.folder-taken",
        msg("A folder that the embedded server needs is in the way."),
        where=str(path),
        expected=msg("a folder that belongs to the user {name}, or nothing", name=name),
        remedy=msg("Run Takeback as the user it was first run as, or choose another TAKEBACK_HOME."),
        status=503,
        exit_code=77,
    )


def _environment() -> dict[str, str]:
    """Return a small environment: no PG variable of the caller's may lead the programs elsewhere."""
    return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}
