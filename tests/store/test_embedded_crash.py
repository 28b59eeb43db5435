"""The embedded server in bad days: killed, abandoned, misled by what a crash left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from takeback.core.problem import Problem
from takeback.store import embedded
from takeback.store.embedded import locks
from takeback.store.embedded.account import account
from takeback.store.embedded.home import server_lock
from takeback.store.embedded.layout import SOCKET
from takeback.store.embedded.record import read_record
from takeback.store.urls import conninfo
from tests.store import children
from tests.store.test_embedded_life import query, sockets

_HOLDS_AND_FORKS = (
    "import os\n"
    "with embedded.hold(home):\n"
    "    if os.fork() == 0:\n"
    "        time.sleep(5)\n"
    "        os._exit(0)\n"
    "    print('ready', flush=True)\n"
    "    time.sleep(600)\n"
)


def postmaster(home: Path) -> int:
    """Return the number of the server's main process."""
    return int((home / "postgres/data/postmaster.pid").read_text().splitlines()[0])


@contextmanager
def sleeper() -> Iterator[int]:
    """Yield the number of a living process of the server's account that is no server."""
    who = account()
    user = {"user": who.uid, "group": who.gid} if who.other else {}
    with subprocess.Popen(["sleep", "600"], cwd="/", **user) as process:  # type: ignore[call-overload]
        try:
            yield process.pid
        finally:
            process.kill()


def test_the_server_outlives_a_starter_that_is_killed(home: Path) -> None:
    """After kill -9 of the process that started it the server answers, and the next holder's leaving stops it."""
    with children.running(children.STARTS, home) as starter:
        children.kill(starter)
    urls = embedded.running(home)
    assert urls is not None
    assert query(urls.application, "select 1") == 1
    with embedded.hold(home):
        pass
    assert embedded.running(home) is None


def test_a_holder_that_is_killed_is_not_counted(home: Path) -> None:
    """After kill -9 of the only other holder, we are the last one."""
    with embedded.hold(home), children.running(children.HOLDS, home) as other:
        children.kill(other)
    assert embedded.running(home) is None


def test_a_child_of_a_killed_holder_is_not_counted(home: Path) -> None:
    """A forked process that outlives its killed parent does not hold the server."""
    with children.running(_HOLDS_AND_FORKS, home) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with embedded.hold(home):
            pass
        assert embedded.running(home) is None


def test_a_killed_server_is_started_again_with_what_was_committed(home: Path) -> None:
    """After kill -9 of the main process, in the middle of a statement, the next call starts it; nothing is lost."""
    urls = embedded.ensure(home)
    query(urls.owner, "create table kept (answer int)")
    with psycopg.connect(conninfo(urls.owner), autocommit=True) as connection:
        busy = threading.Thread(target=_until_dead, args=(urls.application,))
        busy.start()
        connection.execute("insert into kept values (42)")
        os.kill(postmaster(home), signal.SIGKILL)
    again = embedded.ensure(home)
    busy.join()
    assert query(again.owner, "select sum(answer) from kept") == 42


def test_a_held_server_comes_back_by_itself(home: Path) -> None:
    """While somebody holds it, a killed server is started again without anybody's asking, as often as it is killed."""
    with embedded.hold(home) as urls:
        query(urls.owner, "create table kept as select 42 as answer")
        for _ in range(2):
            killed = postmaster(home)
            os.kill(killed, signal.SIGKILL)
            _wait_for_another(home, killed)
        assert query(urls.owner, "select answer from kept") == 42


def test_a_held_server_that_is_stopped_stays_stopped(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stopped on purpose is not started again by those who hold it."""
    monkeypatch.setattr("takeback.store.embedded.watch._PAUSE_S", 0.01)
    with embedded.hold(home):
        embedded.stop(home)
        time.sleep(0.5)
        assert embedded.running(home) is None


def _wait_for_another(home: Path, killed: int) -> None:
    """Wait until another server process answers; a test that waits for two minutes has failed."""
    for _ in range(1200):
        if embedded.running(home) is not None and postmaster(home) != killed:
            return
        time.sleep(0.1)
    pytest.fail("no server came back within two minutes")


def _until_dead(url: str) -> None:
    with pytest.raises(psycopg.OperationalError):
        query(url, "select count(*) from generate_series(1, 30000000)")
        query(url, "select pg_sleep(60)")


def test_a_server_killed_again_and_again_comes_back(home: Path) -> None:
    """Ten kills, each after one committed row: every row is there."""
    for number in range(10):
        urls = embedded.ensure(home)
        query(urls.owner, "create table if not exists kept (number int)")
        query(urls.owner, f"insert into kept values ({number})")
        os.kill(postmaster(home), signal.SIGKILL)
    assert query(embedded.ensure(home).owner, "select count(distinct number) from kept") == 10


def test_a_pid_file_that_names_another_living_process_does_not_mislead(home: Path) -> None:
    """PostgreSQL alone refuses to start when its stale pid file names a living process; we start, and it lives on."""
    embedded.ensure(home)
    pid_file = home / "postgres/data/postmaster.pid"
    left = pid_file.read_text().splitlines()
    os.kill(postmaster(home), signal.SIGKILL)
    while not locks.free(server_lock(home)):
        time.sleep(0.01)
    with sleeper() as stranger:
        pid_file.write_text("\n".join([str(stranger), *left[1:]]) + "\n")
        (sockets(home) / f"{SOCKET}.lock").write_text("\n".join([str(stranger), *left[1:]]) + "\n")
        assert embedded.running(home) is None
        assert query(embedded.ensure(home).application, "select 1") == 1
        assert embedded.stop(home) is True
        os.kill(stranger, 0)


def test_a_server_whose_socket_was_cleared_away_is_started_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its socket a running server cannot be reached; it is stopped in good order and started anew."""
    monkeypatch.setattr("takeback.store.embedded.postmaster._SOCKET_GONE_S", 0.2)
    urls = embedded.ensure(home)
    query(urls.owner, "create table kept as select 42 as answer")
    (sockets(home) / SOCKET).unlink()
    assert query(embedded.ensure(home).owner, "select answer from kept") == 42


def test_an_interrupted_first_start_is_begun_anew(new_home: Path) -> None:
    """A first start that is killed at any moment leaves nothing that the next one stumbles over."""
    for pause_s in (0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.4):
        starter = children.start(children.STARTS, new_home)
        time.sleep(pause_s)
        children.kill(starter)
    with embedded.hold(new_home) as urls:
        assert query(urls.application, "select 1") == 1


def test_a_server_started_by_hand_is_left_alone(home: Path) -> None:
    """Where somebody runs the data folder without us, we say so and touch nothing."""
    with embedded.hold(home):
        pass
    who, data = account(), home / "postgres/data"
    record = read_record(home)
    assert record is not None
    pg_ctl = Path(record.programs) / "pg_ctl"
    elsewhere = ["-o", f"-c unix_socket_directories={home}/postgres"]
    log = ["-l", str(home / "postgres/log/by-hand.log")]
    done = who.run([pg_ctl, "-D", data, *elsewhere, *log, "-w", "start"], folder=home / "postgres")
    assert done.returncode == 0, done.stderr
    by_hand = postmaster(home)
    try:
        with pytest.raises(Problem, match="Another server"):
            embedded.ensure(home)
        assert postmaster(home) == by_hand
    finally:
        who.run([pg_ctl, "-D", data, "-m", "immediate", "stop"], folder=home / "postgres")
