"""Kill -9 of a worker amid deliveries: each captured event arrives, and in one delivery only."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate.epcis.housekeeping import serve_all
from tests.drill import count
from tests.support.people import People
from tests.web.conftest import Client
from tests.web.epcis.documents import some
from tests.web.epcis.webhook import Receiver, events_of, receiving

KILLS = count(6, 100)
WORKER = """
import sys, threading
from uuid import UUID
from takeback import store
from takeback.operate.epcis import cutting, housekeeping
store.open_database(sys.argv[1], sys.argv[1])
cutting.PIECE = 7
housekeeping.PAUSE_S = 0.01
print("ready", flush=True)
housekeeping.keep_delivering((), threading.Event())
"""
_AGAIN = sa.text("update epcis_delivery set next_try_at = now() where state = 'waiting'")


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """A receiver that takes all."""
    with receiving() as receiver:
        yield receiver


def test_no_kill_loses_or_doubles_an_event(alice: Client, people: People, hook: Receiver) -> None:
    """Captures go on while workers die at random moments; afterwards one calm worker brings the rest."""
    rng = random.Random(7)
    alice.post("/epcis/queries", json={"name": "all", "query": {}})
    made = alice.post("/epcis/queries/all/subscriptions", json={"dest": hook.url, "stream": True})
    assert made.status_code == 201, made.text
    with store.transaction(people.alice.org_id) as connection:
        connection.execute(sa.text("update epcis_subscription set batch = 3"))
    captured = 0
    for _ in range(KILLS):
        with _worker(people) as worker:
            for _ in range(2):
                alice.post("/epcis/capture", json=some(range(captured, captured + 10)))
                captured += 10
                time.sleep(rng.uniform(0, 0.15))
            worker.send_signal(signal.SIGKILL)
    _calm(people)
    bodies = {headers["takeback-delivery"]: body for body, headers in hook.came}
    came = [name for body in bodies.values() for name in _names(events_of(body))]
    assert sorted(came) == sorted(str(number) for number in range(captured))
    again = [body for body, headers in hook.came if bodies[headers["takeback-delivery"]] != body]
    assert again == []  # what came twice, came the same


def _worker(people: People) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WORKER, people.database.application_url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def _calm(people: People) -> None:
    parties: list[UUID] = [people.alice.org_id]
    for _ in range(50):
        with store.transaction(people.alice.org_id) as connection:
            waiting = connection.execute(_AGAIN).rowcount
        if serve_all(parties, ()) == 0 and waiting == 0:
            return
        time.sleep(0.1)


def _names(events: list[dict[str, Any]]) -> list[str]:
    return [event["epcList"][0].rsplit("/")[-1] for event in events]
