"""Blind review over HTTP once it is decided, announced, appealed against, and projects run: nothing more is told then.

What becomes public is what a project says of itself: the people of a funded proposal stand on its page. Who applied in
vain, who reviewed what, every id, moment, entry and file of proposals and reviews stay unknown to the other side. Every
command (POST) is sent, too, by authors and reviewers, with bodies that are understood, and what comes is searched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
import pytest
from litestar.routes import HTTPRoute

from takeback import store
from takeback.demo.centre import calling, fruits, telling, working
from takeback.demo.centre.content import cast, practice
from takeback.demo.centre.crew import gather
from takeback.demo.centre.dates import Calendar
from takeback.demo.centre.practice import state_problems
from takeback.share.centre import calls, organisation, records
from takeback.share.centre.calls.blindness import written_plainly
from takeback.share.centre.history import history
from takeback.share.centre.kinds import kind_named
from takeback.share.centre.writing import CREATE
from tests.store import servers
from tests.web.api import centre_routes
from tests.web.api.asking import CSV, Answered, Asked, Asker, unhurried
from tests.web.api.centre_clients import Client, clients
from tests.web.api.centre_routes import PREFIX
from tests.web.api.samples import naming
from tests.web.api.test_centre_blind import (
    APPLIES,
    FIRST_ENTRY,
    NOBODYS,
    PUBLIC,
    QUERY,
    REVIEWS,
    SKIPPED,
    WORDS,
    World,
    _filled,
    _leaks,
    number_from,
    told_by,
)

KINDS = ("call", "proposal", "review", "conflict", "assignment", "decision", "appeal", "project", "project-origin",
         "result", "commitment", "member", "problem", "common-problem", "profile")  # fmt: skip
BLIND = ("proposal", "review", "decision")
VAIN = "ding"  # leads a proposal that is declined, and appeals
IN_TEAM, COUNCIL = "ning", "tao"
READING = frozenset({"reviewer", "reviewer who came to run the centre", "student"})
"""Who is searched for the authors' secrets; the others for the reviewers', a student on no side for both."""
MARK = re.compile(r"[\w-]{20,}")
"""Marks of the session, of scripts and files, and ids: two answers may differ in them."""
MADE = re.compile(rf"{MARK.pattern}|\d{{4}}-\d\d-\d\dT[\d:.]+Z|\b\d{{8}}\b|\bX-\d\b")
"""And moments, entries and codes of what was just made: two new records differ in them."""
CODE, CODES = "X-1", ("X-2", "X-3", "X-4")
LISTED = frozenset({"name of a person", "id of a person"})
"""What those see who are on no side, or enter people: in the list of people and on what these did, not about calls."""


class Decided(World):
    """The centre after the call's end, its projects at work; `funded`: the nicks whose names their projects say.

    `student`: of no team; `unwanted`: experts whom applicants named as not impartial, which the council is told.
    """

    def __init__(self, running: Client) -> None:
        self.crew = gather(cast(), Calendar(date(2026, 11, 25)))
        self.running = running
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
            self.ids |= {REVIEWS: str(self.crew.people[self.reviewer]), APPLIES: str(self.crew.people[VAIN])}
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

    def commands(self, app: Any, nick: str) -> Iterator[Asked]:
        """Yield every command of the centre with a body, with ids that this person could know or guess."""
        mine = str(self.crew.people[nick])  # nobody withdraws by a command about himself
        ids = {kind: own for kind, own in self.ids.items() if own != mine}
        for route in app.routes:
            if isinstance(route, HTTPRoute) and "POST" in route.methods and "/centre" in route.path:
                for address in _filled(route.path_format, ids, self._neutral(nick)):
                    yield _sent(address, _body(route))


@pytest.fixture(scope="module")
def world(running: Client) -> Iterator[Decided]:
    """The centre, built once."""
    with servers.migrated() as urls:
        number_from(urls, FIRST_ENTRY)
        store.open_database(urls.application, urls.owner)
        try:
            with unhurried():
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
    known, found = world.public | _own_days(world, nick), dict[str, list[str]]()
    known |= world.unwanted if nick == COUNCIL else set()
    for about_calls, answers in told.items():
        allowed = frozenset() if about_calls else PUBLIC | listed
        for one in _leaks(world, nick, side, answers):
            if one.what not in allowed and one.secret not in known:
                found.setdefault(f"{one.what}: {one.secret}", []).append(one.where)
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
    requests = [Asked("GET", one) for one in world.addresses(running.app, nick)]
    told = told_by(requests, world.asker(nick).ask(requests))
    assert sum(map(len, told.values())) > 400
    assert _search(world, nick, side, told) == {}


@pytest.mark.parametrize("who", ["funded author", "declined author", "reviewer", "council", "student"])
def test_no_answer_to_a_command_tells_who_the_others_are(world: Decided, running: Client, who: str) -> None:
    """Every command of interface and console, with the ids of the other side: refusals say nothing of it."""
    nick, side = _nick(world, who)
    commands = [*world.commands(running.app, nick)]
    answers = world.asker(nick).ask(commands)
    told = told_by(commands, answers)
    assert sum(map(len, told.values())) > 400
    assert {one.status_code for one in answers} >= {400, 403, 404, 409}
    assert _search(world, nick, side, told) == {}


def _body(route: HTTPRoute) -> Any:
    return centre_routes.body(f"POST {re.sub(r':[a-z]+}', '}', route.path)}")


def _sent(address: str, body: Any) -> Asked:
    upload = body is None and address.startswith("/api")
    return Asked("POST", address, CSV if upload else body if address.startswith("/api") else None)


@pytest.mark.parametrize("who", ["declined author", "reviewer", "anonymous", "another centre's manager"])
def test_what_is_there_and_what_is_not_get_the_same_answer(world: Decided, running: Client, who: str) -> None:
    """Whether an id is that of a proposal, review or decision cannot be learnt by asking for it."""
    asker, others = _asker(world, running, who)
    pairs = [*_pairs(running.app, others), *_named(world, running.app, others)]
    requests = {_key(one): one for _, there, nothing in pairs for one in (there, nothing)}
    told = dict(zip(requests, asker.ask([*requests.values()]), strict=True))
    assert len(pairs) > 300
    for existing, there, nothing in pairs:
        found, none = (_said(told[_key(one)], existing) for one in (there, nothing))
        assert found == none, _key(there)


def _key(request: Asked) -> str:
    return f"{request.method} {request.address} {request.body!r}"


def _pairs(app: Any, others: dict[str, str]) -> Iterator[tuple[str, Asked, Asked]]:
    """Yield for each route and blind kind the id of a record, the request that names it, and one that names nothing."""
    for method, path, body in _all_routes(app):
        for kind, existing in others.items():
            words = {**WORDS, "kind": kind, "proposal": "none", "call_id": NOBODYS}
            there, nothing = (_request(method, _address(path, words, one), body) for one in (existing, NOBODYS))
            if there.address != nothing.address:
                yield existing, there, nothing


def _named(world: Decided, app: Any, others: dict[str, str]) -> Iterator[tuple[str, Asked, Asked]]:
    """Yield the same for ids in bodies: of every command, about what the asker may know, and of every new record."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or "POST" not in route.methods or not route.path.startswith(PREFIX):
            continue
        body = centre_routes.body_naming(f"POST {re.sub(r':[a-z]+}', '}', route.path)}")
        about = re.sub(r"{(\w+)}", lambda found: world.ids.get(_kind(found[1]), NOBODYS), route.path_format)
        if body is not None and NOBODYS in str(body):
            yield from _naming(others, about, body)
    for kind in CREATE:
        yield from _naming(others, f"{PREFIX}/records/{kind}", {"facts": naming(kind_named(kind).facts)})


def _naming(others: dict[str, str], address: str, body: Any) -> Iterator[tuple[str, Asked, Asked]]:
    text = msgspec.json.encode(body).decode()
    for code, existing in zip(CODES, others.values(), strict=False):  # a code is taken once: who may make a record does
        named = msgspec.json.decode(text.replace(NOBODYS, existing).replace(CODE, code))
        yield existing, Asked("POST", address, named), Asked("POST", address, body)


def _kind(parameter: str) -> str:
    return parameter.removesuffix("_id").replace("_", "-")


def _request(method: str, address: str, body: Any) -> Asked:
    return _sent(address, body) if method == "POST" else Asked(method, address)


def _said(answer: Answered, own: str) -> tuple[int, str]:
    """Return an answer without the id that was asked about, which an address may name beside a body that does not."""
    text = answer.text.replace(own, "ID").replace(NOBODYS, "ID")
    return answer.status_code, (MADE if answer.status_code == 201 else MARK).sub("", text)


def _asker(world: Decided, running: Client, who: str) -> tuple[Asker, dict[str, str]]:
    """Return who asks and, for each blind kind, the id of a record that is not the asker's."""
    with store.transaction(world.crew.org) as connection:
        mine = {world.crew.people[nick] for nick in world.crew.people if nick in _own(world, who)}
        found = {kind: [one for one in records.find(connection, kind) if not _mine(one, mine)] for kind in BLIND}
        others = {kind: str(of_kind[0].id) for kind, of_kind in found.items() if of_kind}
    if who == "anonymous":
        return Asker(running, None), others
    if who == "another centre's manager":
        return Asker(running, clients(running, "elsewhere").manager_id()), others
    return world.asker(_nick(world, who)[0]), others


def _own(world: Decided, who: str) -> list[str]:
    return [_nick(world, who)[0]] if who in ("funded author", "declined author", "reviewer") else []


def _mine(record: Any, mine: set[UUID]) -> bool:
    identity = getattr(record.facts, "identity", None)
    return record.person_id in mine or bool(identity and identity.people & mine)


def _all_routes(app: Any) -> Iterator[tuple[str, str, Any]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute) and "/centre" in route.path and not SKIPPED.match(route.path):
            for method in sorted({"GET", "POST"} & {*route.methods}):
                yield method, route.path_format, _body(route)


def _address(path: str, words: dict[str, str], own: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: words.get(found[1], own), path) + f"?{QUERY}"


@pytest.mark.parametrize("who", ["declined author", "reviewer"])
def test_a_search_for_the_other_side_finds_as_much_as_one_for_nobody(world: Decided, running: Client, who: str) -> None:
    """Each list and search, asked for a name or address of the other side, answers as for a word that is nowhere."""
    nick, _ = _nick(world, who)
    other = world.crew.text(world.reviewer if who == "declined author" else VAIN)
    email = f"{other.nick}@linjiang-centre.example"
    wanted = {other.name: "Qvxz Wjkq", other.name_zh: "齉龘", email: "qvxz@wjkq.example"}
    places = [one.path for one in running.app.routes if _is_list(one)]
    asked = [_searching(place, word) for place in places for pair in wanted.items() for word in pair]
    told = dict(zip(asked, world.asker(nick).ask(asked), strict=True))
    assert sum(one.status_code == 200 for one in told.values()) > 100
    for place in places:
        for word, nowhere in wanted.items():
            hits, none = (_found(told[_searching(place, one)], one) for one in (word, nowhere))
            assert hits == none, f"{place}: {word}"


def _is_list(route: Any) -> bool:
    plain = isinstance(route, HTTPRoute) and "GET" in route.methods and "{" not in route.path
    return plain and "/centre" in route.path and not SKIPPED.match(route.path)


def _searching(place: str, word: str) -> Asked:
    return Asked("GET", f"{place}?q={quote(word)}&text={quote(word)}&size=500")


def _found(answer: Answered, word: str) -> tuple[int, str]:
    return answer.status_code, written_plainly(MARK.sub("", answer.text)).replace(word.casefold(), "WORD")


def test_the_order_of_what_is_shown_follows_nothing(world: Decided) -> None:
    """Reviewers see proposals in the order of neutral names, authors reviews in that of their numbers: neither is that
    in which anything was made, or that of persons."""
    with store.transaction(world.crew.org) as connection:
        proposals = {one.id: one for one in records.find(connection, "proposal")}
        reviews = [one for one in records.find(connection, "review", state="final") if one.facts.call == world.call]
        experts = {one.facts.expert for one in reviews}
        actors = [world.crew.actor(nick) for nick, person in world.crew.people.items() if person in experts]
        seen = [calls.reviewer_view(connection, actor, world.call).proposals for actor in actors]
    assert all([one.name for one in view] == sorted(one.name for one in view) for view in seen)
    titles = {one.facts.blind.title: one for one in proposals.values()}
    shown = [[titles[one.title] for one in view] for view in seen]
    assert not _follows(shown, lambda one: one.first_entry)
    assert not _follows(shown, lambda one: str(one.facts.identity.lead))
    of_each = [[one for one in reviews if one.facts.proposal == own] for own in proposals]
    by_number = [sorted(of_one, key=lambda one: one.facts.number) for of_one in of_each]
    assert not _follows(by_number, lambda one: str(one.facts.expert))
    assert not _follows(by_number, lambda one: one.entry_id)  # that in which they were finished


def _follows(lists: list[list[Any]], key: Callable[[Any], Any]) -> bool:
    """Whether all lists that could be in another order are in that of a key, or all in the opposite one."""
    told = [[*map(key, one)] for one in lists if len(one) > 2]
    assert len(told) > 4
    return any(all(one == sorted(one, reverse=way) for one in told) for way in (False, True))


def test_reviewers_see_their_own_reviews_and_authors_their_own_decision(world: Decided) -> None:
    """Silence is not all: what either side is to see is there."""
    with store.transaction(world.crew.org) as connection:
        seen = calls.reviewer_view(connection, world.crew.actor(world.reviewer), world.call)
        mine = calls.own_proposals(connection, world.crew.actor(VAIN))
    assert all(one.state == "final" for one in seen.proposals)
    assert mine[0].decision is not None
    assert mine[0].reviews
    assert mine[0].appeals[0].state == "rejected"
