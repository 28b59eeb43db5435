"""Kill -9 of an import: what was acknowledged is there, what was not is there whole or not at all, nothing twice."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.prove.bodies import load
from takeback.prove.checkpoint import LogKey
from takeback.prove.sequencer import sequence_all
from takeback.prove.verify import verify_log, verify_party
from tests.drill import count
from tests.support.desk import Desk
from tests.support.people import People

ROWS = 300  # of each file: five commands, so that a kill can fall between them
KILLS = 20

# A nursery: for each path that it reads it forks an importer, which says its number and, at the end, how it went. A
# fork takes no time for imports, so that the kills fall into the work.
NURSERY = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
from takeback import store
from takeback.core.problem import Problem
from takeback.operate import imports
from takeback.operate.imports import writing
from takeback.operate.identity import system_actor

url, org = sys.argv[1], UUID(sys.argv[2])
writing.BATCH = 60
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    if os.fork() == 0:
        os.write(1, b"pid %d\\n" % os.getpid())
        try:
            path = Path(line.strip())
            store.open_database(url, url)
            known = imports.survey(path, limit=10**9)
            done = imports.run(system_actor(org), path, known, imports.Options(subject="returns", site="WH-1"))
            os.write(1, b"done %d\\n" % done.written)
        except Problem as problem:
            os.write(1, b"refused %s\\n" % problem.kind.encode())
        os._exit(0)
"""
_PRESENT = sa.text(
    """
    select (select count(*) from takeback_order where number like :like),
        (select count(*) from item i join takeback_order o on o.id = i.order_id where o.number like :like),
        (select count(*) from import_run where file_name = :name and state = 'imported')
    """
)
_BODIES = sa.text("select body from entry where kind = 'takeback:Ordered'")
_OTHERS = sa.text("select count(*) from pg_stat_activity where datname = current_database() and usename = current_user")


class Nursery:
    """The process that forks importers, and what they have said so far."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._text = b""
        assert self.line(60) == "ready"

    def start(self, path: Path) -> int:
        """Start an importer and return its process number."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n".encode())
        self._process.stdin.flush()
        said = self.line(60)
        assert said is not None
        return int(said.removeprefix("pid "))

    def line(self, seconds: float) -> str | None:
        """Return the next line, None when it does not come in time."""
        assert self._process.stdout is not None
        end = time.monotonic() + seconds
        while b"\n" not in self._text:
            if not select.select([self._process.stdout], [], [], max(0.0, end - time.monotonic()))[0]:
                return None
            self._text += os.read(self._process.stdout.fileno(), 4096)
        line, _, self._text = self._text.partition(b"\n")
        return line.decode()


@contextmanager
def _nursery(people: People) -> Iterator[Nursery]:
    command = [sys.executable, "-c", NURSERY, people.database.application_url, str(people.alice.org_id)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Nursery(process)
        finally:
            process.kill()


def _file(folder: Path, number: int) -> Path:
    lines = "".join(f"K{number}-{n},LAMP,S{number}-{n},0.4\n" for n in range(ROWS))
    path = folder / f"file-{number}.csv"
    path.write_text("order,product,serial,mass\n" + lines)
    return path


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _wait_until_alone() -> None:
    """Wait until the server has noticed that the killed importer is gone: until then it may go on, even commit."""
    while True:
        with store.admin() as connection:
            if connection.scalar(_OTHERS) == 1:
                return
        time.sleep(0.01)


def _present(desk: Desk, number: int) -> tuple[int, ...]:
    with store.transaction(desk.actor.org_id) as connection:
        found = connection.execute(_PRESENT, {"like": f"K{number}-%", "name": f"file-{number}.csv"}).one()
        numbers = [load(body)["takeback:facts"]["number"] for body in connection.scalars(_BODIES)]
    return (*(int(each) for each in found), sum(each.startswith(f"K{number}-") for each in numbers))


@pytest.mark.drill
def test_kills_at_any_moment(desk: Desk, people: People) -> None:
    """20 kills (300 in the drill) at random moments of an import in another process.

    After each kill the file is there whole (orders, items, its own row, entries) or not at all; if the importer had
    said it was done, it is there. Run again, it completes or is recognised; at the end nothing is double and the
    ledger verifies.
    """
    chance, kills = random.Random(20261122), count(KILLS, 300)
    whole, nothing = (ROWS, ROWS, 1, ROWS), (0, 0, 0, 0)
    interrupted = number = 0
    with _nursery(people) as nursery:
        nursery.start(_file(desk.folder, number))
        started = time.monotonic()
        assert nursery.line(300) == f"done {ROWS}"
        usual = time.monotonic() - started
        number, path = 1, _file(desk.folder, 1)
        for _ in range(kills):
            pid = nursery.start(path)
            said = nursery.line(chance.uniform(0, 1.1) * usual)
            _kill(pid)
            said = said or nursery.line(0)
            _wait_until_alone()
            found = _present(desk, number)
            assert found in (whole, nothing), f"half a file after a kill: {found}"
            if said is not None:
                assert said in {f"done {ROWS}", "refused import.already-imported"}
                assert found == whole, "what was acknowledged is lost"
            interrupted += found == nothing
            if found == whole:
                number, path = number + 1, _file(desk.folder, number + 1)
        nursery.start(path)
        assert nursery.line(300) == f"done {ROWS}"
        nursery.start(path)
        assert nursery.line(300) == "refused import.already-imported"
    assert interrupted >= kills // 5
    assert [_present(desk, n) for n in range(number + 1)] == [whole] * (number + 1)
    assert desk.count("item") == ROWS * (number + 1)
    _verify(desk)


def _verify(desk: Desk) -> None:
    key = LogKey.kept_in(desk.folder)
    sequence_all(key)
    with store.transaction(desk.actor.org_id) as connection:
        result = verify_log(connection, key.origin, key.public)
        verify_party(connection, desk.actor.org_id, result)
    assert result.findings == []
    assert result.entries == desk.count("entry")
