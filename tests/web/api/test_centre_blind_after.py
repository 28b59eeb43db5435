"""Blind review over HTTP once it is decided, announced, appealed against, and projects run: nothing more is told then.

What becomes public is what a project says of itself: the people of a funded proposal stand on its page. Who applied in
vain, who reviewed what, every id, moment, entry and file of proposals and reviews stay unknown to the other side. Every
command (POST) is sent, too, by authors and reviewers, with bodies that are understood, and what comes is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from litestar.routes import HTTPRoute

from takeback import store
from takeback.demo.centre import calling, fruits, telling, working
from takeback.demo.centre.content import cast, practice
from takeback.demo.centre.crew import gather
from takeback.demo.centre.dates import Calendar
from takeback.demo.centre.practice import state_problems
from takeback.share.centre import calls, organisation, records
from takeback.share.centre.history import history
from tests.store import servers
from tests.web.api import centre_routes
from tests.web.api.centre_clients import Client, Clients, clients
from tests.web.api.test_centre_blind import (
    ABOUT_CALLS,
    NOBODYS,
    PUBLIC,
    QUERY,
    SKIPPED,
    WORDS,
    World,
    _filled,
    _leaks,
    _where,
)

KINDS = ("call", "proposal", "review", "conflict", "assignment", "decision", "appeal", "project", "project-origin",
         "result", "commitment", "member", "problem", "common-problem", "profile")  # fmt: skip
BLIND = ("proposal", "review", "decision")
VAIN = "ding"  # leads a proposal that is declined, and appeals
IN_TEAM, COUNCIL = "ning", "tao"
READING = frozenset({"reviewer", "reviewer who came to run the centre", "student"})
"""Who is searched for the authors' secrets; the others for the reviewers', a student on no side for both."""
LISTED = frozenset({"name of a person", "id of a person"})
"""What those see who are on no side, or enter people: in the list of people and on what these did, not about calls."""


class Decided(World):
    """The centre after the call's end, its projects at work; `funded`: the nicks whose names their projects say.

    `student`: of no team; `unwanted`: experts whom applicants named as not impartial, which the council is told.
    """

    def __init__(self, running: Client) -> None:
        self.crew = gather(cast(), Calendar(date(2026, 11, 25)))
        self.clients = Clients(running, None)  # type: ignore[arg-type]
        with store.transaction(self.crew.org) as connection:
            telling.meet(connection, self.crew)
            round_ = calling.run_call(connection, self.crew, state_problems(connection, self.crew), 0)
            funds = working.raise_money(connection, self.crew)
            for work in working.begin(connection, self.crew, round_, funds):
                working.spend(connection, self.crew, work, funds, 0)
                working.deliver(connection, self.crew, work)
                working.accept(connection, self.crew, work)
                fruits.publish(connection, self.crew, work)
            self.call, self.proposals = round_.call, round_.proposals
            self.ids = {kind: self._first(connection, kind) for kind in KINDS}
            self.reviewer, self.risen = self._reviewers(connection)
            applying = [one.facts.identity for one in records.find(connection, "proposal")]
            self.unwanted = {str(person) for one in applying for person in one.unwanted}
            teams = {person for one in applying for person in one.people}
            students = self.crew.with_role("student")
            self.student = next(nick for nick in students if self.crew.people[nick] not in teams)
            organisation.set_roles(
                connection, self.crew.actor("shen"), self.crew.people[self.risen], ["expert", "manager", "director"]
            )
        texts = {one.code: one for one in practice().proposals}
        self.funded = [nick for code in round_.funded for nick in (texts[code].lead, *texts[code].team)]

    def _first(self, connection: Any, kind: str) -> str:
        found = records.find(connection, kind, limit=1)
        return str(found[0].id) if found else NOBODYS

    def _reviewers(self, connection: Any) -> list[str]:
        """Return two experts who have reviewed."""
        experts = {self.crew.people[nick]: nick for nick in self.crew.with_role("expert")}
        final = records.find(connection, "review", state="final")
        return list(dict.fromkeys(experts[one.facts.expert] for one in final))[:2]

    @property
    def public(self) -> frozenset[str]:
        """What the projects say of funded proposals' people."""
        told = [self.crew.text(nick) for nick in self.funded]
        return frozenset(name for one in told for name in (one.name, one.name_zh, str(self.crew.people[one.nick])))

    def commands(self, app: Any, nick: str) -> Iterator[tuple[str, Any]]:
        """Yield the address and body of every command of the centre, with ids that this person could know or guess."""
        for route in app.routes:
            if isinstance(route, HTTPRoute) and "POST" in route.methods and "/centre" in route.path:
                body = centre_routes.body(f"POST {re.sub(r':[a-z]+}', '}', route.path)}")
                for address in _filled(route.path_format, self.ids, self._neutral(nick)):
                    yield address, body


@pytest.fixture(scope="module")
def world(running: Client) -> Iterator[Decided]:
    """The centre, built once."""
    with servers.migrated() as urls:
        store.open_database(urls.application, urls.owner)
        try:
            yield Decided(running)
        finally:
            store.close()


def _nick(world: Decided, who: str) -> tuple[str, str]:
    known = {
        "funded author": world.funded[0], "declined author": VAIN, "reviewer": world.reviewer, "student": world.student,
        "student of a team": IN_TEAM, "council": COUNCIL, "reviewer who came to run the centre": world.risen,
    }  # fmt: skip
    return known[who], "reviewer" if who in READING else "author"


def _search(world: Decided, nick: str, side: str, told: dict[bool, dict[str, Any]]) -> dict[str, list[str]]:
    """Return what leaked and where."""
    found = _search_side(world, nick, "author", told) if nick == world.student else {}
    listed = LISTED if nick in (world.student, world.risen, COUNCIL) else frozenset()
    return found | _search_side(world, nick, side, told, listed)


def _search_side(
    world: Decided, nick: str, side: str, told: dict[bool, dict[str, Any]], listed: frozenset[str] = frozenset()
) -> dict[str, list[str]]:
    known, found = {*world.ids.values(), *world.public, *_own_days(world, nick)}, dict[str, list[str]]()
    known |= world.unwanted if nick == COUNCIL else set()
    for about_calls, answers in told.items():
        allowed = frozenset() if about_calls else PUBLIC | listed
        leaks = [one for one in _leaks(world, nick, side, answers) if one.what not in allowed]
        found |= {f"{one.what}: {one.secret}": _where(one.secret, answers) for one in leaks if one.secret not in known}
    return found


def _own_days(world: Decided, nick: str) -> set[str]:
    """Return the days on which something became of one's own proposals: that is told to their people."""
    with store.transaction(world.crew.org) as connection:
        call = records.get(connection, world.call).facts
        own = [one for one in records.find(connection, "proposal") if _mine(one, {world.crew.people[nick]})]
        return {call.day(step.at) for one in own for step in history(connection, world.crew.org, one)}


@pytest.mark.parametrize(
    "who",
    ["funded author", "declined author", "reviewer", "council", "student", "student of a team",
     "reviewer who came to run the centre"],
)  # fmt: skip
def test_after_the_decision_no_answer_tells_who_the_others_are(world: Decided, running: Client, who: str) -> None:
    """Every page and answer, asked when all is decided and work has begun."""
    nick, side = _nick(world, who)
    told: dict[bool, dict[str, Any]] = {True: {}, False: {}}
    client = world.browser(nick)
    for number, address in enumerate(world.addresses(running.app, nick)):
        client = world.browser(nick) if number % 200 == 199 else client
        answer = client.get(address, headers=_accept(address))
        assert answer.status_code < 500 and answer.status_code != 429, f"{address}: {answer.text[:300]}"
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        told[ABOUT_CALLS.search(address) is not None][address] = [headers, answer.text]
    assert sum(map(len, told.values())) > 400
    assert _search(world, nick, side, told) == {}


@pytest.mark.parametrize("who", ["funded author", "declined author", "reviewer", "council", "student"])
def test_no_answer_to_a_command_tells_who_the_others_are(world: Decided, running: Client, who: str) -> None:
    """Every command of interface and console, with the ids of the other side: refusals say nothing of it."""
    nick, side = _nick(world, who)
    told: dict[bool, dict[str, Any]] = {True: {}, False: {}}
    client, codes = world.browser(nick), set[int]()
    for number, (address, body) in enumerate(world.commands(running.app, nick)):
        client = world.browser(nick) if number % 40 == 39 else client
        answer = _sent(client, address, body)
        assert answer.status_code < 500 and answer.status_code != 429, f"{address}: {answer.text[:300]}"
        codes.add(answer.status_code)
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        told[ABOUT_CALLS.search(address) is not None][address] = [headers, answer.text]
    assert sum(map(len, told.values())) > 400
    assert codes >= {400, 403, 404, 409}
    assert _search(world, nick, side, told) == {}


def _accept(address: str) -> dict[str, str]:
    return {"accept": "application/json" if address.startswith("/api") else "text/html"}


def _sent(client: Client, address: str, body: Any) -> Any:
    if address.startswith("/api"):
        upload = {"files": {"data": ("a.csv", b"code,name\nX,Y\n", "text/csv")}} if body is None else {"json": body}
        return client.post(address, headers=_accept(address), **upload)  # type: ignore[arg-type]
    return client.post(address, headers=_accept(address), data={})


@pytest.mark.parametrize("who", ["declined author", "reviewer", "anonymous", "another centre's manager"])
def test_what_is_there_and_what_is_not_get_the_same_answer(world: Decided, running: Client, who: str) -> None:
    """Whether an id is that of a proposal, review or decision cannot be learnt by asking for it."""
    client, others = _asker(world, running, who)
    asked, of_nothing = 0, dict[tuple[str, str], Any]()
    for method, path, body in _all_routes(running.app):
        for kind, existing in others.items():
            words = {**WORDS, "kind": kind, "proposal": "none", "call_id": NOBODYS}
            pair = [_address(path, words, one) for one in (existing, NOBODYS)]
            if pair[0] == pair[1]:
                continue
            asked += 1
            if asked % 60 == 59:
                client, _ = _asker(world, running, who)
            there, nothing = (
                of_nothing.get((method, one))
                or (_sent(client, one, body) if method == "POST" else client.get(one, headers=_accept(one)))
                for one in pair
            )
            of_nothing[method, pair[1]] = nothing  # the same for ids of all kinds
            assert _said(there, existing) == _said(nothing, NOBODYS), f"{method} {pair[0]}"
    assert asked > 300


def _said(answer: Any, own: str) -> tuple[int, str]:
    text = answer.text.replace(own, "ID").replace(NOBODYS, "ID")
    return answer.status_code, re.sub(r"[\w-]{20,}", "", text)  # marks of the session, of scripts and files


def _asker(world: Decided, running: Client, who: str) -> tuple[Client, dict[str, str]]:
    """Return a browser and, for each blind kind, the id of a record that is not the asker's."""
    with store.transaction(world.crew.org) as connection:
        mine = {world.crew.people[nick] for nick in world.crew.people if nick in _own(world, who)}
        found = {kind: [one for one in records.find(connection, kind) if not _mine(one, mine)] for kind in BLIND}
        others = {kind: str(of_kind[0].id) for kind, of_kind in found.items() if of_kind}
    if who == "anonymous":
        nobody = running.__class__(running.app, raise_server_exceptions=False)
        nobody.blocking_portal, nobody.follow_redirects = running.blocking_portal, False
        return nobody, others
    if who == "another centre's manager":
        if not hasattr(world, "charlie"):
            world.charlie = clients(running, "elsewhere").manager()  # type: ignore[attr-defined]
        return world.clients.again(world.charlie), others  # type: ignore[attr-defined]
    return world.browser(_nick(world, who)[0]), others


def _own(world: Decided, who: str) -> list[str]:
    return [_nick(world, who)[0]] if who in ("funded author", "declined author", "reviewer") else []


def _mine(record: Any, mine: set[UUID]) -> bool:
    identity = getattr(record.facts, "identity", None)
    return record.person_id in mine or bool(identity and identity.people & mine)


def _all_routes(app: Any) -> Iterator[tuple[str, str, Any]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute) and "/centre" in route.path and not SKIPPED.match(route.path):
            for method in sorted({"GET", "POST"} & {*route.methods}):
                body = centre_routes.body(f"POST {re.sub(r':[a-z]+}', '}', route.path)}")
                yield method, route.path_format, body


def _address(path: str, words: dict[str, str], own: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: words.get(found[1], own), path) + f"?{QUERY}"


def test_reviewers_see_their_own_reviews_and_authors_their_own_decision(world: Decided) -> None:
    """Silence is not all: what either side is to see is there."""
    with store.transaction(world.crew.org) as connection:
        seen = calls.reviewer_view(connection, world.crew.actor(world.reviewer), world.call)
        mine = calls.own_proposals(connection, world.crew.actor(VAIN))
    assert all(one.state == "final" for one in seen.proposals)
    assert mine[0].decision is not None
    assert mine[0].reviews
    assert mine[0].appeals[0].state == "rejected"
