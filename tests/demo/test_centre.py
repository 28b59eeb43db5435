"""The centre of the demo: the whole cycle, told once; every figure has its evidence, and the ledger verifies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from takeback import store
from takeback.demo.accounts import FILE
from takeback.demo.centre.content import cast, lately, practice, works
from takeback.demo.centre.crew import Crew, known
from takeback.demo.centre.dates import Calendar
from takeback.demo.centre.story import Told, tell
from takeback.operate import identity, projection
from takeback.prove.checkpoint import LogKey
from takeback.prove.verify import verify_log, verify_party
from takeback.share.centre import calls, money, resources
from takeback.share.centre.figures import all_figures, unproven
from takeback.share.centre.files import files_of
from takeback.share.centre.kinds import kinds
from takeback.share.centre.records import Record, find, title_zh
from takeback.share.centre.reporting import recheck
from takeback.share.centre.talent import competency_map, diversity, profiles
from tests.store import servers

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Told, Path]]:
    """The story, told once for all tests of this file."""
    home = tmp_path_factory.mktemp("home")
    with servers.migrated() as urls:
        store.open_database(urls.application, urls.owner)
        try:
            yield tell(home, lambda *_: None, now=NOW), home
        finally:
            store.close()


@pytest.fixture
def crew(told: tuple[Told, Path]) -> Crew:
    """Who took part."""
    found = known(cast(), Calendar(NOW.date()))
    assert found is not None
    return found


def _all(crew: Crew, kind: str, state: str | None = None) -> list[Record]:
    with store.transaction(crew.org) as connection:
        return find(connection, kind, state=state)


def test_the_whole_cycle_is_there(told: tuple[Told, Path], crew: Crew) -> None:
    """Three common problems, twelve proposals and four to a call in review, nine experts, four projects, uses."""
    assert (told[0].proposals, told[0].projects, len(crew.with_role("expert"))) == (16, 4, 9)
    assert len(_all(crew, "common-problem")) == 3
    assert [len(_all(crew, "proposal", state)) for state in ("funded", "declined")] == [3, 9]
    assert sorted(project.state for project in _all(crew, "project")) == [*["accepted"] * 3, "running"]
    assert {one.facts.sort for one in _all(crew, "result", "accepted")} >= {"paper", "patent", "software", "data-set"}
    assert len(_all(crew, "adoption")) == 3
    assert len(_all(crew, "common-problem", "solved")) == 2
    assert [one.state for one in _all(crew, "report")] == ["published"]
    assert sorted(one.state for one in _all(crew, "agreement")) == ["in-force", "signing"]
    assert len(_all(crew, "call", "published")) == len(_all(crew, "consultation", "open")) == 1


def test_people_who_agreed_to_it_are_counted_by_what_they_say_of_themselves(crew: Crew) -> None:
    """Of each trait at least one group is shown, of five people or more, and some are hidden."""
    with store.transaction(crew.org) as connection:
        tables = diversity(connection).tables
    for trait, table in tables.items():
        shown = [count for (sort, value), count in table.items() if (sort, value) != ("all", "all") and count]
        assert shown, trait
        assert min(shown) >= 5, trait
        assert None in table.values(), trait


def test_who_reads_chinese_reads_who_asks_for_it(crew: Crew) -> None:
    """Sources, commissioners and the titles of targets stand there in both languages."""
    for kind, field in (("indicator", "source"), ("fund", "source"), ("priority", "source"), ("task", "commissioner")):
        told = [(getattr(one.facts, field), getattr(one.facts, f"{field}_zh")) for one in _all(crew, kind)]
        assert told, kind
        assert all(english.isascii() and chinese and not chinese.isascii() for english, chinese in told), kind
    assert {title_zh(one) for one in _all(crew, "target")} >= {f"成员应用 {NOW.year}"}


def test_every_figure_has_evidence(told: tuple[Told, Path], crew: Crew) -> None:
    """In the report, and in each of the three years; the report has its files in both languages and as data."""
    assert told[0].figures > 40
    assert told[0].unproven == ()
    with store.transaction(crew.org) as connection:
        assert [unproven(all_figures(connection, year)) for year in (2024, 2025, 2026)] == [[], [], []]
        kept = files_of(connection, told[0].report)
    assert {Path(one.name).suffix for one in kept} == {".pdf", ".xlsx", ".json"}


def test_the_report_that_the_demo_shows_holds(told: tuple[Told, Path], crew: Crew) -> None:
    """Whoever presses "check" finds nothing wrong: each entry that a figure rests on is proven to be in the log."""
    key = LogKey.kept_in(told[1])
    with store.transaction(crew.org) as connection:
        checked = recheck(connection, crew.actor("shen"), told[0].report, origin=key.origin, public=key.public)
    assert (checked.files, checked.findings) == (5, [])
    assert checked.entries > 100


def test_the_centre_is_in_the_stage_of_its_plan(crew: Crew) -> None:
    """While the construction period of the plan runs, the centre is in construction."""
    (centre,), (period,) = _all(crew, "centre"), _all(crew, "period")
    assert (centre.state, period.facts.stage) == ("construction", "construction")


def test_the_ledger_verifies_and_the_tables_come_back_from_it(told: tuple[Told, Path], crew: Crew) -> None:
    """The log and the centre's entries are whole; records made anew from the ledger are the same."""
    key = LogKey.kept_in(told[1])
    with store.transaction(crew.org) as connection:
        result = verify_log(connection, key.origin, key.public)
        verify_party(connection, crew.org, result)
        assert result.verified, result.findings
        before = [find(connection, kind) for kind in ("project", "proposal", "result", "spending")]
        projection.rebuild(connection, crew.org)
        assert [find(connection, kind) for kind in ("project", "proposal", "result", "spending")] == before


def test_the_review_was_blind_and_without_conflicts(crew: Crew) -> None:
    """No view of authors or reviewers tells who the others are; nobody reviewed what the planted conflicts forbid."""
    (call,) = _all(crew, "call", "closed")
    with store.transaction(crew.org) as connection:
        found = calls.blindness_cases(connection, call.id)
        forbidden = {(one.proposal, one.expert) for one in calls.conflicts(connection, crew.actor("shen"), call.id)}
        reviews = [
            (one.facts.proposal, one.facts.expert) for one in find(connection, "review") if one.facts.call == call.id
        ]
    assert found.cases > 1000
    assert found.leaks == ()
    assert len(reviews) == 36
    assert not forbidden & {*reviews}
    declared = {crew.people[one.expert] for one in practice().interests}
    assert declared <= {expert for _, expert in forbidden}


def test_money_and_bookings_are_right(crew: Crew) -> None:
    """Every yuan of three channels is where the books say, traced to a project; no two bookings have the same place."""
    with store.transaction(crew.org) as connection:
        assert money.money_violations(connection) == []
        assert resources.clashes(connection) == 0
        statements = money.fund_statements(connection, crew.actor("shen"))
    assert [one.code for one in statements] == sorted(fund.code for fund in works().funds)
    assert all(one.spent > 0 and one.received == one.available + one.committed + one.spent for one in statements)


def test_every_yuan_and_hour_leads_to_a_project_and_a_result(crew: Crew) -> None:
    """No spending and no use of a bench is without a project, nor without what came of it."""
    spent, used = _all(crew, "spending"), _all(crew, "use")
    assert min(len(spent), len(used)) > 100
    assert [one.title for one in (*spent, *used) if not (one.facts.project and one.facts.result)] == []


def test_the_map_of_competencies_shows_where_people_stand(crew: Crew) -> None:
    """In each area enough people stand on two levels for it to say how many; experts, who review, are not on it."""
    with store.transaction(crew.org) as connection:
        seen = competency_map(connection)
        shown = {one.person.id for one in profiles(connection, crew.actor("shen"))}
    assert [sum(cell is not None and cell >= 5 for cell in row) for row in seen.people] == [2, 2]
    assert not shown & {crew.people[nick] for nick in crew.with_role("expert")}


def test_a_calendar_shows_what_is_booked_in_these_days(crew: Crew) -> None:
    """Each resource is taken by somebody in the week around today, and the student has bookings of her own."""
    week = NOW - timedelta(days=3), NOW + timedelta(days=6)
    with store.transaction(crew.org) as connection:
        me = crew.actor("bai")
        seen = [resources.calendar(connection, me, one.id, *week) for one in find(connection, "resource")]
        mine = resources.my_bookings(connection, me, NOW)
    assert [len(one.slots) for one in seen] == [4, 4, 4]
    assert len(mine) == 6


def test_whatever_has_a_chinese_field_is_told_in_chinese_too(crew: Crew) -> None:
    """A record that says something in English, in a field that has a Chinese twin, says it in Chinese as well."""
    told = [one for kind in kinds() for one in _all(crew, kind.name)]
    assert {one.kind for one in told} > {"project", "risk", "progress", "project-milestone", "priority", "proposal"}
    silent = {(one.kind, name) for one in told for name in _silent(one.facts)}
    assert silent == set()


def _silent(facts: msgspec.Struct) -> Iterator[str]:
    """Yield the fields of some facts, and of what is in them, whose Chinese twin says nothing."""
    for name in facts.__struct_fields__:
        said = getattr(facts, name)
        if said and getattr(facts, f"{name}_zh", said) == "":
            yield name
        for part in said if isinstance(said, tuple) else (said,):
            if isinstance(part, msgspec.Struct):
                yield from _silent(part)


def test_told_again_nothing_is_added(told: tuple[Told, Path], crew: Crew) -> None:
    """The second telling finds everything there; the accounts of the six roles are written down once and sign in."""
    before = [len(_all(crew, kind)) for kind in ("problem", "proposal", "result", "report", "call")]
    assert tell(told[1], lambda *_: None, now=NOW) == told[0]
    assert [len(_all(crew, kind)) for kind in ("problem", "proposal", "result", "report", "call")] == before
    accounts = json.loads((told[1] / FILE).read_text())
    roles = ["centre manager", "authority", "company", "professor", "expert", "student"]
    assert [one["role"] for one in accounts] == roles
    for one in accounts:
        found = identity.signed_in(identity.sign_in(one["email"], one["password"]))
        assert found is not None and found.actor is not None
        assert found.actor.org_id == crew.org


def test_a_visitor_of_each_role_finds_something_to_do(crew: Crew) -> None:
    """Reviews to write, a call to decide on, a result to accept, a paper to sign, a milestone that is late, a plan."""
    with store.transaction(crew.org) as connection:
        (mine,) = [one for one in calls.calls_to_review(connection, crew.actor("jiang")) if one.open]
        assert mine.final < mine.reviews
        assert calls.blindness_cases(connection, mine.call).leaks == ()
    assert len(_all(crew, "call", "reviewing")) == 1
    assert len(_all(crew, "result", "stated")) == 1
    (paper,) = _all(crew, "agreement", "signing")
    assert crew.members["E1"] not in {one.member for one in paper.facts.signatures}
    assert [one.facts.due < NOW.date() for one in _all(crew, "project-milestone", "open")] == [True]
    assert len(_all(crew, "training-plan", "draft")) == 1
    assert len(_all(crew, "source")) == len(lately().sources)
