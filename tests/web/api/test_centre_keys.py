"""What a program with an API key may do in a centre: read what all read; enter lists, results and sources; no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate.identity.actor import Actor
from takeback.operate.identity.api_keys import create_key
from takeback.operate.identity.permissions import permissions_of
from takeback.share.centre.kinds import kinds
from tests.web.api import centre_routes
from tests.web.api.centre_clients import URL, Client, Clients

Program = Callable[..., Any]
RESULT = {"sort": "software", "title": "Solver of lanes", "year": 2026, "licence": "MIT",
          "url": "https://example.org/lanes"}  # fmt: skip


def program(centre: Clients, *scopes: str) -> Program:
    """Return how a program asks that has a key of the centre's owner with some scopes."""
    with store.transaction(centre.centre.org) as connection:
        user = connection.execute(sa.text("select user_id from membership where role = 'owner'")).scalar_one()
        owner = Actor(org_id=centre.centre.org, permissions=permissions_of("owner"), role="owner", user_id=user)
        _, secret = create_key(connection, owner, name="program", scopes=scopes)
    client = Client(centre.running.app, raise_server_exceptions=False)
    client.blocking_portal = centre.running.blocking_portal

    def ask(method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> Any:
        sent = {"authorization": f"Bearer {secret}", **(headers or {})}
        return client.request(method, f"{URL}{path}", headers=sent, **more)

    return ask


def test_a_key_that_reads_reads_what_all_read_and_writes_nothing(centre: Clients) -> None:
    """Open kinds are there; blind ones, money, persons who did not agree, and every command are not."""
    centre.centre.enter("Alice Seen", "maker", "researcher")
    ask = program(centre, "read")
    assert ask("GET", "/records/member").json()["total"] == 5
    assert [one["email"] for one in ask("GET", "/people").json()] == [None]
    for path in ("/records/proposal", "/records/review", "/funds", "/figures?year=2026", "/lists/proposal", "/reports"):
        assert ask("GET", path).status_code == 403, path
    for line in (one for one in centre_routes.listed() if one.startswith("POST")):
        method, path = line.split(" ")
        filled = path.removeprefix(centre_routes.PREFIX).format(**centre_routes.in_path())
        answer = ask(method, filled, json=centre_routes.body(line))
        refused = answer.status_code in (400, 403, 404, 409, 422)
        nothing = answer.text in ("0", '{"read":0}')  # so many news or notices of its own were read
        assert refused or nothing, f"{line}: {answer.text}"
    for what in kinds():
        assert ask("POST", f"/records/{what.name}", json={"facts": {}}).status_code in (400, 403, 409, 422)
    with store.transaction(centre.centre.org) as connection:
        written = connection.execute(sa.text("select count(*) from entry where actor like 'key:%'")).scalar_one()
    assert written == 0


def test_a_key_for_imports_states_results_that_somebody_must_accept(centre: Clients) -> None:
    """It states a result by its own label in the ledger, enters no member, and accepts nothing."""
    ask = program(centre, "import")
    made = ask("POST", "/records/result", json={"facts": RESULT})
    assert made.status_code == 201, made.text
    assert made.json()["state"] == "stated"
    assert ask("POST", f"/results/{made.json()['id']}/accept", json={}).status_code == 403
    member = {"code": "Z", "name": "Z", "name_zh": "Z", "sort": "enterprise"}
    assert ask("POST", "/records/member", json={"facts": member}).status_code == 403
    assert ask("POST", "/people", json={"name": "Eve"}).status_code == 403
    with store.transaction(centre.centre.org) as connection:
        last = connection.execute(sa.text("select actor from entry order by id desc limit 1")).scalar_one()
    assert last.startswith("key:")


@pytest.mark.parametrize("scope", ["epcis", "write", "prove"])
def test_a_key_for_other_work_does_not_enter_the_centre(centre: Clients, scope: str) -> None:
    """Scopes that are for things and events open no door here."""
    assert program(centre, scope)("GET", "/records/member").status_code == 403


def test_charlies_key_finds_nothing_of_another_centre(centre: Clients, elsewhere: Clients) -> None:
    """A key belongs to one centre: ids of the other one are ids of nothing."""
    member = centre.centre.members["maker"]
    ask = program(elsewhere, "read", "import")
    assert ask("GET", f"/records/member/{member}").status_code == 404
    assert str(member) not in ask("GET", "/records/member").text


def test_a_key_that_reads_reads_no_ledger_which_holds_both_sides_of_every_call(centre: Clients) -> None:
    """By `read` no entry and no proof of one is told; a key that was made for proofs gets them."""
    with store.transaction(centre.centre.org) as connection:
        entry = connection.execute(sa.text("select max(id) from entry")).scalar_one()
    paths = (f"/entries/{entry}/proof", "/checkpoint", "/consistency?first=1&second=1")
    answers = {
        scope: [_ledger(program(centre, scope), path) for path in paths] for scope in ("read", "import", "prove")
    }
    assert answers["read"] == answers["import"] == [403, 403, 403]
    assert 403 not in answers["prove"]


def _ledger(ask: Program, path: str) -> int:
    status: int = ask("GET", f"/../ledger{path}").status_code
    return status
