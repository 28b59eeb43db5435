"""A problem board that a centre opens is read without sign-in; what is for the centre alone is on none of its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from takeback import store
from takeback.operate.identity import rate
from takeback.share.centre.problems import Problem, state_problem
from takeback.share.centre.records import find
from tests.share.centre.centre_world import START
from tests.support.people import People
from tests.web.centre_people import SignedCentre, entering, signed_centre
from tests.web.conftest import Client, problem

HTML = {"accept": "text/html"}
BOXES: dict[str, Any] = {"title": "Large boxes", "title_zh": "大箱子", "details": "Too large", "details_zh": "箱子太大"}
PLATING: dict[str, Any] = {
    "title": "Slow test",
    "title_zh": "检测慢",
    "details": "In the third shift",
    "fields": ("anode",),
}


@pytest.fixture
def centre(people: People) -> SignedCentre:
    """A centre with a problem for everybody and one for the centre alone."""
    made = signed_centre()
    bob = made.world.actor("bob")
    common: Any = {"member_id": bob.member_id, "criteria": ("half of it",)}
    with store.transaction(made.world.org) as connection:
        open_ = Problem(**common, **BOXES, prize=500_00, confidentiality="open")
        state_problem(connection, bob, open_, at=START)
        state_problem(connection, bob, Problem(**common, **PLATING, prize=777_00), at=START)
    return made


def editing(centre: SignedCentre) -> tuple[str, dict[str, str]]:
    """Return the address of the centre's own form, and what it holds."""
    with store.transaction(centre.world.org) as connection:
        (itself,) = find(connection, "centre")
    said = {k: v for k, v in msgspec.to_builtins(itself.facts).items() if v and isinstance(v, str)}
    return f"/centre/centre/{itself.id}/edit", said


@pytest.fixture
def opened(centre: SignedCentre, new_client: Callable[[], Client]) -> SignedCentre:
    """The centre after Alice opened its board."""
    edit, said = editing(centre)
    alice = entering(new_client, centre)("alice")
    assert 'name="public_board"' in alice.get(edit).text
    assert alice.post(edit, data={**said, "public_board": "1"}).status_code == 303
    return centre


def test_a_board_that_is_closed_is_as_none(centre: SignedCentre, visitor: Client) -> None:
    """What a visitor is told does not say whether there is such a centre, nor does another organisation's name."""
    answers = [visitor.get(f"/api/v1/boards/{slug}") for slug in ("centre", "no-such-centre", "other")]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    problem(answers[0], 404, "centre.no-board")
    assert visitor.get("/boards/centre", headers=HTML).status_code == 404


def test_only_who_runs_the_centre_opens_its_board_and_closes_it(
    opened: SignedCentre, new_client: Callable[[], Client], visitor: Client
) -> None:
    """Bob, a colleague, cannot; Charlie, of another centre, cannot; Alice can, and her people find the way to it."""
    edit, said = editing(opened)
    go = entering(new_client, opened)
    other = signed_centre("another", entered={"charlie": ("university", "manager")})
    assert go("bob").post(edit, data=said).status_code == 403
    assert entering(new_client, other)("charlie").post(edit, data=said).status_code == 404
    assert 'href="/boards/centre"' in go("bob").get("/centre/problem").text
    assert visitor.get("/boards/centre", headers=HTML).status_code == 200
    assert visitor.get("/boards/another", headers=HTML).status_code == 404
    assert go("alice").post(edit, data=said).status_code == 303
    assert 'href="/boards/centre"' not in go("bob").get("/centre/problem").text
    assert visitor.get("/boards/centre", headers=HTML).status_code == 404


def test_the_board_shows_what_was_stated_for_everybody_and_nobody(opened: SignedCentre, visitor: Client) -> None:
    """No person, member or id, and no word of the other problem, neither on the page nor in the API, nor searched."""
    page, answer = visitor.get("/boards/centre", headers=HTML), visitor.get("/api/v1/boards/centre")
    for shown in ("Large boxes", "Too large", "500", "half of it"):
        assert shown in page.text, shown
    with store.transaction(opened.world.org) as connection:
        ids = {str(one.id) for one in find(connection, "problem")}
    names = {"Bob", "Voltray", str(opened.world.org), *map(str, opened.world.members.values()), *ids}
    for hidden in {*PLATING.values(), "777", "anode", *names} - {("anode",)}:
        assert str(hidden) not in page.text + answer.text, hidden
    for asked in ("plating", "anode", "慢"):
        assert "Large boxes" not in visitor.get(f"/boards/centre?q={asked}", headers=HTML).text
        assert visitor.get(f"/api/v1/boards/centre?text={asked}").json()["total"] == 0
    (found,) = visitor.get("/api/v1/boards/centre?text=boxes").json()["problems"]
    assert (found["title"], found["prize"]) == ("Large boxes", 500_00)


def test_the_board_speaks_chinese(opened: SignedCentre, visitor: Client) -> None:
    """To whoever's browser does, in the texts of the members and in ours."""
    page = visitor.get("/boards/centre", headers={**HTML, "accept-language": "zh-CN"}).text
    for shown in ("大箱子", "箱子太大", "问题板", "逆向物流协同创新中心"):
        assert shown in page, shown
    assert "Too large" not in page


def test_an_address_that_asks_for_ever_waits(
    opened: SignedCentre, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The board costs a query that anybody may ask for, so it is counted by address."""
    monkeypatch.setattr(rate, "OPEN_BY_ADDRESS", rate.Limit("open.address", burst=3, seconds=600))
    seen = [visitor.get("/api/v1/boards/centre").status_code for _ in range(4)]
    assert seen == [200, 200, 200, 429]
