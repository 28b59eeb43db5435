"""A call in the console: proposals, reviews, ranking and decision, each side through its own view; nothing leaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate import clock
from takeback.operate.identity.memberships import insert_member
from takeback.share.centre import calls
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls import Seen
from takeback.share.centre.problems import CommonProblem
from takeback.share.centre.records import create, get, move
from tests.share.centre.calls.call_world import CLOSES, OPENS, REVIEWS, TELLING, CallWorld, new_call
from tests.share.centre.centre_world import new_centre
from tests.support.people import PASSWORD, People, new_user
from tests.web.conftest import Client

Enter = Callable[[CentreActor], Client]
NOW = {"at": OPENS}


@pytest.fixture
def call(people: People, monkeypatch: pytest.MonkeyPatch) -> CallWorld:
    """A published call; the clock of the centre is moved by `at`."""
    monkeypatch.setattr(clock, "now", lambda *_: NOW["at"])
    NOW["at"] = OPENS + timedelta(days=1)
    return new_call(new_centre(), authors=3, experts=4)


@pytest.fixture
def enter(new_client: Callable[[], Client], call: CallWorld) -> Enter:
    """Open a browser of somebody of the call, whose account is made for it."""

    def signed_in(actor: CentreActor) -> Client:
        person = next(one for one in call.centre.people.values() if one.id == actor.person_id)
        email = person.email or f"{person.id}@council.example"
        user = new_user(email, "Account")
        with store.transaction(call.org) as connection:
            insert_member(connection, call.org, user, "participant")
            _linked(connection, person.id, user)
        client = new_client()
        answer = client.post("/api/v1/sessions", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        client.headers.update({"x-csrftoken": answer.json()["csrf_token"], "accept": "text/html"})
        return client

    return signed_in


def _linked(connection: sa.Connection, person: UUID, user: UUID) -> None:
    sql = sa.text("update centre_person_name set user_id = :user where id = :person")
    connection.execute(sql, {"user": user, "person": person})


PROPOSAL = {
    "blind.title": "Pulses that tell health",
    "blind.summary": "What it is for.",
    "blind.keywords": "pulses\nhealth",
    "blind.months": "18",
    "blind.costs.0.what": "People",
    "blind.costs.0.minor": "300,000.50",
}


def test_a_proposal_is_offered_what_can_still_be_answered(call: CallWorld, enter: Enter) -> None:
    """Of a call's three problems the solved one is not offered, nor one of no call; what was chosen stays."""
    manager, members = call.manager, (call.centre.members["maker"], call.centre.members["shop"])
    with store.transaction(call.org) as connection:
        ids = {}
        for title in ("First open", "Second open", "Solved", "Uncalled"):
            facts = CommonProblem(title=title, statement="Hours.", members=members)
            ids[title] = create(connection, manager, "common-problem", facts).id
        for title in ("First open", "Second open", "Solved"):
            move(connection, manager, ids[title], "called")
        move(connection, manager, ids["Solved"], "solved")
        named = tuple(ids[title] for title in ("First open", "Second open", "Solved"))
        record = get(connection, call.call)
        move(connection, manager, call.call, "published", facts=msgspec.structs.replace(record.facts, problems=named))
    author = enter(call.authors[0])
    page = author.get(f"/centre/proposals/new?call={call.call}").text
    assert {*re.findall(r"First open|Second open|Solved|Uncalled", page)} == {"First open", "Second open"}
    data = {**PROPOSAL, "problem": str(ids["First open"])}
    place = author.post(f"/centre/proposals/new?call={call.call}", data=data).headers["location"]
    with store.transaction(call.org) as connection:
        move(connection, manager, ids["First open"], "solved")
    page = author.get(f"{place}/edit").text
    assert {*re.findall(r"First open|Second open|Solved|Uncalled", page)} == {"First open", "Second open"}
    author.cookies.set("takeback_locale", "zh_Hans")
    assert "Second open" in author.get(f"{place}/edit").text


def test_a_proposal_is_drafted_put_right_and_handed_in(call: CallWorld, enter: Enter) -> None:
    """Mistakes stand at their fields; what was handed in is the author's alone."""
    author, other = enter(call.authors[0]), enter(call.authors[1])
    assert f"/centre/proposals/new?call={call.call}" in author.get("/centre/proposals").text
    bad = author.post(
        f"/centre/proposals/new?call={call.call}", data={**PROPOSAL, "blind.months": "soon", "blind.title": ""}
    )
    assert bad.status_code == 422
    assert 'id="f-blind-months-wrong"' in bad.text
    assert 'id="f-blind-title-wrong"' in bad.text
    made = author.post(f"/centre/proposals/new?call={call.call}", data=PROPOSAL)
    assert made.status_code == 303, made.text
    href = made.headers["location"]
    assert "300,000.50" in author.get(href).text
    assert author.post(f"{href}/submit", data={}).status_code == 303
    assert "Submitted" in author.get("/centre/proposals").text
    for path in (href, f"{href}/edit"):
        assert other.get(path).status_code == 404
    assert other.post(f"{href}/withdraw", data={"reason": "x"}).status_code == 404
    NOW["at"] = CLOSES + timedelta(minutes=1)
    late = author.post(f"{href}/edit", data=PROPOSAL)
    assert late.status_code in {409, 422}
    assert author.get(href).text.count("18") > 0


def test_an_expert_reviews_by_neutral_names_and_the_council_decides(call: CallWorld, enter: Enter) -> None:
    """Points out of range stand at their criterion; decisions are told to all at once, with the reviews' words."""
    for place in range(3):
        call.submit(place)
    call.close()
    call.assign((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 3))
    NOW["at"] = CLOSES + timedelta(days=2)
    expert = enter(call.experts[0])
    page = expert.get(f"/centre/reviews/{call.call}").text
    name = call.name(0, 0)
    assert f"/centre/reviews/{call.call}/{name}" in page
    href = f"/centre/reviews/{call.call}/{name}"
    bad = expert.post(href, data={"points.need": "11", "points.method": "3", "send": "draft"})
    assert bad.status_code == 422
    assert 'id="f-points-need-wrong"' in bad.text
    points = {"points.need": "9", "points.method": "8", "points.use": "7", "for_authors": "Well thought."}
    assert expert.post(href, data={**points, "send": "final"}).status_code == 303
    assert expert.post(href, data={**points, "send": "final"}).status_code == 422, "final is final"
    assert expert.get(f"/centre/calls/{call.call}/ranking").status_code == 403
    for by, proposal in ((1, 0), (2, 0), (0, 1), (1, 1), (3, 2)):
        call.review(by, proposal, 5, 5, 5)
    council = enter(call.council[0])
    ranking = council.get(f"/centre/calls/{call.call}/ranking")
    assert ranking.status_code == 200, ranking.text
    assert "Pulses that tell health" in ranking.text
    assert "Exodia" not in ranking.text, "reviewers have neutral names for the council, too"
    decide = f"/centre/calls/{call.call}/proposal/{call.proposals[0]}/decide"
    assert council.get(decide).status_code == 200
    unsaid = council.post(decide, data={"outcome": "funded", "amount_minor": "1"})
    assert unsaid.status_code == 422
    done = council.post(decide, data={"outcome": "funded", "reasons": "Best.", "amount_minor": "250000"})
    assert done.status_code == 303, done.text
    for place in (1, 2):
        call.decide(place, "declined")
    author = enter(call.authors[0])
    mine = f"/centre/proposals/{call.proposals[0]}"
    assert "Well thought." not in author.get(mine).text, "nothing before the announcement"
    call.announce()
    NOW["at"] = TELLING + timedelta(days=1)
    assert "Well thought." in author.get(mine).text
    declined = enter(call.authors[1])
    appeal = f"/centre/proposals/{call.proposals[1]}"
    assert "until" in declined.get(appeal).text
    assert declined.post(f"{appeal}/appeal", data={"grounds": "Misread."}).status_code == 303
    other = enter(call.authors[2]).post(f"/api/v1{appeal[: -len(str(call.proposals[1]))]}{call.proposals[2]}/appeal",
                                        json={"grounds": "Misread."})  # fmt: skip
    assert other.status_code == 201
    assert other.json() == {"state": "filed", "grounds": "Misread.", "answer": ""}, "no id of the decision, no moment"


def _walk(client: Client, start: str, most: int = 120) -> Iterator[tuple[str, str]]:
    """Follow every link of the centre's pages from `start`; yield address and text of each answer."""
    waiting, seen = [start], {start}
    while waiting and len(seen) <= most:
        path = waiting.pop(0)
        answer = client.get(path)
        yield path, answer.text
        for found in re.findall(r'href="(/centre[^"#]*)"', answer.text):
            address = found.replace("&amp;", "&")
            if address not in seen:
                seen.add(address)
                waiting.append(address)


def test_no_page_that_a_side_can_reach_tells_of_the_other(call: CallWorld, enter: Enter) -> None:
    """All pages that reviewers and applicants can walk to, and the other side's addresses, searched for secrets."""
    for place in range(3):
        call.submit(place)
    call.close()
    call.assign((0, 0), (1, 0), (2, 1), (0, 2))
    for expert, proposal in ((0, 0), (0, 1), (1, 2), (2, 0)):
        call.review(expert, proposal, 6, 7, 8)
    NOW["at"] = REVIEWS
    seen: list[Seen] = []
    for side, actors in (("reviewer", call.experts[:2]), ("author", call.authors[:2])):
        for actor in actors:
            client = enter(actor)
            direct = [f"/centre/proposals/{one}" for one in call.proposals] if side == "reviewer" else []
            direct += [f"/centre/{kind}" for kind in ("proposal", "review", "conflict", "decision", "assignment")]
            direct += [f"/centre/search?q={word}" for word in ("Aurelion", "Exodia", "Pulses")]
            direct += ["/centre/pick?of=person&name=x&x.find=E", "/centre/pick?of=any&name=x&x.find=Pulses"]
            pages = [*_walk(client, "/centre"), *((path, client.get(path).text) for path in direct)]
            assert len(pages) > 20
            seen += [
                Seen(side=side, person=actor.person(), where=path, answer=_plain(text, path))  # type: ignore[arg-type]
                for path, text in pages
                if not re.match(r"/centre/(people|member)", path)
            ]
    with store.transaction(call.org) as connection:
        found = calls.search(connection, call.call, seen)
    assert found.cases > 1000
    assert not found.leaks, found.leaks[:5]


def _plain(html: str, path: str) -> str:
    """Return a page's main part as the reader sees it, with its addresses, without the ids that the asker sent."""
    for sent in re.findall(r"[0-9a-f-]{36}", path):
        html = html.replace(sent, "")
    return html[html.index("<main") : html.index("</main>")] if "<main" in html else html
