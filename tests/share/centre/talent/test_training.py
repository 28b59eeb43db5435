"""Plans, courses, theses, exchanges: what may be said of them, by whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.problems.stating import Problem as Problem_
from takeback.share.centre.problems.stating import state_problem
from takeback.share.centre.records import move
from takeback.share.centre.talent import (
    Course,
    Exchange,
    Goal,
    Teaches,
    Thesis,
    TrainingPlan,
    agree_plan,
    enrol,
    give_mark,
    leave_course,
    move_course,
    move_exchange,
    move_thesis,
    plans_of,
    portfolio,
    progress,
    put_course,
    put_exchange,
    put_plan,
    put_thesis,
    reach_goal,
    transcript,
)
from tests.share.centre.centre_world import CentreWorld
from tests.share.centre.talent.talent_world import area, students


def course(centre: CentreWorld, places: int | None = None, teacher: CentreActor | None = None) -> UUID:
    """An open course of 24 hours."""
    facts = Course(
        code="L1", title="Cell grading lab", title_zh="电芯分级实验", sort="lab", hours=24, year=2026, places=places,
        teacher=teacher.person() if teacher else None, teaches=(Teaches(area=area(centre), level=2),),
    )  # fmt: skip
    with store.transaction(centre.org) as connection:
        made = put_course(connection, centre.manager, facts)
        return move_course(connection, centre.manager, made.id, "open").id


def test_places_are_given_once_each_even_at_once(centre: CentreWorld) -> None:
    """Three places, eight students, eight threads: three are in, five are told that it is full."""
    lab, pupils = course(centre, places=3), students(centre, 8)

    def try_it(student: CentreActor) -> str:
        try:
            with store.transaction(centre.org) as connection:
                enrol(connection, student, lab)
        except Problem as problem:
            return problem.kind
        return "in"

    with ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(try_it, pupils)]
    assert sorted(answers) == ["centre.course-full"] * 5 + ["in"] * 3


def test_a_mark_passes_or_fails_and_nobody_marks_oneself(centre: CentreWorld) -> None:
    """60 passes, 59 does not; the teacher marks, a student does not; the course ends when all have a mark."""
    teacher = centre.enter("Teacher", "university", "researcher")
    lab, (alice, bob) = course(centre, teacher=teacher), students(centre, 2)
    with store.transaction(centre.org) as connection:
        first, second = enrol(connection, alice, lab), enrol(connection, bob, lab)
        own = enrol(connection, teacher, lab)
        for actor, enrolment in ((bob, first), (teacher, own)):
            with pytest.raises(Problem) as refused:
                give_mark(connection, actor, enrolment.id, 90)
            assert refused.value.status == 403
        with pytest.raises(Problem):
            give_mark(connection, teacher, first.id, 101)
        assert give_mark(connection, teacher, first.id, 60).state == "passed"
        assert give_mark(connection, teacher, second.id, 59, hours=20).state == "failed"
        move_course(connection, centre.manager, lab, "running")
        with pytest.raises(Problem) as refused:
            move_course(connection, centre.manager, lab, "done")
        assert refused.value.kind == "centre.unmarked"
        leave_course(connection, teacher, own.id)
        assert move_course(connection, centre.manager, lab, "done").state == "done"
        assert [one.facts.mark for one in transcript(connection, alice, alice.person())] == [60]
        with pytest.raises(Problem) as refused:
            transcript(connection, bob, alice.person())
        assert refused.value.status == 403


def test_one_enrols_oneself_once_and_others_with_permission(centre: CentreWorld) -> None:
    """Bob cannot enrol Alice; the manager can; twice is refused; so is a course that is over."""
    lab, (alice, bob) = course(centre), students(centre, 2)
    with store.transaction(centre.org) as connection:
        with pytest.raises(Problem) as refused:
            enrol(connection, bob, lab, person=alice.person())
        assert refused.value.status == 403
        enrol(connection, centre.manager, lab, person=alice.person())
        with pytest.raises(Problem) as refused:
            enrol(connection, alice, lab)
        assert refused.value.kind == "centre.enrolled"
        move_course(connection, centre.manager, lab, "cancelled")
        with pytest.raises(Problem) as refused:
            enrol(connection, bob, lab)
        assert refused.value.kind == "centre.course-closed"


def test_a_plan_is_done_when_its_goals_are_reached(centre: CentreWorld) -> None:
    """Progress counts goals, courses and hours; the student does not say it of herself."""
    lab, (alice, bob) = course(centre), students(centre, 2)
    plan = TrainingPlan(person=alice.person(), title="First year", year=2026, courses=(lab,), hours=100,
                        goals=(Goal(area="BAT", start=0, level=2),))  # fmt: skip
    with store.transaction(centre.org) as connection:
        with pytest.raises(Problem) as refused:
            put_plan(connection, bob, plan)
        assert refused.value.status == 403
        made = put_plan(connection, alice, plan)
        agree_plan(connection, centre.manager, made.id)
        enrolment = enrol(connection, alice, lab)
        give_mark(connection, centre.manager, enrolment.id, 80)
        with pytest.raises(Problem) as refused:
            reach_goal(connection, alice, made.id, "BAT", evidence=enrolment.id)
        assert refused.value.status == 403
        done = reach_goal(connection, centre.manager, made.id, "BAT", evidence=enrolment.id)
        seen = progress(connection, done.facts)
        assert (done.state, seen.reached, seen.passed, seen.hours) == ("done", 1, 1, 24)
        assert len(plans_of(connection, alice, alice.person())) == 1
        with pytest.raises(Problem):
            put_plan(connection, alice, TrainingPlan(person=alice.person(), title="x", year=2026,
                                                     goals=(Goal(area="BAT", start=3, level=3),)))  # fmt: skip


def test_a_thesis_comes_from_a_problem(centre: CentreWorld) -> None:
    """A record of another kind is none; neither is a student who is none."""
    (alice,) = students(centre, 1)
    facts = Thesis(title="T", title_zh="题", student=alice.person(), degree="master", year=2026,
                   problem=centre.members["maker"])  # fmt: skip
    with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
        put_thesis(connection, alice, facts)
    assert (refused.value.kind, refused.value.where) == ("centre.bad-thesis", "problem")


def test_a_thesis_on_a_companys_problem_stands_in_the_portfolio(centre: CentreWorld) -> None:
    """The student proposes it, the manager lets it run; Bob cannot propose it for Alice."""
    (alice,), engineer = students(centre, 1), centre.enter("Engineer", "maker", "delegate")
    bob = centre.enter("Bob", "university", "student")
    stated = Problem_(title="Packs fade", title_zh="衰减", member_id=centre.members["maker"], details="Why?",
                      criteria=("A model with 2 % error",))  # fmt: skip
    with store.transaction(centre.org) as connection:
        problem = state_problem(connection, engineer, stated)
        facts = Thesis(title="T", title_zh="题", student=alice.person(), degree="master", year=2026, problem=problem.id)
        with pytest.raises(Problem) as refused:
            put_thesis(connection, bob, facts)
        assert refused.value.status == 403
        thesis = put_thesis(connection, alice, facts)
        assert portfolio(connection, alice, alice.person()).theses == ()
        running = move_thesis(connection, centre.manager, thesis.id, "running")
        assert portfolio(connection, engineer, alice.person()).theses == (running,)
        assert running.parent_id == problem.id


def test_nobody_is_in_two_places_at_once(centre: CentreWorld) -> None:
    """Exchanges of one person do not overlap, not even by a day; they lead to another member that is still one."""
    (alice,) = students(centre, 1)

    def stay(host: str, begins: date, ends: date) -> Exchange:
        return Exchange(person=alice.person(), host=centre.members[host], purpose="Line", begins=begins, ends=ends,
                        year=begins.year)  # fmt: skip

    with store.transaction(centre.org) as connection:
        june = put_exchange(connection, centre.manager, stay("maker", date(2026, 6, 1), date(2026, 6, 30)))
        for wrong, kind in (
            (stay("shop", date(2026, 6, 30), date(2026, 7, 9)), "centre.elsewhere"),
            (stay("university", date(2026, 8, 1), date(2026, 8, 9)), "centre.bad-exchange"),
            (stay("shop", date(2026, 8, 9), date(2026, 8, 1)), "centre.bad-exchange"),
        ):
            with pytest.raises(Problem) as refused:
                put_exchange(connection, centre.manager, wrong)
            assert refused.value.kind == kind
        with pytest.raises(Problem):
            put_exchange(connection, alice, stay("shop", date(2026, 8, 1), date(2026, 8, 9)))
        move_exchange(connection, centre.manager, june.id, "cancelled")
        put_exchange(connection, centre.manager, stay("shop", date(2026, 6, 30), date(2026, 7, 9)))
        move(connection, centre.manager, centre.members["maker"], "left")
        with pytest.raises(Problem) as refused:
            put_exchange(connection, centre.manager, stay("maker", date(2026, 8, 1), date(2026, 8, 9)))
        assert refused.value.kind == "centre.left-member"
