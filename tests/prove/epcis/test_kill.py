"""Kill -9 of a capture: what was acknowledged is there, nothing is doubled, and the log verifies."""

from __future__ import annotations

import random
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from bench.events import events
from takeback import store
from takeback.prove.checkpoint import LogKey
from takeback.prove.epcis.hashing import event_hash
from takeback.prove.sequencer import sequence_all
from takeback.prove.verify import verify_log, verify_party
from tests.drill import count
from tests.support.nursery import kill, nursery, wait_until_alone

SIZE, SEED = 20, 9
KILLS = count(20, 300)
DOCUMENTS = 3 * KILLS

# A child captures the documents from a number on, one after the other, and says each number once it is committed;
# beside it runs the sequencer, which dies with it.
CAPTURER = """
import os, signal, sys, threading
from pathlib import Path
from uuid import UUID
from bench.events import events
from takeback import store
from takeback.prove.checkpoint import LogKey
from takeback.prove.epcis.capture import capture
from takeback.prove.sequencer import keep_sequencing

url, org, home, size, documents, seed = sys.argv[1], UUID(sys.argv[2]), Path(sys.argv[3]), *map(int, sys.argv[4:])
batch = list(events(size * documents, seed=seed, items=200))
key = LogKey.kept_in(home)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    if os.fork() == 0:
        os.write(1, b"pid %d\\n" % os.getpid())
        store.open_database(url, url)
        stop = threading.Event()
        threading.Thread(target=keep_sequencing, args=(key, stop), daemon=True).start()
        for number in range(int(line), documents):
            with store.transaction(org) as connection:
                capture(connection, org, batch[number * size : (number + 1) * size], actor="kill")
            os.write(1, b"done %d\\n" % number)
        os._exit(0)
"""
_HASHES = sa.text("select event_hash, count(*) as times from entry group by event_hash")


@pytest.mark.drill
def test_kills_at_any_moment_of_a_capture(database: store.Database, tmp_path: Path) -> None:
    """20 kills (300 in the drill), each followed by a capture of the same documents again.

    After each kill every document is there whole or not at all, and whole if it was acknowledged; at the end each
    event is there once, and log and party verify.
    """
    chance, org, url = random.Random(SEED), uuid4(), database.application_url
    batch = [event_hash(event) for event in events(SIZE * DOCUMENTS, seed=SEED, items=200)]
    acknowledged: set[int] = set()
    interrupted = missing = 0
    arguments = (url, str(org), str(tmp_path), str(SIZE), str(DOCUMENTS), str(SEED))
    with nursery(CAPTURER, *arguments) as capturers:
        for _ in range(KILLS):
            pid = capturers.start(str(max(0, missing - 1)))  # one that is there already, then new ones
            said = [capturers.line(chance.uniform(0, 0.08)) for _ in range(chance.randrange(1, 4))]
            kill(pid)
            wait_until_alone()
            while (late := capturers.line(0)) is not None:
                said.append(late)
            acknowledged |= {int(one.removeprefix("done ")) for one in said if one is not None}
            there = len(_check(org, batch, acknowledged)) // SIZE
            interrupted += there < DOCUMENTS
            missing = there
        capturers.start("0")
        assert [capturers.line(120) for _ in range(DOCUMENTS)] == [f"done {n}" for n in range(DOCUMENTS)]
    assert interrupted == KILLS, "some kills had nothing left to interrupt"
    wait_until_alone()
    assert len(_check(org, batch, set(range(DOCUMENTS)))) == len(batch)
    key = LogKey.kept_in(tmp_path)
    sequence_all(key)
    with store.transaction(org) as connection:
        result = verify_log(connection, key.origin, key.public)
        verify_party(connection, org, result)
    assert (result.findings, result.entries, result.leaves) == ([], len(batch), len(batch))


def _check(org: UUID, batch: list[bytes], acknowledged: set[int]) -> dict[bytes, int]:
    """Assert what must hold after each kill; return how often each event is there."""
    with store.transaction(org) as connection:
        there = {bytes(row.event_hash): row.times for row in connection.execute(_HASHES)}
    assert set(there.values()) <= {1}, "an event is there twice"
    for number in range(DOCUMENTS):
        found = sum(one in there for one in batch[number * SIZE : (number + 1) * SIZE])
        assert found in (0, SIZE), f"half a document: {found} of {SIZE} events"
        assert found or number not in acknowledged, f"document {number} was acknowledged and is lost"
    return there
