"""What profiles and portfolios show over HTTP: as much of a person as may be seen, to no other side of a call."""

from __future__ import annotations

from typing import Any

from takeback import store
from takeback.share.centre.talent import Course, Profile, enrol, give_mark, move_course, put_course, set_profile
from tests.web.api.centre_clients import URL, Client, Clients
from tests.web.conftest import problem


def _id(client: Client) -> str:
    return str(client.get(f"{URL}/me").json()["person_id"])


def _profile(centre: Clients, person: str) -> None:
    world = centre.centre
    with store.transaction(world.org) as connection:
        set_profile(connection, world.manager, Profile(person=world.people[person].id, field="Sorting"))


def test_a_profile_and_a_portfolio_hold_no_address(centre: Clients) -> None:
    """Bob sees Alice's without her e-mail, account and consents; she herself sees them with these."""
    alice, bob = centre.enter("Alice", "university", "researcher"), centre.enter("Bob", "maker", "delegate")
    _profile(centre, "Alice")
    for what in ("profile", "portfolio"):
        address = f"{URL}/people/{_id(alice)}/{what}"
        seen, own = bob.get(address), alice.get(address)
        assert (seen.status_code, seen.json()["person"]["name"]) == (200, "Alice")
        assert "alice@centre.example" not in seen.text and "user_id" not in seen.text
        assert seen.json()["person"]["consents"] == []
        assert own.json()["person"]["email"] == "alice@centre.example"


def test_the_other_side_of_a_call_has_no_profile_and_no_portfolio(centre: Clients) -> None:
    """An author who knows an expert's id, and the other way round, learns no name by it; who runs the centre does."""
    author, expert = centre.enter("Author", "maker", "researcher"), centre.enter("Expert", "institute", "expert")
    ids = {"Author": _id(author), "Expert": _id(expert)}
    for asker, name in ((author, "Expert"), (expert, "Author")):
        _profile(centre, name)
        for what in ("profile", "portfolio"):
            problem(asker.get(f"{URL}/people/{ids[name]}/{what}"), 404, f"centre.no-{what}")
        page = asker.get(f"/centre/talent/{ids[name]}", headers={"accept": "text/html"})
        assert (page.status_code, name in page.text) == (404, False)
    assert centre.manager().get(f"{URL}/people/{ids['Expert']}/portfolio").json()["person"]["name"] == "Expert"


def test_a_portfolio_names_courses_without_marks(centre: Clients) -> None:
    """Bob reads that Alice passed a course; the mark is for her, in her transcript."""
    alice, bob = centre.enter("Alice", "university", "student"), centre.enter("Bob", "maker", "delegate")
    world = centre.centre
    course = Course(code="C1", title="Sorting", title_zh="分选", sort="course", hours=8, year=2026)
    with store.transaction(world.org) as connection:
        made = put_course(connection, world.manager, course)
        move_course(connection, world.manager, made.id, "open")
        enrolled = enrol(connection, world.actor("Alice"), made.id)
        give_mark(connection, world.manager, enrolled.id, 97)
    line: dict[str, Any] = bob.get(f"{URL}/people/{_id(alice)}/portfolio").json()["courses"][0]
    assert (line["title"], line["state"]) == ("Sorting", "passed")
    assert {*line} == {"id", "kind", "state", "title", "title_zh", "year", "entry_id"}
    assert alice.get(f"{URL}/people/{_id(alice)}/transcript").json()[0]["facts"]["mark"] == 97


def test_a_field_does_not_tell_where_an_unseen_person_works(centre: Clients) -> None:
    """An author who puts an expert's id into a form gets neither name nor organisation; of a colleague both."""
    author, expert = centre.enter("Author", "maker", "researcher"), centre.enter("Expert", "institute", "expert")
    colleague = centre.enter("Colleague", "shop", "researcher")
    html = {"accept": "text/html"}
    hidden = author.get(f"/centre/pick?of=person&name=x&x={_id(expert)}", headers=html).text
    assert "Expert" not in hidden and "Institute of Circular Materials" not in hidden
    shown = author.get(f"/centre/pick?of=person&name=x&x={_id(colleague)}", headers=html).text
    assert "Colleague" in shown and "Quickbasket" in shown
