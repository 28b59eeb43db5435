"""What a body may not set, and how long what it says may be: refused with the field, never an error of ours."""

from __future__ import annotations

from typing import Any

import pytest

from takeback.share.centre.saying import LONGEST
from tests.web.api.centre_clients import URL, Clients
from tests.web.conftest import problem

LINE, TEXT = "x" * 201, "x" * (LONGEST + 1)
LEADS = {"code": "U9", "name": "Ninth University", "name_zh": "九大", "sort": "university"}


def _id(centre: Clients, member: str) -> str:
    return str(centre.centre.members[member])


@pytest.mark.parametrize("field", ["title", "place"])
def test_a_meeting_with_a_name_without_end_is_refused(centre: Clients, field: str) -> None:
    """Neither a long nor an empty title is an error of ours; a long place is refused at the gate."""
    alice = centre.manager()
    council = {"name": "Council", "name_zh": "理事会", "sort": "council"}
    made = alice.post(f"{URL}/records/body", json={"facts": council}).json()["id"]
    meeting: dict[str, Any] = {
        "title": "First", "begins": "2026-12-01T09:00:00Z", "agenda": [{"number": 1, "title": "Plan"}],
    }  # fmt: skip
    for said in (LINE, "") if field == "title" else (TEXT,):
        answer = alice.post(f"{URL}/bodies/{made}/meetings", json={**meeting, field: said})
        assert answer.status_code in {400, 422}, answer.text
        assert field in answer.text


def test_a_reason_has_an_end(centre: Clients) -> None:
    """What goes into the ledger stays there: 20,000 characters are taken, one more is not."""
    alice = centre.manager()
    made = alice.post(f"{URL}/records/member", json={"facts": LEADS}).json()["id"]
    place = f"{URL}/mentorings/{made}/end"
    problem(alice.post(place, json={"reason": TEXT}), 400, "request.bad-value")
    problem(alice.post(place, json={"reason": TEXT[1:]}), 404, "centre.no-record")


def test_a_persons_names_have_an_end(centre: Clients) -> None:
    """In Latin letters and in Chinese; signs that are not seen are none."""
    alice = centre.manager()
    for said in ({"name": LINE}, {"name": "Eve", "name_zh": "夏" * 201}, {"name": "Eve", "name_zh": "夏\u202e"}):
        assert alice.post(f"{URL}/people", json=said).status_code in {400, 422}


def test_one_university_leads_whatever_a_body_says(centre: Clients) -> None:
    """A change of a member sets neither who leads nor a code that another one has."""
    alice = centre.manager()
    made = alice.post(f"{URL}/records/member", json={"facts": LEADS}).json()
    place = f"{URL}/records/member/{made['id']}"
    assert alice.put(place, json={"facts": {**LEADS, "lead": True}}).json()["facts"]["lead"] is False
    problem(alice.put(place, json={"facts": {**LEADS, "code": "U1"}}), 409, "centre.member-exists")
    first = f"{URL}/records/member/{_id(centre, 'university')}"
    facts = alice.get(first).json()["facts"]
    assert alice.put(first, json={"facts": {**facts, "lead": False}}).json()["facts"]["lead"] is True


def test_a_move_does_not_say_what_a_command_watches_over(centre: Clients) -> None:
    """A stage is opened as it stands: its closed years are not written on the way."""
    alice = centre.manager()
    facts = {
        "code": "C1", "name": "Stage", "name_zh": "阶段", "stage": "construction", "begins": "2026-01-01",
        "ends": "2028-12-31",
    }  # fmt: skip
    made = alice.post(f"{URL}/records/period", json={"facts": facts}).json()
    place = f"{URL}/records/period/{made['id']}/moves"
    closed = {"state": "open", "facts": {**made["facts"], "closed_years": [2026]}}
    problem(alice.post(place, json=closed), 409, "centre.written-elsewhere")
    assert alice.post(place, json={"state": "open", "facts": made["facts"]}).json()["facts"]["closed_years"] == []


def test_what_is_taken_back_is_taken_back_with_a_reason(centre: Clients) -> None:
    """A source is retired, listed again, a member leaves: each grave step says why, also past the console."""
    alice = centre.manager()
    facts = {"sort": "book", "title": "Reverse logistics"}
    source = alice.post(f"{URL}/records/source", json={"facts": facts}).json()
    for place, state in (
        (f"{URL}/records/source/{source['id']}/moves", "retired"),
        (f"{URL}/records/member/{_id(centre, 'shop')}/moves", "left"),
    ):
        problem(alice.post(place, json={"state": state, "reason": " "}), 422, "centre.no-reason")
        assert alice.post(place, json={"state": state, "reason": "It was replaced."}).json()["state"] == state
    place = f"{URL}/records/source/{source['id']}/moves"
    assert alice.post(place, json={"state": "listed"}).json()["state"] == "listed"


def test_a_text_in_a_record_has_an_end_whatever_its_field_says(centre: Clients) -> None:
    """An indicator's address has no limit of its own: 20,001 characters of it are refused with the place."""
    facts = {
        "code": "papers", "name": "Papers", "name_zh": "论文", "definition": "All", "source": "Plan", "unit": "papers",
        "source_url": TEXT,
    }  # fmt: skip
    refused = problem(centre.manager().post(f"{URL}/records/indicator", json={"facts": facts}), 422, "centre.bad-facts")
    assert "source_url" in refused["found"]


def test_a_report_links_to_pages_alone(centre: Clients) -> None:
    """What a report's links begin with is an address of a page, no script."""
    alice = centre.manager()
    for link in ("javascript:alert(1)", 'https://x.example/"><img>', "file:///etc/passwd"):
        asked = {"sort": "annual", "year": 2026, "link": link}
        problem(alice.post(f"{URL}/reports", json=asked), 400, "request.bad-value")
