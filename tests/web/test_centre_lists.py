"""Lists and references over the console: sent, mapped, looked at row by row, entered."""

from __future__ import annotations

from collections.abc import Callable

from takeback import store
from takeback.share.centre.people import people as people_of
from takeback.share.centre.records import find
from tests.share.centre.tables.test_lists_in import csv, workbook
from tests.web.centre_people import SignedCentre, entering, signed_centre
from tests.web.conftest import Client, Enter

HEADS = ["Key", "Firm", "Name in Chinese", "What it is", "Our notes"]
FIRMS = [HEADS, ["E8", "Ember Cells", "余烬电芯", "企业", "call"], ["I8", "Ash Lab", "灰实验室", "institute", ""]]
CHOSEN = {"column-0": "code", "column-1": "name", "column-2": "name_zh", "column-3": "sort", "column-4": ""}
BIB = b"""@article{ding2025, title={Graded returns}, author={Ding, Mei}, journal={J}, year={2025}, doi={10.5555/a}}
@article{bad, title={No year at all}, year={soon}}
"""


def sent(client: Client, name: str, content: bytes, kind: str = "member", path: str = "/centre/lists") -> str:
    answer = client.post(f"{path}/file", data={"kind": kind}, files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_list_is_mapped_looked_at_and_entered_and_remembered(enter: Enter, centre: SignedCentre) -> None:
    """Headers that say nothing are mapped once; each row is seen before it is written; the next list needs nothing."""
    alice = enter("alice")
    assert 'href="/centre/lists?kind=member"' in alice.get("/centre/member").text
    href = sent(alice, "firms.xlsx", workbook(FIRMS))
    page = alice.get(href).text
    assert "for example E8; I8" in page
    assert "No column means this yet" in page
    assert alice.post(f"{href}/mapping", data=CHOSEN).status_code == 303
    page = alice.get(href).text
    assert "All 2 rows can be entered." in page
    assert "Ember Cells" in page
    with store.transaction(centre.world.org) as connection:
        before = len(find(connection, "member"))
    assert alice.post(f"{href}/enter").headers["location"] == "/centre/member"
    with store.transaction(centre.world.org) as connection:
        assert len(find(connection, "member")) == before + 2
    assert alice.post(f"{href}/enter").status_code == 409
    again = sent(alice, "more.csv", csv([HEADS, ["E9", "Ninth", "九", "enterprise", ""]]))
    assert "No column means this yet" not in alice.get(again).text


def test_what_is_wrong_stands_by_row_and_field_and_in_a_file(enter: Enter) -> None:
    """The page and the file say row, column, field, what was found and what would be right; entering is refused."""
    alice = enter("alice")
    href = sent(alice, "firms.csv", csv([*FIRMS, ["no blanks", "", "x", "club", ""]]))
    alice.post(f"{href}/mapping", data=CHOSEN)
    page = alice.get(href).text
    assert "1 of 3 rows cannot be entered." in page
    assert "club" in page
    report = alice.get(f"{href}/report/csv")
    assert "4,What it is,sort" in report.content.decode("utf-8-sig")
    assert alice.get(f"{href}/report/xlsx").content[:2] == b"PK"
    assert alice.post(f"{href}/enter").status_code in {409, 422, 400}
    alice.cookies.set("takeback_locale", "zh_Hans")
    assert "What is wrong" not in alice.get(f"{href}/report/csv").content.decode("utf-8-sig")
    assert alice.post(f"{href}/drop").status_code == 303
    assert alice.get(href).status_code == 404


def test_a_sheet_is_chosen_and_people_are_a_list_too(enter: Enter, centre: SignedCentre) -> None:
    """People are entered with their member; what names a member is shown by its name, never by an id."""
    alice = enter("alice")
    rows = csv([["name", "email", "member", "roles"], ["Mei Ding", "mei@example.org", "U1", "researcher"]])
    href = sent(alice, "p.csv", rows, "person")
    chosen = {"column-0": "name", "column-1": "email", "column-2": "member_id", "column-3": "roles"}
    alice.post(f"{href}/mapping", data=chosen)
    page = alice.get(href).text
    assert "Linhai University" in page
    assert alice.post(f"{href}/enter").headers["location"] == "/centre/people"
    with store.transaction(centre.world.org) as connection:
        assert "Mei Ding" in {one.name for one in people_of(connection)}


def test_references_are_looked_at_and_entered(enter: Enter, centre: SignedCentre) -> None:
    """The form is found by the file; each entry says what becomes of it, what cannot be read its line and field."""
    bob = enter("bob")
    assert 'href="/centre/sources/import"' in bob.get("/centre/source").text
    href = sent(bob, "mine.bib", BIB, path="/centre/sources/import")
    page = bob.get(href).text
    assert "Graded returns" in page
    assert "1 new" in page
    assert "line 2, field year" in page
    with store.transaction(centre.world.org) as connection:
        assert find(connection, "source") == []
    assert bob.post(f"{href}/enter", data={"tags": "returns\ngrading"}).status_code == 303
    with store.transaction(centre.world.org) as connection:
        (source,) = find(connection, "source")
        assert source.facts.tags == ("returns", "grading")
    other = sent(bob, "list.txt", b"10.5555/zzz | Another one", path="/centre/sources/import")
    assert "Another one" in bob.get(other).text
    assert bob.post(f"{other}/form", data={"form": "ris"}).status_code == 303
    assert bob.get(other).status_code == 200
    assert bob.post(f"{other}/form", data={"form": "word"}).status_code == 422


def test_a_file_that_cannot_be_read_says_where_and_what_to_do(enter: Enter, centre: SignedCentre) -> None:
    """Bob sees what was wrong, what was expected and how to come by a better file; nothing of it is entered."""
    bob = enter("bob")
    page = bob.get(sent(bob, "mine.json", b"[" * 50_000, path="/centre/sources/import")).text
    for said in ("This reference cannot be read.", "line 1", "a list of references", "Export the references once more"):
        assert said in page
    assert "40 brackets" not in page


def test_bob_may_enter_no_list_and_charlie_finds_none(
    enter: Enter, centre: SignedCentre, new_client: Callable[[], Client]
) -> None:
    """Who does not run the centre is refused; whoever works in another one finds nothing."""
    alice, bob = enter("alice"), enter("bob")
    href = sent(alice, "firms.csv", csv(FIRMS))
    assert "/centre/lists?kind" not in bob.get("/centre/member").text
    for path in ("/centre/lists", href, f"{href}/report/csv"):
        assert bob.get(path).status_code == 403, path
    assert (
        bob.post("/centre/lists/file", data={"kind": "member"}, files={"file": ("f.csv", b"a,b\n")}).status_code == 403
    )
    for what in ("mapping", "enter", "drop", "sheet"):
        assert bob.post(f"{href}/{what}", data={"sheet": "x"}).status_code == 403, what
    charlie = entering(new_client, signed_centre("other"))("alice")
    assert charlie.get(href).status_code == 404
    assert charlie.post(f"{href}/enter").status_code == 404


def test_over_http_a_column_is_said_and_then_remembered(enter: Enter, centre: SignedCentre) -> None:
    """What a header does not say is said with the file; a list with the same headers needs it no more."""
    alice = enter("alice")
    alice.headers["accept"] = "application/json"
    url, file = "/api/v1/centre/lists/member", {"data": ("firms.csv", csv(FIRMS))}
    said = {"column": ["Key=code", "Firm=name", "Name in Chinese=name_zh", "What it is=sort"]}
    assert alice.post(f"{url}/examine", files=file).status_code == 422
    seen = alice.post(f"{url}/examine", files=file, params=said).json()
    assert (seen["good"], seen["ignored"]) == (2, ["Our notes"])
    assert alice.post(url, files=file, params=said).json() == {"rows": 2}
    more = {"data": ("more.csv", csv([HEADS, ["E9", "Ninth", "九", "enterprise", ""]]))}
    assert alice.post(url, files=more).json() == {"rows": 1}
