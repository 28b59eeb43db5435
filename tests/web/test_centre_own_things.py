"""What pages offer of one's own: projects to book for, a booking that was used, whom one may see of a member, roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

from takeback import store
from takeback.share.centre import projects, resources
from takeback.share.centre.organisation import set_roles
from takeback.share.centre.people import set_consents, withdraw_person
from takeback.share.centre.projects import Deliverable, TeamMember
from takeback.share.centre.records import get
from tests.share.centre.projects.project_world import AT, project_facts
from tests.share.centre.resources.test_booking import NOW, hour, offered
from tests.web.centre_people import SignedCentre, entering, signed_centre
from tests.web.conftest import Client, Enter

PICK = "/centre/pick?of={of}&name=project&project.find="


def project(centre: SignedCentre, code: str, *team: str, running: bool = True) -> UUID:
    """Enter a project that the first of the team leads."""
    people = [centre.world.people[name].id for name in team]
    members = tuple(TeamMember(person=one, role="researcher", share=100) for one in people[1:])
    facts = project_facts(centre.world, people[0], code=code, title=f"Work {code}", team=members)
    with store.transaction(centre.world.org) as connection:
        made = projects.start_project(connection, centre.world.manager, facts, at=AT).id
        projects.begin_project(connection, centre.world.manager, made, at=AT)
        if not running:
            projects.stop_project(connection, centre.world.manager, made, "over", at=AT)
    return made


def deliverable_of(centre: SignedCentre, work: UUID) -> UUID:
    """Add a deliverable to a project that Lin leads; return its id."""
    due = Deliverable(project=work, code="D1", title="Method D1", due=date(2026, 9, 1))
    with store.transaction(centre.world.org) as connection:
        return projects.add_deliverable(connection, centre.world.actor("lin"), due, at=AT).id


def test_a_time_is_booked_for_ones_own_projects_that_go_on(enter: Enter, centre: SignedCentre) -> None:
    """Lin leads one, is of the team of another, had a third that was stopped, and has no part in a fourth; Alice, who
    runs the centre, may choose any that goes on. Other fields that name a project offer all."""
    project(centre, "LED", "lin")
    project(centre, "TEAM", "bob", "lin")
    project(centre, "OVER", "lin", running=False)
    project(centre, "OTHER", "bob")
    tester = offered(centre.world)
    lin, alice = enter("lin"), enter("alice")

    def offers(client: Client, of: str) -> set[str]:
        return {*re.findall(r"Work ([A-Z]+)", client.get(PICK.format(of=of)).text)}

    assert offers(lin, "own-project") == {"LED", "TEAM"}
    assert offers(alice, "own-project") == {"LED", "TEAM", "OTHER"}
    assert offers(lin, "project") == {"LED", "TEAM", "OVER", "OTHER"}
    assert {*re.findall(r"Work ([A-Z]+)", lin.get(f"/centre/resources/{tester}/calendar").text)} == {"LED", "TEAM"}
    assert offers(enter("student"), "own-project") == set()


def test_a_booking_that_was_used_asks_what_it_led_to(
    enter: Enter, centre: SignedCentre, new_client: Callable[[], Client]
) -> None:
    """First the form asks when it was used, then, once that is recorded, for the result, with no button to cancel;
    Bob, whose booking it is not, and Charlie of another centre get neither."""
    work, tester, lin_acts = project(centre, "LED", "lin"), offered(centre.world), centre.world.actor("lin")
    due = deliverable_of(centre, work)
    with store.transaction(centre.world.org) as connection:
        booking = resources.book(connection, lin_acts, tester, hour(9), hour(11), project=work, at=NOW).id
    href, lin = f"/centre/bookings/{booking}", enter("lin")
    page = lin.get(href).text
    assert "When was it really used?" in page
    assert f'action="{href}/cancel"' in page
    with store.transaction(centre.world.org) as connection:
        used = resources.record_use(connection, lin_acts, booking, hour(9), hour(10), at=hour(11))
    page = lin.get(href).text
    assert "What did it lead to?" in page
    assert 'name="result.find"' in page
    assert 'name="begins"' not in page
    assert f'action="{href}/cancel"' not in page
    assert enter("bob").get(href).status_code == 403
    assert enter("bob").post(href, data={"result": str(due)}).status_code == 403
    charlie = entering(new_client, signed_centre("other"))("alice")
    assert charlie.get(href).status_code == 404
    assert lin.post(href, data={"result": str(tester)}).status_code == 422
    assert lin.post(href, data={"result": str(due)}).status_code == 303
    with store.transaction(centre.world.org) as connection:
        assert get(connection, used.id).facts.result == due


def test_a_members_page_counts_the_people_whom_one_may_see(enter: Enter, centre: SignedCentre) -> None:
    """Of four people of the university Bob sees three, and two once one of them agrees to no profile; Alice all."""
    href = f"/centre/member/{centre.world.members['university']}"
    assert "4 in all" in enter("alice").get(href).text
    before = enter("bob").get(href).text
    count = len(re.findall(r'href="/centre/people/[0-9a-f-]{36}"', before))
    assert f"{count} in all" in before
    with store.transaction(centre.world.org) as connection:
        set_consents(connection, centre.world.actor("student"), ["statistics"])
    after = enter("bob").get(href).text
    assert f"{count - 1} in all" in after
    assert "Student Centre" in before
    assert "Student Centre" not in after
    assert "4 in all" in enter("alice").get(href).text


def test_a_persons_page_tells_roles_given_and_taken_to_few(
    enter: Enter, centre: SignedCentre, new_client: Callable[[], Client]
) -> None:
    """Lin and Alice read what was given and taken, with the entry; Bob reads the page without it; Charlie none."""
    lin = centre.world.people["lin"].id
    with store.transaction(centre.world.org) as connection:
        set_roles(connection, centre.world.manager, lin, ["mentor", "student"])
    href = f"/centre/people/{lin}"
    for name in ("lin", "alice"):
        page = enter(name).get(href).text
        assert "Roles given: Student; taken: Researcher" in page, name
        assert "Roles given: " in page
    seen = enter("bob").get(href)
    assert seen.status_code == 200
    assert "Roles given" not in seen.text
    assert enter("bob").get(f"{href}/proof/1").status_code == 403
    charlie = entering(new_client, signed_centre("other"))("alice")
    assert charlie.get(href).status_code == 404


def test_who_withdrew_is_offered_and_refused_as_nobody(enter: Enter, centre: SignedCentre) -> None:
    """To Bob an id of Lin, who withdrew, and one that never was look alike in a form, and are refused alike."""
    gone, nobody = centre.world.people["lin"].id, uuid4()
    with store.transaction(centre.world.org) as connection:
        withdraw_person(connection, centre.world.manager, gone)
    bob, alice = enter("bob"), enter("alice")
    pages, refused = [], []
    for one in (gone, nobody):
        pages.append(bob.get(f"/centre/pick?of=person&name=owner&owner={one}").text.replace(str(one), "-"))
        facts = {"sort": "paper", "title": "Packs", "year": 2026, "authors": [{"person": str(one)}], "body": "J",
                 "doi": "10.5555/packs"}  # fmt: skip
        answer = bob.post("/api/v1/centre/records/result", json={"facts": facts}, headers={"accept": "*/*"})
        assert answer.status_code == 422
        refused.append(answer.text.replace(str(one), "-"))
    assert pages[0] == pages[1]
    assert refused[0] == refused[1]
    assert "authors[0].person" in refused[0]
    assert str(gone) not in alice.get(f"/centre/pick?of=person&name=owner&many=true&owner={gone}").text
