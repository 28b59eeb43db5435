"""Reports checked and withdrawn, centres side by side, results stated twice, data of problems, traits, origins."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate.identity.memberships import insert_member
from takeback.prove.checkpoint import LogKey
from takeback.prove.sequencer import sequence_all
from takeback.share.centre import reporting, results, talent
from takeback.share.centre.people import PersonFields, enter_person
from takeback.share.centre.results import Result
from tests.share.centre.calls.call_world import TELLING, CallWorld
from tests.share.centre.centre_world import START
from tests.support.people import People
from tests.web.centre_people import SignedCentre, entering, signed_centre
from tests.web.conftest import Client
from tests.web.test_centre_calls import NOW, call, enter  # noqa: F401 -- fixtures

Enter = Callable[[str], Client]


@pytest.fixture
def centre(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SignedCentre:
    """A centre with a person of each role, and a log of its own key."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    return signed_centre()


@pytest.fixture
def go(new_client: Callable[[], Client], centre: SignedCentre) -> Enter:
    """Open a browser of somebody of the centre."""
    return entering(new_client, centre)


@pytest.fixture
def charlie(new_client: Callable[[], Client], centre: SignedCentre) -> Client:
    """The browser of the manager of another centre."""
    return entering(new_client, signed_centre("other"))("alice")


def stated(centre: SignedCentre, *, accepted: bool = False, **more: str) -> str:
    """State a result; return its id."""
    facts = {"sort": "software", "title": "Solver of lanes", "year": 2026, "licence": "MIT"}
    said = Result(**{**facts, "url": "https://example.org/lanes", **more})  # type: ignore[arg-type]
    with store.transaction(centre.world.org) as connection:
        made = results.state_result(connection, centre.world.manager, said, similar=True, at=START)
        if accepted:
            results.accept_result(connection, centre.world.manager, made.id, at=START)
    return str(made.id)


@pytest.fixture
def report(centre: SignedCentre, tmp_path: Path) -> str:
    """The address of a report that rests on one result, made after the log took it in."""
    stated(centre, accepted=True)
    sequence_all(LogKey.kept_in(tmp_path))
    with store.transaction(centre.world.org) as connection:
        made = reporting.make_report(connection, centre.world.manager, "annual", 2026, at=START)
    return f"/centre/report/{made.id}"


def test_a_report_is_withdrawn_with_its_reason(report: str, go: Enter, charlie: Client, centre: SignedCentre) -> None:
    """Alice is asked why; the authority, who may read it, is offered nothing and refused; Charlie finds none."""
    alice, guide, bob = go("alice"), go("authority"), go("bob")
    deed = f"{report}/do/withdraw"
    page = alice.get(report).text
    assert f'action="{deed}"' in page
    assert "For what reason" in page
    assert deed not in guide.get(report).text
    assert guide.post(deed, data={"reason": "x"}).status_code == 403
    assert bob.post(deed, data={"reason": "x"}).status_code == 403
    assert charlie.post(deed, data={"reason": "x"}).status_code == 404
    assert alice.post(deed, data={"reason": " "}).status_code == 422
    assert alice.post(deed, data={"reason": "a fund was left out"}).status_code == 303
    page = alice.get(report).text
    assert "a fund was left out" in page
    assert deed not in page


def test_a_report_is_checked_where_it_stands(report: str, go: Enter, charlie: Client, centre: SignedCentre) -> None:
    """It holds; once a kept file is another one, it does not, and the file is named."""
    check = report.replace("/report/", "/reports/") + "/check"
    alice, guide = go("alice"), go("authority")
    assert f'href="{check}"' in alice.get(report).text
    for client in (alice, guide):
        page = client.get(check)
        assert page.status_code == 200
        assert "it holds" in page.text
    assert "5 files are those that were recorded" in alice.get(check).text
    assert go("bob").get(check).status_code == 403
    assert charlie.get(check).status_code == 404
    with store.transaction(centre.world.org) as connection:
        changed = sa.text("update centre_file set content = 'x'::bytea where name like '%-en.xlsx'")
        assert connection.execute(changed).rowcount == 1
    page = alice.get(check).text
    assert "it does not hold" in page
    assert "-annual-2026-en.xlsx: it is not what was recorded" in page
    alice.cookies.set("takeback_locale", "zh_Hans")
    page = alice.get(check).text
    assert "it does not hold" not in page
    assert "-annual-2026-en.xlsx" in page


def test_a_figure_that_has_no_proof_is_called_by_its_name(go: Enter, centre: SignedCentre) -> None:
    """Of a report that was made before the log had its result, the page names the figure as people know it."""
    stated(centre, accepted=True)
    with store.transaction(centre.world.org) as connection:
        made = reporting.make_report(connection, centre.world.manager, "annual", 2026, at=START)
    page = go("alice").get(f"/centre/reports/{made.id}/check").text
    assert "it does not hold" in page
    assert re.search(r"Software: entry \d+ has no proof", page)
    assert "results.software" not in page


def test_one_centre_is_not_compared_with_itself(go: Enter, centre: SignedCentre) -> None:
    """The way to candidates side by side stands on the page of reports once there are two that one may read."""
    alice, link = go("alice"), 'href="/centre/candidates"'
    assert link not in alice.get("/centre/reports").text
    second = signed_centre("second").world.org
    with store.transaction(second) as connection:
        user = connection.execute(sa.text("select id from user_account where email = 'alice@centre.example'"))
        insert_member(connection, second, user.scalar_one(), "manager")
    assert link in alice.get("/centre/reports").text


def test_candidates_are_taken_along_as_files(go: Enter, centre: SignedCentre, charlie: Client) -> None:
    """Alice, who may read the reports of three, ticks two: the page, PDF in both languages and the data hold these two;
    Bob, who reads no report, is refused; Charlie has one centre alone and nothing to compare."""
    others = [signed_centre(slug).world.org for slug in ("third", "fourth")]
    for org in others:
        with store.transaction(org) as connection:
            user = connection.execute(sa.text("select id from user_account where email = 'alice@centre.example'"))
            insert_member(connection, org, user.scalar_one(), "manager")
    alice, url = go("alice"), "/centre/candidates"
    page = alice.get(url).text
    assert page.count('name="centre"') == 3
    asked = f"?year=2026&centre={centre.world.org}&centre={others[0]}"
    links = re.findall(rf'href="({url}/[a-z]+\?[^"]+)"', alice.get(url + asked).text)
    assert len(links) == 5
    for link in links:
        answer = alice.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, answer.text
        assert "attachment" in answer.headers["content-disposition"]
    assert "language=en" in links[0]
    alice.cookies.set("takeback_locale", "zh_Hans")
    (first, *_) = re.findall(rf'href="({url}/[a-z]+\?[^"]+)"', alice.get(url + asked).text)
    assert "language=zh_Hans" in first, "the paper in the language of the page comes first"
    alice.cookies.set("takeback_locale", "en")
    pdf, chinese = (alice.get(f"{url}/pdf{asked}&language={one}").content for one in ("en", "zh_Hans"))
    assert pdf.startswith(b"%PDF")
    assert chinese.startswith(b"%PDF")
    assert pdf != chinese
    (lines,) = json.loads(alice.get(f"{url}/json{asked}").content).values()
    line = lines[0]
    assert len([name for name in line if name in {"centre", "third", "fourth"}]) == 2
    assert alice.get(f"{url}/exe{asked}").status_code == 404
    for path in (url, f"{url}/pdf{asked}"):
        assert go("bob").get(path).status_code == 403
    assert "There is no second centre" in charlie.get(url + asked).text
    assert charlie.get(f"{url}/csv{asked}").status_code == 422


def test_what_is_stated_twice_is_shown_to_who_accepts(go: Enter, centre: SignedCentre, charlie: Client) -> None:
    """The later of two with nearly the same title stands beside the earlier; returned, it is no pair any more."""
    first, again = stated(centre), stated(centre, title="Solver of lanes.", url="https://example.org/2")
    alice, bob, url = go("alice"), go("bob"), "/centre/results/doubles"
    assert f'href="{url}"' in alice.get("/centre/result").text
    assert f'href="{url}"' not in bob.get("/centre/result").text
    page = alice.get(url).text
    assert page.index(again) < page.index(first)
    assert "nearly the same title" in page
    assert bob.get(url).status_code == 403
    assert first not in charlie.get(url).text
    assert alice.post(f"/centre/result/{again}/do/return", data={"reason": "twice"}).status_code == 303
    assert alice.post(f"/centre/result/{first}/do/accept", data={}).status_code == 303
    assert again in alice.get(url).text, "a returned one can still be stated again"


def test_data_stand_with_a_problem_of_ones_own_member(go: Enter, centre: SignedCentre, charlie: Client) -> None:
    """Bob stated it for his company and adds data; Lin of another member and the expert are not offered to and refused;
    Charlie finds no such problem."""
    bob, own = go("bob"), str(centre.world.members["maker"])
    sent = {"title": "Leaking seals", "title_zh": "密封泄漏", "member_id": own, "details": "One in forty.",
            "criteria": "One in a thousand at most", "confidentiality": "members"}  # fmt: skip
    href = bob.post("/centre/problem/new", data=sent).headers["location"].partition("?")[0]
    files = {"file": ("seals.csv", b"pack,leaks\n1,0\n", "text/csv")}
    assert f'action="{href}/files"' in bob.get(href).text
    for name in ("lin", "expert", "student"):
        client = go(name)
        assert f'action="{href}/files"' not in client.get(href).text, name
        assert client.post(f"{href}/files", files=files).status_code == 403, name
    assert charlie.post(f"{href}/files", files=files).status_code == 404
    assert bob.post(f"{href}/files", files=files).status_code == 303
    assert go("alice").post(f"{href}/files", files=files).status_code == 303, "who runs the centre"
    assert "seals.csv" in go("lin").get(href).text


def test_an_author_adds_evidence_to_a_result_and_a_colleague_does_not(go: Enter, centre: SignedCentre) -> None:
    """Bob stated it: he is offered to add a file, and may; Lin is not and may not."""
    said = Result(sort="software", title="Other", year=2026, licence="MIT", url="https://example.org/o")
    with store.transaction(centre.world.org) as connection:
        made = results.state_result(connection, centre.world.actor("bob"), said, at=START)
    href, files = f"/centre/result/{made.id}", {"file": ("log.txt", b"ran", "text/plain")}
    bob, lin = go("bob"), go("lin")
    assert f'action="{href}/files"' in bob.get(href).text
    assert f'action="{href}/files"' not in lin.get(href).text
    assert lin.post(f"{href}/files", files=files).status_code == 403
    assert bob.post(f"{href}/files", files=files).status_code == 303


def test_what_one_is_counted_as_is_said_by_oneself_and_gone_with_the_consent(go: Enter, centre: SignedCentre) -> None:
    """Bob says it, sees it, and nobody else does; without the consent the form is gone and what he said, too."""
    bob, alice, url = go("bob"), go("alice"), "/centre/people/traits"
    assert f'href="{url}"' in bob.get(f"/centre/people/{centre.world.people['bob'].id}").text
    assert f'href="{url}"' not in alice.get(f"/centre/people/{centre.world.people['bob'].id}").text
    said = {"gender": "man", "age": "35-44", "degree": "", "origin": ""}
    assert bob.post(url, data=said).headers["location"] == f"{url}?done=said"
    page = bob.get(url).text
    assert '<option value="35-44" selected>' in page
    assert " selected" not in alice.get(url).text
    assert bob.post(url, data={"gender": "unicorn"}).status_code == 422
    assert bob.post("/centre/people/consents", data={"consents": ["profile"]}).status_code == 303
    page = bob.get(url).text
    assert "<select" not in page
    assert "You have not agreed to be counted" in page
    assert bob.post(url, data=said).status_code == 409
    with store.transaction(centre.world.org) as connection:
        assert talent.traits_of(connection, centre.world.actor("bob")) == {}


def test_a_project_leads_to_its_proposal_for_who_runs_calls_and_is_on_no_side(
    call: CallWorld,  # noqa: F811
    enter: Callable[..., Client],  # noqa: F811
) -> None:
    """Alice finds the proposal; an author, the council alone and who applied before coming to run the centre do not."""
    call.submit(0)
    call.close()
    for expert in range(3):
        call.assign((0, expert))
        call.review(expert, 0, 8, 8, 8)
    call.decide(0, "funded", 200_000_00)
    alice = enter(call.centre.enter("Alice", "university", "manager", "director", email="alice@runs.example"))
    call.announce()
    NOW["at"] = TELLING + timedelta(days=1)
    page = f"/centre/calls/{call.call}/proposal/{call.proposals[0]}"
    done = alice.post(f"{page}/project", data={"code": "P-1", "begins": "2026-06-01", "ends": "2027-05-31"})
    project = done.headers["location"]
    assert f'href="{page}"' in alice.get(project).text
    assert alice.get(page).status_code == 200
    lead, *others = map(enter, (call.authors[0], call.authors[1], call.council[0]))
    for other in (lead, *others):
        seen = other.get(project)
        assert seen.status_code == 200
        assert str(call.proposals[0]) not in seen.text
    with store.transaction(call.org) as connection:
        author = call.authors[0]
        fields = PersonFields(name="Lead Author", roles=["manager"], member_id=author.member_id)
        enter_person(connection, call.manager, fields, id=author.person(), at=START)
    turned = lead.get(project)
    assert turned.status_code == 200
    assert str(call.proposals[0]) not in turned.text
