"""`takeback db` and `takeback doctor` on a home of their own, the way a person uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from takeback.cli import run
from takeback.store import embedded
from tests.store import servers


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home that the environment names; its server is gone at the end."""
    for name in ("TAKEBACK_DATABASE_URL", "TAKEBACK_OWNER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = servers.new_home()
    monkeypatch.setenv("TAKEBACK_HOME", str(folder))
    yield folder
    embedded.destroy(folder)


def _asked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, object]:
    assert run([*arguments, "--json"]) == code
    printed = capsys.readouterr()
    return dict(json.loads(printed.out or printed.err))


def test_a_database_is_started_migrated_and_stopped(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The server's life: made and started, brought to this version once, found healthy, stopped once."""
    assert _asked(capsys, "db", "status")["running"] is False
    assert _asked(capsys, "db", "start")["running"] is True
    status = _asked(capsys, "db", "status")
    assert status["running"] is True
    assert status["pending"] != 0
    assert len(_asked(capsys, "db", "migrate")["applied"]) == status["pending"]  # type: ignore[arg-type]
    assert _asked(capsys, "db", "migrate")["applied"] == []
    assert _asked(capsys, "db", "status")["pending"] == 0
    findings = _asked(capsys, "doctor", code=0)["findings"]
    assert {"what": "Tables of the database", "state": "ok", "found": "up to date", "remedy": None} in findings  # type: ignore[operator]
    assert _asked(capsys, "db", "stop")["stopped"] is True
    assert _asked(capsys, "db", "stop")["stopped"] is False


def test_a_server_of_ones_own_is_not_stopped(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`db stop` is for the embedded server; with another one it says so and touches nothing."""
    monkeypatch.setenv("TAKEBACK_DATABASE_URL", "postgresql://someone@127.0.0.1:1/takeback")
    assert _asked(capsys, "db", "stop", code=78)["type"].endswith("/db.own-server")  # type: ignore[attr-defined]


def test_an_unreachable_database_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong address is no trace of a program but a sentence with a remedy, in doctor and in db status alike."""
    monkeypatch.setenv("TAKEBACK_DATABASE_URL", "postgresql://someone@127.0.0.1:1/takeback")
    assert _asked(capsys, "db", "status")["running"] is False
    assert run(["doctor"]) == 1
    assert "cannot be reached" in " ".join(capsys.readouterr().out.split())


def test_roles_are_printed_with_the_passwords_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The SQL carries a verifier of the password, never the password."""
    monkeypatch.setenv("TAKEBACK_OWNER_PASSWORD", "a-long-password")
    assert run(["db", "roles"]) == 0
    printed = capsys.readouterr().out
    assert "SCRAM-SHA-256$" in printed
    assert "a-long-password" not in printed
