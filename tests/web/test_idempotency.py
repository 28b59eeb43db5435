"""Requests that are sent twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from takeback import store
from tests.support.people import People
from tests.web.conftest import Client, problem

FIELDS = {"slug": "twice", "kind": "institute", "name": "Twice", "name_zh": "二次"}


def _key(key: str) -> dict[str, str]:
    return {"idempotency-key": key}


def test_a_repeated_request_gets_the_first_answer(alice: Client) -> None:
    """The same key and body: created once, answered twice alike, the second marked; without a key it is refused."""
    first = alice.post("/api/v1/organisations", json=FIELDS, headers=_key("one"))
    again = alice.post("/api/v1/organisations", json=FIELDS, headers=_key("one"))
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    problem(alice.post("/api/v1/organisations", json=FIELDS), 409, "identity.organisation-exists")
    assert [m["slug"] for m in alice.get("/api/v1/organisations").json()].count("twice") == 1


def test_the_key_stands_for_one_request_of_one_caller(alice: Client, bob: Client) -> None:
    """Another body under it is refused; another caller's same key is another key."""
    assert alice.post("/api/v1/orders", json=[], headers=_key("one")).status_code == 201
    other = alice.post("/api/v1/receipts", json=[], headers=_key("one"))
    problem(other, 422, "request.key-reused")
    answer = bob.post("/api/v1/orders", json=[], headers=_key("one"))
    assert answer.status_code == 201
    assert "idempotency-replayed" not in answer.headers


def test_what_was_refused_may_be_tried_again(alice: Client) -> None:
    """A mistake is not remembered: the corrected request under the same key succeeds."""
    problem(
        alice.post("/api/v1/organisations", json={**FIELDS, "slug": "Not A Slug"}, headers=_key("one")),
        422,
        "identity.bad-organisation",
    )
    assert alice.post("/api/v1/organisations", json=FIELDS, headers=_key("one")).status_code == 201


def test_a_secret_is_not_kept_for_a_second_answer(alice: Client, people: People) -> None:
    """A key is made once and shown once: the repeated request is refused, and the stored answer holds no secret."""
    body = {"name": "scales", "scopes": ["read"]}
    first = alice.post("/api/v1/api-keys", json=body, headers=_key("one"))
    assert first.status_code == 201
    problem(alice.post("/api/v1/api-keys", json=body, headers=_key("one")), 409, "request.secret-not-kept")
    assert len(alice.get("/api/v1/api-keys").json()) == 1
    with store.transaction(people.alice.org_id) as connection:
        assert connection.execute(sa.text("select body from stored_answer")).scalars().all() == [None]


def test_simultaneous_requests_take_effect_once(alice: Client, people: People) -> None:
    """Of eight at the same moment one works; the others get its answer, or are told that it is being worked on."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda _: alice.post(
                    "/api/v1/invitations", json={"email": "d@e.org", "role": "viewer"}, headers=_key("one")
                ),
                range(8),
            )
        )
    assert sorted(a.status_code for a in answers) == [201] + [409] * 7
    assert len(alice.get("/api/v1/invitations").json()) == 1


def test_a_bad_key_is_refused(alice: Client) -> None:
    """Longer than 255 characters."""
    problem(alice.post("/api/v1/orders", json=[], headers=_key("x" * 256)), 400, "request.bad-key")
