"""Large documents in processes beside the server: the same answers, and nothing is lost with a process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from takeback.operate.epcis import beside
from tests.web.conftest import Client
from tests.web.epcis.documents import document, event, listed, refused, some


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, alice: Client) -> Iterator[None]:
    """Processes that are awake, for documents of any size."""
    monkeypatch.setattr(beside, "WORTH", 1)
    with beside.processes(1):
        while beside._woken() is None:
            time.sleep(0.02)
        yield


@pytest.mark.usefixtures("pool")
def test_a_document_lands_whoever_reads_it(alice: Client) -> None:
    """The job is found and the events are there, captured by a process that is not this one."""
    answer = alice.post("/epcis/capture", json=some(range(3)))
    assert answer.status_code == 202, answer.text
    assert alice.get(answer.headers["location"]).json()["eventsCaptured"] == 3
    assert len(listed(alice.get("/epcis/events"))) == 3


@pytest.mark.usefixtures("pool")
def test_every_mistake_is_told_from_there(alice: Client) -> None:
    """A refusal comes back with all its findings."""
    bad = event(2, bizStep="urn:epcglobal:cbv:bizstep:inspecting", eventTime="yesterday")
    body = refused(alice.post("/epcis/capture", json=document(event(1), bad)), 400, "ValidationException")
    assert len(body["errors"]) >= 2


@pytest.mark.usefixtures("pool")
def test_a_process_that_is_killed_takes_nothing_along(alice: Client) -> None:
    """The document lands once all the same, and so do the next ones."""
    assert beside._pool is not None
    for number in list(beside._pool._processes):
        os.kill(number, signal.SIGKILL)
    for _ in range(2):
        assert alice.post("/epcis/capture", json=some(range(3))).status_code == 202
    assert len(listed(alice.get("/epcis/events"))) == 3
