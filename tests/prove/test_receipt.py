"""Receipts promise what the log then proves; erased personal data is gone, and the log stays whole."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.prove.bodies import load
from takeback.prove.bundle import Asked, make_bundle
from takeback.prove.bundle_check import verify_bundle
from takeback.prove.checkpoint import LogKey, opened
from takeback.prove.epcis.capture import capture
from takeback.prove.epcis.hashing import event_hash, hash_uri
from takeback.prove.erasure import erase, joined
from takeback.prove.log import prove_entry
from takeback.prove.personal import MARK
from takeback.prove.policy import Policy
from takeback.prove.promise import promise, promises_leaves
from takeback.prove.receipt import details, entry_of_event, kept_promise, promises
from takeback.prove.sequencer import sequence_all
from takeback.prove.signednote import Verifier
from takeback.prove.verify import Verification, verify_log, verify_party
from tests.prove.bundles import BATTERY, NOW, say

EVENT = {
    "type": "ObjectEvent",
    "eventID": "urn:uuid:4d6a5e3e-6b0c-4a4b-9c38-6f3a0f1b2c3d",
    "eventTime": "2026-03-01T08:00:00.000Z",
    "eventTimeZoneOffset": "+08:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sgtin:6901234.010001.7"],
    MARK: {"name": "A. Person", "phone": "+86 10 5555 0100"},
}


@pytest.fixture
def org(database: store.Database) -> UUID:
    return uuid4()


@pytest.fixture
def key(tmp_path: Path) -> LogKey:
    return LogKey.kept_in(tmp_path)


def promised(org: UUID, key: LogKey, *entries: int) -> dict[str, Any]:
    with store.transaction(org) as connection:
        return promises(connection, org, entries, key)


def captured(org: UUID, *events: dict[str, Any]) -> list[int | None]:
    with store.transaction(org) as connection:
        return list(capture(connection, org, list(events), actor="test").entries)


def verified(org: UUID, key: LogKey) -> list[str]:
    with store.transaction(org) as connection:
        result: Verification = verify_log(connection, key.origin, key.public)
        verify_party(connection, org, result)
    return result.findings


def test_a_promise_is_kept(org: UUID, key: LogKey) -> None:
    """Given before the entry is in the log, it holds against the inclusion proof of each of its entries."""
    ids = say(org, BATTERY, count=5)
    given = promised(org, key, *ids)
    assert [leaf["number"] for leaf in details(given["promised"])] == [1, 2, 3, 4, 5]
    sequence_all(key)
    for entry in ids:
        with store.transaction(org) as connection:
            assert kept_promise(given, key.public, prove_entry(connection, org, entry)) == []


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda given, proof: given["promised"].update(party=str(uuid4())), "signature"),
        (lambda given, proof: given.update(signature="AAAA"), "signature"),
        (lambda given, proof: given.update(signature="not base64"), "signature"),
        (lambda given, proof: proof["entry"].update(id=99), "does not speak of"),
        (lambda given, proof: proof["leaf"].update(content="{}"), "not the one that the receipt promises"),
    ],
)
def test_a_broken_promise_shows(org: UUID, key: LogKey, change: Callable[..., object], finding: str) -> None:
    """Another party, signature, entry or leaf than promised is said."""
    [entry] = say(org, BATTERY)
    given = promised(org, key, entry)
    sequence_all(key)
    with store.transaction(org) as connection:
        proof = prove_entry(connection, org, entry)
    given, proof = copy.deepcopy(given), copy.deepcopy(proof)
    change(given, proof)
    assert any(finding in said for said in kept_promise(given, key.public, proof))


def test_an_event_is_found_by_its_id_and_by_its_hash(org: UUID, key: LogKey) -> None:
    """Both names lead to the entry whose receipt states the event hash; unknown names lead nowhere."""
    event = {name: value for name, value in EVENT.items() if name != MARK}
    [entry] = captured(org, event)
    with store.transaction(org) as connection:
        for name in (str(EVENT["eventID"]), hash_uri(event_hash(event))):
            assert entry_of_event(connection, org, name) == entry
        for name in ("urn:uuid:none", "ni:///sha-256;00?ver=CBV2.0"):
            with pytest.raises(Problem) as caught:
                entry_of_event(connection, org, name)
            assert caught.value.kind == "ledger.no-such-entry"
        with pytest.raises(Problem):
            promises(connection, org, [404], key)
    assert entry is not None
    assert details(promised(org, key, entry)["promised"])[0]["event"] == event_hash(event).hex()


def test_erased_data_is_gone_and_all_proofs_hold_as_before(org: UUID, key: LogKey) -> None:
    """The body names a digest; the data comes back for who may see it, until it is erased, which is recorded."""
    [entry] = captured(org, EVENT)
    assert entry is not None
    sequence_all(key)
    with store.transaction(org) as connection:
        body = load(connection.scalar(sa.text("select body from entry")))
        assert "A. Person" not in json.dumps(body)
        assert joined(connection, org, [body])[0][MARK] == EVENT[MARK]
        before = make_bundle(connection, org, Asked(entries=[entry], disclose=True), key, Policy())
        assert erase(connection, org, [entry], actor="user:1", at=NOW, ground="GDPR Art. 17(1)(b)") == 1
    sequence_all(key)
    with store.transaction(org) as connection:
        assert joined(connection, org, [body]) == [body]
        assert connection.scalar(sa.text("select count(*) from personal")) == 0
        said = load(connection.scalar(sa.text("select body from entry where kind = 'takeback:Erased'")))
        after = make_bundle(connection, org, Asked(entries=[entry], disclose=True), key, Policy())
        with pytest.raises(Problem) as caught:
            erase(connection, org, [entry], actor="user:1", at=NOW, ground="again")
    assert caught.value.kind == "ledger.nothing-personal"
    assert said["takeback:erased"] | {"digests": []} == {
        "entries": [entry], "digests": [], "by": "user:1", "ground": "GDPR Art. 17(1)(b)",
    }  # fmt: skip
    assert [len(b["entries"][0]["personal"]) for b in (before, after)] == [1, 0]
    assert all(verify_bundle(json.dumps(b).encode(), key.verifier) == [] for b in (before, after))
    assert verified(org, key) == []


def test_an_event_with_personal_data_that_comes_again_is_one_event(org: UUID, key: LogKey) -> None:
    """Salts differ each time; the event hash leaves out what is personal, so a replay is known."""
    unnamed = {name: value for name, value in EVENT.items() if name != "eventID"}
    for event in (EVENT, unnamed):
        assert captured(org, event, event)[0] == captured(org, event)[0]
    sequence_all(key)
    assert verified(org, key) == []


def test_another_tenant_neither_reads_nor_erases(org: UUID) -> None:
    """Personal data stands behind the tenant's policy like everything else."""
    [entry] = captured(org, EVENT)
    with store.transaction(uuid4()) as connection:
        assert connection.scalar(sa.text("select count(*) from personal")) == 0
        with pytest.raises(Problem):
            erase(connection, org, [entry or 0], actor="x", at=NOW, ground="none")
    with store.transaction(org) as connection:
        assert connection.scalar(sa.text("select count(*) from personal")) == 1


def test_a_whole_capture_is_promised_in_one_signature(org: UUID, key: LogKey) -> None:
    """The note holds for exactly the leaves that the log then has, in their order, and is no checkpoint."""
    events = [{**EVENT, "eventID": f"urn:uuid:{uuid4()}", "action": "OBSERVE", "bizStep": s} for s in ("a", "b", "c")]
    with store.transaction(org) as connection:
        taken = capture(connection, org, events, actor="test")
    note = promise(key, org, taken.numbers, taken.appended[0].record_time, taken.leaves)
    sequence_all(key)
    with store.transaction(org) as connection:
        leaves = [bytes(leaf) for leaf in connection.scalars(sa.text("select leaf_hash from leaf order by leaf_index"))]
    log = Verifier.read(key.verifier)
    assert taken.numbers == range(1, 4)
    assert promises_leaves(note, log, leaves)
    assert opened(note, key.origin, key.public) is None
    for wrong in (leaves[::-1], leaves[:2], [*leaves, leaves[0]]):
        assert not promises_leaves(note, log, wrong)
    assert not promises_leaves(note.replace("\n1 3\n", "\n2 3\n"), log, leaves)
