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
from uuid import UUID

import psycopg
import pytest
from litestar.routes import HTTPRoute
from psycopg import sql

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
from takeback.store.urls import Urls, conninfo
from tests.store import servers
from tests.web.api.asking import Answered, Asked, Asker, unhurried
from tests.web.api.centre_clients import Client, clients

ABOUT_CALLS = re.compile(r"/(calls|proposals|reviews|reviewing)(/|$|\?)")
PUBLIC = frozenset({"name of an organisation", "id of an organisation", "id of a person"})
SKIPPED = re.compile(r"^/(static|verify|takeback_verify|health|log|ns|epcis|drive|invitation|api/openapi|sign-in)")
NOBODYS = "00000000-0000-0000-0000-000000000007"
FIRST_ENTRY = 71_000_000
"""Number of the first entry: so large that no count or amount of an answer is taken for an entry, and none missed."""
AUTHORS, REVIEWERS = ("xu", "cao"), ("jiang", "dai")


class World:
    """The centre in the middle of its review, and its people."""

    def __init__(self, running: Client) -> None:
        self.crew = gather(cast(), Calendar(date(2026, 11, 25)))
        self.running = running
        with store.transaction(self.crew.org) as connection:
            telling.meet(connection, self.crew)
            common = state_problems(connection, self.crew)
            self.call, self.proposals = calling.hand_in(connection, self.crew, common)
            calling.review(connection, self.crew, self.call, self.proposals, 0, experts=5)
            self.ids = self._ids(connection) | self._persons(connection)

    def _ids(self, connection: Any) -> dict[str, str]:
        known = {kind: records.find(connection, kind, limit=1) for kind in KINDS}
        return {kind: str(found[0].id) if found else NOBODYS for kind, found in known.items()}

    def _persons(self, connection: Any) -> dict[str, str]:
        """Return somebody of each side: whoever knows an id tries it, too."""
        review, proposal = (records.find(connection, kind)[0].facts for kind in ("review", "proposal"))
        return {REVIEWS: str(review.expert), APPLIES: str(proposal.identity.lead)}

    def asker(self, nick: str) -> Asker:
        """Return the person, with an account if there is none yet, as somebody who asks much and is not slowed down."""
        return Asker(self.running, self._account(nick))

    def _account(self, nick: str) -> UUID:
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
        return user

    def addresses(self, app: Any, nick: str) -> Iterator[str]:
        """Yield every address of every GET route, with ids that this person could know or guess, searched and not."""
        names = self._neutral(nick)
        for route in app.routes:
            if isinstance(route, HTTPRoute) and "GET" in route.methods and not SKIPPED.match(route.path):
                for one in _filled(route.path_format, self.ids, names):
                    yield from (one, one.replace(QUERY, ALL))

    def _neutral(self, nick: str) -> list[str]:
        actor = self.crew.actor(nick)
        if not actor.may("review.write"):
            return ["none"]
        with store.transaction(self.crew.org) as connection:
            return [one.name for one in calls.reviewer_view(connection, actor, self.call).proposals] or ["none"]


KINDS = ["call", "proposal", "review", "conflict", "decision", "member", "body", "problem", "common-problem", "profile"]
REVIEWS, APPLIES = "person who reviews", "person who applies"
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
ALL = QUERY.replace("&q=Xu&text=Xu", "")
"""The same without a word to search for, which hides all that is without it."""


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


def number_from(urls: Urls, first: int) -> None:
    """Number the entries of a new ledger from `first`."""
    with psycopg.connect(conninfo(urls.owner)) as connection:
        connection.execute(sql.SQL("alter sequence entry_id_seq restart with {}").format(sql.Literal(first)))


@pytest.fixture(scope="module")
def world(running: Client) -> Iterator[World]:
    """The centre, built once."""
    with servers.migrated() as urls:
        number_from(urls, FIRST_ENTRY)
        store.open_database(urls.application, urls.owner)
        try:
            with unhurried():
                yield World(running)
        finally:
            store.close()


@pytest.mark.parametrize("nick", [*AUTHORS, *REVIEWERS])
def test_no_answer_tells_who_the_others_are(world: World, running: Client, nick: str) -> None:
    """Whatever is asked, no name, address, id, file name, hash, day or moment of the other side comes."""
    side = "author" if nick in AUTHORS else "reviewer"
    requests = [Asked("GET", one) for one in world.addresses(running.app, nick)]
    told = told_by(requests, world.asker(nick).ask(requests))
    assert len(told[True]) > 40
    assert sum(map(len, told.values())) > 300
    for about_calls, answers in told.items():
        leaks = [one for one in _leaks(world, nick, side, answers) if about_calls or one.what not in PUBLIC]
        assert leaks == []


def told_by(requests: list[Asked], answers: list[Answered]) -> dict[bool, dict[str, Any]]:
    """Return headers and text of each answer by its address, apart those about calls; none is a mistake of ours."""
    told: dict[bool, dict[str, Any]] = {True: {}, False: {}}
    for request, answer in zip(requests, answers, strict=True):
        sound(request, answer)
        told[ABOUT_CALLS.search(request.address) is not None][request.address] = [answer.headers, answer.text]
    return told


def sound(request: Asked, answer: Answered) -> None:
    """Assert that an answer is none of a server that failed, or that is tired of being asked."""
    assert answer.status_code < 500 and answer.status_code != 429, f"{request.address}: {answer.text[:300]}"


def _leaks(world: World, nick: str, side: str, answers: dict[str, Any]) -> list[Leak]:
    """Return what answers tell of the other side; an id that was asked for comes back as "found": who asks knows it."""
    me = world.crew.people[nick]
    seen = [Seen(side=side, person=me, where=where, answer=answer) for where, answer in answers.items()]  # type: ignore[arg-type]
    with store.transaction(world.crew.org) as connection:
        found = calls.search(connection, world.call, seen)
    assert found.cases > 60 * len(answers)  # each answer was searched for so many secrets
    return [one for one in found.leaks if one.secret not in one.where]


def test_the_manager_gets_answers_and_charlie_nothing(world: World, running: Client) -> None:
    """Alice, who runs the centre, gets no error from any route; Charlie, who runs another one, no word of hers."""
    alice, charlie = world.asker("shen"), Asker(running, clients(running, "elsewhere").manager_id())
    people_, members = world.crew.cast.people, world.crew.cast.members
    words = [*(one.name for one in people_), *(one.name_zh for one in people_), *(one.name for one in members)]
    answered, requests = 0, [Asked("GET", one) for one in world.addresses(running.app, "shen")]
    for request, hers, his in zip(requests, alice.ask(requests), charlie.ask(requests), strict=True):
        sound(request, hers)
        sound(request, his)
        answered += hers.status_code == 200
        assert [word for word in words if word in his.text] == [], request.address
    assert answered > 150


def test_a_leak_would_be_found(world: World) -> None:
    """An expert's name told to an author, and a lead's address told to a reviewer, are found by the same search."""
    expert, lead = world.crew.text("jiang").name, "xu@linjiang-centre.example"
    assert [one.secret for one in _leaks(world, "cao", "author", {"/x": f"Reviewer: {expert}"})] == [expert]
    assert lead in [one.secret for one in _leaks(world, "dai", "reviewer", {"/x": [lead]})]
