"""Dual mentors: complete only with both sides, and within what a mentor can take on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.people import withdraw_person
from takeback.share.centre.records import get
from takeback.share.centre.talent import (
    Profile,
    begin_mentoring,
    complete_pairs,
    end_mentoring,
    give_mentor,
    release_mentor,
    set_profile,
    students_of,
)
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.talent.talent_world import students

BEGINS = date(2026, 9, 1)


def begun(centre: CentreWorld, count: int) -> list[UUID]:
    """Mentorings of so many students, without mentors."""
    pupils = students(centre, count)
    with store.transaction(centre.org) as connection:
        return [begin_mentoring(connection, centre.manager, one.person(), "Packs", BEGINS).id for one in pupils]


def test_a_pair_is_complete_with_both_sides_and_not_before(centre: CentreWorld) -> None:
    """The side follows from the mentor's member; a second mentor of the same side is refused."""
    (mentoring,) = begun(centre, 1)
    prof, second = centre.enter("Prof", "university", "mentor"), centre.enter("Second", "institute", "mentor")
    engineer = centre.enter("Engineer", "maker", "mentor")
    with store.transaction(centre.org) as connection:
        assert give_mentor(connection, centre.manager, mentoring, prof.person()).state == "open"
        assert complete_pairs(connection) == []
        with pytest.raises(Problem) as refused:
            give_mentor(connection, centre.manager, mentoring, second.person())
        assert refused.value.kind == "centre.has-mentor"
        whole = give_mentor(connection, centre.manager, mentoring, engineer.person())
        assert (whole.state, whole.facts.academic, whole.facts.enterprise) == (
            "complete", prof.person_id, engineer.person_id
        )  # fmt: skip
        assert [one.id for one in complete_pairs(connection)] == [mentoring]
        withdraw_person(connection, engineer, engineer.person())
        assert complete_pairs(connection) == []
        assert release_mentor(connection, centre.manager, mentoring, "enterprise").state == "open"


def test_who_is_no_mentor_or_of_no_side_is_refused(centre: CentreWorld) -> None:
    """A researcher has not the role; an authority is of no side; a student is mentored once at a time."""
    (mentoring,) = begun(centre, 1)
    researcher, officer = centre.enter("R", "university", "researcher"), centre.enter("A", "authority", "mentor")
    with store.transaction(centre.org) as connection:
        for person, kind in ((researcher, "centre.other-role"), (officer, "centre.no-side")):
            with pytest.raises(Problem) as refused:
                give_mentor(connection, centre.manager, mentoring, person.person())
            assert refused.value.kind == kind
        student = get(connection, mentoring).facts.student
        with pytest.raises(Problem) as refused:
            begin_mentoring(connection, centre.manager, student, "Again", BEGINS)
        assert refused.value.kind == "centre.mentored"
        end_mentoring(connection, centre.manager, mentoring)
        begin_mentoring(connection, centre.manager, student, "Again", BEGINS)


def test_who_may_not_gives_no_mentors(centre: CentreWorld) -> None:
    """Bob, a student, may not give himself one; Charlie, of another centre, finds no mentoring."""
    (mentoring,) = begun(centre, 1)
    prof = centre.enter("Prof", "university", "mentor")
    other = new_centre("other")
    with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
        give_mentor(connection, centre.actor("Student university 0"), mentoring, prof.person())
    assert refused.value.status == 403
    with store.transaction(other.org) as connection, pytest.raises(Problem) as refused:
        give_mentor(connection, other.manager, mentoring, prof.person())
    assert refused.value.status == 404


def test_a_mentor_takes_on_no_more_than_the_limit_even_at_once(centre: CentreWorld) -> None:
    """Six students, a limit of three, six threads: three are given the mentor, three are refused."""
    waiting = begun(centre, 6)
    prof = centre.enter("Prof", "university", "mentor")
    with store.transaction(centre.org) as connection:
        set_profile(connection, prof, Profile(person=prof.person(), field="x", students_at_most=3))

    def give(mentoring: UUID) -> bool:
        try:
            with store.transaction(centre.org) as connection:
                give_mentor(connection, centre.manager, mentoring, prof.person())
        except Problem as problem:
            assert problem.kind == "centre.too-many-students"
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(give, waiting)) == 3
    with store.transaction(centre.org) as connection:
        taught = students_of(connection, prof.person())
        assert len(taught) == 3
        withdraw_person(connection, centre.manager, taught[0].facts.student)
        assert len(students_of(connection, prof.person())) == 2
