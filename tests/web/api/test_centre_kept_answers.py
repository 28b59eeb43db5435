"""Answers kept for requests sent twice: for whom they were made, with the rights of then, without erased names."""

from __future__ import annotations

import sqlalchemy as sa

from takeback import store
from takeback.share.centre.organisation import set_roles
from tests.web.api.centre_clients import URL, Clients
from tests.web.conftest import problem

EVE = {"name": "Eve Longname", "email": "eve@centre.example", "roles": ["student"]}
KEY = {"idempotency-key": "one"}


def test_an_answer_is_given_again_only_to_whom_still_has_the_rights(centre: Clients) -> None:
    """Alice enters Eve and gets the answer again; once she runs the centre no more, the key tells her nothing."""
    alice = centre.enter("Alice", "university", "manager")
    first = alice.post(f"{URL}/people", json=EVE, headers=KEY)
    again = alice.post(f"{URL}/people", json=EVE, headers=KEY)
    assert (first.status_code, again.json()) == (201, first.json())
    world = centre.centre
    with store.transaction(world.org) as connection:
        set_roles(connection, world.manager, world.people["Alice"].id, ["researcher"])
    refused = alice.post(f"{URL}/people", json=EVE, headers=KEY)
    problem(refused, 422, "request.key-reused")
    assert "Longname" not in refused.text


def test_another_persons_key_is_another_key(centre: Clients, elsewhere: Clients) -> None:
    """Bob, a manager too, and Charlie of another centre send Alice's request with her key: nothing of hers comes."""
    alice, bob = centre.enter("Alice", "university", "manager"), centre.enter("Bob", "maker", "manager")
    first = alice.post(f"{URL}/people", json=EVE, headers=KEY)
    for other in (bob, elsewhere.manager()):
        answer = other.post(f"{URL}/people", json=EVE, headers=KEY)
        assert "idempotency-replayed" not in answer.headers
        assert answer.json().get("id") != first.json()["id"]


def test_who_withdraws_is_in_no_kept_answer(centre: Clients) -> None:
    """Eve withdraws: her name and address are in no kept answer, and the request is still not done twice."""
    alice = centre.manager()
    made = alice.post(f"{URL}/people", json=EVE, headers=KEY)
    with store.transaction(centre.centre.org) as connection:
        assert _holding(connection, "Longname") == 1
    assert alice.delete(f"{URL}/people/{made.json()['id']}").status_code == 204
    with store.transaction(centre.centre.org) as connection:
        assert _holding(connection, "Longname") == _holding(connection, "eve@centre.example") == 0
    problem(alice.post(f"{URL}/people", json=EVE, headers=KEY), 409, "request.secret-not-kept")


def test_who_withdraws_is_invited_no_more(centre: Clients) -> None:
    """The open invitation of somebody who withdrew is worthless: its link says no address."""
    alice = centre.manager()
    eve = alice.post(f"{URL}/people", json=EVE).json()
    link = alice.post(f"{URL}/people/{eve['id']}/invitation").json()["path"]
    assert "eve@centre.example" in alice.get(link).text
    assert alice.delete(f"{URL}/people/{eve['id']}").status_code == 204
    gone = alice.get(link)
    assert (gone.status_code, "eve@centre.example" in gone.text) == (404, False)


def _holding(connection: sa.Connection, text: str) -> int:
    found = sa.text("select count(*) from stored_answer where position(:text in body) > 0")
    return int(connection.execute(found, {"text": text.encode()}).scalar_one())
