"""Other processes for the tests of the embedded server: Python programs that use it, also as another user."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest

_SOURCE = Path(__file__).resolve().parents[2] / "src"
_BEGIN = "import sys, time\nfrom pathlib import Path\nfrom takeback.store import embedded\nhome = Path(sys.argv[1])\n"
HOLDS = "with embedded.hold(home):\n    print('ready', flush=True)\n    time.sleep(600)\n"
STARTS = "embedded.ensure(home)\nprint('ready', flush=True)\ntime.sleep(600)\n"


def start(program: str, home: Path, *arguments: str, user: pwd.struct_passwd | None = None) -> subprocess.Popen[str]:
    """Start a program in which `home` and `embedded` are known; `user` is whom it runs as."""
    command: list[str] = [sys.executable]
    options: dict[str, Any] = {}
    if user is not None:
        command = [python_for(user)]
        options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return subprocess.Popen(
        [*command, "-c", _BEGIN + program, str(home), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/", env=environment(), **options,
    )  # fmt: skip


def run(program: str, home: Path, *arguments: str, user: pwd.struct_passwd | None = None) -> str:
    """Run a program to its end and return what it printed; an error fails the test with the program's own words."""
    child = start(program, home, *arguments, user=user)
    out, err = child.communicate(timeout=240)
    assert child.returncode == 0, err
    return out.strip()


@contextmanager
def running(program: str, home: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a program that has printed a line; it is killed with -9 at the end, if not before."""
    child = start(program, home)
    assert child.stdout is not None
    try:
        if not child.stdout.readline():
            pytest.fail(child.communicate()[1])
        yield child
    finally:
        kill(child)


def kill(child: subprocess.Popen[str]) -> None:
    """Kill a program with -9 and wait until it is gone."""
    if child.poll() is None:
        os.kill(child.pid, signal.SIGKILL)
    child.communicate()


def stranger() -> pwd.struct_passwd:
    """Return another, ordinary user, or skip the test by name."""
    if os.geteuid() != 0:
        pytest.skip("only root can run a program as another user")
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        pytest.skip("there is no user nobody on this machine")


@cache
def python_for(user: pwd.struct_passwd) -> str:
    """Return a Python that `user` can run and that has our packages, or skip the test by name."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        try:
            done = subprocess.run(
                [python, "-c", "import takeback.store.embedded"],
                user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", env=environment(),
                capture_output=True, check=False,
            )  # fmt: skip
        except OSError:
            continue
        if done.returncode == 0:
            return python
    pytest.skip(f"the user {user.pw_name} cannot run a Python that has Takeback's packages")


def environment() -> dict[str, str]:
    """Return an environment in which a system's Python of the same version finds our packages."""
    packages = os.pathsep.join([str(_SOURCE), str(Path(psycopg.__file__).parents[1]), str(_SOURCE.parent)])
    return {"PATH": os.environ["PATH"], "PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"}
