"""What was verified, when and up to where, is said wherever the checkpoint is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from takeback import store
from takeback.operate.ledger import record
from takeback.operate.verification import last_verification
from takeback.prove import Entry
from takeback.prove.checkpoint import LogKey
from takeback.prove.sequencer import sequence_all
from tests.support.people import People, Person
from tests.web.conftest import Client

NEVER, NOW, BEFORE = "not verified yet", 'aria-hidden="true">✓</span></span>', "verified at "


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LogKey:
    """The log's key in a home of this test's own."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    return LogKey.kept_in(tmp_path)


def _append(person: Person, key: LogKey) -> None:
    """Write an entry and put it under a new checkpoint."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    body = {"type": "takeback:Noted"}
    with store.transaction(person.org_id) as connection:
        record(connection, person.actor, [Entry("takeback:Noted", body, at)])
    sequence_all(key)


def _badge(client: Client, path: str = "/settings") -> str:
    html = client.get(path).text
    return html[html.index('id="checkpoint"') :].partition("</a>")[0]


def test_the_side_bar_says_what_the_last_verification_found(alice: Client, people: People, key: LogKey) -> None:
    """Never; now, at this size; before, at a smaller one, once the log has grown."""
    _append(people.alice, key)
    assert NEVER in _badge(alice)
    answer = alice.post("/ledger/verify")
    assert answer.status_code == 201 or answer.is_success
    assert NOW in _badge(alice)
    assert NEVER not in _badge(alice, "/ledger")
    _append(people.alice, key)
    grown = _badge(alice)
    assert BEFORE + "1," in grown.replace("\u202f", "")
    assert NOW not in grown


def test_the_answer_brings_the_badge_and_the_checkpoints_with_it(alice: Client, people: People, key: LogKey) -> None:
    """The page is up to date without being loaded again: both stand in the answer, to be swapped where they are."""
    _append(people.alice, key)
    html = alice.post("/ledger/verify", headers={"hx-request": "true"}).text
    for name in ("checkpoint", "checkpoints"):
        assert f'id="{name}"' in html
        assert 'hx-swap-oob="true"' in html[html.index(f'id="{name}"') :].partition(">")[0]
    assert NOW in html
    assert 'title="verified">✓' in html


def test_a_verification_that_fails_is_told_as_such(alice: Client, people: People, tmp_path: Path, key: LogKey) -> None:
    """Under another key no signature holds; the side bar says so until all is well again."""
    _append(people.alice, key)
    (tmp_path / "log-key.ed25519").unlink()
    alice.post("/ledger/verify")
    assert "does not verify" in _badge(alice)


def test_an_organisation_knows_its_own_verifications_only(
    alice: Client, sign_in: Callable[[Person], Client], people: People, key: LogKey
) -> None:
    """Alice's verification says nothing to Charlie, whose entries were not looked at."""
    _append(people.alice, key)
    alice.post("/ledger/verify")
    assert NEVER in _badge(sign_in(people.charlie))
    with store.transaction(people.charlie.org_id) as connection:
        assert last_verification(connection) is None


def test_the_programming_interface_counts_as_well(alice: Client, people: People, key: LogKey) -> None:
    """Whoever verifies by program is believed as much as the button."""
    _append(people.alice, key)
    assert alice.post("/api/v1/ledger/verifications").json()["findings"] == []
    with store.transaction(people.alice.org_id) as connection:
        last = last_verification(connection)
    assert last is not None
    assert (last.size, last.passed) == (1, True)
