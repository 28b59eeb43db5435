"""The frontier watch: sources found twice, imports, best-known values, and news for those concerned."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from uuid import UUID, uuid4

import msgspec
import pytest
import sqlalchemy as sa
import yaml

from takeback import store
from takeback.core.problem import Problem as Refused
from takeback.operate import projection
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.figures import unproven
from takeback.share.centre.files import files_of
from takeback.share.centre.frontier import (
    BestKnown,
    Source,
    Writer,
    best_known,
    best_known_values,
    cff_of_result,
    change_source,
    cited_results,
    enter_source,
    export,
    figures,
    history,
    import_sources,
    my_news,
    read_news,
    sources,
    state_best_known,
    tag_source,
    withdraw_best_known,
)
from takeback.share.centre.people import PersonFields, enter_person, withdraw_person
from takeback.share.centre.problems import Problem, follow, state_problem
from takeback.share.centre.records import create, find
from takeback.share.centre.results import Author, Result
from tests.share.centre.centre_world import CentreWorld, new_centre

PAPER = Source(sort="article-journal", title="A Fast Test", year=2020, writers=(Writer(family="Liu", given="Bo"),))
LAW = Source(sort="legislation", title="Regulation on batteries", number="(EU) 2023/1542", year=2023)
FILE = b'{"routes": []}'


@pytest.fixture
def bob(centre: CentreWorld) -> CentreActor:
    """Bob speaks for the maker."""
    return centre.enter("Bob", "maker", "delegate")


@pytest.fixture
def sam(centre: CentreWorld) -> CentreActor:
    """Sam studies at the university."""
    return centre.enter("Sam", "university", "student")


def problem_of(connection: sa.Connection, actor: CentreActor) -> UUID:
    """State a problem of the actor's member."""
    assert actor.member_id is not None
    facts = Problem(title="Fast test", title_zh="快速检测", member_id=actor.member_id, details="x", criteria=("3 %",))
    return state_problem(connection, actor, facts).id


def value(amount: str, *problems: UUID, content: bytes = FILE, **more: object) -> BestKnown:
    """Return a value of an instance."""
    given = {"holder": "Linhai team", "sense": "min"} | more
    return BestKnown(  # type: ignore[call-arg]
        instance="TB-X-101", value=Decimal(amount), solution_sha256=sha256(content).hexdigest(), problems=problems,
        **given,  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_same_source_is_found_by_doi_number_and_title(centre: CentreWorld, sam: CentreActor) -> None:
    """Other capitals and marks make no other title; another year or DOI does; the refusal names the one there."""
    with store.transaction(centre.org) as connection:
        first = enter_source(connection, sam, msgspec.structs.replace(PAPER, doi="10.1234/a"))
        law = enter_source(connection, sam, LAW)
        for same, there in (
            (msgspec.structs.replace(PAPER, title="Other", doi="10.1234/a"), first),
            (msgspec.structs.replace(PAPER, title="a fast-test!"), first),
            (msgspec.structs.replace(PAPER, year=None), first),
            (msgspec.structs.replace(LAW, title="Batteries", number="(EU) 2023 / 1542"), law),
        ):
            with pytest.raises(Refused) as refused:
                enter_source(connection, sam, same)
            assert (refused.value.kind, refused.value.found) == ("centre.double", there.id)
        for other in (
            msgspec.structs.replace(PAPER, year=2021),
            msgspec.structs.replace(PAPER, doi="10.1234/b"),
            msgspec.structs.replace(LAW, number="(EU) 2023/1543"),
        ):
            enter_source(connection, sam, other)
        with pytest.raises(Refused):
            change_source(connection, sam, law.id, msgspec.structs.replace(LAW, number="(EU) 2023/1543"))
        assert len(sources(connection, sam, sort="legislation")) == 2
        projection.rebuild(connection, centre.org)
        assert len(find(connection, "source")) == 5


def test_an_import_tells_what_became_of_each_entry(centre: CentreWorld, bob: CentreActor, sam: CentreActor) -> None:
    """Added, there already, twice in the file, refused with its line; a bare DOI is completed by a whole entry."""
    text = (
        "@book{a, title={A}, year=2001}\n@book{b, title={B}\n x}\n@book{c, title={{a}}}\n@book{d, title={A}, year=1999}"
    )
    with store.transaction(centre.org) as connection:
        problem = problem_of(connection, bob)
        report = import_sources(connection, sam, text, "bibtex", tags=["books"], problems=[problem])
        assert [(row.line, row.outcome) for row in report.rows] == [
            (1, "added"), (2, "refused"), (4, "double"), (5, "added"),
        ]  # fmt: skip
        assert report.rows[1].problem is not None
        assert report.rows[2].record_id == report.rows[0].record_id
        assert len(sources(connection, sam, tag="books", problem=problem)) == 2
        assert import_sources(connection, sam, text, "bibtex").count("double") == 3
        import_sources(connection, sam, "10.1234/XY\n", "doi")
        whole = import_sources(connection, sam, '{"title": "Whole", "DOI": "10.1234/xy"}', "csl-json")
        assert whole.count("completed") == 1
        assert [one.title for one in find(connection, "source") if one.facts.doi] == ["Whole"]
        for wrong, form in (("", "ris"), ("x", "endnote"), ("{", "csl-json")):
            with pytest.raises(Refused):
                import_sources(connection, sam, wrong, form)  # type: ignore[arg-type]
        assert "year = {2001}" in export([one.facts for one in sources(connection, sam, year=2001)], "bibtex")


def test_a_new_rule_is_news_to_those_concerned_once(centre: CentreWorld, bob: CentreActor, sam: CentreActor) -> None:
    """Who stated the problem hears when it is tagged, who follows later is told of later ones; a paper is no news."""
    eve = centre.enter("Eve", "shop", "delegate")
    with store.transaction(centre.org) as connection:
        problem = problem_of(connection, bob)
        law = enter_source(connection, sam, LAW)
        assert my_news(connection, bob) == []
        tag_source(connection, sam, law.id, problems=[problem])
        tag_source(connection, sam, law.id, tags=["eu"], problems=[problem])
        enter_source(connection, sam, msgspec.structs.replace(PAPER, problems=(problem,)))
        (news,) = my_news(connection, bob, unread=True)
        assert (news.facts.sort, news.title, news.facts.detail) == ("rule", LAW.title, "(EU) 2023/1542")
        follow(connection, eve, problem)
        import_sources(connection, bob, "X 1:2026 | New rule", "standards", problems=[problem])
        assert [one.title for one in my_news(connection, eve)] == ["New rule"]
        assert len(my_news(connection, bob)) == 1  # who entered it knows it
        with pytest.raises(Refused) as refused:
            read_news(connection, eve, [news.id])
        assert refused.value.status == 404
        assert read_news(connection, bob, [news.id]) == 1
        assert read_news(connection, bob, [news.id]) == 0
        assert my_news(connection, bob, unread=True) == []


def test_a_best_known_value_is_beaten_or_refused(centre: CentreWorld, bob: CentreActor, sam: CentreActor) -> None:
    """Equal and worse are refused; the history says who and by which solution; followers and the last holder hear."""
    with store.transaction(centre.org) as connection:
        problem = problem_of(connection, bob)
        holder = centre.manager.person_id
        state_best_known(connection, sam, value("27591", problem, person_id=holder))
        assert my_news(connection, bob) == []
        for wrong, kind in (
            (value("27591"), "centre.not-better"),
            (value("27600"), "centre.not-better"),
            (value("99999", sense="max"), "centre.bad-best-known"),
        ):
            with pytest.raises(Refused) as refused:
                state_best_known(connection, sam, wrong)
            assert refused.value.kind == kind
        with pytest.raises(Refused, match="no best-known"):
            state_best_known(connection, sam, value("27000"), solution=("s.json", "application/json", b"other"))
        beaten = state_best_known(
            connection, sam, value("27000.5", bound=Decimal("27000.5")), solution=("s.json", "application/json", FILE)
        )
        assert beaten.facts.optimal
        assert files_of(connection, beaten.id)[0].sha256 == beaten.facts.solution_sha256
        assert [one.facts.value for one in history(connection, "TB-X-101")] == [Decimal("27591"), Decimal("27000.5")]
        assert best_known_values(connection, bob) == [best_known(connection, "TB-X-101")] == [beaten]
        assert [one.facts.detail for one in my_news(connection, bob)] == ["27591 -> 27000.5"]
        assert len(my_news(connection, centre.manager)) == 1
        shown = figures(connection, beaten.created_at.year)
        assert {one.code: one.value for one in shown} == {
            "frontier.sources": 0, "frontier.rules": 0, "frontier.best_known": 2, "frontier.beaten": 1,
        }  # fmt: skip
        assert unproven(shown) == []
        for who, why in ((sam, "wrong"), (centre.manager, " ")):
            with pytest.raises(Refused, match="not allowed" if why == "wrong" else "Say why"):
                withdraw_best_known(connection, who, beaten.id, why)
        withdraw_best_known(connection, centre.manager, beaten.id, "The solution visits a stop twice.")
        assert [one.facts.value for one in best_known_values(connection, bob)] == [Decimal("27591")]


def test_of_eight_at_once_one_is_listed_and_one_is_best(centre: CentreWorld, sam: CentreActor) -> None:
    """The same source and the same value, sent by eight at once, stand there once each; the others are told why."""

    def send(_: int) -> list[str]:
        told = []
        for step in (lambda c: enter_source(c, sam, LAW), lambda c: state_best_known(c, sam, value("27591"))):
            try:
                with store.transaction(centre.org) as connection:
                    step(connection)
                told.append("done")
            except Refused as refused:
                told.append(refused.kind)
        return told

    with ThreadPoolExecutor(8) as pool:
        told = [one for found in pool.map(send, range(8)) for one in found]
    assert Counter(told) == {"done": 2, "centre.double": 7, "centre.not-better": 7}


@pytest.mark.parametrize(
    "wrong", [{"solution_sha256": "abc"}, {"value": Decimal("NaN")}, {"bound": Decimal(2), "sense": "min"}]
)
def test_what_is_no_value_is_refused(wrong: dict[str, object]) -> None:
    """A hash that is none, no number, and a value below its own bound."""
    given = {"instance": "I", "sense": "min", "value": Decimal(1), "holder": "H", "solution_sha256": "0" * 64} | wrong
    with pytest.raises(Refused):
        BestKnown(**given)  # type: ignore[arg-type]


def test_results_are_cited_without_those_who_are_not_to_be_named(centre: CentreWorld) -> None:
    """Who agreed is named; who did not, or withdrew, is in no citation; a prize has none."""
    named = centre.enter("Ada Named", "university", "researcher")
    gone = centre.enter("Gus Gone", "university", "researcher")
    shy = enter_shy(centre)
    people = tuple(Author(person=one) for one in (named.person_id, gone.person_id, shy))
    with store.transaction(centre.org) as connection:
        facts = Result(
            sort="data-set", title="Cell tests", year=2026, licence="CC BY 4.0", doi="10.1234/Data", authors=people
        )
        data = create(connection, centre.manager, "result", facts, allowed=True)
        prize = Result(sort="prize", title="Prize", year=2026, body="City", level="city")
        won = create(connection, centre.manager, "result", prize, allowed=True)
        withdraw_person(connection, gone, gone.person())
        said = export(cited_results(connection, named, [data.id]), "gbt7714")
        assert said == "Ada Named. Cell tests[DS]. 2026. DOI: 10.1234/data.\n"
        read = yaml.safe_load(cff_of_result(connection, named, data.id, version="2"))
        assert (read["authors"], read["license"], read["type"]) == ([{"name": "Ada Named"}], "CC-BY-4.0", "dataset")
        withdraw_person(connection, named, named.person())
        read = yaml.safe_load(cff_of_result(connection, centre.manager, data.id))
        assert read["authors"] == [{"name": "Centre of Reverse Logistics"}]
        for refused in (
            lambda: cited_results(connection, centre.manager, [won.id]),
            lambda: cff_of_result(connection, centre.manager, won.id),
        ):
            with pytest.raises(Refused, match="no citation"):
                refused()


def enter_shy(centre: CentreWorld) -> UUID:
    """Enter a person who does not agree to be named."""
    with store.transaction(centre.org) as connection:
        return enter_person(connection, centre.manager, PersonFields(name="Shy Person", roles=["researcher"])).id


def test_who_may_keep_the_watch(centre: CentreWorld, bob: CentreActor, sam: CentreActor) -> None:
    """Alice lists and states; Bob of the council may only read; Charlie's centre knows nothing of it."""
    council = centre.enter("Cai", "university", "council")
    with store.transaction(centre.org) as connection:
        listed = enter_source(connection, sam, PAPER)
        for refused in (
            lambda: enter_source(connection, council, LAW),
            lambda: import_sources(connection, council, "x", "doi"),
            lambda: tag_source(connection, council, listed.id, tags=["x"]),
            lambda: change_source(connection, council, listed.id, LAW),
            lambda: state_best_known(connection, council, value("1")),
            lambda: sources(connection, replace(bob, roles=frozenset())),
        ):
            with pytest.raises(Refused) as problem:
                refused()
            assert problem.value.status == 403
        assert [one.id for one in sources(connection, council)] == [listed.id]
        with pytest.raises(Refused) as problem:
            tag_source(connection, sam, listed.id, problems=[uuid4()])
        assert problem.value.status == 404
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        assert sources(connection, charlie.manager) == []
        assert best_known(connection, "TB-X-101") is None
        with pytest.raises(Refused) as problem:
            tag_source(connection, charlie.manager, listed.id, tags=["x"])
        assert problem.value.status == 404
