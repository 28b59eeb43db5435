"""Steps beside the straight way, over HTTP: Alice runs the centre, Bob works in it, Charlie runs another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from takeback import store
from takeback.share.centre import organisation, projects
from takeback.share.centre.organisation import AgendaItem, Body
from takeback.share.centre.projects import Progress, ProjectMilestone, Transfer
from tests.share.centre.projects.project_world import AT, ProjectWorld, refuse, running_project
from tests.web.api.centre_clients import URL, Client, Clients
from tests.web.conftest import problem


@dataclass
class Askers:
    """A project under way, and who asks."""

    work: ProjectWorld
    alice: Client
    bob: Client
    charlie: Client

    def only_alice(self, path: str, sent: dict[str, object], slug: str = "centre.forbidden") -> dict[str, object]:
        """Bob is refused, Charlie finds nothing, Alice does it; return what she is answered."""
        problem(self.bob.post(f"{URL}{path}", json=sent), 403, slug)
        problem(self.charlie.post(f"{URL}{path}", json=sent), 404, "centre.no-record")
        answer = self.alice.post(f"{URL}{path}", json=sent)
        assert answer.status_code == 201, answer.text
        made: dict[str, object] = answer.json()
        return made


@pytest.fixture
def askers(centre: Clients, elsewhere: Clients) -> Askers:
    """Alice is not of the project's team, and neither is Bob, a researcher."""
    work = running_project(centre.centre)
    return Askers(work, centre.manager(), centre.enter("Bo", "maker", "researcher"), elsewhere.manager())


def test_a_refused_project_works_on_with_a_reason(askers: Askers) -> None:
    """It is not begun again past the decision; a project that runs is not resumed."""
    path = f"/projects/{askers.work.id}/resume"
    problem(askers.alice.post(f"{URL}{path}", json={"reason": "Let it."}), 409, "centre.bad-move")
    refuse(askers.work)
    problem(askers.alice.post(f"{URL}/projects/{askers.work.id}/begin"), 409, "centre.bad-move")
    problem(askers.alice.post(f"{URL}{path}", json={"reason": " "}), 422, "centre.no-reason")
    assert askers.only_alice(path, {"reason": "One more season."})["state"] == "running"
    place = f"{URL}/records/project/{askers.work.id}/history"
    assert askers.alice.get(place).json()[-1]["why"] == "One more season."


def test_a_milestone_is_dropped_and_a_report_is_read(askers: Askers) -> None:
    """Each once, by who may decide and by who runs the centre."""
    point = ProjectMilestone(project=askers.work.id, title="Half", due=date(2026, 8, 1), criterion="100 graded")
    told = Progress(project=askers.work.id, title="Spring", until=date(2026, 6, 1), done="x", next="y", complete=300)
    with store.transaction(askers.work.centre.org) as connection:
        milestone = projects.add_milestone(connection, askers.work.alice, point, at=AT).id
        report = projects.report_progress(connection, askers.work.alice, told, at=AT).id
    dropped, noted = f"/project-milestones/{milestone}/drop", f"/progress/{report}/note"
    assert askers.only_alice(dropped, {"reason": "The maker changed its cells."})["state"] == "dropped"
    assert askers.only_alice(noted, {"remark": "Thank you."})["state"] == "noted"
    problem(askers.alice.post(f"{URL}{dropped}", json={"reason": "Again."}), 409, "centre.bad-move")
    problem(askers.alice.post(f"{URL}{noted}", json={}), 409, "centre.bad-move")


def test_a_transfer_is_told_until_it_ends(askers: Askers) -> None:
    """By the team and who runs the centre; more than agreed, and what was read before a change, are refused."""
    told = Transfer(
        project=askers.work.id, title="Licence", sort="licence", taker_name="X", signed=date(2026, 5, 1), value=100_00
    )
    with store.transaction(askers.work.centre.org) as connection:
        transfer = projects.record_transfer(connection, askers.work.alice, told).id
    path = f"/transfers/{transfer}/received"
    now = askers.only_alice(path, {"received": 60_00, "readiness_after": 6, "version": 1}, "centre.not-in-team")
    assert (now["state"], now["facts"]["received"], now["facts"]["jobs"]) == ("effective", 60_00, 0)  # type: ignore[index]
    for sent, status, slug in (
        ({"received": 100_01}, 422, "centre.bad-transfer"),
        ({"received": 70_00, "version": 1}, 409, "centre.changed-meanwhile"),
    ):
        problem(askers.alice.post(f"{URL}{path}", json=sent), status, slug)
    ended = askers.only_alice(f"/transfers/{transfer}/end", {"reason": "It ran out."}, "centre.not-in-team")
    assert ended["state"] == "ended"


def test_minutes_are_corrected_until_they_are_approved(askers: Askers) -> None:
    """A Chinese text that is not sent stays."""
    world, agenda = askers.work.centre, [AgendaItem(number=1, title="Budget")]
    with store.transaction(world.org) as connection:
        council = Body(name="Council", name_zh="理事会", sort="council", term_years=2, largest=4, quorum_pct=60)
        body = organisation.put_body(connection, world.manager, council).id
        begins = datetime(2026, 5, 4, 9, tzinfo=UTC)
        meeting = organisation.call_meeting(connection, world.manager, body, "First meeting", begins, agenda).id
    path = f"/meetings/{meeting}/minutes"
    problem(askers.alice.post(f"{URL}{path}", json={"minutes": "None."}), 409, "centre.not-held")
    with store.transaction(world.org) as connection:
        organisation.hold_meeting(connection, world.manager, meeting, present=(), minutes="A", minutes_zh="无")
    said = askers.only_alice(path, {"minutes": "Nobody objected."})["facts"]
    assert (said["minutes"], said["minutes_zh"]) == ("Nobody objected.", "无")  # type: ignore[index]
    assert askers.alice.post(f"{URL}/meetings/{meeting}/approve").status_code == 201
    problem(askers.alice.post(f"{URL}{path}", json={"minutes": "x"}), 409, "centre.fixed")
