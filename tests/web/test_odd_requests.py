"""What nobody sends who means well: each is answered for what it is, and none as a failure of ours."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import psycopg
import pytest

from takeback import store
from tests.support.people import PASSWORD, People
from tests.support.workshop import Workshop, workshop
from tests.web.conftest import Client, problem

HTML = {"accept": "text/html"}
NO_PATHS = ["//[", "//[x]/", "//\u2100.com", "https://evil.example"]


@pytest.fixture
def shop(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """Alice's workshop, with one graded lamp."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    return workshop(people, tmp_path)


@pytest.mark.parametrize("target", NO_PATHS)
def test_targets_that_are_no_addresses_lead_home(visitor: Client, alice: Client, target: str) -> None:
    """Before and after signing in, and after a form."""
    assert visitor.get("/sign-in", params={"next": target}, headers=HTML).status_code == 200
    for path in ("/preferences", "/queues/graded/accept"):
        sent = alice.post(path, data={"next": target, "theme": "dark"}, headers=HTML)
        assert (sent.status_code, sent.headers["location"]) == (303, "/"), path


@pytest.mark.parametrize("origin", ["http://[", "http://\u2100.com".encode().decode("latin-1")])
def test_an_origin_that_is_none_is_another_site(visitor: Client, people: People, origin: str) -> None:
    """And refused as such."""
    body = {"email": people.alice.email, "password": PASSWORD}
    headers = {"origin": origin.encode("latin-1")}
    problem(visitor.post("/api/v1/sessions", json=body, headers=headers), 403, "request.cross-site")


@pytest.mark.parametrize("name", ["%00", "a" * 300, "a%00.js", "%ff", "nope.js"])
def test_a_file_of_an_impossible_name_is_not_there(visitor: Client, name: str) -> None:
    """As little as any other that is not there."""
    problem(visitor.get(f"/static/console/{name}"), 404, "request.not-found")


@pytest.mark.parametrize("number", ["%C2%B2", "9" * 5000, "-3", "0", "x", "1e3", "%EF%BC%91"])
@pytest.mark.parametrize("path", ["/items", "/ledger", "/queues/graded"])
def test_a_page_that_is_no_number_is_the_first(alice: Client, shop: Workshop, path: str, number: str) -> None:
    """So are digits of other kinds and numbers that no list is long enough for."""
    assert alice.get(f"{path}?page={number}", headers=HTML).status_code == 200


KEYS = ["0x{key}", "%0a{key}", "{key}%0d%0aX-A: b", "{key}%0aX", "{wide}", "+{key}", "{key}_", "-1", "{upper}"]


@pytest.mark.parametrize("form", KEYS)
@pytest.mark.parametrize("path", ["/items/{}", "/items/{}/proof.json"])
def test_only_the_key_itself_is_a_key(alice: Client, shop: Workshop, path: str, form: str) -> None:
    """Other spellings that Python would read as the same number are unknown, and none gets into a header."""
    wide = "".join(chr(0xFF10 + int(c)) if c.isdigit() else c for c in shop.key)
    key = form.format(key=shop.key, wide=wide, upper=shop.key.upper() + "A")
    answer = alice.get(path.format(key), headers={"accept": "application/json"})
    assert answer.status_code == 404, answer.text
    assert "x-a" not in answer.headers
    assert alice.get(path.format(shop.key)).status_code == 200


def test_a_mapping_too_deep_to_read_is_no_mapping(alice: Client, shop: Workshop) -> None:
    """It is refused as one that is not understood."""
    form = {"subject": "returns", "mapping": "[" * 100_000}
    sent = alice.post("/api/v1/imports", data=form, files={"file": ("a.csv", b"order,product\nR1,LAMP\n")})
    problem(sent, 400, "import.bad-mapping")


@pytest.mark.parametrize(
    ("name", "content", "site"),
    [
        ("a.csv", b"order,product,serial\nR1,LAMP,S1\n", "\0"),
        ("a.json", b'[{"order": "\\ud800", "product": "LAMP", "serial": "S1"}]', None),
        ("a.json", b'[{"\\ud800": "R1", "product": "LAMP", "serial": "S1"}]', None),
        ("a.json", b'[{"order": "\\u0000", "product": "\\u0000", "serial": "\\u0000"}]', None),
    ],
)
def test_characters_that_cannot_be_stored_are_told(
    alice: Client, shop: Workshop, name: str, content: bytes, site: str | None
) -> None:
    """In a report, or as a problem; never as a failure."""
    form: dict[str, Any] = {"subject": "returns"} | ({"site": site} if site is not None else {})
    sent = alice.post("/api/v1/imports", data=form, files={"file": (name, content)})
    assert sent.status_code in {201, 400, 422}, sent.text


def test_head_is_get_without_the_body(alice: Client, visitor: Client, shop: Workshop) -> None:
    """On pages and on what programs read; what takes POST only has no HEAD."""
    for path in ("/items", f"/items/{shop.key}", "/api/v1/items", "/api/openapi.json", "/health/live"):
        got, asked = alice.get(path), alice.head(path)
        assert (asked.status_code, asked.content) == (got.status_code, b""), path
        assert asked.headers["content-type"] == got.headers["content-type"]
    assert visitor.head("/api/v1/items").status_code == 401
    assert visitor.head("/nothing").status_code == 404
    assert alice.head("/api/v1/orders").status_code == 405


def test_visitors_do_not_learn_where_the_database_is(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log does."""

    def fail() -> None:
        raise psycopg.OperationalError('connection to server on socket "/secret/place/.s.PGSQL.5432" failed')

    monkeypatch.setattr(store, "admin", fail)
    with caplog.at_level(logging.ERROR, logger="takeback.web"):
        found = problem(visitor.get("/health/ready"), 503, "store.unreachable")
    assert "/secret/place" not in str(found)
    assert "/secret/place" in caplog.text


def test_a_path_in_the_log_stays_on_its_line(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Line breaks of an address do not make lines of the log."""

    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("takeback.web.pages.sign_in.page", lambda *_, **__: fail())
    monkeypatch.setattr("takeback.web.pages.invitation.page", lambda *_, **__: fail(), raising=False)
    with caplog.at_level(logging.ERROR, logger="takeback.web"):
        answer = visitor.get("/invitation/a%0aforged line")
    assert answer.status_code in {404, 500}
    assert "\nforged line" not in caplog.text


def test_a_member_who_goes_leaves_no_key_behind(alice: Client, bob: Client, charlie: Client, people: People) -> None:
    """Bob becomes an owner, makes a key and is taken out: it ends; Alice's stays, and so does that of Charlie."""
    assert alice.patch(f"/api/v1/members/{people.bob.id}", json={"role": "owner"}).status_code == 200
    texts = {
        name: client.post("/api/v1/api-keys", json={"name": "k", "scopes": ["read"]}).json()["text"]
        for name, client in (("alice", alice), ("bob", bob), ("charlie", charlie))
    }
    assert alice.delete(f"/api/v1/members/{people.bob.id}").status_code == 204
    for client in (alice, bob, charlie):
        client.cookies.clear()
    codes = {
        name: alice.get("/api/v1/items", headers={"authorization": f"Bearer {text}"}).status_code
        for name, text in texts.items()
    }
    assert codes == {"alice": 200, "bob": 401, "charlie": 200}


def test_the_page_says_that_keys_ended(alice: Client, bob: Client, people: People) -> None:
    """Where there were any."""
    alice.patch(f"/api/v1/members/{people.bob.id}", json={"role": "owner"})
    bob.post("/api/v1/api-keys", json={"name": "k", "scopes": ["read"]})
    told = alice.post(f"/settings/members/{people.bob.id}/remove", headers=HTML)
    assert told.status_code == 200
    assert "are revoked: 1" in told.text


@pytest.mark.parametrize("currency", ["QQQ", "XXX", "yuan", ""])
def test_an_organisation_counts_in_a_currency(alice: Client, people: People, currency: str) -> None:
    """One of ISO 4217; what is none is refused and the pages stay."""
    own = alice.get("/api/v1/organisation").json()
    del own["id"]
    problem(alice.put("/api/v1/organisation", json={**own, "currency": currency}), 422, "identity.bad-organisation")
    assert alice.get("/", headers=HTML).status_code == 200


def test_ones_own_address_is_no_password(alice: Client, people: People) -> None:
    """With or without a little behind it."""
    for new in (people.alice.email, people.alice.email.upper(), people.alice.email + "12"):
        sent = alice.put("/api/v1/me/password", json={"current": PASSWORD, "new": new})
        problem(sent, 422, "identity.weak-password")
