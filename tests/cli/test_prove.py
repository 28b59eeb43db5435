"""`takeback prove`: the ledger checked by whoever has the key, and one thing followed through it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from takeback.cli import run
from takeback.cli.session import database
from takeback.prove.checkpoint import LogKey
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
            assert run(["operate", "import", str(file), "--org", "lan", "--subject", subject]) == 0
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
    unknown = _asked(capsys, "prove", "trace", "RO-9", "--org", "lan", code=1)
    assert isinstance(unknown, dict)
    assert unknown["status"] == 404
    (home / "log-key.ed25519").unlink()
    broken = _asked(capsys, "prove", "verify", code=1)
    assert isinstance(broken, dict)
    assert any("signature" in finding for finding in broken["findings"])
