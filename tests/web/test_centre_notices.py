"""Notices in the console and over HTTP: counted, read, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from takeback import store
from takeback.share.centre import projects
from takeback.share.centre.notices.telling import tell
from takeback.share.centre.projects import TeamMember
from tests.share.centre.projects.project_world import AT, project_facts
from tests.support.people import People
from tests.web.centre_people import SignedCentre, entering, signed_centre
from tests.web.conftest import Client, Enter

COUNT = re.compile(r'href="/centre/notices"[^>]*>[^<]*<span class="count">(\d+)')


@pytest.fixture
def centre(people: People) -> SignedCentre:
    """A centre in which Lin leads a new project."""
    made = signed_centre()
    lin = made.world.people["lin"].id
    with store.transaction(made.world.org) as connection:
        team = (TeamMember(person=lin, role="researcher", share=500),)
        projects.start_project(connection, made.world.manager, project_facts(made.world, lin, team=team), at=AT)
    return made


def test_a_notice_is_counted_until_it_is_followed(enter: Enter) -> None:
    """The side bar counts what is unread; a notice leads to what it is about, and is read then."""
    lin = enter("lin")
    assert COUNT.findall(lin.get("/centre").text) == ["1"]
    page = lin.get("/centre/notices").text
    assert "A project begins with you: Grading cells fast." in page
    (href,) = re.findall(r'href="(/centre/notices/[0-9a-f-]{36})"', page)
    assert lin.get(href).headers["location"].startswith("/centre/project/")
    page = lin.get("/centre/notices").text
    assert "Nothing new for you." in page
    assert COUNT.findall(page) == []


def test_a_notice_tells_its_day_as_pages_do(enter: Enter, centre: SignedCentre) -> None:
    """5 Jan 2027 and 2027年1月5日 instead of the day as it is stored."""
    with store.transaction(centre.world.org) as connection:
        lin = centre.world.people["lin"].id
        due = date(2027, 1, 5)
        tell(connection, centre.world.manager, [lin], "task.due", "/centre/task", title="Station", day=due, at=AT)
    client = enter("lin")
    assert "A task is due on 5 Jan 2027: Station." in client.get("/centre/notices").text
    client.cookies.set("takeback_locale", "zh_Hans")
    page = client.get("/centre/notices").text
    assert "2027年1月5日" in page
    assert "2027-01-05" not in page


def test_notices_over_http_are_in_ones_own_language_and_all_read_at_once(enter: Enter) -> None:
    """What is told has a day and no moment; without ids all are read."""
    lin = enter("lin")
    lin.headers["accept"] = "application/json"
    (one,) = lin.get("/api/v1/centre/notices").json()
    assert (one["code"], one["on"], one["unread"]) == ("project.started", "2026-03-10", True)
    assert one["text"] == "A project begins with you: Grading cells fast."
    assert lin.post("/api/v1/centre/notices/read", json={}).json() == {"read": 1}
    assert lin.get("/api/v1/centre/notices?unread=true").json() == []
    assert len(lin.get("/api/v1/centre/notices").json()) == 1


def test_bob_and_charlie_see_and_read_none_of_it(
    enter: Enter, centre: SignedCentre, new_client: Callable[[], Client]
) -> None:
    """Another person's notice leads nowhere and stays unread."""
    lin, bob = enter("lin"), enter("bob")
    charlie = entering(new_client, signed_centre("other"))("alice")
    (href,) = re.findall(r'href="(/centre/notices/[0-9a-f-]{36})"', lin.get("/centre/notices").text)
    for other in (bob, charlie):
        assert "Grading cells fast" not in other.get("/centre/notices").text
        assert other.get(href).headers["location"] == "/centre/notices"
        assert other.post("/centre/notices/read").status_code == 303
        assert other.post("/api/v1/centre/notices/read", json={"ids": [href[-36:]]}).json() == {"read": 0}
    assert COUNT.findall(lin.get("/centre").text) == ["1"]
