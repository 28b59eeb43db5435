"""What people of a centre come for leads somewhere: forms that know who asks and about what, and pages to go on to."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from lxml import html  # type: ignore[import-untyped]

from takeback import store
from takeback.share.centre import projects, talent
from takeback.share.centre.projects import WorkPackage
from takeback.share.centre.records import find
from takeback.share.centre.talent import Competency
from takeback.share.centre.talent.profiles import Held, Profile
from takeback.web.pages.centre.doings import issue_credential
from tests.web.centre_people import SignedCentre
from tests.web.conftest import Enter
from tests.web.test_centre_own_things import project


def fields(page: str) -> dict[str, str]:
    """Return what the form of a page holds, as the browser would send it: of a choice what is chosen."""
    (form,) = html.fromstring(page).xpath("//form[contains(@class, 'centre-form')]")
    return {name: value or "" for name, value in form.fields.items() if name}


def area(centre: SignedCentre) -> None:
    """Put an area of competency."""
    with store.transaction(centre.world.org) as connection:
        talent.put_competency(connection, centre.world.manager, Competency(code="cells", name="Cells", name_zh="电芯"))


@pytest.mark.parametrize("who", ["lin", "bob", "expert", "student"])
def test_who_says_what_he_or_she_can_do_reads_it_afterwards(enter: Enter, centre: SignedCentre, who: str) -> None:
    """Nobody is asked who that is, and nobody ends at a page that is for those who look after all profiles."""
    area(centre)
    client = enter(who)
    form = client.get("/centre/start/profile").text
    assert "facts.person" not in form
    assert f'href="/centre/talent/{centre.world.people[who].id}"' in form
    said = {"facts.field": "Opening cells", "facts.levels.0.area": "cells", "facts.levels.0.level": "4"}
    sent = client.post("/centre/start/profile", data={**said, "facts.person": str(centre.world.people["alice"].id)})
    assert sent.status_code == 303, sent.text
    page = client.get(sent.headers["location"])
    assert page.status_code == 200
    for told in ("Opening cells", "Cells", "leads", "Recorded."):
        assert told in page.text
    with store.transaction(centre.world.org) as connection:
        assert [one.facts.person for one in find(connection, "profile")] == [centre.world.people[who].id]


def test_ones_profile_is_changed_from_what_it_says(enter: Enter, centre: SignedCentre) -> None:
    """Who opens the form and saves it loses nothing; an area and a level are chosen by what they are called."""
    area(centre)
    me = centre.world.people["lin"].id
    facts = Profile(person=me, field="Cells", levels=(Held(area="cells", level=3),))
    with store.transaction(centre.world.org) as connection:
        talent.set_profile(connection, centre.world.actor("lin"), facts)
    lin = enter("lin")
    page = lin.get("/centre/start/profile").text
    kept = fields(page)
    assert (kept["facts.field"], kept["facts.levels.0.area"], kept["facts.levels.0.level"]) == ("Cells", "cells", "3")
    options = html.fromstring(page).xpath("//select[@name='facts.levels.0.level']/option/text()")
    assert options == ["–", "knows", "guided", "alone", "leads", "moves on"]
    assert lin.post("/centre/start/profile", data=kept).status_code == 303
    with store.transaction(centre.world.org) as connection:
        (record,) = find(connection, "profile")
    assert record.facts == facts


def test_whoever_edits_people_says_whose_profile_it_is(enter: Enter, centre: SignedCentre) -> None:
    """Alice runs the centre: she chooses, and goes to the record itself."""
    alice, lin = enter("alice"), centre.world.people["lin"].id
    assert 'name="facts.person"' in alice.get("/centre/start/profile").text
    sent = alice.post("/centre/start/profile", data={"facts.person": str(lin), "facts.field": "Cells"})
    assert sent.headers["location"].startswith("/centre/profile/")
    assert alice.get(sent.headers["location"]).status_code == 200


def test_a_student_plans_the_own_training_from_the_portfolio(enter: Enter, centre: SignedCentre) -> None:
    """The list of all plans is not for students: the way in is the portfolio, and so is the way back."""
    area(centre)
    student, mine = enter("student"), f"/centre/talent/{centre.world.people['student'].id}"
    assert "/centre/start/training-plan" in student.get(mine).text
    assert "/centre/start/training-plan" not in enter("lin").get(mine).text
    plan = {"plan.title": "To open cells", "plan.year": "2026", "plan.goals.0.area": "cells",
            "plan.goals.0.start": "0", "plan.goals.0.level": "3"}  # fmt: skip
    sent = student.post("/centre/start/training-plan", data=plan)
    assert sent.headers["location"] == f"{mine}?done=made"
    assert "To open cells" in student.get(mine).text


def test_a_thesis_is_proposed_by_students_and_those_who_train(enter: Enter) -> None:
    """An expert or a delegate would be refused whatever the form says: there is no button."""
    for who, offered in (("student", True), ("lin", True), ("expert", False), ("bob", False), ("authority", False)):
        assert ("/centre/start/thesis" in enter(who).get("/centre/thesis").text) is offered, who


def test_a_credential_is_handed_to_its_holder_and_told_to_others(
    enter: Enter, centre: SignedCentre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others read what was issued and when; only the holder and who issues them have the document to take along."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    student = centre.world.people["student"].id
    award = talent.Award(title="Cells", achieved="Course", description="A course", criteria="Opened ten")
    with store.transaction(centre.world.org) as connection:
        issue_credential(connection, centre.world.manager, student, award)
    href = "/centre/talent/credentials/"
    assert href in enter("student").get(f"/centre/talent/{student}").text
    assert href in enter("alice").get(f"/centre/talent/{student}").text
    told = enter("lin").get(f"/centre/talent/{student}").text
    assert href not in told
    assert "issued" in told


@pytest.mark.parametrize("deed", ["package", "deliverable", "milestone", "risk", "progress", "ask-change"])
def test_a_form_opened_from_a_project_does_not_ask_which_project(enter: Enter, centre: SignedCentre, deed: str) -> None:
    """Nor for the version of a record, which no person knows: it is sent along."""
    work = project(centre, "OURS", "lin")
    form = fields(enter("lin").get(f"/centre/project/{work}/do/{deed}").text)
    assert not any(name.endswith(".project") for name in form)
    page = html.fromstring(enter("lin").get(f"/centre/project/{work}/do/{deed}").text)
    assert not page.xpath("//label[starts-with(normalize-space(), 'Version')]")
    assert bool(page.xpath("//input[@type='hidden' and @name='facts.version']")) is (deed == "ask-change")


def test_progress_is_reported_in_per_cent_and_a_change_is_asked_for(enter: Enter, centre: SignedCentre) -> None:
    """52.5 % is kept as 525 of a thousand and read back so; 120 % is refused at its field, in words."""
    work, lin = project(centre, "OURS", "lin"), enter("lin")
    told = {"facts.title": "Spring", "facts.until": "2026-06-30", "facts.done": "Much", "facts.next": "More"}
    href = f"/centre/project/{work}/do/progress"
    names = fields(lin.get(href).text)
    told = {name: value for name, value in told.items() if name in names}
    refused = lin.post(href, data={**told, "facts.complete": "120"})
    assert refused.status_code == 422
    assert "a share from 0 to 100" in refused.text
    assert lin.post(href, data={**names, **told, "facts.complete": "52.5"}).status_code == 303
    href = f"/centre/project/{work}/do/ask-change"
    form = fields(lin.get(href).text)
    assert lin.post(href, data={**form, "facts.reason": "Prices", "facts.budget": "1000"}).status_code == 303
    with store.transaction(centre.world.org) as connection:
        assert [one.facts.complete for one in find(connection, "progress")] == [525]
        (asked,) = find(connection, "project-change")
        assert (asked.facts.project, str(asked.facts.version)) == (work, form["facts.version"])


def test_an_amount_is_asked_for_in_the_currency_as_people_call_it(enter: Enter, centre: SignedCentre) -> None:
    """A Chinese page has its word for it, not the code."""
    lin, href = enter("lin"), f"/centre/project/{project(centre, 'OURS', 'lin')}/do/claim"
    assert "CNY" in lin.get(href).text
    lin.cookies.set("takeback_locale", "zh_Hans")
    page = lin.get(href).text
    assert "CNY" not in page
    assert ">元<" in page


def test_a_deliverable_is_put_to_a_work_package_of_its_own_project(enter: Enter, centre: SignedCentre) -> None:
    """Those of other projects are not among what is offered, neither at first nor by the search."""
    work = project(centre, "OURS", "lin")
    other = project(centre, "OTHER", "bob")
    with store.transaction(centre.world.org) as connection:
        for one, name in ((work, "Ours"), (other, "Theirs")):
            facts = WorkPackage(project=one, code="W1", title=name, begins=date(2026, 5, 1), ends=date(2026, 6, 1))
            projects.add_work_package(connection, centre.world.manager, facts)
    lin = enter("lin")
    page = lin.get(f"/centre/project/{work}/do/deliverable").text
    assert "Ours" in page
    assert "Theirs" not in page
    (search,) = re.findall(r'hx-get="(/centre/pick\?of=work-package[^"]*)"', page)
    found = lin.get(f"{search.replace('&amp;', '&')}&facts.work_package.find=").text
    assert "Ours" in found
    assert "Theirs" not in found


def test_the_form_of_a_problem_says_that_a_solution_is_described(enter: Enter) -> None:
    """What the command refuses to do without is marked before anything is sent."""
    page = html.fromstring(enter("bob").get("/centre/problem/new").text)
    assert page.xpath("//textarea[@name='criteria']/@required")
    assert not page.xpath("//textarea[@name='constraints']/@required")


def test_only_problems_that_are_not_merged_yet_are_offered_to_be_merged(enter: Enter) -> None:
    """What was merged, called for or solved would be refused."""
    bob = enter("bob")
    begun = fields(bob.get("/centre/problem/new").text)
    for title in ("Open yet", "Closed since"):
        made = bob.post(
            "/centre/problem/new",
            data={**begun, "title": title, "title_zh": "题", "criteria": "None", "details": "Much."},
        )
        assert made.status_code == 303, made.text
    place = made.headers["location"].partition("?")[0]
    assert bob.post(f"{place}/do/close", data={"reason": "Solved ourselves"}).status_code == 303
    page = enter("expert").get("/centre/start/merge").text
    assert "Open yet" in page
    assert "Closed since" not in page


def test_a_company_says_what_it_uses_and_what_that_changed(enter: Enter, centre: SignedCentre) -> None:
    """Bob speaks for the maker, and for nobody else; the team has its own form for any user, others have none."""
    work, people = project(centre, "OURS", "lin"), centre.world
    bob, href = enter("bob"), f"/centre/project/{work}/do/use"
    assert href in bob.get(f"/centre/project/{work}").text
    for other in ("lin", "expert", "student", "council"):
        assert href not in enter(other).get(f"/centre/project/{work}").text
    form = fields(bob.get(href).text)
    assert not {"facts.user", "facts.user_name", "facts.project"} & {*form}
    told = {**form, "facts.title": "At our gate", "facts.since": "2026-06-01", "facts.where": "Line 2"}
    sent = bob.post(href, data={**told, "facts.user": str(people.members["university"])})
    assert sent.status_code == 303, sent.text
    with store.transaction(people.org) as connection:
        (adoption,) = find(connection, "adoption")
    assert (adoption.facts.user, adoption.facts.project) == (people.members["maker"], work)
    own = f"/centre/adoption/{adoption.id}"
    for who, offered in (("bob", True), ("lin", True), ("expert", False), ("council", False)):
        assert (f"{own}/do/effect" in enter(who).get(own).text) is offered, who
    assert enter("expert").post(f"/centre/project/{work}/do/use", data=told).status_code == 403
