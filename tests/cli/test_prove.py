"""`takeback prove`: the ledger checked by whoever has the key, and one thing followed through it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.cli import run
from takeback.cli.session import database
from takeback.cli.story import told
from takeback.core.items import item_hex, item_key
from takeback.operate.identity import organisation_by_slug
from takeback.operate.verification import last_verification
from takeback.prove.checkpoint import LogKey
from takeback.prove.log import prove_entry
from takeback.prove.sequencer import sequence_all
from takeback.store import embedded
from tests.store import servers

RETURNS = "order,serial,product,ordered_at\nRO-1,S-1,P-1,2026-03-02T10:00+08:00\nRO-2,S-2,P-1,2026-03-02T11:00+08:00\n"
PRODUCTS = "code,gtin,name,name_zh,category,value,mass\nP-1,09506000134352,Kettle,水壶,household,120.00,1.2 kg\n"
SITES = "code,name,name_zh,kind\nWH-1,Warehouse,仓库,warehouse\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with an organisation that has two return orders in its ledger, under a signed checkpoint."""
    for name in ("TAKEBACK_DATABASE_URL", "TAKEBACK_OWNER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = servers.new_home()
    monkeypatch.setenv("TAKEBACK_HOME", str(folder))
    with embedded.hold(folder):
        person = ("--owner", "a@lan.example", "--owner-name", "A")
        assert run(["operate", "found", "lan", "--name", "Lan", *person]) == 0
        for subject, text in {"sites": SITES, "products": PRODUCTS, "returns": RETURNS}.items():
            file = tmp_path / f"{subject}.csv"
            file.write_text(text, encoding="utf-8")
            assert run(["operate", "import", str(file), "--org", "lan", "--as", subject]) == 0
        with database():
            sequence_all(LogKey.kept_in(folder))
        yield folder
    embedded.destroy(folder)


def _asked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> object:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    printed = capsys.readouterr()
    return json.loads(printed.out or printed.err)


def test_verify_and_trace(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All entries verify against the signed log; a thing is found by its order; under another key nothing holds."""
    verified = _asked(capsys, "prove", "verify")
    assert isinstance(verified, dict)
    assert verified["findings"] == []
    assert verified["entries"] == verified["leaves"] >= 4
    traced = _asked(capsys, "prove", "trace", "RO-1", "--org", "lan")
    assert isinstance(traced, list)
    assert [entry["kind"] for entry in traced] == ["takeback:Ordered"]
    key = item_hex(item_key(traced[0]["body"]["epcList"][0]))
    for address in (key, f"http://127.0.0.1:8321/items/{key}", f"/items/{key}?tab=proof"):
        assert _asked(capsys, "prove", "trace", address, "--org", "lan") == traced, (
            "what stands in the console is found"
        )
    unknown = _asked(capsys, "prove", "trace", "RO-9", "--org", "lan", code=1)
    assert isinstance(unknown, dict)
    assert unknown["status"] == 404
    (home / "log-key.ed25519").unlink()
    broken = _asked(capsys, "prove", "verify", code=1)
    assert isinstance(broken, dict)
    assert any("signature" in finding for finding in broken["findings"])


def test_a_trace_tells_local_time_and_what_was_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The hour is that of the organisation, as in the console, and the zone is named; the order's number is told."""
    capsys.readouterr()
    assert run(["prove", "trace", "RO-1", "--org", "lan"]) == 0
    printed = capsys.readouterr().out
    for words in ("2026-03-02 10:00", "Asia/Shanghai", "order RO-1"):
        assert words in printed


def test_the_decision_made_is_told() -> None:
    """What became of a thing stands in its trace, with the value expected and who chose."""
    facts = {"disposition": "repair", "expected_minor": 12345, "currency": "CNY", "by_name": "disposition 1"}
    said = told({"takeback:step": "decided", "takeback:facts": facts})
    assert said.startswith("repair, expected 123.45")
    assert "disposition 1" in said
    assert told({"takeback:step": "something new"}) == told({}) == ""


def test_a_verification_is_remembered_for_each_organisation(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The console's side bar knows what the command found."""
    verified = _asked(capsys, "prove", "verify")
    assert isinstance(verified, dict)
    with database():
        with store.admin() as connection:
            party = organisation_by_slug(connection, "lan")
        with store.transaction(party.id) as connection:
            last = last_verification(connection)
    assert last is not None
    assert (last.size, last.passed) == (verified["size"], True)


@pytest.fixture
def proofs(home: Path) -> tuple[dict[str, Any], str]:
    """The file that the console hands out for one thing, and the log's public key."""
    key = LogKey.kept_in(home)
    with database():
        with store.admin() as connection:
            party = organisation_by_slug(connection, "lan")
        with store.transaction(party.id) as connection:
            item = connection.execute(sa.text("select epc, key from item where order_number = 'RO-1'")).one()
            found = connection.scalars(
                sa.text("select entry_id from entry_item where item_key = :key"), {"key": item.key}
            )
            taken = [prove_entry(connection, party.id, entry) for entry in found.all()]
    return {"item": item.epc, "verifier": key.verifier, "proofs": taken}, key.verifier


def test_a_proof_is_checked_with_the_file_and_the_key_alone(
    proofs: tuple[dict[str, Any], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All holds, without any database; one proof of the interface alone does, too."""
    taken, verifier = proofs
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path / "nowhere"))
    for number, content in enumerate((taken, taken["proofs"][0])):
        checked = _asked(capsys, "prove", "check", _written(tmp_path, content), "--key", verifier)
        assert isinstance(checked, list)
        assert [proof["findings"] for proof in checked] == [[]], number
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("change", ["body", "salt", "number", "path", "index", "checkpoint", "item", "key"])
def test_whatever_is_changed_no_longer_holds(
    change: str, proofs: tuple[dict[str, Any], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each part of the file is under the signature: exit code 1, with what does not hold."""
    taken, verifier = proofs
    proof = taken["proofs"][0]
    match change:
        case "body":
            proof["entry"]["body"]["takeback:facts"]["number"] = "RO-2"
        case "salt":
            proof["entry"]["salt"] = "00" * 16
        case "number":
            proof["leaf"]["content"] = proof["leaf"]["content"].replace('"number":', '"number":1')
        case "path":
            proof["path"] = proof["path"][:-1]
        case "index":
            proof["leaf"]["index"] += 1
        case "checkpoint":
            proof["checkpoint"] = proof["checkpoint"].replace("\n", "\n1", 1)
        case "item":
            taken["item"] = "https://id.gs1.org/01/09506000134352/21/ANOTHER"
        case "key":
            verifier = LogKey.kept_in(tmp_path / "other").verifier
    checked = _asked(capsys, "prove", "check", _written(tmp_path, taken), "--key", verifier, code=1)
    assert isinstance(checked, list)
    assert checked[0]["findings"]


def test_what_is_no_proof_and_no_key_is_told_as_such(
    proofs: tuple[dict[str, Any], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty list proves nothing; a key with a wrong letter is refused before anything is checked."""
    taken, verifier = proofs
    for content in ([], {"proofs": []}, {"proofs": [{}]}, {"format": "x"}, 7):
        problem = _asked(capsys, "prove", "check", _written(tmp_path, content), "--key", verifier, code=1)
        assert isinstance(problem, dict)
        assert "not-a-proof" in problem["type"]
    for wrong in ("", "a+b+c", verifier[:-4] + "AAA=", verifier.replace("log+", "lag+")):
        problem = _asked(capsys, "prove", "check", _written(tmp_path, taken), "--key", wrong, code=1)
        assert isinstance(problem, dict)
        assert "bad-verifier" in problem["type"]


def _written(folder: Path, content: object) -> str:
    file = folder / "proof.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)
