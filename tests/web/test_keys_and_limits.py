"""API keys at work, and the limits of those who use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from takeback.operate.identity import rate
from tests.support.people import People
from tests.web.conftest import Client, problem


@pytest.fixture
def station(alice: Client, new_client: Callable[[], Client]) -> Client:
    """A program with a key of Alice's that may read and write."""
    made = alice.post("/api/v1/api-keys", json={"name": "station", "scopes": ["read", "write"]})
    assert made.status_code == 201, made.text
    client = new_client()
    client.headers["authorization"] = f"Bearer {made.json()['text']}"
    return client


def test_a_key_works_within_its_scopes(station: Client, people: People) -> None:
    """For its organisation; what is a person's own, and what changes who may do what, stays closed."""
    me = station.get("/api/v1/me").json()
    assert (me["organisation_id"], me["user"], me["role"]) == (str(people.alice.org_id), None, None)
    assert station.get("/api/v1/items").status_code == 200
    assert station.post("/api/v1/orders", json=[]).status_code == 201
    problem(station.post("/api/v1/api-keys", json={"name": "x", "scopes": ["read"]}), 403, "identity.forbidden")
    problem(station.get("/api/v1/sessions"), 403, "identity.no-person")
    problem(station.delete(f"/api/v1/members/{people.bob.id}"), 403, "identity.forbidden")


def test_a_revoked_key_is_closed_at_once(station: Client, alice: Client) -> None:
    """The next request gets 401."""
    (key,) = alice.get("/api/v1/api-keys").json()
    assert alice.delete(f"/api/v1/api-keys/{key['id']}").status_code == 204
    problem(station.get("/api/v1/me"), 401, "identity.sign-in")


@pytest.mark.parametrize("header", ["Bearer", "Bearer tb_", "Bearer tb_x.y", "Basic dTpw", "Token x", "tb_a.b", "é"])
def test_a_wrong_key_is_nobody(alice: Client, header: str) -> None:
    """Even beside a good session cookie: who shows a credential is judged by it."""
    answer = alice.get("/api/v1/me", headers={"authorization": header.encode("latin-1")})
    problem(answer, 401, "identity.sign-in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_is_limited(station: Client, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its burst 429 with the seconds to wait; a person's session is not touched by it."""
    monkeypatch.setattr(rate, "API_BY_KEY", rate.Limit("key", 3, 60))
    for _ in range(3):
        assert station.get("/api/v1/me").status_code == 200
    answer = station.get("/api/v1/me")
    problem(answer, 429, "identity.too-many-requests")
    assert int(answer.headers["retry-after"]) > 0
    assert alice.get("/api/v1/me").status_code == 200


def test_wrong_keys_are_limited_by_address(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that trying costs more than it brings; the same for tokens of invitations."""
    monkeypatch.setattr(rate, "TOKEN_BY_ADDRESS", rate.Limit("token", 2, 60))
    wrong = {"authorization": "Bearer tb_x.y"}
    problem(visitor.get("/api/v1/me", headers=wrong), 401, "identity.sign-in")
    problem(visitor.post("/api/v1/invitations/offer", json={"token": "x"}), 404, "identity.bad-invitation")
    problem(visitor.get("/api/v1/me", headers=wrong), 429, "identity.too-many-requests")
    problem(visitor.post("/api/v1/invitations/offer", json={"token": "x"}), 429, "identity.too-many-requests")
