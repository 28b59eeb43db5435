"""The problem board: stated, shared, merged, called, solved."""

from __future__ import annotations

import random
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem as Refused
from takeback.operate import projection
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.figures import unproven
from takeback.share.centre.files import content_of, files_of
from takeback.share.centre.people import withdraw_person
from takeback.share.centre.problems import (
    CommonProblem,
    Problem,
    add_data,
    board,
    change_problem,
    close_problem,
    concerned,
    figures,
    follow,
    followed,
    mark_solved,
    merge,
    originals_of,
    problem_view,
    public_board,
    say_interest,
    state_again,
    state_problem,
    suggested_merges,
    unfollow,
    unmerge,
    withdraw_interest,
)
from takeback.share.centre.records import Record, change, create, find, get, move
from tests.share.centre.centre_world import CentreWorld, new_centre

SOH = "State of health of retired packs cannot be measured within ten minutes"


def stated(connection: sa.Connection, actor: CentreActor, details: str = SOH, **more: object) -> Record:
    """State a problem for the actor's member."""
    assert actor.member_id is not None
    given = {"title": "Fast test", "title_zh": "快速检测", "criteria": ("within 3 %",)} | more
    return state_problem(connection, actor, Problem(member_id=actor.member_id, details=details, **given))  # type: ignore[arg-type]


def merged(connection: sa.Connection, actor: CentreActor, *problems: UUID) -> Record:
    """Merge problems."""
    return merge(connection, actor, problems, title="Fast SOH", title_zh="快速健康状态", statement="Ten minutes a pack")


@pytest.fixture
def bob(centre: CentreWorld) -> CentreActor:
    """Bob speaks for the maker."""
    return centre.enter("Bob", "maker", "delegate")


@pytest.fixture
def eve(centre: CentreWorld) -> CentreActor:
    """Eve speaks for the shop."""
    return centre.enter("Eve", "shop", "delegate")


@pytest.fixture
def expert(centre: CentreWorld) -> CentreActor:
    """An expert of the institute."""
    return centre.enter("Ed", "institute", "expert")


def test_criteria_are_common_in_chinese_when_all_of_them_are(
    centre: CentreWorld, bob: CentreActor, eve: CentreActor
) -> None:
    """Were some without a Chinese text, they would be missing on Chinese pages: then the English ones stand alone."""
    both, one = {"criteria_zh": ("误差3%以内",)}, {"criteria": ("within a minute",)}
    with store.transaction(centre.org) as connection:
        first, second = stated(connection, bob, **both), stated(connection, eve, **both)
        assert merged(connection, centre.manager, first.id, second.id).facts.criteria_zh == ("误差3%以内",)
        third, fourth = stated(connection, bob, **both), stated(connection, eve, **one)
        common = merged(connection, centre.manager, third.id, fourth.id).facts
        assert (common.criteria_zh, set(common.criteria)) == ((), {"within 3 %", "within a minute"})


def test_a_problem_says_what_would_be_accepted_and_keeps_its_data(centre: CentreWorld, bob: CentreActor) -> None:
    """Without details or criteria it is refused; a data file stands beside it with its hash."""
    with store.transaction(centre.org) as connection:
        for wrong in ({"details": " "}, {"criteria": ()}):
            with pytest.raises(Refused) as refused:
                stated(connection, bob, **wrong)  # type: ignore[arg-type]
            assert (refused.value.kind, refused.value.where) == ("centre.bad-problem", next(iter(wrong)))
        problem = stated(connection, bob, prize=5_000_000)
        add_data(connection, bob, problem.id, "cells.csv", "text/csv", b"cell,soh\n1,0.8\n")
        (file,) = files_of(connection, problem.id)
        assert content_of(connection, file.id).startswith(b"cell,soh")


def test_one_member_alone_has_no_common_problem(
    centre: CentreWorld, bob: CentreActor, eve: CentreActor, expert: CentreActor
) -> None:
    """Two problems of one member, and interest alone, are refused; one that a second member shares is common."""
    with store.transaction(centre.org) as connection:
        one, two = stated(connection, bob), stated(connection, bob)
        say_interest(connection, eve, one.id, "interested")
        with pytest.raises(Refused) as refused:
            merged(connection, expert, one.id, two.id)
        assert (refused.value.kind, refused.value.found) == ("centre.not-common", 1)
        with pytest.raises(Refused):
            CommonProblem(title="x", title_zh="x", statement="x", members=(one.id, one.id))
        assert [get(connection, each.id).state for each in (one, two)] == ["stated", "stated"]
        say_interest(connection, eve, one.id, "shares")
        common = merged(connection, expert, one.id)
        assert set(common.facts.members) == {centre.members["maker"], centre.members["shop"]}


def test_merged_originals_stay_and_can_be_taken_out(
    centre: CentreWorld, bob: CentreActor, eve: CentreActor, expert: CentreActor
) -> None:
    """The originals are linked and unchanged; taken out until one member is left, the common problem is dissolved."""
    with store.transaction(centre.org) as connection:
        one, two, three = stated(connection, bob), stated(connection, eve), stated(connection, bob)
        common = merged(connection, expert, one.id, two.id, three.id)
        assert [each.id for each in originals_of(connection, common.id)] == [one.id, two.id, three.id]
        assert get(connection, one.id).facts.details == one.facts.details
        with pytest.raises(Refused, match="cannot follow"):
            merged(connection, expert, one.id, two.id)
        assert unmerge(connection, expert, three.id, "another test").state == "common"
        assert unmerge(connection, expert, two.id, "another pack").state == "dissolved"
        assert [get(connection, each.id).state for each in (one, two, three)] == ["stated"] * 3
        assert get(connection, one.id).facts.common_id is None
        projection.rebuild(connection, centre.org)
        assert get(connection, common.id).state == "dissolved"


def test_who_takes_its_word_back_ends_what_was_common(
    centre: CentreWorld, bob: CentreActor, eve: CentreActor, expert: CentreActor
) -> None:
    """One problem that two members shared is not common once the second says otherwise."""
    with store.transaction(centre.org) as connection:
        one = stated(connection, bob)
        say_interest(connection, eve, one.id, "shares")
        common = merged(connection, expert, one.id)
        withdraw_interest(connection, eve, one.id)
        assert (get(connection, common.id).state, get(connection, one.id).state) == ("dissolved", "stated")
        say_interest(connection, eve, one.id, "shares")
        again = merged(connection, expert, one.id)
        say_interest(connection, eve, one.id, "interested")
        assert get(connection, again.id).state == "dissolved"


def test_a_member_can_share_a_common_problem_as_it_is(
    centre: CentreWorld, bob: CentreActor, eve: CentreActor, expert: CentreActor
) -> None:
    """A third member is counted, and hears of news; who stated an original cannot share it twice."""
    ann = centre.enter("Ann", "university", "researcher")
    with store.transaction(centre.org) as connection:
        one, two = stated(connection, bob), stated(connection, eve)
        common = merged(connection, expert, one.id, two.id)
        say_interest(connection, ann, common.id, "shares")
        assert len(get(connection, common.id).facts.members) == 3
        assert ann.person_id in concerned(connection, [one.id])
        with pytest.raises(Refused, match="own problem"):
            say_interest(connection, bob, common.id, "shares")
        assert unmerge(connection, expert, two.id, "not the same").state == "common"
        withdraw_interest(connection, ann, common.id)
        assert get(connection, common.id).state == "dissolved"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_done_a_common_problem_is_shared_by_two(centre: CentreWorld, seed: int) -> None:
    """After each of 60 random steps every common problem has two members or more by their own word, as it says."""
    draw = random.Random(seed)
    members = [centre.enter(name, name, "delegate") for name in ("maker", "shop", "university")]
    expert = centre.enter("Ed", "institute", "expert")
    steps = {
        "state": lambda c: stated(c, draw.choice(members)),
        "say": lambda c: say_interest(c, draw.choice(members), _any(c, draw), draw.choice(["shares", "interested"])),
        "withdraw": lambda c: withdraw_interest(c, draw.choice(members), _any(c, draw)),
        "merge": lambda c: merged(c, expert, *{_any(c, draw) for _ in range(draw.randint(1, 3))}),
        "unmerge": lambda c: unmerge(c, expert, _any(c, draw), "why not"),
    }
    done = 0
    with store.transaction(centre.org) as connection:
        for step in draw.choices([*steps], weights=[2, 5, 2, 5, 2], k=60):
            try:
                with connection.begin_nested():
                    steps[step](connection)
                done += 1
            except (Refused, IndexError):
                continue
            for common in find(connection, "common-problem", state="common"):
                assert set(common.facts.members) == _by_their_word(connection, common.id)
                assert len(common.facts.members) >= 2
            for problem in find(connection, "problem"):
                assert (problem.state == "merged") == (problem.facts.common_id is not None)
    assert done >= 12


def _any(connection: sa.Connection, draw: random.Random) -> UUID:
    kind = draw.choice(["problem", "problem", "problem", "common-problem"])
    return draw.choice(sorted(find(connection, kind), key=lambda one: one.first_entry)).id


def _by_their_word(connection: sa.Connection, common: UUID) -> set[UUID]:
    originals = find(connection, "problem", parent=common)
    about = {common, *(one.id for one in originals)}
    said = [one.facts for one in find(connection, "interest", state="given") if one.facts.problem_id in about]
    return {one.facts.member_id for one in originals} | {one.member_id for one in said if one.sort == "shares"}


def test_a_called_problem_is_solved_by_something(
    centre: CentreWorld, bob: CentreActor, eve: CentreActor, expert: CentreActor
) -> None:
    """Solved needs a call before and evidence; the originals go with the common problem; the figures count it."""
    with store.transaction(centre.org) as connection:
        one, two = stated(connection, bob), stated(connection, eve)
        common = merged(connection, expert, one.id, two.id)
        with pytest.raises(Refused, match="cannot follow"):
            mark_solved(connection, expert, common.id, [one.id])
        for each in (one, two):
            move(connection, centre.manager, each.id, "called", allowed=True)
        move(connection, centre.manager, common.id, "called")
        with pytest.raises(Refused, match="changes no more"):
            unmerge(connection, expert, one.id, "late")
        with pytest.raises(Refused, match="evidence"):
            mark_solved(connection, expert, common.id, [])
        solved = mark_solved(connection, expert, common.id, [centre.members["maker"]])
        assert [get(connection, each.id).state for each in (one, two)] == ["solved", "solved"]
        shown = figures(connection, solved.changed_at.year)
        assert {each.code: each.value for each in shown} == {
            "problems.stated": 2, "problems.common": 1, "problems.called": 1, "problems.solved": 1,
        }  # fmt: skip
        assert unproven(shown) == []
        (told,) = [each for each in shown if each.code == "problems.solved"]
        assert [(each.record_id, each.entry_id) for each in told.evidence] == [(common.id, solved.entry_id)]


def test_the_public_sees_what_was_stated_for_everybody_alone(centre: CentreWorld, bob: CentreActor) -> None:
    """Of a problem for the centre alone neither the board nor its search gives away that there is one."""
    with store.transaction(centre.org) as connection:
        stated(connection, bob, details="The secret is lithium plating", prize=7)
        stated(connection, bob, details="Boxes too large", title="Boxes", confidentiality="open", prize=9)
        gone = stated(connection, bob, title="Gone", confidentiality="open")
        close_problem(connection, bob, gone.id, "solved at home")
        with pytest.raises(Refused) as closed:
            public_board(connection)
        assert (closed.value.kind, closed.value.status) == ("centre.no-board", 404)
        (itself,) = find(connection, "centre")
        change(connection, centre.manager, itself.id, msgspec.structs.replace(itself.facts, public_board=True))
        (boxes,) = public_board(connection)
        assert (boxes.title, boxes.details, boxes.prize, boxes.state) == ("Boxes", "Boxes too large", 9, "stated")
        assert public_board(connection, text="lithium") == []
        assert [one.title for one in public_board(connection, text="too LARGE")] == ["Boxes"]
        for state in ("construction", "closed"):
            move(connection, centre.manager, itself.id, state)
        with pytest.raises(Refused, match="no public problem board"):
            public_board(connection)


def test_what_is_alike_is_suggested(
    centre: CentreWorld, bob: CentreActor, eve: CentreActor, expert: CentreActor
) -> None:
    """Two members' problems on the same thing are suggested to be merged; two of one member are not."""
    with store.transaction(centre.org) as connection:
        one, two = (
            stated(connection, bob),
            stated(connection, eve, "Measuring state of health of packs takes hours"),
        )
        stated(connection, bob)
        box = stated(connection, eve, "Parcels are too large", title="Parcel size", title_zh="包裹尺寸")
        pairs = [{key, other.key} for key, other in suggested_merges(connection, expert)]
        assert {one.id, two.id} in pairs
        assert all(len(pair & {two.id, box.id}) == 1 for pair in pairs)
        view = problem_view(connection, bob, two.id)
        assert one.id in [each.key for each in view.similar]
        assert (view.line.sharing, view.line.mine) == (1, False)


def test_news_concern_who_follows_and_whose_problem_it_is(
    centre: CentreWorld, bob: CentreActor, eve: CentreActor, expert: CentreActor
) -> None:
    """Who follows one original hears of the other; who withdrew or follows no longer does not."""
    student, guest = centre.enter("Sam", "university", "student"), centre.enter("Gia", "university", "student")
    with store.transaction(centre.org) as connection:
        one, two = stated(connection, bob), stated(connection, eve)
        merged(connection, expert, one.id, two.id)
        for actor in (student, guest, expert):
            follow(connection, actor, one.id)
            follow(connection, actor, one.id)
        unfollow(connection, expert, one.id)
        assert followed(connection, student) == {one.id}
        withdraw_person(connection, guest, guest.person())
        assert concerned(connection, [two.id]) == {bob.person_id, eve.person_id, student.person_id}
        with pytest.raises(Refused):
            follow(connection, student, centre.members["maker"])


def test_who_may_do_what_on_the_board(
    centre: CentreWorld, bob: CentreActor, eve: CentreActor, expert: CentreActor
) -> None:
    """Alice of the maker changes what Bob of the maker stated; Eve of the shop may not; Charlie finds nothing."""
    alice = centre.enter("Alice", "maker", "researcher")
    student = centre.enter("Sam", "university", "student")
    with store.transaction(centre.org) as connection:
        one = stated(connection, bob)
        facts = msgspec.structs.replace(one.facts, title="Faster test", member_id=centre.members["shop"])
        changed = change_problem(connection, alice, one.id, facts)
        assert (changed.title, changed.facts.member_id) == ("Faster test", centre.members["maker"])
        for refused in (
            lambda: change_problem(connection, eve, one.id, facts),
            lambda: close_problem(connection, eve, one.id, "no"),
            lambda: add_data(connection, eve, one.id, "x", "text/plain", b"x"),
            lambda: state_problem(connection, bob, facts),
            lambda: stated(connection, student),
            lambda: say_interest(connection, student, one.id, "shares"),
            lambda: merged(connection, bob, one.id),
            lambda: suggested_merges(connection, eve),
            lambda: create(connection, eve, "common-problem", CommonProblem(
                title="x", title_zh="x", statement="x", members=(one.id, centre.members["shop"])
            )),
        ):  # fmt: skip
            with pytest.raises(Refused) as problem:
                refused()
            assert problem.value.status == 403
        with pytest.raises(Refused) as problem:
            say_interest(connection, alice, one.id, "shares")
        assert problem.value.kind == "centre.own-problem"
        close_problem(connection, alice, one.id, "solved by ourselves")
        assert state_again(connection, bob, one.id).state == "stated"
        assert len(board(connection, student)) == 1
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        assert board(connection, charlie.manager) == []
        assert find(connection, "interest") == []
        with pytest.raises(Refused) as problem:
            problem_view(connection, charlie.manager, one.id)
        assert problem.value.status == 404
