"""Stages, milestones, indicators with targets and values, and the gap between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import projection
from takeback.share.centre import figures
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.days import today
from takeback.share.centre.records import find, get, move, title_zh
from takeback.share.centre.reporting.contents import gather
from takeback.share.centre.targets import (
    Indicator,
    Milestone,
    Period,
    change_milestone,
    change_period,
    close_period,
    close_year,
    light,
    miss_milestone,
    overdue_milestones,
    put_indicator,
    put_milestone,
    put_period,
    reach_milestone,
    reopen_target,
    reopen_value,
    set_target,
    standings,
    state_value,
)
from takeback.share.centre.targets.figures import figures as target_figures
from tests.share.centre.centre_world import CentreWorld, new_centre

LATER = datetime(2028, 1, 10, tzinfo=UTC)


def plan(connection: sa.Connection, actor: CentreActor) -> UUID:
    """Put a stage of five years."""
    facts = Period(
        code="C", name="Construction", name_zh="建设期", stage="construction", begins=date(2026, 3, 1),
        ends=date(2030, 12, 31),
    )  # fmt: skip
    return put_period(connection, actor, facts).id


def indicator(code: str, formula: str = "", **more: object) -> Indicator:
    """Return an indicator by its code."""
    given = {"source": "Commission notice 12 (2026)", "unit": "count", "formula": formula} | more
    return Indicator(code=code, name=code.title(), name_zh=code, definition=f"What {code} is", **given)  # type: ignore[arg-type]


def test_an_indicator_without_a_source_is_refused(centre: CentreWorld) -> None:
    """Neither blanks nor nothing is a source, and nothing is written."""
    with store.transaction(centre.org) as connection:
        for source in ("", "  "):
            with pytest.raises(Problem) as refused:
                put_indicator(connection, centre.manager, indicator("papers", source=source))
            assert refused.value.kind == "centre.no-source"
        assert find(connection, "indicator") == []


def test_formulas_that_refer_to_nothing_or_to_themselves_are_refused(centre: CentreWorld) -> None:
    """An unknown code, a ring of one and a ring closed by a later change are refused; the ring is told."""
    with store.transaction(centre.org) as connection:
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        put_indicator(connection, centre.manager, indicator("share", "100 * papers / (papers + 1)"))
        for code, formula, kind in (
            ("x", "papers + nothing", "centre.unknown-code"),
            ("x", "targets.green", "centre.unknown-code"),
            ("x", "x + 1", "centre.formula-cycle"),
            ("x", "papers +", "centre.bad-formula"),
        ):
            with pytest.raises(Problem) as refused:
                put_indicator(connection, centre.manager, indicator(code, formula))
            assert refused.value.kind == kind
        with pytest.raises(Problem) as ring:
            put_indicator(connection, centre.manager, indicator("papers", "share * 2"), indicator_id=papers.id)
        assert ring.value.found == "papers -> share -> papers"


def test_a_value_needs_evidence_that_everybody_may_see(centre: CentreWorld) -> None:
    """A value names records, each with its entry of the ledger at that time; without any it is refused."""
    with store.transaction(centre.org) as connection:
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        with pytest.raises(Problem) as refused:
            state_value(connection, centre.manager, papers.id, 2026, Decimal(3), [])
        assert refused.value.kind == "centre.no-evidence"
        member = find(connection, "member")[0]
        stated = state_value(connection, centre.manager, papers.id, 2026, Decimal("3.50"), [member.id, member.id])
        assert stated.facts.evidence == ((member.id, member.entry_id),)
        assert stated.facts.value == Decimal("3.5")
        put_indicator(connection, centre.manager, indicator("twice", "2 * papers"))
        twice = next(one for one in find(connection, "indicator") if one.facts.code == "twice")
        with pytest.raises(Problem, match="computed"):
            state_value(connection, centre.manager, twice.id, 2026, Decimal(7), [member.id])


@pytest.mark.parametrize(
    ("direction", "value", "shown"),
    [("up", 100, "green"), ("up", 80, "amber"), ("up", 79, "red"), ("down", 100, "green"), ("down", 120, "amber"),
     ("down", 121, "red")],
)  # fmt: skip
def test_the_light_follows_the_direction(direction: str, value: int, shown: str) -> None:
    """At the target it is green, within a fifth amber, beyond red; for `down` the other way round."""
    assert light(indicator("x", direction=direction), Fraction(100), Fraction(value)) == shown
    assert light(indicator("x", direction=direction), Fraction(100), None) == "grey"


def test_the_gap_of_each_year_and_of_the_plan_is_told_with_its_evidence(centre: CentreWorld) -> None:
    """Stated and computed indicators stand against their targets; what a formula rests on is its parts' evidence."""
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        member = find(connection, "member")[0]
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        rate = put_indicator(
            connection, centre.manager, indicator("growth", "100 * (papers - prev(papers)) / prev(papers)", over="last")
        )
        for year, value in ((2026, 4), (2027, 6)):
            state_value(connection, centre.manager, papers.id, year, Decimal(value), [member.id])
            set_target(connection, centre.manager, papers.id, year, Decimal(5))
        set_target(connection, centre.manager, papers.id, 2028, Decimal(9))
        set_target(connection, centre.manager, rate.id, 2027, Decimal(60))
        growth, counted = standings(connection, centre.manager, period, until=2030)
        assert [counted.years[year].light for year in range(2026, 2031)] == ["amber", "green", "grey", "grey", "grey"]
        assert (counted.years[2026].gap, counted.plan.value, counted.plan.gap) == (-1, 10, 0)
        assert (growth.years[2027].value, growth.years[2027].light, growth.plan.value) == (50, "amber", 50)
        assert "papers" in str(growth.years[2026].why)
        told = {one.record_id: (one.title, one.title_zh) for one in growth.years[2027].evidence}
        assert told[member.id] == (member.title, member.facts.name_zh)
        name, chinese = papers.facts.name, papers.facts.name_zh
        assert {(f"{name} {year}", f"{chinese} {year}") for year in (2026, 2027)} <= set(told.values())
        shown = {one.code: one.value for one in target_figures(connection, 2027)}
        assert (shown["targets.green"], shown["targets.amber"], shown["targets.red"]) == (1, 1, 0)
        assert figures.unproven(target_figures(connection, 2027)) == []


def test_years_to_come_count_neither_in_the_plan_nor_as_missed(centre: CentreWorld) -> None:
    """Up to 2027 a plan is what was to be reached by then; of 2028 the target alone is told, though it has a value."""
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        put_indicator(connection, centre.manager, indicator("twice", "2 * papers"))
        for year, value in ((2026, 4), (2027, 6), (2028, 0)):
            state_value(connection, centre.manager, papers.id, year, Decimal(value), [centre.members["shop"]])
            set_target(connection, centre.manager, papers.id, year, Decimal(5))
        of = {year: standings(connection, centre.manager, period, until=year) for year in (2025, 2026, 2027, 2028)}
        plans = [of[year][0].plan for year in of]
        assert [(one.value, one.target, one.light) for one in plans] == [
            (None, None, "grey"), (4, 5, "amber"), (10, 10, "green"), (10, 15, "red"),
        ]  # fmt: skip
        ahead = of[2027][0].years[2028]
        assert (ahead.value, ahead.target, ahead.light, ahead.evidence) == (None, 5, "grey", ())
        assert (of[2027][1].plan.value, of[2027][1].years[2028].value) == (20, None)
        now = standings(connection, centre.manager, period)
        this_year = today(connection, centre.manager, None).year
        assert now == standings(connection, centre.manager, period, until=this_year)


def test_a_computed_value_rests_on_the_years_that_it_was_worked_out_of(centre: CentreWorld) -> None:
    """What `prev` and `total` look back at is evidence as what is said of the year itself; what was not used is not."""
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        for code, formula in (("before", "prev(papers)"), ("so_far", "total(papers)"), ("some", "first(papers, 0)")):
            put_indicator(connection, centre.manager, indicator(code, formula))
        shown = {2026: centre.members["maker"], 2027: centre.members["shop"]}
        for year, member in shown.items():
            state_value(connection, centre.manager, papers.id, year, Decimal(4), [member])
        of = {one.indicator.facts.code: one.years for one in standings(connection, centre.manager, period, until=2030)}

        def rests_on(code: str, year: int) -> set[UUID]:
            return {one.record_id for one in of[code][year].evidence} & {*shown.values()}

        assert rests_on("before", 2027) == rests_on("so_far", 2026) == {shown[2026]}
        assert rests_on("so_far", 2028) == {*shown.values()}
        assert (of["some"][2028].value, rests_on("some", 2028)) == (0, set())


def test_over_the_plan_years_with_a_target_are_compared(centre: CentreWorld) -> None:
    """What was done in a year that had no target does not hide that the target of another one was missed."""
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        (none,) = standings(connection, centre.manager, period, until=2030)
        assert (none.plan.value, none.plan.light, none.plan.confirmed) == (None, "grey", False)
        for year, value in ((2026, 40), (2027, 3)):
            state_value(connection, centre.manager, papers.id, year, Decimal(value), [centre.members["shop"]])
        (open_,) = standings(connection, centre.manager, period, until=2030)
        assert (open_.plan.value, open_.plan.target) == (43, None)
        set_target(connection, centre.manager, papers.id, 2027, Decimal(10))
        (papers_standing,) = standings(connection, centre.manager, period, until=2030)
        assert (papers_standing.plan.gap, papers_standing.plan.light) == (-7, "red")


def test_what_is_computed_was_confirmed_by_nobody(centre: CentreWorld) -> None:
    """An indicator that is given a formula is not confirmed by what was confirmed of its stated values."""
    authority = centre.enter("Ann", "authority", "authority")
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        stated = state_value(connection, centre.manager, papers.id, 2026, Decimal(4), [centre.members["shop"]])
        move(connection, authority, stated.id, "confirmed")
        (before,) = standings(connection, centre.manager, period, until=2030)
        put_indicator(connection, centre.manager, indicator("papers", "2 + 3"), indicator_id=papers.id)
        (after,) = standings(connection, centre.manager, period, until=2030)
        assert [(one.years[2026].value, one.years[2026].confirmed) for one in (before, after)] == [
            (4, True),
            (5, False),
        ]


def test_a_formula_reads_the_figures_of_the_rooms(centre: CentreWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """`money.spent` in a formula is the figure of that year, and its evidence is the figure's."""

    def money(connection: sa.Connection, year: int) -> list[figures.Figure]:
        members = find(connection, "member")[:1]
        return [figures.Figure("testroom.spent", None, "count", 100 * (year - 2020), year, figures.proof(members))]  # type: ignore[arg-type]

    monkeypatch.setitem(figures._rooms, "testroom", money)
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        put_indicator(connection, centre.manager, indicator("spent", "testroom.spent / 100"))
        (spent,) = standings(connection, centre.manager, period, until=2030)
        assert [spent.years[year].value for year in (2026, 2030)] == [6, 10]
        assert len(spent.plan.evidence) == 1


def test_a_retired_indicator_lights_nothing(centre: CentreWorld) -> None:
    """Its target counts neither as met nor as missed nor as open, as it stands on the plan's page no more."""
    with store.transaction(centre.org) as connection:
        plan(connection, centre.manager)
        kept, retired = (put_indicator(connection, centre.manager, indicator(code)) for code in ("papers", "patents"))
        for one in (kept, retired):
            set_target(connection, centre.manager, one.id, 2026, Decimal(5))

        def lights() -> list[object]:
            shown = {one.code: one for one in target_figures(connection, 2026)}
            return [shown[f"targets.{name}"].value for name in ("green", "amber", "red", "grey")]

        state_value(connection, centre.manager, retired.id, 2026, Decimal(1), [centre.members["shop"]])
        assert lights() == [0, 0, 1, 1]
        move(connection, centre.manager, retired.id, "retired")
        assert lights() == [0, 0, 0, 1]


def test_a_milestone_is_reached_with_evidence_and_is_overdue_without(centre: CentreWorld) -> None:
    """It lies within a year of the plan; reached, it leaves the overdue list."""
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        facts = Milestone(period_id=period, year=2026, title="Pilot line", title_zh="中试线", due=date(2026, 9, 30))
        with pytest.raises(Problem, match="not one of the stage"):
            wrong = msgspec.structs.replace(facts, year=2031, due=date(2031, 1, 1))
            put_milestone(connection, centre.manager, wrong)
        milestone = put_milestone(connection, centre.manager, facts)
        assert [one.id for one in overdue_milestones(connection, today=date(2026, 10, 1))] == [milestone.id]
        assert overdue_milestones(connection, today=date(2026, 9, 30)) == []
        with pytest.raises(Problem, match="needs evidence"):
            reach_milestone(connection, centre.manager, milestone.id, [])
        reach_milestone(connection, centre.manager, milestone.id, [centre.members["maker"]])
        assert overdue_milestones(connection, today=date(2026, 10, 1)) == []


def test_a_milestone_is_missed_with_a_reason_after_its_day_and_can_still_be_reached(centre: CentreWorld) -> None:
    """Before its day has passed nobody misses it; who missed it says why; it stays overdue until it is reached."""
    after = datetime(2026, 10, 1, 8, tzinfo=UTC)
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        facts = Milestone(period_id=period, year=2026, title="Pilot line", title_zh="中试线", due=date(2026, 9, 30))
        aim = put_milestone(connection, centre.manager, facts).id
        with pytest.raises(Problem, match="not passed"):
            miss_milestone(connection, centre.manager, aim, "late", at=datetime(2026, 9, 30, 8, tzinfo=UTC))
        with pytest.raises(Problem, match="Say why"):
            miss_milestone(connection, centre.manager, aim, " ", at=after)
        missed = miss_milestone(connection, centre.manager, aim, "The building came late.", at=after)
        assert missed.state == "missed"
        assert [one.id for one in overdue_milestones(connection, today=date(2026, 10, 1))] == [aim]
        assert reach_milestone(connection, centre.manager, aim, [centre.members["maker"]]).state == "reached"


def test_a_stage_is_closed_with_all_its_years_after_the_last(centre: CentreWorld) -> None:
    """Not before; then none of its years takes a figure, and a report of them is no longer provisional."""
    last, over = datetime(2030, 12, 31, 8, tzinfo=UTC), datetime(2031, 1, 5, 8, tzinfo=UTC)
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        move(connection, centre.manager, period, "open")
        with pytest.raises(Problem, match="not over"):
            close_period(connection, centre.manager, period, "evaluated", at=last)
        open_years = gather(connection, centre.manager, "evaluation", 2030, first=2026, at=over).provisional
        assert len(open_years) == 5
        closed = close_period(connection, centre.manager, period, "evaluated", at=over)
        assert (closed.state, closed.facts.closed_years) == ("closed", (2026, 2027, 2028, 2029, 2030))
        with pytest.raises(Problem, match="closed"):
            set_target(connection, centre.manager, papers.id, 2028, Decimal(1))
        assert gather(connection, centre.manager, "evaluation", 2030, first=2026, at=over).provisional == ()


def test_what_the_authority_agreed_to_it_can_open_again_with_a_reason(centre: CentreWorld) -> None:
    """Alice, who manages, cannot; the authority says why; of a closed year it cannot either."""
    authority = centre.enter("Ann", "authority", "authority")
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        alice = replace(centre.manager, roles=frozenset({"manager"}))
        target = set_target(connection, alice, papers.id, 2026, Decimal(5)).id
        value = state_value(connection, alice, papers.id, 2026, Decimal(4), [centre.members["shop"]]).id
        for one, state, reopen, again in (
            (target, "agreed", reopen_target, "proposed"), (value, "confirmed", reopen_value, "stated"),
        ):  # fmt: skip
            move(connection, authority, one, state)
            with pytest.raises(Problem, match="not allowed"):
                reopen(connection, alice, one, "wrong")
            with pytest.raises(Problem, match="Say why"):
                reopen(connection, authority, one, "")
            assert reopen(connection, authority, one, "A year was mistaken.").state == again
        again = set_target(connection, alice, papers.id, 2026, Decimal(6))
        assert (again.facts.value, again.title, title_zh(again)) == (6, "Papers 2026", "papers 2026")
        move(connection, authority, target, "agreed")
        close_year(connection, alice, period, 2026, at=LATER)
        with pytest.raises(Problem, match="closed"):
            reopen_target(connection, authority, target, "wrong")


def test_changes_keep_what_is_not_theirs(centre: CentreWorld) -> None:
    """A changed stage keeps its code and closed years, a new one has none; a changed milestone stays in the stage."""
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        close_year(connection, centre.manager, period, 2026, at=LATER)
        facts = msgspec.structs.replace(get(connection, period).facts, name="New", code="X", closed_years=())
        changed = change_period(connection, centre.manager, period, facts)
        again = msgspec.structs.replace(changed.facts, code="Y")
        assert put_period(connection, centre.manager, again).facts.closed_years == ()
        assert (changed.title, changed.facts.code, changed.facts.closed_years) == ("New", "C", (2026,))
        aim = Milestone(period_id=period, year=2027, title="Line", title_zh="线", due=date(2027, 9, 30))
        milestone = put_milestone(connection, centre.manager, aim)
        later = msgspec.structs.replace(aim, year=2028, due=date(2028, 3, 31), evidence=((period, 1),))
        assert change_milestone(connection, centre.manager, milestone.id, later).facts.evidence == ()
        with pytest.raises(Problem, match="within its year"):
            change_milestone(connection, centre.manager, milestone.id, msgspec.structs.replace(later, year=2029))


def test_a_closed_year_takes_no_figures(centre: CentreWorld) -> None:
    """A year closes after its end; then neither target nor value of it changes, those of the next year do."""
    with store.transaction(centre.org) as connection:
        period = plan(connection, centre.manager)
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        with pytest.raises(Problem, match="not over"):
            close_year(connection, centre.manager, period, 2026, at=datetime(2026, 12, 31, tzinfo=UTC))
        close_year(connection, centre.manager, period, 2026, at=LATER)
        for refused in (
            lambda: set_target(connection, centre.manager, papers.id, 2026, Decimal(1)),
            lambda: state_value(connection, centre.manager, papers.id, 2026, Decimal(1), [period]),
        ):
            with pytest.raises(Problem, match="closed"):
                refused()
        set_target(connection, centre.manager, papers.id, 2027, Decimal(1))


def test_who_may_set_what(centre: CentreWorld) -> None:
    """Alice manages and sets targets; Bob, a researcher, may not; the authority agrees; Charlie's centre has none."""
    bob = centre.enter("Bob", "university", "researcher")
    authority = centre.enter("Ann", "authority", "authority")
    alice = replace(centre.manager, roles=frozenset({"manager"}))
    with store.transaction(centre.org) as connection:
        papers = put_indicator(connection, alice, indicator("papers"))
        target = set_target(connection, alice, papers.id, 2026, Decimal(5))
        for refused in (
            lambda: put_indicator(connection, bob, indicator("more")),
            lambda: set_target(connection, bob, papers.id, 2026, Decimal(6)),
            lambda: state_value(connection, bob, papers.id, 2026, Decimal(6), [papers.id]),
            lambda: move(connection, alice, target.id, "agreed"),
        ):
            with pytest.raises(Problem) as problem:
                refused()
            assert problem.value.status == 403
        move(connection, authority, target.id, "agreed")
        with pytest.raises(Problem, match="no longer be changed"):
            set_target(connection, alice, papers.id, 2026, Decimal(4))
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        with pytest.raises(Problem) as problem:
            set_target(connection, charlie.manager, papers.id, 2026, Decimal(1))
        assert problem.value.status == 404


def test_targets_come_back_from_the_ledger(centre: CentreWorld) -> None:
    """Emptied tables are rebuilt equal, decimals and evidence too."""
    with store.transaction(centre.org) as connection:
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        state_value(connection, centre.manager, papers.id, 2026, Decimal("0.125"), [papers.id])
        before = find(connection, "value")
        projection.rebuild(connection, centre.org)
        assert find(connection, "value") == before
