"""The embedded server for root, for an ordinary user, and on PostgreSQL 15."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from takeback.core.problem import Problem
from takeback.store import embedded
from takeback.store.embedded.account import account
from takeback.store.embedded.record import read_record
from tests.store import children, servers
from tests.store.test_embedded_life import query, sockets

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a dedicated account for the server")


@pytest.fixture
def closed(new_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that only root can enter, and a place for what the account needs that is not the system's."""
    monkeypatch.setattr("takeback.store.embedded.layout.BASE", new_home.parent / "base")
    folder = new_home.parent / "closed"
    folder.mkdir(mode=0o700)
    return folder


@root_only
def test_a_home_that_the_account_cannot_reach(closed: Path) -> None:
    """Root's private home keeps its mode; the data lies beside the system's services, and follows a moved home."""
    home = closed / "home"
    with embedded.hold(home) as urls:
        query(urls.owner, "create table kept as select 42 as answer")
    record = read_record(home)
    assert record is not None
    assert Path(record.cluster).parent == closed.parent / "base/clusters"
    assert closed.stat().st_mode & 0o777 == 0o700
    home = home.rename(closed / "moved")
    with embedded.hold(home) as urls:
        assert query(urls.owner, "select answer from kept") == 42
    embedded.destroy(home)
    assert not Path(record.cluster).exists()


@root_only
def test_a_copy_of_a_home_whose_data_lies_elsewhere(closed: Path) -> None:
    """Two homes never share one data folder unnoticed: the copy is refused with the way out."""
    home, copy = closed / "home", closed / "copy"
    with embedded.hold(home):
        pass
    subprocess.run(["cp", "-a", home, copy], check=True)
    with pytest.raises(Problem, match="copy"):
        embedded.ensure(copy)
    for name in ("embedded.json", "passwords.json"):
        (copy / name).unlink()
    with embedded.hold(copy), embedded.hold(home):
        assert sockets(home) != sockets(copy)


@root_only
def test_the_server_runs_as_a_user_that_cannot_change_its_programs(home: Path) -> None:
    """The server's processes are not root's, and its programs belong to root."""
    embedded.ensure(home)
    record = read_record(home)
    assert record is not None
    pid = (home / "postgres/data/postmaster.pid").read_text().splitlines()[0]
    assert Path(f"/proc/{pid}").stat().st_uid == (home / "postgres").stat().st_uid != 0
    for path in (Path(record.programs), Path(record.programs) / "postgres"):
        assert path.stat().st_uid == 0
        assert not path.stat().st_mode & 0o022


_DEPEND_ON_THE_USER = (
    "new_home_gets or nobody_gets_in or folders_and_secrets or last_one or any_path or moved or killed_server_is"
    " or pid_file or socket_was"
)


def test_life_and_crashes_for_an_ordinary_user() -> None:
    """What the tests of the server's life and crashes demand holds for a user who is not root.

    Run again are those in which folders, accounts and processes of the user play a part.
    """
    user = children.stranger()
    python = children.python_for(user)
    place = servers.new_home().parent
    (place / "tests").mkdir()
    os.chown(place / "tests", user.pw_uid, user.pw_gid)
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist",
         "-k", _DEPEND_ON_THE_USER,
         "tests/store/test_embedded_life.py", "tests/store/test_embedded_crash.py"],
        cwd=Path(__file__).parents[2], user=user.pw_uid, group=user.pw_gid, extra_groups=[],
        env=children.environment() | {"TMPDIR": str(place / "tests"), "HOME": str(place / "tests")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    shutil.rmtree(place)


@pytest.mark.skipif(not servers.DEBIAN_15.exists(), reason="PostgreSQL 15 is not installed")
def test_the_oldest_version_has_the_same_life(new_home: Path) -> None:
    """PostgreSQL 15 is made, held, killed and stopped as 18 is."""
    with embedded.hold(new_home, programs=servers.DEBIAN_15) as urls:
        assert str(query(urls.application, "show server_version_num")).startswith("15")
        query(urls.owner, "create table kept as select 42 as answer")
        os.kill(int((new_home / "postgres/data/postmaster.pid").read_text().splitlines()[0]), 9)
        assert query(embedded.ensure(new_home, programs=servers.DEBIAN_15).owner, "select answer from kept") == 42
    assert embedded.running(new_home) is None


def test_two_processes_that_miss_the_account_make_it_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second waits for the first and takes its user: two at once could each get one of which one is lost."""
    users: list[pwd.struct_passwd] = []

    def made() -> pwd.struct_passwd:
        time.sleep(0.05)  # long enough for the other to come past a lock that is missing
        users.append(pwd.getpwuid(0))
        return users[-1]

    monkeypatch.setattr("takeback.store.embedded.account._MAKING", tmp_path / "lock")
    monkeypatch.setattr("takeback.store.embedded.account._entry", lambda: users[-1] if users else None)
    monkeypatch.setattr("takeback.store.embedded.account._made", made)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: account(), range(2)))
    assert len(users) == 1
    assert found[0] == found[1]
