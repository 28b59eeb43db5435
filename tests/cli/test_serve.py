"""`takeback serve` as processes: what a person starts, what stays when they end it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from takeback.store import embedded
from tests.store import servers

PATIENCE_S = 60.0


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home; its server is gone at the end."""
    folder = servers.new_home()
    yield folder
    embedded.destroy(folder)


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAKEBACK_")}
    return {**kept, "TAKEBACK_HOME": str(home)}


def _takeback(home: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "takeback", *arguments]
    return subprocess.Popen(command, env=_environment(home), stderr=subprocess.PIPE, text=True)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] + [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        if task.name != str(pid)
        for child in (task / "children").read_text().split()
    ]


def _until(happened: object, what: str) -> None:
    begun = time.monotonic()
    while not happened():  # type: ignore[operator]
        assert time.monotonic() - begun < PATIENCE_S, what
        time.sleep(0.1)


def _gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" in status.read_text()


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stderr is not None
    said = server.stderr.readline()
    assert "Takeback serves http://127.0.0.1:" in said, said + server.stderr.read()
    return next(word for word in said.split() if word.startswith("http"))


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_server_answers_and_leaves_nothing_behind(home: Path, stop: signal.Signals) -> None:
    """From an empty home to an answer; when it is asked to stop, neither worker nor database stays."""
    server = _takeback(home, "serve", "--port", "0")
    address = _address(server)
    with urllib.request.urlopen(f"{address}health/ready", timeout=PATIENCE_S) as answer:
        assert answer.status == 200
    _until(lambda: _children(server.pid), "no worker was started")
    workers = _children(server.pid)
    server.send_signal(stop)
    assert server.wait(PATIENCE_S) == 0
    _until(lambda: all(_gone(worker) for worker in workers), "the worker outlived its server")
    assert embedded.running(home) is None


def test_a_worker_is_started_again_and_never_outlives_its_server(home: Path) -> None:
    """A worker that is killed comes back; when the server itself is killed, its worker ends."""
    server = _takeback(home, "serve", "--port", "0")
    _address(server)
    _until(lambda: _children(server.pid), "no worker was started")
    first = _children(server.pid)[0]
    os.kill(first, signal.SIGKILL)
    _until(lambda: [child for child in _children(server.pid) if child != first], "no second worker was started")
    second = next(child for child in _children(server.pid) if child != first)
    server.kill()
    server.wait(PATIENCE_S)
    _until(lambda: _gone(second), "the worker outlived its killed server")


def test_a_taken_port_is_a_sentence(home: Path) -> None:
    """A port in use ends the command at once, with what to do and an exit code; no database is made for it."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        server = _takeback(home, "serve", "--port", str(other.getsockname()[1]))
        _, said = server.communicate(timeout=PATIENCE_S)
    assert server.returncode == 75
    assert "choose another port" in said
    assert "Traceback" not in said
    assert not home.exists()


@pytest.mark.parametrize(
    ("option", "value"), [("--port", "99999"), ("--port", "-1"), ("--host", "300.1.1.1"), ("--host", "192.0.2.1")]
)
def test_an_address_that_cannot_be_is_a_sentence(home: Path, option: str, value: str) -> None:
    """It says which option is wrong, with the exit code of a wrong setting; no database is made for it."""
    server = _takeback(home, "serve", f"{option}={value}")
    _, said = server.communicate(timeout=PATIENCE_S)
    assert server.returncode == 78, said
    assert option in said
    assert value in said
    assert "Traceback" not in said
    assert not home.exists()
