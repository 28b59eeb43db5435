"""`takeback prove` for strangers and partners: bundles, maps, receipts, erasure, the witness."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import takeback
from takeback import store
from takeback.cli import run
from takeback.cli.session import database
from takeback.prove.bundle_check import verify_bundle
from takeback.prove.checkpoint import LogKey
from takeback.prove.growth import prove_growth_to_newest
from tests.cli.test_prove import home

__all__ = ["home"]

FILE = Path(takeback.__file__).parent / "prove" / "standalone" / "takeback_verify.py"


def _asked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    printed = capsys.readouterr()
    return json.loads(printed.out or printed.err)


def test_a_bundle_goes_to_a_stranger(home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """All entries about an order's thing, proven complete; what is printed is the file that the stranger checks."""
    key = LogKey.kept_in(home).verifier
    assert _asked(capsys, "prove", "complete", "RO-1", "--org", "lan", code=1)["type"].endswith("ledger.no-map")
    proof = _asked(capsys, "prove", "complete", "RO-1", "--org", "lan", "--new")
    assert len(proof["completeness"]["leaves"]) == 1
    assert run(["prove", "complete", "urn:epc:id:sgtin:9506000.013435.NONE", "--org", "lan"]) == 0
    assert "There is no entry about" in capsys.readouterr().out
    assert run(["prove", "bundle", "RO-1", "--org", "lan"]) == 0
    file = tmp_path / "bundle.json"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert verify_bundle(file.read_bytes(), key) == []
    checked = subprocess.run(
        [sys.executable, "-I", str(FILE), str(file), "--key", key], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, "ALL entries" in checked.stdout) == (0, True)
    assert _asked(capsys, "prove", "map", "--org", "lan") == {"entry": None}
    run_of = _asked(capsys, "prove", "bundle", "--numbers", "1-2", "--org", "lan")
    assert [json.loads(entry["leaf"])["number"] for entry in run_of["entries"]] == [1, 2]
    assert _asked(capsys, "prove", "bundle", "--numbers", "2-1", "--org", "lan", code=1)["found"] == "2-1"


def test_receipts_and_erasure(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A receipt names the entry; where nothing is personal there is nothing to erase."""
    promise = _asked(capsys, "prove", "receipt", "1", "--org", "lan")
    assert [leaf["entry"] for leaf in promise["promised"]["leaves"]] == [1]
    refused = _asked(capsys, "prove", "erase", "1", "--org", "lan", "--ground", "GDPR Art. 17(1)(b)", code=1)
    assert refused["type"].endswith("ledger.nothing-personal")


def test_a_witness_needs_no_database(home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It signs from a file that it is sent, writes the co-signed note, and refuses a key that is none."""
    growth, state, out = tmp_path / "growth.json", tmp_path / "state", tmp_path / "note"
    with database(), store.admin() as connection:
        growth.write_text(json.dumps(prove_growth_to_newest(connection, 1)))
    common = ("prove", "witness", "--log", str(growth), "--state", str(state), "--name", "lab.example/w")
    assert _asked(capsys, *common, "--log-key", "none", code=1)["type"].endswith("ledger.bad-verifier")
    assert _asked(capsys, *common, code=1)["type"].endswith("witness.no-log-key")
    seen = _asked(capsys, *common, "--log-key", LogKey.kept_in(home).verifier, "--out", str(out))
    assert (seen["before"], seen["published"]) == (0, False)
    assert out.read_text() == seen["note"]
    assert "lab.example/w" in seen["note"]
