"""Forms with files as nobody's browser sends them: refused for what they are, none waits, none is a failure of ours."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from takeback import store
from takeback.share.centre.members import Member
from takeback.share.centre.records import create
from tests.web.api.centre_clients import URL, Client, Clients
from tests.web.conftest import problem

MULTIPART = "multipart/form-data; boundary=XX"
END = "--XX--\r\n"
CLAIM = f"cost_kind=materials&amount=10&purpose=Cells&on={date(2026, 11, 2)}&supplier=Cells&invoice=I-1"
NOBODYS = "00000000-0000-0000-0000-000000000007"


def _part(name: str, file: str | None = None, text: str = "ten yuan") -> str:
    told = "" if file is None else f'; filename="{file}"'
    return f'--XX\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n{text}\r\n'


WRONG = {
    "text alone": _part("data") + END,
    "a text twice": _part("data") + _part("data") + END,
    "two files of one name": _part("data", "a.txt") + _part("data", "b.txt") + END,
    "two files": _part("data", "a.txt") + _part("more", "b.txt") + END,
    "no name": _part("data", "") + END,
    "nothing": END,
    "no body": "",
    "cut off": _part("data", "a.txt"),
    "no form": "ten yuan",
}
OTHERS = (
    "multipart/mixed; boundary=XX",
    "application/x-www-form-urlencoded; boundary=XX",
    "application/json",
    "text/plain",
    "",
)
RIGHT = _part("data", "a.txt") + END


def _paths(record: object) -> list[str]:
    return [
        f"{URL}/records/member/{record}/files",
        f"{URL}/proposals/{NOBODYS}/files",
        f"{URL}/projects/{NOBODYS}/claims?{CLAIM}",
        f"{URL}/lists/member/examine",
        f"{URL}/lists/member",
    ]


@pytest.fixture
def alice(centre: Clients) -> Client:
    """The browser of who runs the centre."""
    return centre.manager()


@pytest.fixture
def member(centre: Clients) -> object:
    """A record to which files are added."""
    facts = Member(code="E9", name="Ninth", name_zh="九", sort="enterprise")
    with store.transaction(centre.centre.org) as connection:
        return create(connection, centre.centre.manager, "member", facts).id


@pytest.mark.parametrize("key", [False, True])
def test_a_form_that_does_not_bring_one_file_is_refused(
    centre: Clients, alice: Client, member: object, key: bool
) -> None:
    """On every route that takes a file: none, two, one without a name, a form that ends too early."""
    tried = 0
    for path, (what, body) in itertools.product(_paths(member), WRONG.items()):
        headers = {"content-type": MULTIPART} | ({"idempotency-key": f"key-{tried}"} if key else {})
        answer = alice.post(path, content=body.encode(), headers=headers)
        assert answer.status_code == 400, f"{path}, {what}: {answer.text[:200]}"
        tried += 1
    assert tried == 45
    assert alice.get(f"{URL}/records/member/{member}/files").json() == []


@pytest.mark.parametrize("key", [False, True])
def test_a_file_comes_in_a_form_of_parts(centre: Clients, alice: Client, member: object, key: bool) -> None:
    """Whatever else the header says, with whatever body, is refused by it."""
    bodies = (RIGHT, "", "{}")
    for number, (path, kind, body) in enumerate(itertools.product(_paths(member), OTHERS, bodies)):
        headers = {"content-type": kind} | ({"idempotency-key": f"key-{number}"} if key else {})
        answer = alice.post(path, content=body.encode(), headers=headers)
        problem(answer, 415, "request.bad-media-type")


def test_a_form_of_parts_is_no_json(centre: Clients, alice: Client) -> None:
    """The form's token was looked at, and the body is gone: the answer says so, instead of waiting for JSON."""
    token = alice.headers.pop("x-csrftoken")
    for path in (f"{URL}/records/problem", f"{URL}/notices/read", f"{URL}/projects"):
        body = (_part("_csrf_token", text=token) + END).encode()
        answer = alice.post(path, content=body, headers={"content-type": MULTIPART})
        problem(answer, 415, "request.bad-media-type")


def test_a_key_stands_for_one_file(centre: Clients, alice: Client, member: object) -> None:
    """The same file again, in whatever boundary, is kept once; another under the same key is refused, not forgotten."""
    path, key = f"{URL}/records/member/{member}/files", {"idempotency-key": "one"}

    def sent(name: str, content: bytes) -> Any:
        return alice.post(path, files={"data": (name, content, "text/plain")}, headers=key)

    first, again = sent("a.txt", b"ten yuan"), sent("a.txt", b"ten yuan")
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    problem(sent("a.txt", b"20 yuan"), 422, "request.key-reused")
    problem(sent("b.txt", b"ten yuan"), 422, "request.key-reused")
    assert [one["name"] for one in alice.get(path).json()] == ["a.txt"]
    kept = alice.get(f"{path}/{first.json()['id']}")
    assert kept.content == b"ten yuan"
