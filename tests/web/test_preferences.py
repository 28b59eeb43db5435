"""Language, theme, and what the figures are of."""

from __future__ import annotations

import re

import pytest

from takeback.web.preferences import is_choice, own_path
from tests.support.people import People, new_organisation
from tests.web.conftest import Client

HTML = {"accept": "text/html"}


def _token(client: Client, path: str) -> str:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', client.get(path, headers=HTML).text)
    assert found
    return found[1]


def test_a_visitor_chooses_language_and_theme(visitor: Client) -> None:
    """The sign-in page follows at once, and stays so in this browser."""
    form = {"_csrf_token": _token(visitor, "/sign-in"), "locale": "zh_Hans", "theme": "dark", "next": "/sign-in"}
    answer = visitor.post("/preferences", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    page = visitor.get("/sign-in", headers=HTML).text
    assert '<html lang="zh-Hans" data-theme="dark">' in page


def test_a_person_s_language_is_kept_with_the_account(alice: Client, bob: Client, people: People) -> None:
    """In every browser of hers, and in nobody else's."""
    form = {"_csrf_token": _token(alice, "/"), "locale": "zh_Hans"}
    alice.post("/preferences", data=form)
    assert alice.get("/api/v1/me").json()["user"]["locale"] == "zh_Hans"
    assert 'lang="zh-Hans"' in alice.get("/", headers=HTML).text
    assert bob.get("/api/v1/me").json()["user"]["locale"] == "en"


def test_a_person_chooses_for_which_organisation_to_work(alice: Client, bob: Client, people: People) -> None:
    """Among one's own alone: Alice's second one is in her menu and not in Bob's, and Charlie's is nobody else's."""
    second = new_organisation(people.alice.id, "second")
    assert f'name="organisation" value="{second}"' in alice.get("/settings", headers=HTML).text
    assert 'name="organisation"' not in bob.get("/settings", headers=HTML).text
    form = {"_csrf_token": _token(alice, "/settings"), "organisation": str(second), "next": "/settings"}
    assert alice.post("/preferences", data=form).headers["location"] == "/settings"
    assert alice.get("/api/v1/me").json()["organisation_id"] == str(second)
    for other in (str(people.charlie.org_id), "elsewhere"):
        assert alice.post("/preferences", data={**form, "organisation": other}).status_code == 404
    assert bob.post("/preferences", data={**form, "_csrf_token": _token(bob, "/settings")}).status_code == 404


def test_what_cannot_be_chosen_is_left_out(visitor: Client) -> None:
    """A language we do not speak, a made-up theme: the good choices hold, the others are not kept."""
    form = {"_csrf_token": _token(visitor, "/sign-in"), "locale": "tlh", "theme": "dark", "window": "century", "x": "y"}
    visitor.post("/preferences", data=form)
    assert {c.name for c in visitor.cookies.jar} == {"takeback_visitor", "takeback_theme"}


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("locale", "en", True),
        ("locale", "../en", False),
        ("vertical", "", True),
        ("vertical", "electronics", False),
        ("site", "SH-01", True),
        ("site", "", True),
        ("site", "a;b", False),
        ("site", "x" * 65, False),
        ("other", "x", False),
    ],
)
def test_choices(name: str, value: str, good: bool) -> None:
    """Only what stands in the table, and sites by something that can stand in a cookie."""
    assert is_choice(name, value) is good


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/items?a=b#c", "/items?a=b#c"),
        ("", "/"),
        ("items", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("http:/evil.example", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ],
)
def test_one_s_own_paths(target: str, path: str) -> None:
    """Nobody is sent to another host, and no header is smuggled in."""
    assert own_path(target) == path
