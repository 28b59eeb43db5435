"""Blind review over HTTP: every page and every answer of the programming interface, asked by authors and reviewers.

The demo's call stands where its reviews are written: 12 proposals, 9 experts, with names, addresses and files that are
found nowhere else. Each GET route is asked with ids that could be known; what comes (status, headers, body) is
searched for the other side. That an organisation is a member, and that a person sits in a body of the centre, is no
secret of a call: those names and ids are looked for in answers about calls alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from litestar.routes import HTTPRoute

from takeback import store
from takeback.demo.centre import calling, telling
from takeback.demo.centre.content import cast
from takeback.demo.centre.crew import gather
from takeback.demo.centre.dates import Calendar
from takeback.demo.centre.practice import state_problems
from takeback.operate.identity.memberships import insert_member
from takeback.operate.identity.users import create_user
from takeback.share.centre import calls, people, records
from takeback.share.centre.calls import Leak, Seen
from takeback.share.centre.people import PersonFields, enter_person
from tests.store import servers
from tests.web.api.centre_clients import Client, Clients, clients

ABOUT_CALLS = re.compile(r"/(calls|proposals|reviews|reviewing)(/|$|\?)")
PUBLIC = frozenset({"name of an organisation", "id of an organisation", "id of a person"})
SKIPPED = re.compile(r"^/(static|verify|takeback_verify|health|log|ns|epcis|drive|invitation|api/openapi|sign-in)")
NOBODYS = "00000000-0000-0000-0000-000000000007"
AUTHORS, REVIEWERS = ("xu", "cao"), ("jiang", "dai")


class World:
    """The centre in the middle of its review, and browsers of its people."""

    def __init__(self, running: Client) -> None:
        self.crew = gather(cast(), Calendar(date(2026, 11, 25)))
        self.clients = Clients(running, None)  # type: ignore[arg-type]
        with store.transaction(self.crew.org) as connection:
            telling.meet(connection, self.crew)
            common = state_problems(connection, self.crew)
            self.call, self.proposals = calling.hand_in(connection, self.crew, common)
            calling.review(connection, self.crew, self.call, self.proposals, 0, experts=5)
            self.ids = self._ids(connection)

    def _ids(self, connection: Any) -> dict[str, str]:
        known = {kind: records.find(connection, kind, limit=1) for kind in KINDS}
        return {kind: str(found[0].id) if found else NOBODYS for kind, found in known.items()}

    def browser(self, nick: str) -> Client:
        """Return the browser of a person, who gets an account if there is none yet."""
        person_id = self.crew.people[nick]
        with store.transaction(self.crew.org) as connection:
            person = people.person_by_id(connection, person_id)
            user = person.user_id
            if user is None:
                assert person.email
                user = create_user(
                    connection, email=person.email, display_name=person.name, password="a-long-password-5", locale="en"
                ).id
                insert_member(connection, self.crew.org, user, "participant")
                fields = PersonFields(
                    name=person.name, name_zh=person.name_zh, email=person.email, member_id=person.member_id,
                    roles=person.roles,
                )  # fmt: skip
                enter_person(connection, self.crew.system, fields, id=person_id, user_id=user)
        return self.clients.of(user)

    def addresses(self, app: Any, nick: str) -> Iterator[str]:
        """Yield every address of every GET route, with ids that this person could know or guess."""
        names = self._neutral(nick)
        for route in app.routes:
            if isinstance(route, HTTPRoute) and "GET" in route.methods and not SKIPPED.match(route.path):
                yield from _filled(route.path_format, self.ids, names)

    def _neutral(self, nick: str) -> list[str]:
        actor = self.crew.actor(nick)
        if not actor.may("review.write"):
            return ["none"]
        with store.transaction(self.crew.org) as connection:
            return [one.name for one in calls.reviewer_view(connection, actor, self.call).proposals] or ["none"]


KINDS = ["call", "proposal", "review", "conflict", "decision", "member", "body", "problem", "common-problem", "profile"]
SECRET_KINDS = frozenset({"proposal", "review", "conflict", "decision"})
"""Kinds whose records nobody of a side is to hear of: their ids are tried wherever a route takes an id."""
WORDS = {
    "ending": "csv",
    "code": "calls.proposals",
    "tab": "all",
    "style": "bibtex",
    "file": "none",
    "entry": "1",
    "key": "1",
}
QUERY = "year=2024&first=1&second=1&since=2024-01-01T00:00:00Z&until=2027-01-01T00:00:00Z&q=Xu&text=Xu&size=500"


def _could_be(path: str, kind: str) -> bool:
    """Whether a route is asked with an id of this kind: secret ones everywhere, others where they belong.

    That a route refuses ids of any other kind is tested for all of them elsewhere (confusion).
    """
    named = {one.removesuffix("_id").replace("_", "-") for one in re.findall(r"{(\w+)}", path)}
    return kind in SECRET_KINDS or bool(named & {"record", "id", "of", "about"}) or any(one in kind for one in named)


def _filled(path: str, ids: dict[str, str], names: list[str]) -> Iterator[str]:
    """Yield a route's address with each kind of record and its id; calls by theirs, other words by what there is."""
    told: dict[str, None] = {}
    for kind, own in ids.items():
        if not _could_be(path, kind):
            continue
        for name in names:
            words = {**WORDS, "kind": kind, "call_id": ids["call"], "proposal": name, "name": name}
            told[re.sub(r"{(\w+)}", lambda m: quote(words.get(m[1], own)), path)] = None  # noqa: B023
    for one in told:
        yield f"{one}?{QUERY}"


@pytest.fixture(scope="module")
def world(running: Client) -> Iterator[World]:
    """The centre, built once."""
    with servers.migrated() as urls:
        store.open_database(urls.application, urls.owner)
        try:
            yield World(running)
        finally:
            store.close()


@pytest.mark.parametrize("nick", [*AUTHORS, *REVIEWERS])
def test_no_answer_tells_who_the_others_are(world: World, running: Client, nick: str) -> None:
    """Whatever is asked, no name, address, id, file name, hash, day or moment of the other side comes."""
    client, side = world.browser(nick), "author" if nick in AUTHORS else "reviewer"
    told: dict[bool, dict[str, Any]] = {True: {}, False: {}}
    for number, address in enumerate(world.addresses(running.app, nick)):
        if number % 200 == 199:  # nobody is slowed down here for asking much
            client = world.browser(nick)
        accept = "application/json" if address.startswith("/api") else "text/html"
        answer = client.get(address, headers={"accept": accept})
        assert answer.status_code < 500 and answer.status_code != 429, f"{address}: {answer.text[:300]}"
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        told[ABOUT_CALLS.search(address) is not None][address] = [headers, answer.text]
    assert len(told[True]) > 40
    assert sum(map(len, told.values())) > 300
    for about_calls, answers in told.items():
        leaks = [one for one in _leaks(world, nick, side, answers) if about_calls or one.what not in PUBLIC]
        known = [*world.ids.values()]  # ids that were asked for come back as "found": who asks knows them
        places = {one.secret: _where(one.secret, answers) for one in leaks if one.secret not in known}
        assert places == {}


def _leaks(world: World, nick: str, side: str, answers: dict[str, Any]) -> list[Leak]:
    asked = Seen(side=side, person=world.crew.people[nick], where="", answer=[*answers.values()])  # type: ignore[arg-type]
    with store.transaction(world.crew.org) as connection:
        found = calls.search(connection, world.call, [asked])
    assert found.cases > 60  # secrets that every answer was searched for
    return [*found.leaks]


def _where(secret: str, answers: dict[str, Any]) -> list[str]:
    return [address for address, answer in answers.items() if secret.casefold() in str(answer).casefold()][:3]


def test_the_manager_gets_answers_and_charlie_nothing(world: World, running: Client) -> None:
    """Alice, who runs the centre, gets no error from any route; Charlie, who runs another one, no word of hers."""
    alice, charlie = world.browser("shen"), clients(running, "elsewhere").manager()
    people_, members = world.crew.cast.people, world.crew.cast.members
    words = [*(one.name for one in people_), *(one.name_zh for one in people_), *(one.name for one in members)]
    answered = 0
    for number, address in enumerate(world.addresses(running.app, "shen")):
        if number % 200 == 199:
            alice, charlie = world.browser("shen"), world.clients.again(charlie)
        accept = {"accept": "application/json" if address.startswith("/api") else "text/html"}
        hers, his = alice.get(address, headers=accept), charlie.get(address, headers=accept)
        assert hers.status_code < 500 and hers.status_code != 429, f"{address}: {hers.text[:300]}"
        assert his.status_code < 500 and his.status_code != 429, f"{address}: {his.text[:300]}"
        answered += hers.status_code == 200
        assert [word for word in words if word in his.text] == [], address
    assert answered > 150


def test_a_leak_would_be_found(world: World) -> None:
    """An expert's name told to an author, and a lead's address told to a reviewer, are found by the same search."""
    expert, lead = world.crew.text("jiang").name, "xu@linjiang-centre.example"
    assert [one.secret for one in _leaks(world, "cao", "author", {"/x": f"Reviewer: {expert}"})] == [expert]
    assert lead in [one.secret for one in _leaks(world, "dai", "reviewer", {"/x": [lead]})]
