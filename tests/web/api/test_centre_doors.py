"""Ways over HTTP that were missing; Alice may, Bob, her colleague, may not, Charlie of another centre finds nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate.identity.memberships import insert_member
from takeback.prove.checkpoint import LogKey
from takeback.prove.sequencer import sequence_all
from takeback.share.centre import reporting, results
from takeback.share.centre.results import Result
from tests.share.centre.centre_world import START
from tests.web.api.centre_clients import URL, Clients
from tests.web.api.test_centre_keys import program
from tests.web.conftest import problem

RESULT: dict[str, Any] = {"sort": "software", "title": "Solver of lanes", "year": 2026, "licence": "MIT"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))


def test_a_report_is_checked_and_withdrawn(centre: Clients, elsewhere: Clients, tmp_path: Path) -> None:
    """Five files, all as recorded; withdrawn with a reason, once; what does not hold is said in one's language."""
    alice, bob, charlie = centre.manager(), centre.enter("Bob", "maker", "researcher"), elsewhere.manager()
    world = centre.centre
    with store.transaction(world.org) as connection:
        made = results.state_result(connection, world.manager, Result(**RESULT, url="https://a.example/x"), at=START)
        results.accept_result(connection, world.manager, made.id, at=START)
    sequence_all(LogKey.kept_in(tmp_path))
    with store.transaction(world.org) as connection:
        report = reporting.make_report(connection, world.manager, "annual", 2026, at=START)
    place = f"{URL}/reports/{report.id}"
    found = alice.get(f"{place}/check").json()
    assert (found["files"], found["findings"]) == (5, [])
    assert found["figures"] > 0
    assert found["entries"] > 0
    for refused in (bob.get(f"{place}/check"), bob.post(f"{place}/withdraw", json={"reason": "x"})):
        problem(refused, 403, "centre.forbidden")
    for missing in (charlie.get(f"{place}/check"), charlie.post(f"{place}/withdraw", json={"reason": "x"})):
        problem(missing, 404, "centre.no-record")
    with store.transaction(world.org) as connection:
        connection.execute(sa.text("update centre_file set content = 'null'::bytea where name like '%.json'"))
    alice.cookies.set("takeback_locale", "zh_Hans")
    told = alice.get(f"{place}/check").json()["findings"]
    assert len(told) == 2
    assert not [one for one in told if "recorded" in one or "this is not" in one]
    problem(alice.post(f"{place}/withdraw", json={"reason": " "}), 422, "centre.no-reason")
    assert alice.post(f"{place}/withdraw", json={"reason": "wrong"}).json()["state"] == "withdrawn"
    problem(alice.post(f"{place}/withdraw", json={"reason": "wrong"}), 409, "centre.bad-move")


def test_centres_side_by_side_are_a_file(centre: Clients, elsewhere: Clients) -> None:
    """Who reads the reports of both gets PDF and data; who reads those of one alone gets neither."""
    alice, bob = centre.manager(), centre.enter("Bob", "maker", "researcher")
    asked = {"year": 2026, "centres": [str(centre.centre.org), str(elsewhere.centre.org)]}
    assert alice.get(f"{URL}/compared/file", params=asked).status_code in (403, 404)
    with store.transaction(elsewhere.centre.org) as connection:
        insert_member(connection, elsewhere.centre.org, alice.get("/api/v1/me").json()["user"]["id"], "manager")
    for ending, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")):
        answer = alice.get(f"{URL}/compared/file", params={**asked, "ending": ending})
        assert answer.status_code == 200, answer.text
        assert answer.content.startswith(begins), ending
        assert f"candidates-2026.{ending}" in answer.headers["content-disposition"]
    assert alice.get(f"{URL}/compared/file", params={**asked, "ending": "exe"}).status_code in (400, 422)
    problem(alice.get(f"{URL}/compared/file", params={**asked, "centres": asked["centres"][:1]}), 422,
            "centre.bad-comparison")  # fmt: skip
    assert bob.get(f"{URL}/compared/file", params=asked).status_code in (403, 404)


def test_results_stated_twice_are_told_to_who_accepts(centre: Clients, elsewhere: Clients) -> None:
    """A pair, the later one first, and why; an outsider's list is empty."""
    alice, bob, charlie = centre.manager(), centre.enter("Bob", "maker", "researcher"), elsewhere.manager()
    world = centre.centre
    with store.transaction(world.org) as connection:
        first = results.state_result(connection, world.manager, Result(**RESULT, url="https://a.example/x"), at=START)
        near = Result(**{**RESULT, "title": "Solver of  lanes."}, url="https://a.example/y")
        later = results.state_result(connection, world.manager, near, similar=True)
    (pair,) = alice.get(f"{URL}/results/doubles").json()
    assert (pair["later"]["id"], pair["earlier"]["id"]) == (str(later.id), str(first.id))
    assert (pair["why"], pair["sure"]) == ("title", False)
    problem(bob.get(f"{URL}/results/doubles"), 403, "centre.forbidden")
    assert charlie.get(f"{URL}/results/doubles").json() == []


def test_data_of_a_problem_are_kept_by_its_member(centre: Clients, elsewhere: Clients) -> None:
    """A delegate adds data to what the own member stated; one of another member and an expert are refused."""
    bob, eve = centre.enter("Bob", "maker", "delegate"), centre.enter("Eve", "shop", "delegate")
    expert, charlie = centre.enter("Ed", "institute", "expert"), elsewhere.manager()
    facts = {"title": "Seals", "title_zh": "密封", "member_id": str(centre.centre.members["maker"]),
             "details": "They leak.", "criteria": ["They do not"]}  # fmt: skip
    made = bob.post(f"{URL}/records/problem", json={"facts": facts}).json()
    place, file = f"{URL}/records/problem/{made['id']}/files", {"file": ("a.csv", b"a,b\n1,2\n", "text/csv")}
    kept = bob.post(place, files=file)
    assert kept.status_code == 201, kept.text
    problem(eve.post(place, files=file), 403, "centre.not-own")
    problem(expert.post(place, files=file), 403, "centre.forbidden")
    problem(charlie.post(place, files=file), 404, "centre.no-record")
    assert [one["name"] for one in eve.get(place).json()] == ["a.csv"]


def test_what_one_is_counted_as_is_ones_own(centre: Clients) -> None:
    """Bob says, reads and takes it back; nobody else's answer holds it, and without the consent it is refused."""
    bob, alice = centre.enter("Bob", "maker", "researcher"), centre.manager()
    said = {"gender": "man", "origin": "abroad"}
    assert bob.put(f"{URL}/me/traits", json={"traits": said}).json() == said
    assert bob.get(f"{URL}/me/traits").json() == said
    assert alice.get(f"{URL}/me/traits").json() == {}
    assert "abroad" not in alice.get(f"{URL}/people").text
    problem(bob.put(f"{URL}/me/traits", json={"traits": {"gender": "unicorn"}}), 422, "centre.bad-trait")
    problem(bob.put(f"{URL}/me/traits", json={"traits": {"shoe": "42"}}), 422, "centre.bad-trait")
    assert bob.put(f"{URL}/me/traits", json={"traits": {}}).json() == {}
    bob.put(f"{URL}/me/traits", json={"traits": said})
    bob.put(f"{URL}/me/consents", json={"consents": ["profile"]})
    assert bob.get(f"{URL}/me/traits").json() == {}
    problem(bob.put(f"{URL}/me/traits", json={"traits": said}), 409, "centre.no-consent")
    problem(program(centre, "read")("GET", "/me/traits"), 403, "centre.no-person")


def test_sentences_are_in_the_language_that_a_program_asks_for(centre: Clients) -> None:
    """A program with a key has no account whose language it is: Accept-Language decides, English else."""
    with store.transaction(centre.centre.org) as connection:
        english = next(one.label for one in results.figures(connection, 2026) if one.code == "results.papers")
    ask = program(centre, "read")

    def label(language: str = "") -> str:
        headers = {"accept-language": language} if language else {}
        answer = ask("GET", "/figures/results.papers?year=2026", headers=headers)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["figure"]["label"])

    chinese = reporting.language("zh_Hans").say(english)
    assert chinese != str(english)
    assert label() == str(english)
    assert label("zh-CN,zh;q=0.9,en;q=0.8") == chinese
    assert label("en-GB,zh;q=0.5") == str(english)
    assert label("de, zh;q=0.2, en;q=0.1") == chinese
