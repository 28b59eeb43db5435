"""Profiles, teams and the competency map: what others see with consent, and without."""

from __future__ import annotations

from datetime import date

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.people import PersonFields, enter_person, person_by_id, set_consents, withdraw_person
from takeback.share.centre.records import get
from takeback.share.centre.talent import (
    Held,
    Language,
    Place,
    Profile,
    Team,
    change_team,
    competency_map,
    people_of,
    profile_of,
    profiles,
    put_team,
    set_profile,
)
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.talent.talent_world import agree, area, students


def test_who_withdrew_does_not_come_back(centre: CentreWorld) -> None:
    """Neither consents sent from a page that was open, nor a name that is entered anew, undo a withdrawal."""
    alice = centre.enter("Alice", "university", "researcher")
    with store.transaction(centre.org) as connection:
        withdraw_person(connection, alice, alice.person())
        for refused in (
            lambda: set_consents(connection, alice, ["profile"]),
            lambda: enter_person(connection, centre.manager, PersonFields(name="Alice"), id=alice.person()),
        ):
            with pytest.raises(Problem) as problem:
                refused()
            assert (problem.value.kind, problem.value.status) == ("centre.no-person", 404)
        assert person_by_id(connection, alice.person()).withdrawn_at is not None


def test_a_profile_is_seen_with_consent_alone(centre: CentreWorld) -> None:
    """Alice agrees, and Bob finds her by field and level; she takes it back, and nobody does but herself."""
    code = area(centre)
    alice, bob = centre.enter("Alice", "university", "researcher"), centre.enter("Bob", "maker", "delegate")
    facts = Profile(
        person=alice.person(), field="State of health", levels=(Held(area=code, level=4),),
        languages=(Language(tag="zh-Hans", level="native"), Language(tag="en", level="C1")),
    )  # fmt: skip
    with store.transaction(centre.org) as connection:
        set_profile(connection, alice, facts)
        assert [one.person.name for one in profiles(connection, bob, text="health", area=code, level=4)] == ["Alice"]
        assert profiles(connection, bob, area=code, level=5) == []
    agree(centre, alice, "statistics")
    with store.transaction(centre.org) as connection:
        assert profiles(connection, bob) == []
        assert profiles(connection, centre.manager) == []
        with pytest.raises(Problem) as refused:
            profile_of(connection, bob, alice.person())
        assert refused.value.status == 404
        assert profile_of(connection, alice, alice.person()).profile == facts


def test_a_profile_is_said_by_the_person_and_there_is_one(centre: CentreWorld) -> None:
    """Bob may not write Alice's; said again it is the next version of the same; an unknown area is refused."""
    alice, bob = centre.enter("Alice", "university", "researcher"), centre.enter("Bob", "maker", "delegate")
    facts = Profile(person=alice.person(), field="Sorting")
    with store.transaction(centre.org) as connection:
        with pytest.raises(Problem) as refused:
            set_profile(connection, bob, facts)
        assert refused.value.status == 403
        first, second = set_profile(connection, alice, facts), set_profile(connection, alice, facts)
        assert (first.id, second.version) == (second.id, 2)
        for levels in ((Held(area="NONE", level=1),), (Held(area="NONE", level=1), Held(area="NONE", level=2))):
            with pytest.raises(Problem):
                set_profile(connection, alice, Profile(person=alice.person(), field="x", levels=levels))
    charlie = new_centre("other").enter("Charlie", "maker", "delegate")
    with store.transaction(charlie.org_id) as connection:
        assert profiles(connection, charlie) == []


def test_the_map_shows_groups_of_five_and_more(centre: CentreWorld) -> None:
    """Six and six are shown; with four of the second six, the first would follow from the sum: both are hidden."""
    code = area(centre)
    pupils = students(centre, 6) + students(centre, 6, "institute")
    with store.transaction(centre.org) as connection:
        for number, student in enumerate(pupils):
            level = 2 if number < 6 else 4
            set_profile(connection, student, Profile(person=student.person(), field="x",
                                                     levels=(Held(area=code, level=level),)))  # fmt: skip
        shown = competency_map(connection)
        assert (shown.people, shown.totals) == (((0, 6, 0, 6, 0),), (12,))
    agree(centre, centre.actor("Student institute 0"), "profile")
    agree(centre, centre.actor("Student institute 1"), "profile")
    with store.transaction(centre.org) as connection:
        shown = competency_map(connection)
        assert (shown.people, shown.totals) == (((0, None, 0, None, 0),), (10,))


def test_a_team_names_nobody_who_withdrew(centre: CentreWorld) -> None:
    """The place stays in the ledger as an id; the list of people has one fewer."""
    lead, mate = students(centre, 2)
    facts = Team(name="Grading", name_zh="分级", leader=lead.person(), places=(Place(person=mate.person()),))
    with store.transaction(centre.org) as connection:
        team = put_team(connection, centre.manager, facts)
        on = date(2026, 6, 1)
        assert [one.id for one in people_of(connection, team.facts, on)] == [lead.person_id, mate.person_id]
        withdraw_person(connection, mate, mate.person())
        assert [one.id for one in people_of(connection, team.facts, on)] == [lead.person_id]
        assert len(get(connection, team.id).facts.places) == 2


def test_a_team_is_changed_by_its_leader_and_by_no_mate(centre: CentreWorld) -> None:
    """Alice leads; Bob is in it and may not change it."""
    alice, bob = students(centre, 2)
    facts = Team(name="Grading", name_zh="分级", leader=alice.person(), places=(Place(person=bob.person()),))
    with store.transaction(centre.org) as connection:
        team = put_team(connection, centre.manager, facts)
        with pytest.raises(Problem) as refused:
            change_team(connection, bob, team.id, team.facts)
        assert refused.value.status == 403
        assert change_team(connection, alice, team.id, team.facts).version == 2
        with pytest.raises(Problem):
            put_team(connection, centre.manager, Team(name="x", name_zh="x", leader=alice.person(),
                                                      places=(Place(person=bob.person()),) * 2))  # fmt: skip
