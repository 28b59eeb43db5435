"""The embedded server in good days: made, shared, left, stopped, moved."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from takeback.store import embedded
from takeback.store.embedded.postmaster import administrator_url
from takeback.store.embedded.record import read_passwords, read_record
from takeback.store.urls import conninfo, socket_url
from tests.store import children


def query(url: str, statement: str) -> object:
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def sockets(home: Path) -> Path:
    record = read_record(home)
    assert record is not None
    return Path(record.sockets)


def test_a_new_home_gets_a_durable_server_with_both_roles(new_home: Path) -> None:
    """The first call makes and starts the server; both addresses work, and commits are on the disk when answered."""
    urls = embedded.ensure(new_home)
    assert query(urls.application, "select current_user::text") == "takeback_app"
    assert query(urls.owner, "select current_user::text") == "takeback_owner"
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert query(urls.application, f"show {setting}") == "on"
    assert query(urls.application, "show server_encoding") == "UTF8"


def test_ensuring_again_changes_nothing(home: Path) -> None:
    """A second call returns the same addresses and leaves the server process alone."""
    first = embedded.ensure(home)
    began = query(first.application, "select pg_postmaster_start_time()::text")
    second = embedded.ensure(home)
    assert (second.application, second.owner) == (first.application, first.owner)
    assert query(second.application, "select pg_postmaster_start_time()::text") == began


def test_nobody_gets_in_without_a_secret(home: Path) -> None:
    """The server listens on no network address, and its roles refuse a missing or a wrong password."""
    urls = embedded.ensure(home)
    assert query(administrator_url(sockets(home)), "show listen_addresses") == ""
    for password in (None, "guess"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(conninfo(socket_url("takeback_owner", password, sockets(home), "takeback")))
    passwords = read_passwords(home)
    assert passwords is not None
    assert len({passwords.owner, passwords.application}) == 2
    assert min(map(len, (passwords.owner, passwords.application))) >= 32
    assert passwords.application not in repr(urls)


def test_folders_and_secrets_are_private_and_what_is_not_ours_keeps_its_mode(new_home: Path) -> None:
    """Passwords have mode 0600, data and sockets 0700; the folders above the home are as they were."""
    above = {folder: folder.stat().st_mode for folder in new_home.parents}
    embedded.ensure(new_home)
    modes = {
        new_home / "passwords.json": 0o600,
        new_home / "embedded.json": 0o600,
        new_home / "postgres": 0o700,
        new_home / "postgres/data": 0o700,
        sockets(new_home): 0o700,
    }
    assert {path: stat.S_IMODE(path.stat().st_mode) for path in modes} == modes
    assert not stat.S_IMODE(new_home.stat().st_mode) & 0o066
    assert {folder: folder.stat().st_mode for folder in above} == above


def test_the_last_one_that_leaves_stops_the_server(home: Path) -> None:
    """While another process holds the server it stays; when none is left it ends."""
    with children.running(children.HOLDS, home) as other:
        with embedded.hold(home):
            pass
        assert embedded.running(home) is not None
        children.kill(other)
        with embedded.hold(home):
            pass
    assert embedded.running(home) is None


def test_holds_of_one_process_count_one_by_one(home: Path) -> None:
    """Two holds nested in one process are two holders."""
    with embedded.hold(home):
        with embedded.hold(home):
            pass
        assert embedded.running(home) is not None
    assert embedded.running(home) is None


def test_a_kept_server_stays_until_it_is_stopped(home: Path) -> None:
    """After a hold with `keep` nobody's leaving stops the server; `stop` does, and forgets the wish."""
    with embedded.hold(home, keep=True):
        pass
    with embedded.hold(home):
        pass
    assert embedded.running(home) is not None
    assert embedded.stop(home) is True
    assert embedded.stop(home) is False
    with embedded.hold(home):
        pass
    assert embedded.running(home) is None


def test_data_survives_a_stop(home: Path) -> None:
    """What was committed is there after the next start."""
    with embedded.hold(home) as urls:
        query(urls.owner, "create table kept as select 42 as answer")
    with embedded.hold(home) as urls:
        assert query(urls.owner, "select answer from kept") == 42


def test_processes_that_come_at_once_share_one_server(new_home: Path) -> None:
    """Four processes on a new home get the same addresses, of one server process."""
    program = (
        "import psycopg\nfrom takeback.store.urls import conninfo\n"
        "url = embedded.ensure(home).application\n"
        "print(url, psycopg.connect(conninfo(url)).execute('select pg_postmaster_start_time()').fetchone())\n"
    )
    together = [children.start(program, new_home) for _ in range(4)]
    said = {child.communicate(timeout=240) for child in together}
    assert len(said) == 1, said
    assert [child.returncode for child in together] == [0] * 4


def test_processes_that_come_and_go_never_meet_a_dead_server(home: Path) -> None:
    """Three processes hold and leave five times each, at random; each hold works from its beginning to its end."""
    program = (
        "import psycopg, random\nfrom takeback.store.urls import conninfo\n"
        "random.seed(int(sys.argv[2]))\n"
        "for _ in range(5):\n"
        "    with embedded.hold(home) as urls:\n"
        "        connection = psycopg.connect(conninfo(urls.application))\n"
        "        time.sleep(random.random() / 20)\n"
        "        connection.execute('select 1')\n"
        "        connection.close()\n"
    )
    together = [children.start(program, home, str(seed)) for seed in range(3)]
    errors = [child.communicate(timeout=240)[1] for child in together]
    assert [child.returncode for child in together] == [0] * 3, errors
    assert embedded.running(home) is None


@pytest.mark.parametrize("name", ["h" * 120, "Rücklauf 电池, 100%+~"], ids=["120 characters", "blanks, signs, Chinese"])
def test_any_path_will_do(home: Path, name: str) -> None:
    """A home whose path is longer than a socket's address may be, or has unusual characters, works like any other."""
    home = home.parent / (name[: 120 - len(str(home.parent)) - 1] if name.startswith("h") else name)
    if name.startswith("h"):
        assert len(str(home)) == 120
    try:
        with embedded.hold(home) as urls:
            assert query(urls.application, "select 1") == 1
            assert stat.S_IMODE(sockets(home).stat().st_mode) == 0o700
    finally:
        embedded.destroy(home)


def test_a_moved_home_takes_its_data_along(home: Path) -> None:
    """A home under another name is the same home."""
    with embedded.hold(home) as urls:
        query(urls.owner, "create table kept as select 42 as answer")
    moved = home.rename(home.parent / "moved")
    try:
        with embedded.hold(moved) as urls:
            assert query(urls.owner, "select answer from kept") == 42
    finally:
        embedded.destroy(moved)


def test_a_copied_home_is_a_home_of_its_own(home: Path) -> None:
    """A copy never reaches the original's server, although it remembers its address and its passwords."""
    with embedded.hold(home) as urls:
        query(urls.owner, "create table here (original int)")
    copy = home.parent / "copy"
    subprocess.run(["cp", "-a", home, copy], check=True)
    try:
        with embedded.hold(home), embedded.hold(copy) as urls:
            query(urls.owner, "drop table here")
            assert query(embedded.ensure(home).owner, "select to_regclass('here')::text") == "here"
    finally:
        embedded.destroy(copy)


def test_lost_passwords_are_made_anew(home: Path) -> None:
    """Without the file of passwords the server gets new ones, running or not, and the data stays."""
    urls = embedded.ensure(home)
    query(urls.owner, "create table kept as select 42 as answer")
    (home / "passwords.json").unlink()
    again = embedded.ensure(home)
    assert again.owner != urls.owner
    assert query(again.owner, "select answer from kept") == 42


def test_variables_of_the_environment_lead_nobody_astray(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own variables of the caller neither move the data nor the connection."""
    elsewhere = {"PGHOST": "/nowhere", "PGPORT": "1", "PGUSER": "x", "PGPASSWORD": "x", "PGDATABASE": "x",
                 "PGDATA": "/nowhere", "LC_ALL": "xx_XX", "TZ": "Nowhere/City"}  # fmt: skip
    for name, value in elsewhere.items():
        monkeypatch.setenv(name, value)
    with embedded.hold(home) as urls:
        assert query(urls.application, "select current_user::text") == "takeback_app"
        assert query(urls.application, "show timezone") == "UTC"


def test_a_server_can_be_destroyed(home: Path) -> None:
    """Destroying ends the server and deletes its data; the next one begins empty."""
    with embedded.hold(home) as urls:
        query(urls.owner, "create table gone ()")
        embedded.destroy(home)
    assert not (home / "postgres").exists()
    with embedded.hold(home) as urls:
        assert query(urls.owner, "select to_regclass('gone')") is None


def test_one_user_does_not_block_another(home: Path) -> None:
    """Where one user's server runs, another user's starts in a home of its own, with nothing shared between them."""
    user = children.stranger()
    theirs = home.parent / "theirs" / "home"
    theirs.parent.mkdir()
    os.chown(theirs.parent, user.pw_uid, user.pw_gid)
    program = "with embedded.hold(home):\n    print('served')\n"
    with embedded.hold(home):
        assert children.run(program, theirs, user=user) == "served"
    assert {path.owner() for path in theirs.rglob("*")} == {user.pw_name}
    shutil.rmtree(theirs)
