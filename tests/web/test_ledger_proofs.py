"""The log over the interface: tiles and checkpoints for everybody, proofs and erasure for those they belong to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from litestar.testing import TestClient

from takeback import store
from takeback.prove.bundle_check import verify_bundle
from takeback.prove.checkpoint import LogKey, opened
from takeback.prove.cosignature import WitnessKey
from takeback.prove.epcis.capture import capture
from takeback.prove.log_source import log_source
from takeback.prove.personal import MARK
from takeback.prove.policy import FILE
from takeback.prove.sequencer import sequence_all
from takeback.prove.signednote import Verifier
from takeback.prove.witness import WitnessState, witness
from takeback.web.app import create_app
from tests.prove.bundles import BATTERY, UNKNOWN, cosigned, say
from tests.prove.test_receipt import EVENT
from tests.support.people import People, Person
from tests.support.serving import served

Client = TestClient[Any]
SignIn = Callable[[Person], Client]


@pytest.fixture
def key(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LogKey:
    """The key of a log with 300 leaves."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    made = LogKey.kept_in(tmp_path)
    say(people.alice.org_id, BATTERY, count=300)
    sequence_all(made)
    return made


@pytest.fixture
def alice(sign_in: SignIn, people: People, key: LogKey) -> Client:
    return sign_in(people.alice)


@pytest.fixture
def witness_key(tmp_path: Path, key: LogKey) -> Iterator[WitnessKey]:
    """A witness that the log's policy knows."""
    own = WitnessKey.kept_in(tmp_path / "own", "lab.example/witness")
    (tmp_path / FILE).write_text(f"witness lab {own.verifier}\nquorum lab\n")
    yield own


def bundle(client: Client, **asked: Any) -> bytes:
    answer = client.post("/api/v1/ledger/bundles", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.mark.parametrize("prefix", ["/log", "/api/v1/ledger"])
def test_full_tiles_are_kept_for_ever_by_caches(visitor: Client, key: LogKey, prefix: str) -> None:
    """Bytes of 32 a hash; a full tile never changes, a partial one soon does, what is not there is a problem."""
    full, part = (visitor.get(f"{prefix}/tile/{path}") for path in ("0/000", "0/001.p/44"))
    assert [len(full.content), len(part.content)] == [256 * 32, 44 * 32]
    assert full.headers["content-type"] == "application/octet-stream"
    assert "immutable" in full.headers["cache-control"]
    assert part.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in full.headers
    for path in ("0/001", "0/001.p/45", "1/000", "0/0", "entries/000", "x"):
        missing = visitor.get(f"{prefix}/tile/{path}")
        assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")


def test_the_checkpoint_is_a_signed_note(visitor: Client, key: LogKey) -> None:
    """Plain text under the log's key, never cached."""
    answer = visitor.get("/log/checkpoint")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    assert (opened(answer.text, key.origin, key.public) or (0, b""))[0] == 300


def test_a_witness_signs_over_the_network(key: LogKey, witness_key: WitnessKey, tmp_path: Path, people: People) -> None:
    """It reads tiles, checks growth by them, gives its cosignature back; the checkpoint then counts."""
    state = tmp_path / "state"
    with served(create_app()) as base:
        for size in (300, 301):
            kept = WitnessState.read(state, Verifier.read(key.verifier))
            seen = witness(log_source(f"{base}/log"), state, kept, witness_key, seconds=1_800_000_000)
            assert (seen.size, seen.published) == (size, True)
            client = TestClient(create_app())
            assert client.get("/log/witnessed").text == client.get("/log/checkpoint").text == seen.note
            say(people.alice.org_id, BATTERY)
            sequence_all(key)


def test_a_stranger_cannot_cosign(visitor: Client, key: LogKey, witness_key: WitnessKey, tmp_path: Path) -> None:
    """Only witnesses of the policy, only checkpoints of this log, only notes."""
    note = visitor.get("/log/checkpoint").text
    stranger = WitnessKey.kept_in(tmp_path / "s", "s.example/w")
    for wrong, status in ((cosigned(note, stranger), 403), ("x", 409), (note.replace("300", "299"), 409)):
        answer = visitor.post("/api/v1/ledger/cosignatures", json={"note": wrong})
        assert answer.status_code == status, answer.text
    assert visitor.post("/log/cosignatures", json={"n": 1}).status_code == 400
    assert visitor.post("/log/cosignatures", json={"note": cosigned(note, witness_key)}).json() == {
        "witnesses": ["lab"]
    }


def test_bundles_hold_and_name_what_they_lack(alice: Client, key: LogKey, witness_key: WitnessKey) -> None:
    """Entries, a run of numbers, all about a thing, none about another, growth since a size: each verifies."""
    kept = alice.get("/log/checkpoint").text
    assert alice.post("/api/v1/ledger/bundles", json={"item": BATTERY}).status_code == 404, "before the first map"
    assert alice.post("/api/v1/ledger/maps").json()["entry"] is not None
    sequence_all(key)
    asked: list[dict[str, Any]] = [{"entries": [1, 300]}, {"numbers": [5, 9]}, {"item": BATTERY}, {"item": UNKNOWN}]
    for one in asked:
        assert verify_bundle(bundle(alice, **one), key.verifier) == []
    assert verify_bundle(bundle(alice, entries=[1], since=300), key.verifier, kept) == []
    whole = json.loads(bundle(alice, item=BATTERY))
    assert len(whole["entries"]) == 300
    by_key = alice.get(f"/api/v1/items/{whole['completeness']['item']}/completeness")
    assert verify_bundle(by_key.content, key.verifier) == []
    proofs = alice.post("/api/v1/ledger/proofs", json={"entries": list(range(1, 301))})
    assert len(proofs.json()["entries"]) == 300
    assert verify_bundle(proofs.content, key.verifier) == []
    for wrong, status in (({"entries": []}, 200), ({"entries": [0]}, 400), ({"numbers": [1, 10**9]}, 422)):
        assert alice.post("/api/v1/ledger/bundles", json=wrong).status_code == status


def test_receipts_by_entry_and_by_event(alice: Client, people: People, key: LogKey) -> None:
    """The promise of an entry, of many, of an event by its id; a name that nobody has is 404."""
    entry = captured(people.alice.org_id)
    one = alice.get(f"/api/v1/ledger/entries/{entry}/receipt").json()
    many = alice.post("/api/v1/ledger/receipts", json={"entries": [1, 2, entry]}).json()
    by_event = alice.get("/api/v1/ledger/receipt", params={"event": EVENT["eventID"]}).json()
    assert one["promised"]["leaves"][0] == many["promised"]["leaves"][2] == by_event["promised"]["leaves"][0]
    assert alice.get("/api/v1/ledger/proof", params={"event": EVENT["eventID"]}).status_code == 503, "it waits"
    sequence_all(key)
    proof = alice.get("/api/v1/ledger/proof", params={"event": EVENT["eventID"]})
    assert verify_bundle(proof.content, key.verifier) == []
    assert alice.get("/api/v1/ledger/receipt", params={"event": "urn:uuid:none"}).status_code == 404


def test_personal_data_is_seen_and_erased_by_those_who_may(sign_in: SignIn, people: People, key: LogKey) -> None:
    """Bob, an operator, neither sees nor erases it; Alice, the owner, does both, once."""
    entry = captured(people.alice.org_id)
    sequence_all(key)
    alice, bob = sign_in(people.alice), sign_in(people.bob)
    asked = {"entries": [entry], "disclose": True}
    assert EVENT[MARK]["name"] in bundle(alice, **asked).decode()
    assert bob.post("/api/v1/ledger/bundles", json=asked).status_code == 403
    erasure = {"entries": [entry], "ground": "GDPR Art. 17(1)(b)"}
    assert bob.post("/api/v1/ledger/erasures", json=erasure).status_code == 403
    assert alice.post("/api/v1/ledger/erasures", json=erasure).json() == {"objects": 1}
    assert alice.post("/api/v1/ledger/erasures", json=erasure).status_code == 404
    assert EVENT[MARK]["name"] not in bundle(alice, **asked).decode()


def captured(org: UUID) -> int:
    with store.transaction(org) as connection:
        [entry] = capture(connection, org, [EVENT], actor="test").entries
    assert entry is not None
    return entry
