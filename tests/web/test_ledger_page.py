"""The ledger's page: an entry opened by its number, entries found by kind and day."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.people import People
from tests.support.workshop import Workshop, workshop
from tests.web.conftest import Client

HTML = {"accept": "text/html"}


@pytest.fixture
def things(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    return workshop(people, tmp_path)


def test_an_entry_opens_with_its_body_and_stands_marked(things: Workshop, alice: Client, charlie: Client) -> None:
    """The tick beside an event leads to it; to an outsider it is as if it were not there."""
    page = alice.get(f"/ledger?entry={things.entry_id}", headers=HTML).text
    assert 'id="entry"' in page
    assert 'aria-current="true"' in page
    assert "eventTime" in page
    other = charlie.get(f"/ledger?entry={things.entry_id}", headers=HTML)
    assert other.status_code == 200
    assert 'id="entry"' not in other.text


def test_entries_are_found_by_kind_and_day(things: Workshop, alice: Client) -> None:
    """Only what matches is listed; what cannot be read as a day narrows nothing."""
    assert things.entry_id
    kind = alice.get("/ledger?kind=takeback:Ordered", headers=HTML).text
    assert "Announced" in kind
    assert "Master data registered" not in kind
    assert "No entry matches." in alice.get("/ledger?until=2001-01-01", headers=HTML).text
    assert "Announced" in alice.get("/ledger?since=yesterday", headers=HTML).text
