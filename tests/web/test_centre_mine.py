"""A list narrowed to what one's own person or member organisation takes part in: in the console and over the API."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from takeback import store
from takeback.share.centre import problems, projects, results
from takeback.share.centre.records import create
from takeback.share.centre.results import Author, Result
from tests.share.centre.projects.project_world import AT, project_facts
from tests.share.centre.resources.test_booking import offered
from tests.web.centre_people import SignedCentre, entering, signed_centre
from tests.web.conftest import Client, Enter

API = "/api/v1/centre/records"


@pytest.fixture
def filled(centre: SignedCentre) -> SignedCentre:
    """Bob's company takes part in one project, problem and result of two; it offers nothing."""
    world, maker = centre.world, centre.world.members["maker"]
    lin, bob = world.people["lin"].id, world.people["bob"].id
    with store.transaction(world.org) as connection:
        for code, partners in (("OURS", (maker,)), ("THEIRS", ())):
            facts = project_facts(world, lin, code=code, title=f"Work {code}", partners=partners)
            projects.start_project(connection, world.manager, facts, at=AT)
        for member, title in ((maker, "Stated OURS"), (world.members["shop"], "Stated THEIRS")):
            said = problems.Problem(title=title, member_id=member, details="Hours.", criteria=("Minutes.",))
            create(connection, world.manager, "problem", said)
        for person, title in ((bob, "Paper OURS"), (lin, "Paper THEIRS")):
            stated = Result(sort="software", title=title, year=2026, authors=(Author(person=person, percent=100),),
                            licence="MIT", url=f"https://x.example/{person}")  # fmt: skip
            results.state_result(connection, world.actor("lin"), stated)
    return centre


def shown(client: Client, path: str) -> set[str]:
    """Return which of the records a page shows."""
    return {*re.findall(r">[A-Z][a-z]+ (OURS|THEIRS)<", client.get(path).text)}


def test_a_list_holds_all_or_ours(filled: SignedCentre, enter: Enter) -> None:
    """Bob sees both of a kind, and with the filter what his company or he takes part in; it stays with a search."""
    bob = enter("bob")
    for kind in ("project", "problem", "result"):
        assert shown(bob, f"/centre/{kind}") == {"OURS", "THEIRS"}
        assert shown(bob, f"/centre/{kind}?mine=1") == {"OURS"}
        page = bob.get(f"/centre/{kind}?mine=1&q=OURS").text
        assert '<input type="hidden" name="mine" value="1">' in page
        assert f'href="/centre/{kind}?mine=1' in bob.get(f"/centre/{kind}").text.replace("&amp;", "&")
    assert shown(bob, "/centre/project?mine=yes") == {"OURS", "THEIRS"}
    bob.cookies.set("takeback_locale", "zh_Hans")
    assert "我们参与的" in bob.get("/centre/project?mine=1").text


def test_a_problem_without_a_chinese_title_is_shown_by_its_own(filled: SignedCentre, enter: Enter) -> None:
    """Bob leaves the Chinese title out; the Chinese pages show the one that there is."""
    bob = enter("bob")
    field = re.search(r'<input[^>]*name="title_zh"[^>]*>', bob.get("/centre/problem/new").text)
    assert field is not None
    assert "required" not in field[0]
    said = {"title": "Slow OURS", "details": "Hours.", "criteria": "Minutes.", "confidentiality": "members",
            "member_id": str(filled.world.members["maker"])}  # fmt: skip
    place = bob.post("/centre/problem/new", data=said).headers["location"]
    bob.cookies.set("takeback_locale", "zh_Hans")
    assert shown(bob, "/centre/problem?mine=1") == {"OURS"}
    assert "Slow OURS" in bob.get(place).text


def test_what_nobody_of_us_takes_part_in_is_no_filter(filled: SignedCentre, enter: Enter) -> None:
    """Bob is offered his company's test bench as ours; the expert's institute has a part in no problem."""
    bench = offered(filled.world, member=filled.world.members["maker"])
    told = enter("bob").get(f"{API}/resource", params={"mine": "1"}).json()["records"]
    assert [one["id"] for one in told] == [str(bench)]
    assert "mine=1" in enter("bob").get("/centre/resource").text
    assert "mine=1" not in enter("expert").get("/centre/problem").text


def test_the_interface_narrows_as_the_console(
    filled: SignedCentre, enter: Enter, new_client: Callable[[], Client]
) -> None:
    """Alice, Bob and Lin get their own parts; Charlie, of another centre, gets nothing of this one, mine or not."""
    titles = {}
    for name in ("bob", "lin", "authority"):
        answer = enter(name).get(f"{API}/project", params={"mine": "1"})
        assert answer.status_code == 200, answer.text
        told = answer.json()
        titles[name] = {one["title"] for one in told["records"]}
        assert told["total"] == len(told["records"])
    assert titles == {"bob": {"Work OURS"}, "lin": {"Work OURS", "Work THEIRS"}, "authority": set()}
    charlie = entering(new_client, signed_centre("other"))("alice")
    for mine in ("0", "1"):
        assert charlie.get(f"{API}/project", params={"mine": mine}).json()["records"] == []
    assert enter("bob").get(f"{API}/project", params={"mine": "perhaps"}).status_code == 400
