"""What is done by hand: one reviewer assigned, a file hidden or replaced, a project begun, an invitation taken back."""

from __future__ import annotations

import re
from datetime import timedelta

from takeback import store
from takeback.share.centre import calls
from takeback.share.centre.records import find
from tests.share.centre.calls.call_world import CLOSES, TELLING, CallWorld
from tests.share.centre.calls.test_reading import pdf
from tests.support.people import People
from tests.web import test_centre_calls
from tests.web.centre_people import entering, signed_centre
from tests.web.conftest import Client, new_client  # noqa: F401 -- a fixture
from tests.web.test_centre_calls import NOW, Enter, call, enter  # noqa: F401 -- fixtures


def test_one_reviewer_is_assigned_by_hand_and_released_and_a_conflict_is_refused_with_its_rule(
    call: CallWorld,  # noqa: F811
    enter: Enter,  # noqa: F811
) -> None:
    """Alice runs the call; Bob, an expert, and an author are refused; whose interest was declared is not assigned."""
    call.submit(0)
    call.close()
    NOW["at"] = CLOSES + timedelta(days=1)
    alice = enter(call.centre.enter("Alice", "university", "manager", email="alice@runs.example"))
    first, second = call.experts[0].person(), call.experts[1].person()
    with store.transaction(call.org) as connection:
        calls.declare_conflict(connection, call.experts[1], call.call, person=call.authors[0].person(), note="Friend")
    href = f"/centre/calls/{call.call}/reviewers"
    assert href in alice.get(f"/centre/call/{call.call}").text
    assert alice.post(href, data={"proposal": str(call.proposals[0]), "expert": str(first)}).status_code == 303
    page = alice.get(href).text
    assert "2 reviews are missing." in page
    refused = alice.post(href, data={"proposal": str(call.proposals[0]), "expert": str(second)})
    assert refused.status_code == 422
    assert "declared an interest" in refused.text
    assert alice.post(href, data={"proposal": "", "expert": ""}).status_code == 422
    (release,) = re.findall(rf'action="({href}/[0-9a-f-]+/release)"', page)
    for other in (enter(call.experts[2]), enter(call.authors[0]), enter(call.council[0])):
        assert other.get(href).status_code == 403
        assert other.post(href, data={"proposal": str(call.proposals[0]), "expert": str(first)}).status_code == 403
        assert other.post(release, data={"reason": "x"}).status_code == 403
    assert alice.post(release, data={"reason": ""}).status_code == 422
    assert alice.post(release, data={"reason": "ill"}).status_code == 303
    with store.transaction(call.org) as connection:
        assert [one.state for one in find(connection, "review")] == ["released"]


def test_a_file_is_hidden_and_replaced_by_its_author_alone(call: CallWorld, enter: Enter) -> None:  # noqa: F811
    """What reviewers may open is the author's to say, until the deadline."""
    author, other = enter(call.authors[0]), enter(call.authors[1])
    made = author.post(f"/centre/proposals/new?call={call.call}", data=test_centre_calls.PROPOSAL)
    href = made.headers["location"]

    def sent(content: bytes, **more: str) -> None:
        answer = author.post(
            f"{href}/files", data={"blind": "1", **more}, files={"file": ("plan.csv", content, "text/csv")}
        )
        assert answer.status_code == 303, answer.text

    sent(b"a,b\n1,2\n")
    (hide,) = re.findall(rf'action="({href}/files/[0-9a-f-]+/hide)"', author.get(href).text)
    assert other.post(hide).status_code == 404
    sent(b"a,b\n3,4\n", instead=hide.split("/")[-2])
    page = author.get(href).text
    assert hide not in page
    (new,) = re.findall(rf'action="({href}/files/[0-9a-f-]+/hide)"', page)
    assert author.post(new).status_code == 303
    assert "/hide" not in author.get(href).text
    assert author.post(f"{href}/files/{call.call}/hide").status_code == 404


def test_names_in_a_file_are_told_with_their_page_and_may_be_no_names(call: CallWorld, enter: Enter) -> None:  # noqa: F811
    """Before handing in it is a warning; afterwards a refusal on the same page, with the way to insist."""
    author = enter(call.authors[0])
    href = author.post(f"/centre/proposals/new?call={call.call}", data=test_centre_calls.PROPOSAL).headers["location"]
    named, scanned = pdf(["What", "By Quillfeather0x of ours"]), pdf([""])

    def sent(name: str, content: bytes, **more: str) -> tuple[int, str]:
        form = {"blind": "1", **more}
        answer = author.post(f"{href}/files", data=form, files={"file": (name, content, "application/pdf")})
        return answer.status_code, answer.text

    assert sent("plan.pdf", named)[0] == sent("scan.pdf", scanned)[0] == 303
    page = author.get(href).text
    for said in ("plan.pdf, page 2", "By Quillfeather0x of ours", "Cannot be searched for names", "scan.pdf"):
        assert said in page, said
    assert author.post(f"{href}/submit", data={}).status_code == 422
    assert author.post(f"{href}/submit", data={"despite_names": "1"}).status_code == 303
    code, page = sent("more.pdf", named)
    assert code == 422
    assert "A name in more.pdf, page 2" in page
    assert 'name="despite_names"' in page
    assert sent("more.pdf", named, despite_names="1")[0] == 303
    text = {**test_centre_calls.PROPOSAL, "blind.summary": "As Quillfeather0x says."}
    refused = author.post(f"{href}/edit", data=text)
    assert refused.status_code == 422
    assert 'name="despite_names"' in refused.text
    assert author.post(f"{href}/edit", data={**text, "despite_names": "1"}).status_code == 303
    assert "a PDF without a password" in sent("locked.pdf", b"%PDF-1.4 /Encrypt")[1]


def test_a_funded_proposal_becomes_a_project_once_and_not_before_it_is_told(
    call: CallWorld,  # noqa: F811
    enter: Enter,  # noqa: F811
) -> None:
    """The link stands with the decision; the project has what the council decided; the council alone cannot."""
    call.submit(0)
    call.close()
    for expert in range(3):
        call.assign((0, expert))
        call.review(expert, 0, 8, 8, 8)
    call.decide(0, "funded", 200_000_00)
    alice = enter(call.centre.enter("Alice", "university", "manager", "director", email="alice@runs.example"))
    page = f"/centre/calls/{call.call}/proposal/{call.proposals[0]}"
    assert f"{page}/project" not in alice.get(page).text
    call.announce()
    NOW["at"] = TELLING + timedelta(days=1)
    assert f"{page}/project" in alice.get(page).text
    assert enter(call.council[0]).post(f"{page}/project", data={}).status_code == 403
    assert alice.post(f"{page}/project", data={"code": "P-1", "begins": "soon"}).status_code == 422
    done = alice.post(f"{page}/project", data={"code": "P-1", "begins": "2026-06-01", "ends": "2027-05-31"})
    assert done.status_code == 303, done.text
    assert "200,000" in alice.get(done.headers["location"]).text
    assert f'{page}/project"' not in alice.get(page).text
    again = alice.post(f"{page}/project", data={"code": "P-2", "begins": "2026-06-01", "ends": "2027-05-31"})
    assert again.status_code == 422


def test_an_invitation_is_taken_back_and_its_link_leads_nowhere(people: People, new_client: type[Client]) -> None:  # noqa: F811
    """Alice takes back what she sent; Bob may not; the button is there while an invitation is open."""
    centre = signed_centre()
    open_browser = entering(new_client, centre)
    alice, bob = open_browser("alice"), open_browser("bob")
    made = alice.post("/centre/people/new", data={"name": "Nia New", "email": "nia@new.example", "roles": "researcher"})
    href = made.headers["location"].partition("?")[0]
    assert f"{href}/invite/back" not in alice.get(href).text
    link = re.findall(r"(/invitation/[\w-]+)", alice.post(f"{href}/invite").text)[0]
    assert alice.get(link).status_code == 200
    assert f"{href}/invite/back" in alice.get(href).text
    assert bob.post(f"{href}/invite/back").status_code in {403, 404}
    assert alice.post(f"{href}/invite/back").status_code == 303
    assert f"{href}/invite/back" not in alice.get(href).text
    assert alice.get(link).status_code in {404, 410}
