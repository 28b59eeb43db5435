"""What the embedded server says when it cannot work: each time the place, a remedy and an exit code."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from takeback.core.problem import Problem
from takeback.store import embedded
from takeback.store.embedded import account as accounts
from takeback.store.embedded import cluster, locks
from takeback.store.embedded.home import start_lock
from tests.store.test_embedded_life import query, sockets


def refused(home: Path, programs: Path | None = None) -> Problem:
    """Return the problem with which the server does not start; it has all that a person needs."""
    with pytest.raises(Problem) as caught:
        embedded.ensure(home, programs=programs)
    problem = caught.value
    assert problem.remedy is not None
    assert problem.exit_code > 1
    assert problem.status in {422, 503}
    return problem


@pytest.fixture
def small_disk(new_home: Path) -> Iterator[Path]:
    """A disk of 120 MB, where root may mount one; else the test is skipped by name."""
    disk = new_home.parent / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=120m,mode=0711", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    embedded.destroy(disk / "home")
    subprocess.run(["umount", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte on `disk`; the file returned is what fills it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"0" * 65536)
        except OSError:
            return filler


@pytest.mark.parametrize("room_mb", [300, 10], ids=["known before", "met by initdb"])
def test_a_disk_too_small_for_a_first_start(small_disk: Path, monkeypatch: pytest.MonkeyPatch, room_mb: int) -> None:
    """A full disk is named as such, whether we see it first or PostgreSQL does, and leaves nothing half made."""
    monkeypatch.setattr(cluster, "_ROOM_MB", room_mb)
    (small_disk / "other").write_bytes(b"0" * (100 * 2**20))
    problem = refused(small_disk / "home")
    assert (problem.kind, problem.exit_code) == ("store.disk-full", 74)
    assert not (small_disk / "home/postgres/data").exists()


def test_a_disk_that_has_become_full(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start on a full disk says so; with room again the data is there."""
    monkeypatch.setattr(cluster, "_ROOM_MB", 10)
    home = small_disk / "home"
    with embedded.hold(home) as urls:
        query(urls.owner, "create table kept as select 42 as answer")
    filler = fill(small_disk)
    assert refused(home).kind == "store.disk-full"
    filler.unlink()
    with embedded.hold(home) as urls:
        assert query(urls.owner, "select answer from kept") == 42


def _lose_control_file(home: Path) -> None:
    (home / "postgres/data/global/pg_control").unlink()


def _garble_control_file(home: Path) -> None:
    (home / "postgres/data/global/pg_control").write_bytes(os.urandom(8192))


def _lose_log(home: Path) -> None:
    for segment in (home / "postgres/data/pg_wal").glob("0*"):
        segment.unlink()


def _empty_version(home: Path) -> None:
    (home / "postgres/data/PG_VERSION").write_text("")


DAMAGES = [_lose_control_file, _garble_control_file, _lose_log, _empty_version]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.strip("_"))
def test_a_damaged_data_folder(home: Path, damage: Callable[[Path], None]) -> None:
    """Damage is called damage, with the advice to keep the folder; we do not write over it."""
    damage(home)
    problem = refused(home)
    assert (problem.kind, problem.exit_code) == ("store.data-broken", 74)
    assert problem.found


def test_a_data_folder_of_another_version(home: Path) -> None:
    """A data folder of PostgreSQL 14 is not touched; the problem names both versions."""
    (home / "postgres/data/PG_VERSION").write_text("14\n")
    problem = refused(home)
    assert (problem.kind, problem.found) == ("store.data-version", 14)
    assert "18" in str(problem.expected)


def test_a_data_folder_that_is_gone(home: Path) -> None:
    """Where there was a database, an empty one is not silently put in its place."""
    subprocess.run(["rm", "-rf", home / "postgres/data"], check=True)
    problem = refused(home)
    assert problem.kind == "store.data-missing"
    assert "embedded.json" in str(problem.remedy)


def test_a_damaged_record(home: Path) -> None:
    """A garbled record is named; deleted, as the remedy says, it is made anew and the data stays."""
    with embedded.hold(home) as urls:
        query(urls.owner, "create table kept as select 42 as answer")
    for name in ("embedded.json", "passwords.json"):
        (home / name).write_text("{")
        assert name in str(refused(home).where)
        (home / name).unlink()
        assert query(embedded.ensure(home).owner, "select answer from kept") == 42


def test_a_home_that_is_a_file(new_home: Path) -> None:
    """A file where the home should be is in the way."""
    new_home.touch()
    assert refused(new_home).kind == "store.bad-home"
    new_home.unlink()


@pytest.mark.parametrize("name", ["$(touch gone)", 'a"b', "a\nb", "a`b", "a\\b"])
def test_a_home_with_a_dangerous_name(new_home: Path, name: str) -> None:
    """A path that a shell would read otherwise is refused before anything is made."""
    assert refused(new_home.parent / name / "home").kind == "store.bad-home"
    assert not (new_home.parent / name).exists()


def test_a_link_in_place_of_a_folder_of_ours(new_home: Path) -> None:
    """A link planted where the server's folder belongs is not followed."""
    new_home.mkdir(mode=0o711)
    target = new_home.parent / "target"
    target.mkdir()
    (new_home / "postgres").symlink_to(target)
    assert refused(new_home).kind == "store.folder-taken"
    assert list(target.iterdir()) == []


def test_programs_that_are_missing_or_do_not_run(new_home: Path, tmp_path: Path) -> None:
    """A folder without PostgreSQL's programs, or with broken ones, is named."""
    assert refused(new_home, programs=tmp_path).kind == "store.no-programs"
    for name in ("postgres", "initdb", "pg_ctl"):
        (tmp_path / name).write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    assert refused(new_home, programs=tmp_path).kind == "store.no-programs"


def test_programs_that_are_too_old(new_home: Path) -> None:
    """PostgreSQL 14 is refused before it makes a data folder."""
    programs = new_home.parent / "old"
    programs.mkdir()
    for name in ("postgres", "initdb", "pg_ctl"):
        (programs / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9 (Debian 14.9-1)'\n")
        (programs / name).chmod(0o755)
    problem = refused(new_home, programs=programs)
    assert (problem.kind, problem.found) == ("store.old-server", 14)


def test_a_start_that_never_ends_elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind another process that keeps the lock we wait for a while, and then say so."""
    monkeypatch.setattr(locks.wait, "__kwdefaults__", {"shared": False, "seconds": 0.1})
    with locks.exclusive(start_lock(home)):
        problem = refused(home)
    assert (problem.kind, problem.exit_code) == ("store.busy", 75)


def test_a_server_that_no_longer_knows_us(home: Path) -> None:
    """A server that refuses even its own account is told at once, not waited for."""
    embedded.ensure(home)
    who = accounts.account()
    who.write(home / "postgres/data/pg_hba.conf", "local all all reject\n")
    (home / "passwords.json").unlink()
    data = home / "postgres/data"
    who.run(["sh", "-c", 'kill -HUP "$(head -n 1 "$1"/postmaster.pid)"', "sh", data], folder=home / "postgres")
    while not _locked_out(home):
        pass
    assert refused(home).kind == "store.no-answer"


def _locked_out(home: Path) -> bool:
    try:
        query(f"postgresql://postgres@/postgres?host={sockets(home)}", "select 1")
    except Exception:
        return True
    return False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_root_without_an_account_for_the_server(new_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where root can make no account, the problem names the command and the two other ways."""
    monkeypatch.setattr(accounts, "DEDICATED", "takeback-missing")
    monkeypatch.setattr("takeback.store.embedded.account.shutil.which", lambda *_, **__: None)
    problem = refused(new_home)
    assert (problem.kind, problem.exit_code) == ("store.no-account", 77)
    for way in ("useradd --system takeback-missing", "ordinary user", "TAKEBACK_DATABASE_URL"):
        assert way in str(problem.remedy)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can work as another user")
def test_root_that_may_not_become_another_user(new_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container whose root may not switch users the problem says so."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("takeback.store.embedded.account.subprocess.run", refuse)
    assert refused(new_home).kind == "store.no-account"
