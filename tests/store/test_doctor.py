"""The doctor finds each thing that can be wrong with a set-up and says how to mend it."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from takeback.store import doctor, embedded, migrate
from takeback.store.settings import Settings
from takeback.store.urls import conninfo
from tests.store import servers


def settings(**values: Any) -> Settings:
    """Return settings with a home that is never made, on any free port."""
    given: dict[str, Any] = {"home": Path("/nowhere/takeback"), "port": 0}
    return Settings(**(given | values))


def finding(what: str, **values: Any) -> doctor.Finding:
    """Return the one finding whose name begins with `what`; what is wrong has a remedy, what is well has none."""
    findings = doctor.examine(settings(**values))
    assert all((found.remedy is None) == (found.state == "ok") for found in findings if found.state != "note")
    (found,) = [found for found in findings if str(found.what).startswith(what)]
    return found


def test_a_sound_embedded_server(home: Path) -> None:
    """After the migrations nothing about the database is wrong, and the server is stopped again."""
    with embedded.hold(home) as urls:
        migrate.upgrade(urls.owner)
    findings = doctor.examine(settings(home=home))
    database = findings[[str(found.what) for found in findings].index("Database server") :]
    assert [(str(found.what), found.state) for found in database] == [(str(found.what), "ok") for found in database]
    assert len(database) >= 7
    assert embedded.running(home) is None


def test_a_server_that_runs_goes_on_running(home: Path) -> None:
    """Who looks does not stop what others use."""
    embedded.ensure(home)
    doctor.examine(settings(home=home))
    assert embedded.running(home) is not None


def test_looking_makes_nothing(new_home: Path) -> None:
    """In a new home the database is noted as not made yet, and no folder appears."""
    assert finding("Database", home=new_home).state == "note"
    assert not new_home.exists()


def test_a_server_that_cannot_start(home: Path) -> None:
    """What keeps the embedded server from starting is the finding, with its remedy."""
    (home / "postgres/data/PG_VERSION").write_text("14\n")
    found = finding("Database", home=home)
    assert found.state == "bad"
    assert "version" in str(found.found)


def test_a_server_that_is_not_there() -> None:
    """An address at which nobody listens is bad, with PostgreSQL's words."""
    found = finding("Database", database_url="postgresql://a:secret@127.0.0.1:1/takeback")
    assert found.state == "bad"
    assert "refused" in str(found.found)
    assert "secret" not in str(found.found)


def test_tables_that_are_missing() -> None:
    """Before the migrations the tables are behind; without the owner's address nobody can tell."""
    with servers.database() as urls:
        found = finding("Tables", database_url=urls.application, owner_database_url=urls.owner)
        assert found.state == "warn"
        assert "migrate" in str(found.remedy)
        assert finding("Tables", database_url=urls.application).state == "note"


def test_tables_that_are_there() -> None:
    """After the migrations they are up to date."""
    with servers.migrated() as urls:
        assert finding("Tables", database_url=urls.application, owner_database_url=urls.owner).state == "ok"


def test_an_application_role_that_is_too_strong() -> None:
    """The owner's address in place of the application's is bad."""
    with servers.database() as urls:
        found = finding("Application role", database_url=urls.owner, owner_database_url=urls.owner)
        assert found.state == "bad"
        assert finding("Application role", database_url=urls.application).state == "ok"


def test_an_application_that_cannot_be_the_sequencer() -> None:
    """A role without membership in takeback_sequencer cannot append to the ledger's log."""
    with servers.database() as urls:
        with psycopg.connect(conninfo(servers.administrator()), autocommit=True) as connection:
            connection.execute("create role loner login password 'x'")
            connection.execute(f"grant connect on database {_name(urls.application)} to loner".encode())
        loner = urls.application.replace("://takeback_app", "://loner", 1)
        loner = loner.replace(loner.split(":")[2].split("@")[0], "x", 1)
        assert finding("Sequencer role", database_url=loner).state == "bad"
    with psycopg.connect(conninfo(servers.administrator()), autocommit=True) as connection:
        connection.execute("drop role loner")


def _name(url: str) -> str:
    return url.rsplit("/", 1)[1].split("?", maxsplit=1)[0]


def test_too_few_connections_for_the_threads() -> None:
    """A pool that the server could not serve twice is told."""
    with servers.database() as urls:
        assert finding("Connections", database_url=urls.application, pool_size=100).state == "warn"
        assert finding("Connections", database_url=urls.application).state == "ok"


def test_a_database_of_another_encoding() -> None:
    """Only UTF8 holds all names."""
    name = f"latin_{os.getpid()}"
    with psycopg.connect(conninfo(servers.administrator()), autocommit=True) as connection:
        connection.execute(f"create database {name} encoding 'LATIN1' template template0".encode())
        try:
            url = servers.urls().application.replace("/takeback?", f"/{name}?")
            assert finding("Encoding", database_url=url).state == "bad"
        finally:
            connection.execute(f"drop database {name} with (force)".encode())


def test_clocks_that_are_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose clock differs from the database's is told."""
    now = time.time()
    with servers.database() as urls:
        monkeypatch.setattr("time.time", lambda: now + 60)
        assert finding("Clocks here", database_url=urls.application).state == "warn"


def test_a_port_that_is_taken() -> None:
    """Another program on the console's port is told, with the address."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        found = finding("Address", port=port)
    assert found.state == "warn"
    assert str(port) in str(found.found)
    assert finding("Address", port=port).state == "ok"
    assert finding("Address", host="no.such.host.invalid").state == "warn"


def test_a_home_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the way, or a folder of somebody else's, is bad."""
    (tmp_path / "file").touch()
    assert finding("Home folder", home=tmp_path / "file").state == "bad"
    assert finding("Home folder", home=tmp_path / "file" / "below").state == "bad"
    assert finding("Home folder", home=tmp_path).state == "ok"
    monkeypatch.setattr("os.access", lambda *_: False)
    assert finding("Home folder", home=tmp_path).state == "bad"


@pytest.mark.parametrize(("free_gib", "state"), [(100, "ok"), (2, "warn"), (0.1, "bad")])
def test_how_much_room_the_disk_has(monkeypatch: pytest.MonkeyPatch, free_gib: float, state: str) -> None:
    """Little room is told before it is none."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free_gib * 2**30))
    assert finding("Free disk space").state == state


def test_a_small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a GiB of memory is told."""
    monkeypatch.setattr("os.sysconf", lambda name: 2**12 if name == "SC_PAGE_SIZE" else 2**17)
    assert finding("Memory").state == "warn"


def test_a_python_without_an_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own Python, and one of 32 bits, are told."""
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert finding("Python").state == "warn"
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert finding("Python").state == "bad"


def test_a_clock_that_stands_before_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that lost its time would write it into the ledger."""
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert finding("Clock of").state == "bad"


def _absent(vendor: Path) -> None:
    (vendor / "manifest.json").unlink()


def _changed(vendor: Path) -> None:
    (vendor / "part.js").write_text("changed")


def _lacking(vendor: Path) -> None:
    (vendor / "part.js").unlink()


def _nothing(_: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("harm", "state"),
    [(_nothing, "ok"), (_absent, "bad"), (_changed, "bad"), (_lacking, "bad")],
    ids=["in place", "never fetched", "changed", "lacking"],
)
def test_the_browser_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], None], state: str
) -> None:
    """Parts that are missing, or not what was fetched, are found by their hash."""
    vendor = tmp_path / "web/static/vendor"
    vendor.mkdir(parents=True)
    (vendor / "part.js").write_text("part")
    digest = hashlib.sha256(b"part").hexdigest()
    (vendor / "manifest.json").write_text(json.dumps({"files": [{"file": "part.js", "sha256": digest}]}))
    harm(vendor)
    monkeypatch.setattr(doctor, "_PACKAGE", tmp_path)
    assert finding("Browser parts").state == state


def test_a_browser_is_only_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chromium serves the tests alone: without it nothing is wrong."""
    monkeypatch.delenv("TAKEBACK_CHROMIUM", raising=False)
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    assert finding("Chromium").state == "note"
    monkeypatch.setenv("TAKEBACK_CHROMIUM", "/opt/chromium")
    assert finding("Chromium").state == "ok"


def test_a_home_that_no_folder_can_be_made_in_is_bad() -> None:
    """Even for root, whom permissions never hinder: /proc takes no folders."""
    assert finding("Home folder", home=Path("/proc/takeback")).state == "bad"
