"""Kill -9 of an import: what was acknowledged is there, what was not is there whole or not at all, nothing twice."""

from __future__ import annotations

import random
import time
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
from tests.support.nursery import kill, nursery, wait_until_alone
from tests.support.people import People

ROWS = 300  # of each file: five commands, so that a kill can fall between them
KILLS = 20

# For each path that it reads it forks an importer, which says its number and, at the end, how it went.
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


def _file(folder: Path, number: int) -> Path:
    lines = "".join(f"K{number}-{n},LAMP,S{number}-{n},0.4\n" for n in range(ROWS))
    path = folder / f"file-{number}.csv"
    path.write_text("order,product,serial,mass\n" + lines)
    return path


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
    with nursery(NURSERY, people.database.application_url, str(people.alice.org_id)) as importers:
        importers.start(_file(desk.folder, number))
        started = time.monotonic()
        assert importers.line(300) == f"done {ROWS}"
        usual = time.monotonic() - started
        number, path = 1, _file(desk.folder, 1)
        for _ in range(kills):
            pid = importers.start(path)
            said = importers.line(chance.uniform(0, 1.1) * usual)
            kill(pid)
            said = said or importers.line(0)
            wait_until_alone()
            found = _present(desk, number)
            assert found in (whole, nothing), f"half a file after a kill: {found}"
            if said is not None:
                assert said in {f"done {ROWS}", "refused import.already-imported"}
                assert found == whole, "what was acknowledged is lost"
            interrupted += found == nothing
            if found == whole:
                number, path = number + 1, _file(desk.folder, number + 1)
        importers.start(path)
        assert importers.line(300) == f"done {ROWS}"
        importers.start(path)
        assert importers.line(300) == "refused import.already-imported"
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
