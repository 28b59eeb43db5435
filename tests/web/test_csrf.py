"""That changing requests come from our own pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from takeback import store
from takeback.operate import identity
from takeback.web.security.csrf import csrf_token, token_fits
from tests.support.people import PASSWORD, People
from tests.web.conftest import Client, problem

INVITE = {"email": "dora@example.org", "role": "viewer"}


def test_a_token_fits_its_own_session_only() -> None:
    """Tokens of one session differ from page to page and all fit; nothing else does."""
    first, second = csrf_token("session"), csrf_token("session")
    assert first != second
    assert token_fits("session", first)
    assert token_fits("session", second)
    for wrong in ("", "a", first[:-2], first[1:], csrf_token("another"), "é" * 40, "!" * 60, first + "=="):
        assert not token_fits("session", wrong) or wrong == first + "=="


@pytest.mark.parametrize(
    "token", [None, "", "wrong", csrf_token("another session")], ids=["none", "empty", "wrong", "of another session"]
)
def test_a_session_needs_the_token(alice: Client, token: str | None) -> None:
    """Without it, or with a wrong one, nothing changes; reading needs none."""
    del alice.headers["x-csrftoken"]
    headers = {} if token is None else {"x-csrftoken": token}
    for method, path in (("POST", "/api/v1/invitations"), ("DELETE", "/api/v1/sessions"), ("POST", "/sign-out")):
        body = {"json": INVITE} if method == "POST" and path.startswith("/api") else {}
        problem(alice.request(method, path, headers=headers, **body), 403, "request.bad-token")
    assert alice.get("/api/v1/invitations").json() == []


def test_the_token_of_another_person_is_worthless(alice: Client, bob: Client) -> None:
    """Bob's own token does not make Alice's browser act."""
    answer = alice.post("/api/v1/invitations", json=INVITE, headers={"x-csrftoken": bob.headers["x-csrftoken"]})
    problem(answer, 403, "request.bad-token")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.local:81"},
    ],
)
def test_another_site_is_refused_even_with_the_token(alice: Client, headers: dict[str, str]) -> None:
    """The browser says where a request comes from; what comes from elsewhere is refused."""
    problem(alice.post("/api/v1/invitations", json=INVITE, headers=headers), 403, "request.cross-site")


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "http://testserver.local"}]
)
def test_our_own_pages_pass(alice: Client, headers: dict[str, str]) -> None:
    """With the token in the header, or in the form's field."""
    assert alice.post("/api/v1/invitations", json=INVITE, headers=headers).status_code == 201
    token = alice.headers.pop("x-csrftoken")
    answer = alice.post("/preferences", data={"_csrf_token": token, "theme": "dark"}, headers=headers)
    assert answer.status_code == 303


def test_signing_in_cannot_be_done_to_somebody(visitor: Client, people: People) -> None:
    """A stranger's page can send neither the form (no token) nor JSON dressed as text, nor JSON from another origin."""
    account = {"email": people.charlie.email, "password": PASSWORD}
    problem(visitor.post("/sign-in", data=account), 403, "request.bad-token")
    dressed = visitor.post("/api/v1/sessions", content=b"{}", headers={"content-type": "text/plain"})
    problem(dressed, 415, "request.bad-media-type")
    crossed = visitor.post("/api/v1/sessions", json=account, headers={"origin": "https://evil.example"})
    problem(crossed, 403, "request.cross-site")
    assert "takeback_session" not in visitor.cookies


def test_a_key_needs_no_token(new_client: Callable[[], Client], people: People) -> None:
    """No browser sends a key by itself; with the key the cookie beside it counts for nothing."""
    with store.transaction(people.alice.org_id) as connection:
        _, text = identity.create_key(connection, people.alice.actor, name="scales", scopes=["write", "read"])
    client = new_client()
    client.cookies.set("takeback_session", identity.open_session(people.charlie.id))
    client.headers["authorization"] = f"Bearer {text}"
    assert client.post("/api/v1/orders", json=[]).status_code == 201
    me = client.get("/api/v1/me").json()
    assert (me["organisation_id"], me["user"]) == (str(people.alice.org_id), None)
