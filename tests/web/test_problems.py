"""Mistakes, as programs and people are told them."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate import identity
from takeback.store.urls import Urls
from tests.support.people import People
from tests.web.conftest import Client, problem

HTML = {"accept": "text/html"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"email": 3, "role": "viewer"}, "body /email"),
        ({"email": "a@b.c", "role": "king"}, "body /role"),
        ({"email": "a@b.c"}, "body /role"),
        ([1], "body"),
        (None, "body"),
    ],
)
def test_a_wrong_field_is_named(alice: Client, body: Any, where: str) -> None:
    """The problem lists the field as a pointer into what was sent."""
    answer = alice.post("/api/v1/invitations", content=b"" if body is None else None, json=body, headers=JSON)
    found = problem(answer, 400, "request.bad-value")
    assert [error["where"] for error in found["errors"]] == [where]


def test_a_wrong_item_of_many_is_named(alice: Client) -> None:
    """By its number in the list."""
    found = problem(alice.post("/api/v1/orders", json=[{"id": 1}]), 400, "request.bad-value")
    assert found["errors"][0]["where"] == "body /0/id"
    assert (found["errors"][0]["found"], found["errors"][0]["expected"]) == ("int", "uuid")


@pytest.mark.parametrize(
    ("path", "where"),
    [("/api/v1/loop?days=x", "query days"), ("/api/v1/ledger/consistency?first=1", "query second")],
)
def test_a_wrong_parameter_is_named(alice: Client, path: str, where: str) -> None:
    """Missing or of a wrong type."""
    found = problem(alice.get(path), 400, "request.bad-value")
    assert where in {error["where"] for error in found["errors"]}


@pytest.mark.parametrize("content", [b"{bad", b"\xff\xfe", b'{"email":"\\ud800@x.y","role":"viewer"}', b"[" * 3000])
def test_a_body_that_is_no_json_is_refused(alice: Client, content: bytes) -> None:
    """With the place where it stops being JSON."""
    found = problem(alice.post("/api/v1/invitations", content=content, headers=JSON), 400, "request.bad-value")
    assert found["errors"][0]["where"] == "body"


def test_a_character_that_cannot_be_stored_is_refused(alice: Client, visitor: Client) -> None:
    """U+0000 is in no name, wherever it is sent; it makes no error of ours."""
    key = {"name": "a\0b", "scopes": ["read"]}
    problem(alice.post("/api/v1/api-keys", json=key), 422, "identity.bad-name")
    wrong = {"email": "a\0b@example.org", "password": "x\0y"}
    problem(visitor.post("/api/v1/sessions", json=wrong), 401, "identity.bad-credentials")


def test_what_is_not_there_is_404_in_the_form_that_was_asked_for(alice: Client) -> None:
    """A page for people, a problem for programs; the interface for programs always answers in JSON."""
    page = alice.get("/nothing-here", headers=HTML)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address." in page.text
    problem(alice.get("/nothing-here"), 404, "request.not-found")
    problem(alice.get("/api/v1/nothing-here", headers=HTML), 404, "request.not-found")
    problem(alice.patch("/health/live"), 405, "request.bad-method")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/health/live", {"GET", "HEAD", "OPTIONS"}),
        ("/api/v1/api-keys/1b4e28ba-2fa1-11d2-883f-0016d3cca427", {"DELETE", "OPTIONS"}),
    ],
)
def test_a_method_that_is_not_there_is_answered_with_those_that_are(
    alice: Client, path: str, methods: set[str]
) -> None:
    """405 has Allow (RFC 9110, 15.5.6), also where the address has places."""
    answer = alice.patch(path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == methods


def test_a_body_above_the_limit_is_refused(alice: Client) -> None:
    """Before it is read, by what its header announces."""
    answer = alice.post("/api/v1/orders", content=b"x", headers={**JSON, "content-length": "900000000000"})
    problem(answer, 413, "request.too-large")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "您尚未登录"),
        ("de,zh-Hant;q=0.7,en;q=0.4", "您尚未登录"),
        ("en-GB,zh;q=0.5", "You are not signed in."),
        ("de", "You are not signed in."),
        ("zh;q=0,en", "You are not signed in."),
        (";;;q=x,,", "You are not signed in."),
    ],
)
def test_a_problem_speaks_the_language_of_the_browser(visitor: Client, language: str, title: str) -> None:
    """The first of ours among those it prefers, English else."""
    found = problem(visitor.get("/api/v1/me", headers={"accept-language": language}), 401, "identity.sign-in")
    assert found["title"].startswith(title)


def test_an_account_s_language_goes_before_the_browser_s(alice: Client) -> None:
    """What a person has chosen holds in every browser."""
    assert alice.patch("/api/v1/me", json={"locale": "zh_Hans"}).json()["user"]["locale"] == "zh_Hans"
    found = problem(alice.get("/api/v1/nothing", headers={"accept-language": "en"}), 404, "request.not-found")
    answer = alice.get("/api/v1/items/zz", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert found["title"]
    assert answer.json()["title"] != "There is no such item here."


def test_an_error_of_ours_tells_its_number_and_nothing_else(
    alice: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The same number stands in the log with the cause; the answer holds none of it, as JSON or as a page."""

    def fail(*_: object) -> None:
        raise RuntimeError("the secret of the vault is 1234")

    monkeypatch.setattr(identity, "members", fail)
    with caplog.at_level(logging.ERROR, "takeback.web"):
        found = problem(alice.get("/api/v1/members"), 500, "server.failed")
    number = found["found"].removeprefix("incident ")
    assert number in caplog.text
    assert "the secret of the vault" in caplog.text
    assert "vault" not in str(found)
    assert "Traceback" not in str(found)


def test_a_database_that_is_gone_is_503(alice: Client, people: People) -> None:
    """Live still answers; ready, and everything else, says that the database cannot be reached."""
    store.open_database("postgresql+psycopg://nobody@127.0.0.1:1/none", "")
    try:
        assert alice.get("/health/live").status_code == 200
        problem(alice.get("/health/ready"), 503, "store.unreachable")
        problem(alice.get("/api/v1/me"), 503, "store.unreachable")
    finally:
        urls = Urls(application=people.database.application_url, owner=people.database.owner_url)
        store.open_database(urls.application, urls.owner)


def test_a_connection_that_breaks_is_503(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of a request, too."""

    def broken(*_: object) -> None:
        raise sa.exc.OperationalError("select 1", {}, psycopg.OperationalError("server closed the connection"))

    monkeypatch.setattr(identity, "members", broken)
    problem(alice.get("/api/v1/members"), 503, "store.unreachable")
