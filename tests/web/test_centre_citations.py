"""Citations: linked from sources and results, shown in the reader's style, downloaded in any; nobody hidden named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from takeback import store
from takeback.share.centre import frontier, results
from takeback.share.centre.people import set_consents
from takeback.share.centre.results import Author, Result
from tests.support.people import People
from tests.web.centre_people import SignedCentre, entering, signed_centre
from tests.web.conftest import Client, Enter

BIB = "@article{a, title={Graded returns & more}, author={Ding, Mei}, journal={J}, year={2025}, doi={10.5555/a}}"


@pytest.fixture
def centre(people: People) -> SignedCentre:
    """A centre with a source, and a data set by Bob, who is named, and Lin, who is not."""
    made = signed_centre()
    world = made.world
    with store.transaction(world.org) as connection:
        frontier.import_sources(connection, world.actor("bob"), BIB, "bibtex")
        set_consents(connection, world.actor("lin"), ["statistics"])
        authors = tuple(Author(person=world.people[name].id, percent=50) for name in ("bob", "lin"))
        facts = Result(sort="data-set", title="Cells at 40 degrees", year=2026, authors=authors, url="https://x.example/d",
                       licence="CC-BY-4.0", doi="10.5555/cells")  # fmt: skip
        stated = results.state_result(connection, world.actor("bob"), facts)
        results.add_evidence(connection, world.actor("bob"), stated.id, "a.txt", "text/plain", b"a")
        results.accept_result(connection, world.manager, stated.id)
    return made


def test_sources_and_results_lead_to_their_citations_in_any_style(enter: Enter) -> None:
    """The lists have the link; what is shown is in a style of the reader's language; each style is a file."""
    student = enter("student")
    assert 'href="/centre/citations?of=sources"' in student.get("/centre/source").text
    assert 'href="/centre/citations?of=results"' in student.get("/centre/result").text
    page = student.get("/centre/citations").text
    assert "Graded returns &amp; more" in page
    assert "[J]" in student.get("/centre/citations?style=gbt7714").text
    for style, begins in (("bibtex", "@article"), ("ris", "TY  -"), ("csl-json", "["), ("apa", "Ding")):
        answer = student.get(f"/centre/citations/{style}?of=sources&q=graded")
        assert answer.text.lstrip().startswith(begins), answer.text
    assert student.get("/centre/citations/word").status_code == 404
    assert "nothing to cite" in student.get("/centre/citations?q=zzz").text


def test_results_are_cited_without_who_is_not_to_be_named(enter: Enter) -> None:
    """Bob is named; Lin, who did not agree, is in no style and in no CITATION.cff."""
    student = enter("student")
    page = student.get("/centre/citations?of=results").text
    assert "Cells at 40 degrees" in page
    href = page.partition('href="/centre/citations/cff/')[2].partition('"')[0]
    texts = [
        student.get(f"/centre/citations/{style}?of=results").text for style in ("bibtex", "ris", "csl-json", "apa")
    ]
    texts += [page, student.get(f"/centre/citations/cff/{href}").text]
    assert all("Bob" in text for text in texts)
    assert not any("Lin Centre" in text or "Lin," in text for text in texts)
    assert "cff-version" in texts[-1]


def test_charlie_of_another_centre_cites_nothing_of_it(
    enter: Enter, new_client: Callable[[], Client], centre: SignedCentre
) -> None:
    """Neither source nor result of this centre is in another one's file."""
    charlie = entering(new_client, signed_centre("other"))("alice")
    assert "Graded" not in charlie.get("/centre/citations/bibtex").text
    assert "Cells" not in charlie.get("/centre/citations/bibtex?of=results").text
