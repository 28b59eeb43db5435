"""`takeback prove trace --back`, `recall` and `quality`: what the interface answers, in the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from takeback import store
from takeback.cli import run
from takeback.cli.session import database
from takeback.core.items import item_hex, item_key
from takeback.operate.identity import organisation_by_slug
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.capture import capture
from takeback.store import embedded
from tests.prove.genealogy.test_captured import ASSOCIATED, CELL, LOT, MADE, MADE_TOO, PACK
from tests.store import servers


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with an organisation that has assembled a pack out of a cell out of a lot."""
    for name in ("TAKEBACK_DATABASE_URL", "TAKEBACK_OWNER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = servers.new_home()
    monkeypatch.setenv("TAKEBACK_HOME", str(folder))
    with embedded.hold(folder):
        person = ("--owner", "a@lan.example", "--owner-name", "A")
        assert run(["operate", "found", "lan", "--name", "Lan", *person]) == 0
        with database():
            with store.admin() as connection:
                org = organisation_by_slug(connection, "lan").id
            with store.transaction(org) as connection:
                capture(connection, org, [ASSOCIATED, MADE, MADE_TOO], actor="test")
        yield folder
    embedded.destroy(folder)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, object]:
    capsys.readouterr()
    assert run([*arguments, "--org", "lan", "--json"]) == code
    printed = capsys.readouterr()
    answer: dict[str, object] = json.loads(printed.out or printed.err)
    return answer


def test_back_forward_and_a_recall(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The pack back to the lot, the lot forward to the pack, at an instant before: nothing; a list of both."""

    def uris(answer: dict[str, object]) -> list[object]:
        things = answer["things"]
        assert isinstance(things, list)
        return [thing["uri"] for thing in things]

    chain = [canonical_uri(name) for name in (PACK, CELL, LOT)]
    assert uris(asked(capsys, "prove", "trace", PACK, "--back")) == chain
    key = item_hex(item_key(chain[2]))
    assert uris(asked(capsys, "prove", "trace", key, "--forward")) == chain[::-1]
    early = ("--at", "2026-03-01T08:30:00Z")
    assert uris(asked(capsys, "prove", "trace", PACK, "--back", *early)) == chain[:1]
    listed = tmp_path / "recalled.txt"
    listed.write_text(f"# lots\n{LOT}\n\n{CELL}\n", encoding="utf-8")
    answer = asked(capsys, "prove", "recall", str(listed))
    assert (answer["total"], answer["by_depth"]) == (3, [2, 1])
    assert asked(capsys, "prove", "trace", "NO-SUCH", "--back", code=1)["status"] == 404


def test_a_person_reads_tables(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json there are a table, a sentence, and the quality with its parts and faults."""
    assert run(["prove", "trace", PACK, "--back", "--org", "lan"]) == 0
    told = capsys.readouterr().out
    assert "3 things in 3 levels, 2 steps." in told
    assert canonical_uri(LOT) in told
    assert run(["prove", "quality", PACK, "--org", "lan"]) == 0
    assert "of 100 over 1 events" in capsys.readouterr().out
    assert run(["prove", "quality", "--org", "lan"]) == 0
    assert "Trace quality by place" in capsys.readouterr().out
