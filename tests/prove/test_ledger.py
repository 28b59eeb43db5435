"""The ledger: what is appended stays, is numbered without gaps, is sequenced, proven and guarded."""

from __future__ import annotations

import base64
import copy
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from takeback import prove, store
from takeback.core.problem import Problem
from takeback.prove.checkpoint import LogKey, opened
from takeback.prove.log import latest_checkpoint, prove_entry, prove_growth
from takeback.prove.merkle import consistent
from takeback.prove.sequencer import keep_sequencing, sequence, sequence_all
from takeback.prove.verify import Verification, verify_log, verify_party, verify_proof

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> LogKey:
    return LogKey.kept_in(tmp_path)


@pytest.fixture
def org(database: store.Database) -> Iterator[UUID]:
    yield uuid4()


def write(org: UUID, count: int, *, item: int = 7, text: str = "received") -> list[int]:
    """Append `count` entries in one transaction."""
    entries = [prove.Entry("takeback:Said", {"text": text, "n": n, "x": 1.0}, NOW, [item]) for n in range(count)]
    with store.transaction(org) as connection:
        appended = prove.append(connection, org, entries, actor="test")
        prove.seal(connection, org, appended)
    return [a.id for a in appended]


def verified(org: UUID, key: LogKey) -> Verification:
    with store.transaction(org) as connection:
        result = verify_log(connection, key.origin, key.public)
        verify_party(connection, org, result)
    return result


def tamper(database: store.Database, statement: str, **values: object) -> None:
    """Change the ledger as only an attacker with the owner's rights can: triggers off, policies off."""
    engine = sa.create_engine(database.owner_url)
    with engine.begin() as connection:
        for table in ("entry", "entry_item", "number_run", "leaf", "log_node", "checkpoint"):
            connection.execute(sa.text(f"alter table {table} disable trigger all"))
            connection.execute(sa.text(f"alter table {table} no force row level security"))
        assert connection.execute(sa.text(statement), values).rowcount
    engine.dispose()


def test_what_is_appended_is_numbered_sequenced_and_verifies(org: UUID, key: LogKey) -> None:
    """Entries of several transactions get the numbers 1 to n, one leaf each, and the log verifies."""
    for size in (1, 30, 300):
        write(org, size)
    assert sequence_all(key) == 331
    result = verified(org, key)
    assert (result.findings, result.entries, result.leaves, result.waiting) == ([], 331, 331, 0)


def test_verifying_leaves_the_connection_as_it_was(org: UUID, key: LogKey) -> None:
    """The transaction that has verified can go on reading and writing."""
    write(org, 3)
    sequence_all(key)
    with store.transaction(org) as connection:
        verify_party(connection, org, Verification())
        prove.seal(connection, org, prove.append(connection, org, [prove.Entry("takeback:Said", {}, NOW)], actor="x"))
    sequence_all(key)
    assert (verified(org, key).findings, verified(org, key).entries) == ([], 4)


def test_an_entry_that_waits_for_the_sequencer_is_no_finding(org: UUID, key: LogKey) -> None:
    """Between commit and checkpoint an entry is counted as waiting, and its proof is refused kindly."""
    write(org, 2)
    sequence_all(key)
    [late] = write(org, 1)
    result = verified(org, key)
    assert (result.findings, result.waiting) == ([], 1)
    with store.transaction(org) as connection, pytest.raises(Problem) as caught:
        prove_entry(connection, org, late)
    assert caught.value.kind == "ledger.not-yet-sequenced"


def test_a_proof_convinces_a_stranger_and_a_changed_one_does_not(org: UUID, key: LogKey) -> None:
    """The proof of any entry holds with the public key alone; each changed part of it is noticed."""
    ids = write(org, 300)
    sequence_all(key)
    for entry in (ids[0], ids[255], ids[299]):
        with store.transaction(org) as connection:
            proof = prove_entry(connection, org, entry)
        assert verify_proof(proof, key.origin, key.public) == []
        for change in (
            lambda p: p["entry"]["body"].update(text="destroyed"),
            lambda p: p["leaf"].update(index=p["leaf"]["index"] ^ 1),
            lambda p: p["path"].reverse(),
            lambda p: p.update(checkpoint=p["checkpoint"].replace("takeback.local/log\n", "takeback.local/log\n1", 1)),
        ):
            wrong = copy.deepcopy(proof)
            change(wrong)
            assert verify_proof(wrong, key.origin, key.public)


def test_each_checkpoint_extends_the_one_before(org: UUID, key: LogKey) -> None:
    """Between any two checkpoints there is a consistency proof that holds."""
    notes = []
    for size in (3, 260, 17):
        write(org, size)
        sequence_all(key)
        with store.transaction(org) as connection:
            notes.append(opened(latest_checkpoint(connection).note, key.origin, key.public))
    for (first, old), (second, new) in pairwise(notes):
        with store.transaction(org) as connection:
            path = [base64.b64decode(step) for step in prove_growth(connection, first, second)]
        assert consistent(first, second, old, new, path)


@pytest.mark.parametrize("table", ["entry", "entry_item", "number_run", "leaf", "log_node", "checkpoint"])
@pytest.mark.parametrize("change", ["delete from {}", "update {} set {} = {}", "truncate {}"])
def test_history_cannot_be_edited(database: store.Database, org: UUID, key: LogKey, table: str, change: str) -> None:
    """Neither the application nor the owner can update, delete or truncate what is in the ledger."""
    write(org, 300)
    sequence_all(key)
    column = {"entry": "kind", "checkpoint": "note", "leaf": "leaf_hash", "log_node": "hash"}.get(table, "entry_id")
    statement = change.format(table, column, column)
    with pytest.raises(DBAPIError), store.transaction(org) as connection:
        connection.execute(sa.text(statement))
    engine = sa.create_engine(database.owner_url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("""update entry set body = '\\000{"text":"destroyed"}' where id = :id""", "not what its leaf commits to"),
        ("update entry set body = '?' where id = :id", "unknown form"),
        ("update entry set actor = 'forged' where id = :id", "not what its leaf commits to"),
        ("update entry set captured = true where id = :id", "not what its leaf commits to"),
        ("delete from entry_item where entry_id = :id", "not indexed as it should be"),
        ("update entry_item set item_key = 8 where entry_id = :id", "not indexed as it should be"),
        ("update entry set thing_keys = '{8}' where id = :id", "not what its leaf commits to"),
        ("delete from entry where id = :id", "is missing"),
        ("update leaf set leaf_hash = sha256('x') where entry_id = :id", "not what its leaf commits to"),
        ("delete from leaf where entry_id = :id", "is missing"),
        ("update checkpoint set note = replace(note, '300', '299') where size = 300", "signature"),
        ("update checkpoint set root = sha256('x') where size = 300", "another root"),
        ("update log_node set hash = sha256('x')", "not what its leaves give"),
        ("update number_run set number = 9999", "number"),
        ("update number_run set count = count - 1", "the runs have"),
        ("update number_run set count = count + 1", "the runs have"),
    ],
)
def test_tampering_is_found(database: store.Database, org: UUID, key: LogKey, statement: str, finding: str) -> None:
    """A changed byte, a dropped row, a forged leaf, node or checkpoint: verification names it."""
    ids = write(org, 300)
    sequence_all(key)
    named = {"id": ids[100]} if ":id" in statement else {}
    tamper(database, statement, **named)
    assert any(finding in found for found in verified(org, key).findings)


def test_two_sequencers_at_once_append_each_leaf_once(org: UUID, key: LogKey) -> None:
    """Several sequencers beside several writers: no leaf twice, none lost, no gap."""
    stop = threading.Event()
    sequencers = [threading.Thread(target=keep_sequencing, args=(key, stop)) for _ in range(2)]
    for thread in sequencers:
        thread.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: write(org, 20), range(12)))
    stop.set()
    for thread in sequencers:
        thread.join()
    sequence_all(key)
    result = verified(org, key)
    assert (result.findings, result.entries) == ([], 240)


def test_a_late_commit_gets_a_later_leaf(org: UUID, key: LogKey) -> None:
    """A transaction that began first and commits last is sequenced after the others, and nothing is lost."""
    other = uuid4()
    with store.transaction(org) as slow:
        appended = prove.append(slow, org, [prove.Entry("takeback:Said", {"late": True}, NOW)], actor="slow")
        prove.seal(slow, org, appended)
        write(other, 3)
        assert sequence_all(key) == 3
    assert sequence_all(key) == 1
    assert verified(org, key).findings == []


def test_a_rolled_back_batch_leaves_no_number_and_no_leaf(org: UUID, key: LogKey) -> None:
    """What is not committed never was: the next entry takes the number that was free again."""
    with pytest.raises(ZeroDivisionError), store.transaction(org) as connection:
        appended = prove.append(connection, org, [prove.Entry("takeback:Said", {}, NOW)], actor="x")
        prove.seal(connection, org, appended)
        raise ZeroDivisionError
    write(org, 1)
    assert sequence(key) == 1
    assert (verified(org, key).findings, verified(org, key).entries) == ([], 1)


def test_another_tenant_sees_nothing(org: UUID, key: LogKey) -> None:
    """Alice's entries are neither read, traced nor proven in Charlie's organisation, nor without one."""
    [entry] = write(org, 1, item=42)
    sequence_all(key)
    charlie = uuid4()
    with store.transaction(charlie) as connection:
        assert prove.trace(connection, org, 42) == []
        assert connection.scalar(sa.text("select count(*) from entry")) == 0
        with pytest.raises(Problem):
            prove_entry(connection, org, entry)
    with store.admin() as connection:
        assert connection.scalar(sa.text("select count(*) from entry")) == 0
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
        store.transaction(charlie) as connection,
    ):
        prove.append(connection, org, [prove.Entry("takeback:Said", {}, NOW)], actor="x")


def test_the_application_cannot_write_the_log_itself(org: UUID, key: LogKey) -> None:
    """Only the sequencer's role may append leaves and checkpoints."""
    for table in ("leaf (leaf_index, entry_id, leaf_hash) values (0, 1, sha256('x'))",):
        with pytest.raises(DBAPIError, match="permission denied"), store.transaction(org) as connection:
            connection.execute(sa.text(f"insert into {table}"))
