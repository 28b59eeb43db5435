"""Genealogies, recalls and grants over HTTP: what is asked is answered, for whom it may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from takeback import store
from takeback.core.items import item_hex, item_key
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.capture import capture
from tests.prove.genealogy.test_captured import ASSOCIATED, CELL, LOT, MADE, MADE_TOO, PACK
from tests.support.people import People, Person
from tests.support.workshop import CODE, EPC, workshop
from tests.web.conftest import Client


def key(uri: str) -> str:
    return item_hex(item_key(canonical_uri(uri)))


def record(person: Person, *events: dict[str, object]) -> None:
    with store.transaction(person.org_id) as connection:
        capture(connection, person.org_id, list(events), actor="test")


@pytest.fixture
def recorded(people: People) -> None:
    """Alice assembled the pack; Charlie made the cell."""
    record(people.alice, ASSOCIATED)
    record(people.charlie, MADE, MADE_TOO)


def test_one_sees_ones_own_and_a_count_of_the_rest(recorded: None, alice: Client, bob: Client) -> None:
    """Alice and her colleague see the cell in the pack, and that two events of others join it to something else."""
    for client in (alice, bob):
        answer = client.get(f"/api/v1/items/{key(PACK)}/genealogy", params={"direction": "back"})
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert [(thing["uri"], thing["depth"], thing["kind"]) for thing in found["things"]] == [
            (canonical_uri(PACK), 0, None),
            (canonical_uri(CELL), 1, "association"),
        ]
        assert found["hidden"] == 1
        [step] = found["steps"]
        assert (step["inner"], step["outer"]) == ([key(CELL)], [key(PACK)])


def test_what_is_granted_is_shown(recorded: None, alice: Client, charlie: Client, people: People) -> None:
    """After Charlie's grant Alice sees the lot, in the trace and in the recall of the lot; taken back, no more."""
    charlie.post("/api/v1/trace-grants", json={"grantee": str(people.alice.org_id)}).raise_for_status()
    found = alice.get(f"/api/v1/items/{key(PACK)}/genealogy").json()
    assert [thing["key"] for thing in found["things"]] == [key(PACK), key(CELL), key(LOT)]
    assert found["hidden"] == 0
    recall = alice.post("/api/v1/recalls", json={"items": [LOT]})
    assert recall.status_code == 200, recall.text
    assert (recall.json()["total"], recall.json()["by_depth"]) == (3, [1, 1, 1])
    assert charlie.get("/api/v1/trace-grants").json() == [{"grantee": str(people.alice.org_id), "item": None}]
    assert charlie.delete(f"/api/v1/trace-grants/{people.alice.org_id}").status_code == 204
    assert len(alice.get(f"/api/v1/items/{key(PACK)}/genealogy").json()["things"]) == 2
    assert alice.post("/api/v1/recalls", json={"items": [LOT]}).json()["total"] == 1


def test_an_instant_before_shows_what_was(recorded: None, alice: Client) -> None:
    """Before the pack was assembled it held nothing; a time without an offset is refused with the mend."""
    address = f"/api/v1/items/{key(PACK)}/genealogy"
    assert len(alice.get(address, params={"at": "2026-03-01T09:59:00Z"}).json()["things"]) == 1
    assert len(alice.get(address, params={"at": "2026-03-01T18:00:00+08:00"}).json()["things"]) == 2
    refused = alice.get(address, params={"at": "2026-03-01T09:59:00"})
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (422, "time.no-offset")


def test_only_the_owner_grants(alice: Client, bob: Client, people: People) -> None:
    """Bob may look, but not open the ledger of the organisation to others; nobody grants to the own organisation."""
    grant = {"grantee": str(people.charlie.org_id), "item": key(PACK)}
    assert bob.post("/api/v1/trace-grants", json=grant).status_code == 403
    assert alice.post("/api/v1/trace-grants", json=grant).status_code == 201
    own = alice.post("/api/v1/trace-grants", json={"grantee": str(people.alice.org_id)})
    assert (own.status_code, own.json()["type"].rsplit("/", 1)[1]) == (409, "grants.own")


def test_what_nobody_knows_is_not_found(alice: Client) -> None:
    """Neither an unknown key nor an unknown code has a genealogy or can be recalled."""
    assert alice.get(f"/api/v1/items/{'0' * 15}7/genealogy").status_code == 404
    assert alice.post("/api/v1/recalls", json={"items": ["NO-SUCH-CODE"]}).status_code == 404
    assert alice.post("/api/v1/recalls", json={"items": []}).status_code == 400


def test_things_are_recalled_by_code_identifier_or_key(
    alice: Client, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One item under three names is one thing, called by its code; its quality counts its physical events."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    things = workshop(people, tmp_path)
    found = alice.post("/api/v1/recalls", json={"items": [f" {CODE}", EPC, things.key]}).json()
    assert (found["total"], [thing["code"] for thing in found["things"]]) == (1, [CODE])
    page = alice.get(f"/items/{things.key}")
    assert f'hx-get="/items/{things.key}/genealogy"' in page.text
    assert alice.get(f"/api/v1/items/{things.key}/trace-quality").json()["events"] >= 2
