"""Signing in and out in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from takeback.operate import identity
from takeback.operate.identity import rate
from tests.support.people import PASSWORD, People, Person
from tests.web.conftest import Client, problem

HTML = {"accept": "text/html"}


def _token(page: Any) -> str:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


def _fill(client: Client, email: str, password: str, **fields: str) -> Any:
    token = _token(client.get("/sign-in", headers=HTML))
    data = {"_csrf_token": token, "email": email, "password": password, **fields}
    return client.post("/sign-in", data=data, headers=HTML)


def test_the_form_lets_in_and_out(visitor: Client, people: People) -> None:
    """From the form to where one wanted to go, and out again, after which the cookie is worth nothing."""
    answer = _fill(visitor, people.bob.email, PASSWORD, next="/ledger?page=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ledger?page=2")
    session = visitor.cookies["takeback_session"]
    page = visitor.get("/", headers=HTML)
    assert page.status_code == 200
    assert people.bob.name in page.text
    answer = visitor.post("/sign-out", data={"_csrf_token": _token(page)}, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "takeback_session" not in visitor.cookies
    assert identity.signed_in(session) is None


def test_a_wrong_password_shows_the_form_again(visitor: Client, people: People) -> None:
    """With the e-mail kept, the reason said, the password not repeated, and nobody signed in; in Chinese, too."""
    answer = _fill(visitor, people.bob.email, "not my password")
    assert answer.status_code == 401
    assert people.bob.email in answer.text
    assert "The e-mail or the password is not right." in answer.text
    assert "not my password" not in answer.text
    assert "takeback_session" not in visitor.cookies


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "/a\nb"]
)
def test_nobody_is_sent_elsewhere(visitor: Client, people: People, target: str) -> None:
    """A crafted link leads to the home page, before and after signing in."""
    assert _fill(visitor, people.bob.email, PASSWORD, next=target).headers["location"] == "/"
    answer = visitor.get("/sign-in", params={"next": target}, headers=HTML)
    assert answer.headers["location"] == "/"


def test_a_page_asked_for_without_session_comes_after_it(visitor: Client) -> None:
    """The way to the sign-in form remembers where one wanted to go."""
    answer = visitor.get("/items?stage=graded", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fitems%3Fstage%3Dgraded"


def test_htmx_is_told_to_go_to_the_form(visitor: Client) -> None:
    """A fragment is not replaced by a whole sign-in page; the browser is sent there."""
    answer = visitor.get("/search?q=x", headers={"hx-request": "true", "accept": "*/*"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


def test_a_planted_session_cookie_is_replaced(visitor: Client, people: People) -> None:
    """No fixation: what an attacker set before is not what the person is signed in with."""
    visitor.cookies.set("takeback_session", "planted-by-somebody")
    assert _fill(visitor, people.alice.email, PASSWORD).status_code == 303
    tokens = {cookie.value for cookie in visitor.cookies.jar if cookie.name == "takeback_session"}
    assert any(identity.signed_in(token) for token in tokens if token)
    assert identity.signed_in("planted-by-somebody") is None


def test_signing_in_again_ends_the_former_session(alice: Client, people: People) -> None:
    """One browser holds one session, and each sign-in makes a new token."""
    first = alice.cookies["takeback_session"]
    answer = alice.post("/api/v1/sessions", json={"email": people.alice.email, "password": PASSWORD})
    assert answer.status_code == 201
    assert alice.cookies["takeback_session"] != first
    assert identity.signed_in(first) is None


def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: Client, people: People) -> None:
    """HttpOnly and SameSite; over https Secure, too, and bound to this host by its prefix."""
    account = {"email": people.bob.email, "password": PASSWORD}
    plain = visitor.post("/api/v1/sessions", json=account).headers["set-cookie"]
    assert plain.startswith("takeback_session=")
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Path=/" in plain
    assert "Domain" not in plain
    secure = visitor.post("https://testserver.local/api/v1/sessions", json=account)
    assert secure.headers["set-cookie"].startswith("__Host-takeback_session=")
    assert "Secure" in secure.headers["set-cookie"]
    assert secure.headers["strict-transport-security"].startswith("max-age=")


def test_sessions_are_listed_and_ended(sign_in: Callable[[Person], Client], people: People) -> None:
    """One sees where one is signed in, ends one of them, and then all; nobody ends those of another."""
    here, there, bob = sign_in(people.alice), sign_in(people.alice), sign_in(people.bob)
    listed = here.get("/api/v1/sessions").json()
    assert len(listed) == 2
    assert bob.delete(f"/api/v1/sessions/{listed[0]['id']}").status_code == 404
    assert here.delete(f"/api/v1/sessions/{listed[0]['id']}").status_code == 204  # the newest: there
    problem(there.get("/api/v1/me"), 401, "identity.sign-in")
    assert here.get("/api/v1/me").status_code == 200
    assert here.delete("/api/v1/sessions").status_code == 204
    problem(here.get("/api/v1/me"), 401, "identity.sign-in")
    assert bob.get("/api/v1/me").status_code == 200


def test_signing_in_is_limited(visitor: Client, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """After too many tries 429 with the seconds to wait, on the form as well."""
    monkeypatch.setattr(rate, "SIGN_IN_BY_BOTH", rate.Limit("both", 2, 60))
    for _ in range(2):
        wrong = {"email": people.alice.email, "password": "wrong"}
        problem(visitor.post("/api/v1/sessions", json=wrong), 401, "identity.bad-credentials")
    answer = visitor.post("/api/v1/sessions", json={"email": people.alice.email, "password": PASSWORD})
    problem(answer, 429, "identity.too-many-requests")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    answer = _fill(visitor, people.alice.email, PASSWORD)
    assert answer.status_code == 429
    assert "Too many requests." in answer.text


def test_a_password_is_changed(alice: Client, people: People) -> None:
    """With the old one only; then the session is over and the new one lets in."""
    change = {"current": "wrong", "new": "other words for the new year"}
    problem(alice.put("/api/v1/me/password", json=change), 403, "identity.wrong-password")
    change["current"] = PASSWORD
    problem(alice.put("/api/v1/me/password", json={**change, "new": "password1234"}), 422, "identity.weak-password")
    assert alice.put("/api/v1/me/password", json=change).status_code == 204
    problem(alice.get("/api/v1/me"), 401, "identity.sign-in")
    assert identity.sign_in(people.alice.email, change["new"])
