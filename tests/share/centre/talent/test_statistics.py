"""Diversity and outcomes: who agreed is counted, nobody is exposed, whoever withdraws vanishes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.figures import Figure, unproven
from takeback.share.centre.people import withdraw_person
from takeback.share.centre.talent import (
    TRAITS,
    Course,
    Exchange,
    diversity,
    enrol,
    give_mark,
    move_course,
    move_exchange,
    outcomes,
    put_course,
    put_exchange,
    set_traits,
    traits_of,
)
from takeback.share.centre.talent.figures import figures
from tests.share.centre.centre_world import CentreWorld
from tests.share.centre.talent.talent_world import agree, students


def shown(connection: sa.Connection) -> dict[str, Figure]:
    found = figures(connection, 2026)
    assert unproven(found) == []
    return {figure.code: figure for figure in found}


def passed(centre: CentreWorld, count: int) -> UUID:
    """A course that so many students of the university have passed; return it."""
    pupils = students(centre, count)
    with store.transaction(centre.org) as connection:
        facts = Course(code="C", title="Grading", title_zh="分级", sort="course", hours=10, year=2026)
        course = put_course(connection, centre.manager, facts).id
        move_course(connection, centre.manager, course, "open")
        for one in pupils:
            give_mark(connection, centre.manager, enrol(connection, one, course).id, 80)
        return course


def test_whoever_takes_the_consent_back_is_counted_no_more(centre: CentreWorld) -> None:
    """Six passed and rest on the course; with one who withdraws five; with one who does not agree none is shown."""
    course = passed(centre, 6)
    with store.transaction(centre.org) as connection:
        trained = shown(connection)["talent.trained"]
        assert (trained.value, [one.record_id for one in trained.evidence]) == (6, [course])
        assert shown(connection)["talent.hours"].value == 60
        withdraw_person(connection, centre.manager, centre.people["Student university 0"].id)
        assert shown(connection)["talent.trained"].value == 5
    agree(centre, centre.actor("Student university 1"), "profile")
    with store.transaction(centre.org) as connection:
        hidden = shown(connection)
        for code in ("talent.trained", "talent.hours"):
            assert (hidden[code].value, hidden[code].evidence, hidden[code].note is None) == (None, (), False)


def test_what_follows_from_few_people_is_hidden_with_them(centre: CentreWorld) -> None:
    """Two people on an exchange: neither they nor their exchanges and days are shown, nor on what that rests."""
    pupils = students(centre, 2)
    with store.transaction(centre.org) as connection:
        for one in pupils:
            stay = Exchange(person=one.person(), host=centre.members["maker"], purpose="Line", year=2026,
                            begins=date(2026, 5, 1), ends=date(2026, 5, 10))  # fmt: skip
            made = put_exchange(connection, centre.manager, stay)
            for state in ("running", "done"):
                move_exchange(connection, centre.manager, made.id, state)
        found = shown(connection)
        codes = ("talent.exchanged", "talent.exchanges", "talent.exchange-days")
        assert [(found[code].value, found[code].evidence) for code in codes] == [(None, ())] * 3


def test_traits_are_ones_own_need_consent_and_go_with_the_name(centre: CentreWorld) -> None:
    """Without the consent nothing is taken; what was said is erased with the name, and never was in the ledger."""
    (alice,) = students(centre, 1)
    with store.transaction(centre.org) as connection:
        set_traits(connection, alice, {"gender": "woman", "age": "25-34"})
        assert traits_of(connection, alice) == {"age": "25-34", "gender": "woman"}
        with pytest.raises(Problem) as refused:
            set_traits(connection, alice, {"gender": "unicorn"})
        assert refused.value.kind == "centre.bad-trait"
        entries = connection.execute(sa.text("select count(*) from entry where kind like '%Trait%'")).scalar_one()
        withdraw_person(connection, alice, alice.person())
        left = connection.execute(sa.text("select count(*) from centre_trait")).scalar_one()
        assert (entries, left) == (0, 0)
    bob = centre.enter("Bob", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        set_traits(connection, bob, {"gender": "man"})
    agree(centre, bob, "profile")
    with store.transaction(centre.org) as connection:
        assert traits_of(connection, bob) == {}
    with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
        set_traits(connection, bob, {"gender": "man"})
    assert refused.value.kind == "centre.no-consent"


def test_the_tables_of_diversity_hide_together(centre: CentreWorld) -> None:
    """Of 7 at the university 5 are women, of 6 at the maker 1: the few cannot be worked out from any table."""
    people = [*students(centre, 7), *students(centre, 6, "maker")]
    with store.transaction(centre.org) as connection:
        for number, one in enumerate(people):
            woman = number < 5 or number == 7
            set_traits(connection, one, {"gender": "woman" if woman else "man"})
        found = diversity(connection)
    gender = found.tables["gender"]
    small = [("university", "man"), ("enterprise", "woman")]
    assert all(gender[cell] is None for cell in small)
    for trait in TRAITS:  # the sum over a sort is the same count everywhere, shown or hidden
        assert found.tables[trait]["university", "all"] == gender["university", "all"]
        assert found.tables[trait]["all", "all"] == found.people
    for sort in ("university", "enterprise"):
        hidden = [cell for cell in ("woman", "man", "other", "unsaid") if gender[sort, cell] is None]
        assert gender[sort, "all"] is None or len(hidden) > 1


def test_outcomes_count_a_person_once_and_hide_by_sort(centre: CentreWorld) -> None:
    """Five of the university and two of the maker passed: neither group is shown, and the seven of both are."""
    passed(centre, 5)
    more = students(centre, 2, "maker")
    with store.transaction(centre.org) as connection:
        assert outcomes(connection, 2026).people["trained", "university"] == 5
        assert outcomes(connection, 2025).people["trained", "all"] == 0
        for one in more:
            course = Course(code="D", title="Grading", title_zh="分级", sort="lab", hours=10, year=2026)
            lab = put_course(connection, centre.manager, course).id
            move_course(connection, centre.manager, lab, "open")
            give_mark(connection, centre.manager, enrol(connection, one, lab).id, 80)
        people = outcomes(connection, 2026).people
        cells = [people["trained", sort] for sort in ("university", "enterprise", "institute", "all")]
    assert cells == [None, None, 0, 7]
