"""The console of a centre: pages by role, forms with bad input, what blind kinds show (nothing), other centres."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from takeback import store
from takeback.share.centre.kinds import kinds
from takeback.share.centre.records import get
from takeback.share.centre.roles import PERMISSIONS
from takeback.web.pages.centre.asking import asked_of
from takeback.web.pages.centre.deeds import deeds
from takeback.web.pages.centre.types import slots
from tests.support.people import People
from tests.web.centre_pages import addresses
from tests.web.centre_people import SignedCentre, entering, record_id, signed_centre
from tests.web.conftest import Client, Enter


def test_each_role_finds_its_own_places(enter: Enter) -> None:
    """The side bar has what a role allows: a student no money, an expert no proposals, nobody the loop's queues."""
    assert enter("alice").get("/").headers["location"] == "/centre"
    pages = {name: enter(name).get("/centre").text for name in ("alice", "bob", "expert", "student", "authority")}
    assert all('href="/queues/all"' not in html and 'aria-current="page"' in html for html in pages.values())
    assert 'href="/centre/reviews"' in pages["expert"]
    assert 'href="/centre/reviews"' not in pages["bob"]
    assert 'href="/centre/proposals"' in pages["bob"]
    assert 'href="/centre/money"' not in pages["student"]
    assert 'href="/ledger"' not in pages["bob"]


def test_every_kind_has_its_list_for_who_may_see_it_and_nothing_for_others(enter: Enter) -> None:
    """Each list opens or is refused as the kind's own permission says."""
    alice, expert = enter("alice"), enter("expert")
    for what in kinds():
        blind = what.read == "proposal.run"
        assert alice.get(f"/centre/{what.name}").status_code == (404 if blind else 200), what.name
        wanted = 404 if blind else 200 if "expert" in PERMISSIONS[what.read] else 403
        assert expert.get(f"/centre/{what.name}").status_code == wanted, what.name


def test_every_form_opens_in_both_languages(enter: Enter) -> None:
    """Each kind that may be made has a form whose fields all have a label."""
    alice = enter("alice")
    for what in kinds():
        for locale in ("en", "zh_Hans"):
            alice.cookies.set("takeback_locale", locale)
            answer = alice.get(f"/centre/{what.name}/new")
            assert answer.status_code in {200, 403, 404}, (what.name, answer.text)
            if answer.status_code == 200:
                assert "{{" not in answer.text
                assert 'name="_csrf_token"' in answer.text


def test_a_member_is_entered_changed_and_leaves(enter: Enter, centre: SignedCentre) -> None:
    """From the form to the history: three entries of the ledger, each with its reason and proof."""
    alice = enter("alice")
    sent = {"code": "I2", "name": "Battery Institute", "name_zh": "电池研究院", "sort": "institute"}
    made = alice.post("/centre/member/new", data=sent)
    assert made.status_code == 303, made.text
    href = made.headers["location"].partition("?")[0]
    page = alice.get(href).text
    assert "Battery Institute" in page
    assert "Institute" in page
    changed = alice.post(f"{href}/edit", data={**sent, "name": "Battery Institute of Linhai", "_version": "1"})
    assert changed.status_code == 303
    stale = alice.post(f"{href}/edit", data={**sent, "name": "Other", "_version": "1"})
    assert stale.status_code == 422
    assert "Somebody changed this meanwhile." in stale.text
    assert alice.post(f"{href}/move?state=left", data={}).status_code == 422, "a reason is asked for"
    assert alice.post(f"{href}/move?state=left", data={"reason": "merged"}).status_code == 303
    page = alice.get(href).text
    assert len(re.findall(r"<li><span class=\"strong\">", page)) >= 3
    assert "merged" in page


def test_what_is_wrong_is_told_at_its_field(enter: Enter) -> None:
    """Each field says what was found and what would be right; what was typed is kept; nothing is written."""
    alice = enter("alice")
    sent = {"code": "no blanks", "name": "", "name_zh": "x", "sort": "club", "since": "yesterday"}
    answer = alice.post("/centre/member/new", data=sent)
    assert answer.status_code == 422
    for field in ("code", "name", "sort", "since"):
        assert f'id="f-{field}-wrong"' in answer.text, field
    assert 'value="no blanks"' in answer.text
    assert "This is missing." in answer.text
    assert "2026-03-31" in answer.text, "an example of a day"
    assert "no blanks" not in alice.get("/centre/member").text
    twice = alice.post("/centre/member/new", data={"code": "E1", "name": "n", "name_zh": "n", "sort": "enterprise"})
    assert twice.status_code == 422
    assert "Another member has this code." in twice.text


def test_bob_is_offered_nothing_that_he_may_not_and_is_refused(enter: Enter, centre: SignedCentre) -> None:
    """No button to enter members, and the addresses behind them refuse."""
    bob, member = enter("bob"), centre.world.members["shop"]
    assert "/centre/member/new" not in bob.get("/centre/member").text
    assert f"/centre/member/{member}/edit" not in bob.get(f"/centre/member/{member}").text
    assert bob.get("/centre/member/new").status_code == 403
    assert bob.post("/centre/member/new", data={"code": "x"}).status_code == 403
    assert bob.post(f"/centre/member/{member}/move?state=left", data={"reason": "x"}).status_code == 403
    assert bob.get("/centre/people/new").status_code == 403
    with store.transaction(centre.world.org) as connection:
        assert get(connection, member).state == "active"


def test_charlie_of_another_centre_finds_nothing(
    enter: Enter, centre: SignedCentre, new_client: Callable[[], Client]
) -> None:
    """He sees his own centre; ids of this one are not there."""
    other = signed_centre("other")
    charlie = entering(new_client, other)("alice")
    member, person = centre.world.members["maker"], centre.world.people["bob"].id
    assert "Voltray" in charlie.get("/centre/member").text, "his own centre has a member of the same name"
    assert charlie.get(f"/centre/member/{member}").status_code == 404
    assert charlie.get(f"/centre/people/{person}").status_code == 404
    assert charlie.get(f"/centre/member/{member}/proof/1").status_code == 404
    assert str(member) not in charlie.get("/centre/pick?of=member&name=x").text
    assert "Bob Centre" not in charlie.get("/centre/people").text
    assert "Bob Centre" not in charlie.get("/centre/search?q=Bob").text


def test_who_works_in_no_centre_is_told_so(people: People, sign_in: Callable[..., Client]) -> None:
    """A workshop has no centre's pages, and keeps its own side bar."""
    client = sign_in(people.alice)
    client.headers["accept"] = "text/html"
    answer = client.get("/centre")
    assert answer.status_code == 404
    assert "You do not work in a centre now." in answer.text
    assert 'href="/queues/all"' in answer.text
    assert client.get("/centre/member").status_code == 404


def test_a_person_is_entered_invited_and_withdraws(enter: Enter, centre: SignedCentre) -> None:
    """The link is shown once; after withdrawal the name is on no page."""
    alice = enter("alice")
    sent = {"name": "Maja Unseen", "email": "maja@example.org", "roles": ["researcher"], "member_id": ""}
    made = alice.post("/centre/people/new", data=sent)
    assert made.status_code == 303, made.text
    href = made.headers["location"].partition("?")[0]
    assert "/invitation/" in alice.post(f"{href}/invite", data={}).text
    assert "Maja Unseen" in alice.get("/centre/people").text
    bad = alice.post("/centre/people/new", data={"name": "", "email": "x", "roles": ["emperor"]})
    assert bad.status_code == 422
    assert alice.post(f"{href}/withdraw", data={}).status_code == 303
    assert "Maja" not in alice.get("/centre/people").text
    assert alice.get(href).status_code == 404


def test_blind_review_begins_with_the_list_of_people(enter: Enter) -> None:
    """Who may apply does not see who is an expert, and the other way round; a search does not tell either."""
    bob, expert = enter("bob"), enter("expert")
    assert "Expert Centre" not in bob.get("/centre/people").text
    assert "Bob Centre" not in expert.get("/centre/people").text
    assert "Bob Centre" not in expert.get("/centre/search?q=Bob").text
    assert "Bob" not in expert.get("/centre/pick?of=person&name=x&x.find=Bob").text
    student, seen = enter("student"), expert.get("/centre/people").text  # who may be in a proposal's team
    assert "Student Centre" not in seen
    assert "Expert Centre" not in student.get("/centre/people").text
    assert "Council Centre" in seen


def test_own_consents_are_changed_by_oneself(enter: Enter, centre: SignedCentre) -> None:
    """Without the consent to a profile others do not see the person."""
    lin, student = enter("lin"), enter("student")
    assert "Student Centre" in lin.get("/centre/people").text
    assert student.post("/centre/people/consents", data={"consents": ["statistics"]}).status_code == 303
    assert "Student Centre" not in lin.get("/centre/people").text


def test_a_search_finds_records_of_all_kinds_that_one_may_see(enter: Enter) -> None:
    """As a fragment under the box, and as a page."""
    alice = enter("alice")
    hits = alice.get("/centre/search?q=volt", headers={"hx-request": "true"}).text
    assert "Voltray Packs" in hits
    assert "<html" not in hits
    assert "Voltray Packs" in alice.get("/centre/search?q=volt").text


def test_a_file_is_kept_and_read_again(enter: Enter, centre: SignedCentre) -> None:
    """As it was sent, as a download; who may not change the record may not add to it."""
    alice, bob = enter("alice"), enter("bob")
    href = f"/centre/member/{centre.world.members['maker']}"
    token = alice.headers["x-csrftoken"]
    content = ("charter.pdf", b"%PDF-1.7 signed", "application/pdf")
    assert alice.post(f"{href}/files", files={"file": content}, data={"_csrf_token": token}).status_code == 303
    found = re.search(rf'href="({href}/files/[0-9a-f-]+)"', alice.get(href).text)
    assert found
    answer = bob.get(found[1])
    assert answer.content == b"%PDF-1.7 signed"
    assert "attachment" in answer.headers["content-disposition"]
    assert bob.post(f"{href}/files", files={"file": content}).status_code == 403
    assert alice.get(f"{href}/files/{uuid4()}").status_code == 404


def test_lists_are_narrowed_and_paged(enter: Enter, centre: SignedCentre) -> None:
    """By state and by words; a page number that is none is the first."""
    alice = enter("alice")
    assert "Quickbasket" not in alice.get("/centre/member?q=voltray").text
    assert "No record matches." in alice.get("/centre/member?q=nothing-like-it").text
    assert alice.get("/centre/member?page=x&state=left&year=abcd").status_code == 200
    assert record_id(centre, "member", "Quickbasket")


def test_every_deed_is_a_command_of_its_kind() -> None:
    """It takes the record's id where it says, moves from states that there are, and its form can be made."""
    known = {what.name: what for what in kinds()}
    for deed in deeds():
        assert set(deed.states) <= set(known[deed.kind].states), deed
        assert deed.needs in PERMISSIONS, deed
        whole, _, part = deed.of.partition(".")
        assert whole in inspect.signature(deed.do).parameters, deed
        fields = {slot.name: slot for slot in slots(asked_of(deed.do, deed.known).struct)}
        assert not part or fields[whole].sort == "group", deed


def test_a_company_states_a_problem_of_its_own(enter: Enter, centre: SignedCentre) -> None:
    """Its own member stands in the form already; a mistake is told, and put right the problem is on the board."""
    bob, own = enter("bob"), str(centre.world.members["maker"])
    assert f'value="{own}" checked' in bob.get("/centre/problem/new").text
    sent = {
        "title": "Leaking seals",
        "title_zh": "密封泄漏",
        "member_id": own,
        "details": "One in forty.",
        "prize": "many",
    }
    sent["criteria"] = "One in a thousand at most"
    wrong = bob.post("/centre/problem/new", data=sent)
    assert wrong.status_code == 422
    assert f'value="{own}" checked' in wrong.text
    made = bob.post("/centre/problem/new", data={**sent, "prize": "50000", "confidentiality": "members"})
    assert made.status_code == 303, made.text
    page = bob.get(made.headers["location"]).text
    assert "¥50,000" in page
    assert "Leaking seals" in page


def walk(client: Client, start: str, most: int) -> dict[str, int]:
    """Follow the links of the centre's pages; return the status of each address."""
    waiting, found = [start], {start: 0}
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        found[path] = answer.status_code
        if answer.status_code >= 500:
            pytest.fail(f"{path}: {answer.text[-600:]}")
        for address in re.findall(r'href="(/centre[^"#]*)"', answer.text):
            plain = address.replace("&amp;", "&")
            if plain not in found and len(found) < most:
                found[plain] = 0
                waiting.append(plain)
    return found


@pytest.mark.parametrize("name", ["alice", "bob", "expert", "student", "authority"])
def test_no_link_that_a_role_is_offered_is_refused(enter: Enter, name: str) -> None:
    """Whoever follows any link of the side bar and of the pages behind it finds a page."""
    found = walk(enter(name), "/centre", 70)
    assert len(found) > 20
    assert {path: status for path, status in found.items() if status != 200} == {}


def test_no_address_of_a_page_hides_that_of_a_kind() -> None:
    """The word after /centre/ is a kind or a page, never both: the router would find the one and lose the other."""
    paths = (address.split(" ")[1] for address in addresses())
    words = {path.split("/")[2] for path in paths if path.count("/") > 1}
    assert not words & {what.name for what in kinds()}
