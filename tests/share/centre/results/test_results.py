"""Results: stated by members, accepted with evidence by the manager, counted once."""

from __future__ import annotations

from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import projection
from takeback.share.centre.figures import unproven
from takeback.share.centre.people import withdraw_person
from takeback.share.centre.records import find, get
from takeback.share.centre.results import (
    REQUIRED,
    SORTS,
    Author,
    Result,
    accept_result,
    add_evidence,
    change_result,
    dashboard,
    doubles,
    doubles_among,
    figures,
    results_of,
    return_result,
    state_again,
    state_result,
    view,
    withdraw_result,
)
from takeback.share.centre.results.doubles import plain, plain_doi
from tests.share.centre.centre_world import START, CentreWorld, new_centre

FULL = {
    "body": "Journal of Returns", "doi": "10.5555/a1", "number": "CN2026-1", "status": "published",
    "licence": "CC-BY-4.0", "level": "national", "partner": "Voltray Packs", "since": "2026-05-01", "people": 12,
}  # fmt: skip


def result(sort: str = "paper", title: str = "Grading of used cells", **more: object) -> Result:
    return msgspec.convert({"sort": sort, "title": title, "year": 2026, **FULL, **more}, Result)


@pytest.mark.parametrize("sort", SORTS)
def test_each_sort_says_what_it_lacks(sort: str) -> None:
    """A result of any sort without one of the things that its sort needs is refused, and the refusal names it."""
    result(sort)
    for places in REQUIRED[sort]:
        empty = {name: (None if name in ("since", "people") else "") for name in places}
        with pytest.raises(Problem) as refused:
            result(sort, **empty)
        assert refused.value.where == "/".join(places)


@pytest.mark.parametrize(
    "more",
    [
        {"doi": "doi of mine"},
        {"url": "javascript:alert(1)"},
        {"authors": [{"name": "A", "percent": 60}, {"name": "B", "percent": 30}]},
        {"authors": [{"name": ""}]},
        {"authors": [{"name": "A", "person": str(uuid4())}]},
    ],
)
def test_what_cannot_be_is_refused(more: dict[str, object]) -> None:
    """A DOI that is none, a link that is a script, shares that do not sum to 100, an author who is two or nobody."""
    with pytest.raises(Problem, match="does not describe"):
        result(**more)


def test_stated_returned_accepted_withdrawn_and_counted_meanwhile(centre: CentreWorld) -> None:
    """A result counts in its year from its acceptance until it is withdrawn, with its record as evidence."""
    bob = centre.enter("Bob", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        record = state_result(connection, bob, result("patent", authors=[{"person": str(bob.person_id)}]), at=START)
        assert _count(connection, "results.patents") == 0
        return_result(connection, centre.manager, record.id, "the number is that of the application")
        change_result(connection, bob, record.id, result("patent", number="CN2026-2"))
        state_again(connection, bob, record.id)
        accepted = accept_result(connection, centre.manager, record.id)
        assert _count(connection, "results.patents") == 1
        found = {figure.code: figure for figure in figures(connection, 2026)}
        assert found["results.patents"].evidence[0].entry_id == accepted.entry_id
        assert unproven(found.values()) == []
        with pytest.raises(Problem) as refused:
            change_result(connection, bob, record.id, result("patent", title="Better"))
        assert refused.value.kind == "centre.forbidden" or refused.value.status == 409
        withdraw_result(connection, centre.manager, record.id, "the patent was revoked")
        assert _count(connection, "results.patents") == 0
        before = find(connection, "result")
        projection.rebuild(connection, centre.org)
        assert find(connection, "result") == before


def _count(connection: object, code: str) -> object:
    return next(figure.value for figure in figures(connection, 2026) if figure.code == code)  # type: ignore[arg-type]


def test_nothing_is_accepted_without_evidence(centre: CentreWorld) -> None:
    """A prize with neither file, link nor entry is refused; with a certificate it is accepted."""
    bare = result("prize", doi="")
    with store.transaction(centre.org) as connection:
        record = state_result(connection, centre.manager, bare)
        with pytest.raises(Problem) as refused:
            accept_result(connection, centre.manager, record.id)
        assert refused.value.kind == "centre.no-evidence"
        add_evidence(connection, centre.manager, record.id, "certificate.pdf", "application/pdf", b"%PDF-1.7 ...")
        assert accept_result(connection, centre.manager, record.id).state == "accepted"


def test_an_entry_is_evidence_only_when_it_is_the_centre_s_own(centre: CentreWorld) -> None:
    """An entry that this ledger has is evidence; one that it has not is refused, and so is a strange record."""
    with store.transaction(centre.org) as connection:
        entry = get(connection, centre.members["maker"]).entry_id
        state_result(connection, centre.manager, result("adoption", entries=[entry]))
        for more in ({"entries": [10**9]}, {"projects": [str(centre.members["maker"])]}, {"member": str(uuid4())}):
            with pytest.raises(Problem) as refused:
                state_result(connection, centre.manager, result(title="Another", doi="", url="https://a.b", **more))
            assert (refused.value.where or "").partition("[")[0] in more


def test_the_same_result_is_not_stated_twice(centre: CentreWorld) -> None:
    """The same DOI or number is refused always, a title that is nearly the same unless it is said to be another."""
    with store.transaction(centre.org) as connection:
        state_result(connection, centre.manager, result())
        for same in (result(title="Other", doi="10.5555/A1"), result("standard", "X", doi="10.5555/a1")):
            with pytest.raises(Problem) as refused:
                state_result(connection, centre.manager, same, similar=True)
            assert (refused.value.kind, refused.value.status) == ("centre.duplicate-result", 409)
        near = result(title="Grading of used  cells.", doi="", url="https://example.org/p")
        with pytest.raises(Problem):
            state_result(connection, centre.manager, near)
        again = state_result(connection, centre.manager, near, similar=True)
        assert [double.why for double in doubles(connection, near, beside=again.id)] == ["title"]
        assert [(late.id, double.why) for late, double in doubles_among(find(connection, "result"))] == [
            (again.id, "title")
        ]


@given(st.text(), st.text())
def test_what_compares_equal_has_the_same_letters(one: str, other: str) -> None:
    """Making a title plain twice changes nothing; case and spaces around make no difference."""
    assert plain(plain(one)) == plain(one)
    assert plain(f" {one}- {other}") == plain(one + other) or any(ord(sign) > 127 for sign in one + other)
    assert plain_doi("https://doi.org/10.5555/" + "ab") == "10.5555/ab"


def test_alice_may_bob_may_not_charlie_sees_nothing(centre: CentreWorld) -> None:
    """Alice manages and accepts; Bob, a colleague, changes his own and nobody else's; Charlie has another centre."""
    bob, dora = centre.enter("Bob", "maker", "researcher"), centre.enter("Dora", "shop", "researcher")
    guide = centre.enter("Gu", "authority", "authority")
    with store.transaction(centre.org) as connection:
        record = state_result(connection, bob, result())
        change_result(connection, bob, record.id, result(title="Grading"))
        for refused_to in (
            lambda: change_result(connection, dora, record.id, result(title="Mine")),
            lambda: add_evidence(connection, dora, record.id, "a.pdf", "application/pdf", b"x"),
            lambda: accept_result(connection, bob, record.id),
            lambda: return_result(connection, dora, record.id, "no"),
            lambda: state_result(connection, guide, result("prize", "P", doi="", url="https://a.b")),
        ):
            with pytest.raises(Problem, match="not allowed"):
                refused_to()
        assert get(connection, record.id).version == 2
        accept_result(connection, centre.manager, record.id)
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        assert figures(connection, 2026)[0].value == 0
        with pytest.raises(Problem) as missing:
            view(connection, charlie.manager, record.id)
        assert missing.value.status == 404


def test_who_withdrew_or_did_not_agree_is_not_named(centre: CentreWorld) -> None:
    """Authors are named who agreed; one who withdrew is gone from views and counts, and the record stays."""
    bob, dora = centre.enter("Bob", "maker", "researcher"), centre.enter("Dora", "shop", "researcher")
    others = [centre.enter(f"P{n}", "university", "student") for n in range(4)]
    authors = [Author(person=one.person_id) for one in (bob, *others)] + [Author(name="A. Outside")]
    with store.transaction(centre.org) as connection:
        record = state_result(connection, bob, msgspec.structs.replace(result(), authors=tuple(authors)))
        accept_result(connection, centre.manager, record.id)
        assert [author.name for author in view(connection, dora, record.id).authors][:2] == ["Bob", "P0"]
        assert _count(connection, "results.authors") == 5
        withdraw_person(connection, bob, bob.person())
        shown = view(connection, dora, record.id)
        assert len(shown.authors) == 5
        assert "Bob" not in str(shown)
        assert str(bob.person_id) not in str(shown.authors)
        assert _count(connection, "results.authors") is None  # four are left: too few to be told
        assert _count(connection, "results.papers") == 1


def test_the_dashboard_has_the_years_before_and_the_target(centre: CentreWorld) -> None:
    """A line has the year, the trend with its last year, the share of the target reached and how much waits."""
    with store.transaction(centre.org) as connection:
        for n, year in enumerate((2024, 2026, 2026)):
            one = result(title=f"{'abc'[n] * 9}", doi=f"10.5555/{n}", year=year)
            accept_result(connection, centre.manager, state_result(connection, centre.manager, one).id)
        state_result(connection, centre.manager, result("software", "zzz", doi="", url="https://a.b"))
        shown = dashboard(connection, centre.manager, 2026, years=3, targets={"results.papers": 4})
        line = shown.lines[0]
        assert (line.value, line.before, line.trend, line.reached) == (2, 0, ((2024, 1), (2025, 0), (2026, 2)), 0.5)
        assert (shown.waiting, len(shown.latest)) == (1, 2)
        assert results_of(connection, centre.manager, centre.members["maker"]) == []
