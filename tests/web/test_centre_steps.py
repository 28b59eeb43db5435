"""Steps beside the straight way, in the console: a refused project works on, what was read, dropped, corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from takeback import store
from takeback.share.centre import organisation, projects
from takeback.share.centre.organisation import AgendaItem, Body
from takeback.share.centre.projects import Progress, ProjectMilestone, Risk, Transfer, WorkPackage
from takeback.share.centre.records import get
from tests.share.centre.projects.project_world import AT, ProjectWorld, refuse, running_project
from tests.support.people import People
from tests.web.centre_people import SignedCentre, entering, signed_centre
from tests.web.conftest import Client


@dataclass
class Rooms:
    """A centre with a project under way, and who looks at it; Charlie runs another centre."""

    centre: SignedCentre
    work: ProjectWorld
    alice: Client
    lin: Client
    bob: Client
    charlie: Client

    def state(self, record_id: UUID) -> str:
        """Return the state of a record."""
        with store.transaction(self.centre.world.org) as connection:
            return get(connection, record_id).state

    def facts(self, record_id: UUID) -> Any:
        """Return what a record says."""
        with store.transaction(self.centre.world.org) as connection:
            return get(connection, record_id).facts

    def only_alice(self, href: str, deed: str, sent: dict[str, str], *, lin: int = 403) -> None:
        """Bob is not offered it and is refused, Lin as is said, Charlie finds nothing; then Alice does it."""
        address = f"{href}/do/{deed}"
        assert address not in self.bob.get(href).text
        assert self.bob.post(address, data=sent).status_code == 403
        assert self.lin.post(address, data=sent).status_code == lin
        assert self.charlie.get(href).status_code == 404
        assert self.charlie.post(address, data=sent).status_code == 404
        assert address in self.alice.get(href).text
        done = self.alice.post(address, data=sent)
        assert done.status_code == 303, done.text
        assert address not in self.alice.get(href).text or deed == "received", "it is not offered once it is done"


@pytest.fixture
def rooms(people: People, new_client: Callable[[], Client]) -> Rooms:
    """Alice runs the centre, Lin and Bob work there, none of them in the project."""
    centre = signed_centre()
    enter, other = entering(new_client, centre), entering(new_client, signed_centre("other"))
    work = running_project(centre.world)
    return Rooms(centre, work, *(enter(name) for name in ("alice", "lin", "bob")), other("alice"))


def test_a_refused_project_is_no_dead_end(rooms: Rooms) -> None:
    """It waits on the first page; Alice lets it work on with a reason, which its history tells; Bob and Lin may not."""
    href, queue = f"/centre/project/{rooms.work.id}", "/centre/project?state=refused"
    assert queue not in rooms.alice.get("/centre").text
    assert f"{href}/do/resume" not in rooms.alice.get(href).text, "it runs"
    refuse(rooms.work)
    assert queue in rooms.alice.get("/centre").text
    assert queue not in rooms.bob.get("/centre").text
    assert rooms.alice.post(f"{href}/do/resume", data={"reason": " "}).status_code == 422
    rooms.only_alice(href, "resume", {"reason": "One more season of tests."})
    assert rooms.state(rooms.work.id) == "running"
    page = rooms.alice.get(href).text
    assert "One more season of tests." in page
    assert "/do/deliver" in page, "it is delivered and judged again"


def test_a_progress_report_is_read_by_who_runs_the_centre(rooms: Rooms) -> None:
    """It waits on the first page until it is read, with a remark or none."""
    told = Progress(project=rooms.work.id, title="Spring", until=date(2026, 6, 1), done="x", next="y", complete=300)
    with store.transaction(rooms.centre.world.org) as connection:
        report = projects.report_progress(connection, rooms.work.alice, told, at=AT).id
    href, queue = f"/centre/progress/{report}", "/centre/progress?state=submitted"
    assert queue in rooms.alice.get("/centre").text
    assert queue not in rooms.lin.get("/centre").text
    assert 'name="remark"' in rooms.alice.get(f"{href}/do/note").text
    rooms.only_alice(href, "note", {"remark": "Show the pulses next time."})
    assert "Show the pulses next time." in rooms.lin.get(href).text
    assert queue not in rooms.alice.get("/centre").text


def test_a_milestone_is_dropped_with_a_reason(rooms: Rooms) -> None:
    """Without one it is told so; dropped it is late no more."""
    point = ProjectMilestone(project=rooms.work.id, title="Half", due=date(2026, 8, 1), criterion="100 graded")
    with store.transaction(rooms.centre.world.org) as connection:
        milestone = projects.add_milestone(connection, rooms.work.alice, point, at=AT).id
    href = f"/centre/project-milestone/{milestone}"
    assert "Half was due on" in rooms.alice.get(f"/centre/project/{rooms.work.id}").text
    assert rooms.alice.post(f"{href}/do/drop", data={"reason": ""}).status_code == 422
    assert rooms.state(milestone) == "open"
    rooms.only_alice(href, "drop", {"reason": "The maker changed its cells."})
    assert "Half was due on" not in rooms.alice.get(f"/centre/project/{rooms.work.id}").text


def test_a_work_package_and_a_risk_go_on_step_by_step(rooms: Rooms) -> None:
    """Each button says what happens; a colleague outside the team has none of them."""
    package = WorkPackage(
        project=rooms.work.id, code="WP1", title="Bench", begins=date(2026, 4, 1), ends=date(2026, 9, 1)
    )
    danger = Risk(project=rooms.work.id, title="Late cells", likelihood=3, impact=3, mitigation="Order early.")
    with store.transaction(rooms.centre.world.org) as connection:
        one = projects.add_work_package(connection, rooms.work.alice, package, at=AT).id
        risk = projects.add_risk(connection, rooms.work.alice, danger, at=AT).id
    for deed, state in (("begin", "running"), ("finish", "done"), ("again", "running")):
        rooms.only_alice(f"/centre/work-package/{one}", deed, {})
        assert rooms.state(one) == state
    for deed, state in (("occurred", "occurred"), ("close", "closed"), ("again", "open")):
        rooms.only_alice(f"/centre/risk/{risk}", deed, {"reason": "As it is."})
        assert rooms.state(risk) == state


def test_what_was_received_of_a_transfer_is_told_until_it_ends(rooms: Rooms) -> None:
    """The form begins with what is known, in yuan; too much is told at its field; what is stale is looked at again."""
    told = Transfer(
        project=rooms.work.id, title="Licence", sort="licence", taker_name="Cells Ltd", signed=date(2026, 5, 1),
        value=100_000_00, received=20_000_50, readiness_before=4,
    )  # fmt: skip
    with store.transaction(rooms.centre.world.org) as connection:
        made = projects.record_transfer(connection, rooms.work.alice, told)
    href = f"/centre/transfer/{made.id}"
    form = rooms.alice.get(f"{href}/do/received").text
    assert 'value="20000.50"' in form
    assert f'name="_version" value="{made.version}"' in form
    wrong = rooms.alice.post(f"{href}/do/received", data={"received": "100000.01"})
    assert wrong.status_code == 422
    assert 'id="f-received-wrong"' in wrong.text
    sent = {"received": "60000", "readiness_after": "6", "jobs": "2"}
    rooms.only_alice(href, "received", sent)
    now = rooms.facts(made.id)
    assert (now.received, now.readiness_after, now.jobs) == (60_000_00, 6, 2)
    stale = rooms.alice.post(f"{href}/do/received", data={**sent, "_version": str(made.version)})
    assert stale.status_code == 422
    assert "Somebody changed this meanwhile." in stale.text
    rooms.only_alice(href, "end", {"reason": "The licence ran out."})
    assert rooms.state(made.id) == "ended"
    assert f"{href}/do/received" not in rooms.alice.get(href).text


def test_minutes_are_corrected_until_they_are_approved(rooms: Rooms) -> None:
    """The form begins with both texts; who was there stays; once they are approved nothing is corrected."""
    world = rooms.centre.world
    agenda = [AgendaItem(number=1, title="Budget")]
    with store.transaction(world.org) as connection:
        council = Body(name="Council", name_zh="理事会", sort="council", term_years=2, largest=4, quorum_pct=60)
        body = organisation.put_body(connection, world.manager, council).id
        begins = datetime(2026, 5, 4, 9, tzinfo=UTC)
        meeting = organisation.call_meeting(connection, world.manager, body, "First meeting", begins, agenda).id
        organisation.hold_meeting(
            connection, world.manager, meeting, present=(), minutes="Nobdy objected.", minutes_zh="无人反对。"
        )
    href = f"/centre/meeting/{meeting}"
    form = rooms.alice.get(f"{href}/do/correct").text
    assert "Nobdy objected." in form
    assert "无人反对。" in form
    assert rooms.bob.get(href).status_code == 403, "whoever does not lead the centre finds meetings at their body"
    for client, status in ((rooms.bob, 403), (rooms.lin, 403), (rooms.charlie, 404)):
        assert client.post(f"{href}/do/correct", data={"minutes": "All objected."}).status_code == status
    done = rooms.alice.post(f"{href}/do/correct", data={"minutes": "Nobody objected.", "minutes_zh": ""})
    assert done.status_code == 303, done.text
    assert (rooms.facts(meeting).minutes, rooms.facts(meeting).minutes_zh) == ("Nobody objected.", "")
    assert rooms.alice.post(f"{href}/do/approve").status_code == 303
    assert f"{href}/do/correct" not in rooms.alice.get(href).text
    assert rooms.alice.post(f"{href}/do/correct", data={"minutes": "x"}).status_code == 422
