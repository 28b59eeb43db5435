"""Reviews, discussion and ranking: in time, by their own expert, under neutral names."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import calls
from takeback.share.centre.calls import Call, Criterion, Score, Words
from takeback.share.centre.calls.ranking import total
from takeback.share.centre.kinds import kind_named
from tests.share.centre.calls.call_world import CRITERIA, REVIEWS, CallWorld
from tests.share.centre.centre_world import new_centre


@pytest.fixture
def reviewed(call: CallWorld) -> CallWorld:
    """Two proposals, each given to three experts."""
    call.submit(0)
    call.submit(1)
    call.close()
    call.assign((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (1, 3))
    return call


def test_a_review_is_late_after_its_deadline_unless_there_is_more_time(reviewed: CallWorld) -> None:
    """A second after the deadline it is refused; when the manager gives a day more it is taken."""
    late = REVIEWS + timedelta(seconds=1)
    with pytest.raises(Problem) as refused:
        reviewed.review(0, 0, 5, 5, 5, at=late)
    assert refused.value.kind == "centre.late-review"
    with store.transaction(reviewed.org) as connection:
        calls.extend_call(connection, reviewed.manager, reviewed.call, review_closes=REVIEWS + timedelta(days=1))
    reviewed.review(0, 0, 5, 5, 5, at=late)


@pytest.mark.parametrize(
    ("scores", "where", "found"),
    [
        ({"need": 5}, "scores", "method, use"),
        ({"need": 5, "method": 5, "use": 11}, "use", 11),
        ({"need": 5, "method": 5, "beauty": 5}, "criterion", "beauty"),
    ],
)
def test_scores_are_of_the_calls_criteria_and_whole(
    reviewed: CallWorld, scores: dict[str, int], where: str, found: object
) -> None:
    """A missing criterion, too many points, a criterion that there is not: a final review is refused where it is so."""
    words = Words(scores=tuple(Score(criterion=code, points=points) for code, points in scores.items()))
    name = reviewed.name(0, 0)
    with store.transaction(reviewed.org) as connection, pytest.raises(Problem) as refused:
        calls.save_review(connection, reviewed.experts[0], reviewed.call, name, words, final=True, at=REVIEWS)
    assert (refused.value.kind, refused.value.where, refused.value.found) == ("centre.bad-review", where, found)


def test_a_final_review_stays_as_it_is(reviewed: CallWorld) -> None:
    """A draft is changed as often as one likes; what is final is not."""
    reviewed.review(0, 0, 5, 5, 5, final=False)
    reviewed.review(0, 0, 6, 5, 5)
    with pytest.raises(Problem) as fixed:
        reviewed.review(0, 0, 7, 5, 5)
    assert fixed.value.kind == "centre.fixed"


def test_words_that_say_who_wrote_them_are_told_back(reviewed: CallWorld) -> None:
    """A reviewer's name in a comment would be read by the applicants: refused, unless it is no name there."""
    with pytest.raises(Problem) as refused:
        reviewed.review(0, 0, 5, 5, 5, for_authors="See my paper, Thornwick0y 2024.")
    assert refused.value.kind == "centre.names-in-text"


def test_only_the_own_expert_writes_and_reads_a_review(reviewed: CallWorld) -> None:
    """Alice reviews; Bob, an expert without it, and an author find nothing, even by its name; Charlie neither."""
    alice, bob = reviewed.experts[0], reviewed.experts[4]
    name, charlie = reviewed.name(0, 0), new_centre("other")
    with store.transaction(reviewed.org) as connection:
        assert [one.name for one in calls.reviewer_view(connection, alice, reviewed.call).proposals] == [name]
        for who, kind in ((bob, "centre.no-record"), (reviewed.authors[0], "centre.forbidden")):
            for act in (
                lambda who: calls.reviewer_view(connection, who, reviewed.call),
                lambda who: calls.reviewer_file(connection, who, reviewed.call, name, "a"),
                lambda who: calls.save_review(connection, who, reviewed.call, name, Words()),
                lambda who: calls.discuss(connection, who, reviewed.call, name, "well"),
            ):
                with pytest.raises(Problem) as refused:
                    act(who)
                assert refused.value.kind == kind
        assert calls.calls_to_review(connection, bob) == []
    with store.transaction(charlie.org) as connection, pytest.raises(Problem) as unknown:
        calls.reviewer_view(connection, alice, reviewed.call)
    assert unknown.value.status == 404


def test_reviewers_hear_of_each_other_when_all_reviews_are_in_and_by_number_only(reviewed: CallWorld) -> None:
    """Before the last review is final there are no peers and no discussion; then numbers from 1 to 3, no names."""
    reviewed.review(0, 0, 9, 8, 7)
    reviewed.review(1, 0, 5, 5, 5)
    name = reviewed.name(0, 0)
    with store.transaction(reviewed.org) as connection:
        before = calls.reviewer_view(connection, reviewed.experts[0], reviewed.call).proposals[0]
        assert (before.peers, before.discussing) == ((), False)
        with pytest.raises(Problem) as early:
            calls.discuss(connection, reviewed.experts[0], reviewed.call, name, "What of it?")
        assert early.value.kind == "centre.reviews-missing"
    reviewed.review(2, 0, 1, 1, 1)
    with store.transaction(reviewed.org) as connection:
        calls.discuss(connection, reviewed.experts[0], reviewed.call, name, "What of it?")
        other = reviewed.name(1, 0)
        seen = calls.reviewer_view(connection, reviewed.experts[1], reviewed.call)
        proposal = next(one for one in seen.proposals if one.name == other)
        assert {proposal.me, *(one.reviewer for one in proposal.peers)} == {"Reviewer 1", "Reviewer 2", "Reviewer 3"}
        assert [(one.mine, one.text) for one in proposal.discussion] == [(False, "What of it?")]


def test_who_reviews_or_applies_sees_neither_ranking_nor_committee_view(reviewed: CallWorld) -> None:
    """A council member who reviews or applies in the call is refused: each would see the other side."""
    centre = reviewed.centre
    with store.transaction(reviewed.org) as connection:
        for person, role in ((centre.people["Exodia0y Thornwick0y"], "expert"),
                             (centre.people["Aurelion0x Quillfeather0x"], "researcher")):  # fmt: skip
            both = centre.actor(person.name)
            both = type(both)(
                org_id=both.org_id, person_id=both.person_id, member_id=both.member_id,
                roles=frozenset({role, "council", "director"}),
            )  # fmt: skip
            for act in (calls.ranking, calls.committee_view, calls.check_eligibility, calls.propose_reviewers):
                with pytest.raises(Problem) as refused:
                    act(connection, both, reviewed.call)
                assert refused.value.kind == "centre.not-impartial"


def test_ties_are_parted_and_explained(call: CallWorld) -> None:
    """Equal means: agreement first, then the weightiest criterion, then the budget; what is equal shares a place."""
    for place in range(4):
        call.submit(place, costs=(calls.Cost(what="All", minor=(100, 100, 100, 99)[place]),))
    call.close()
    pairs = [(proposal, expert) for proposal in range(4) for expert in (0, 1)]
    call.assign(*pairs)
    points = {0: ((9, 5, 5), (3, 5, 5))} | dict.fromkeys((1, 2, 3), ((6, 5, 5), (6, 5, 5)))
    for proposal, expert in pairs:
        call.review(expert, proposal, *points[proposal][expert])
    with store.transaction(call.org) as connection:
        ranked = calls.ranking(connection, call.council[0], call.call)
    assert [one.place for one in ranked] == [1, 2, 2, 4]
    assert ranked[0].proposal == call.proposals[3]
    assert ranked[3].proposal == call.proposals[0]
    assert {one.mean for one in ranked} == {54.0}
    assert [str(one.because)[:12] for one in ranked] == ["None", "Same mean, a", "Equal in all", "Same mean; t"]


def test_a_proposal_without_all_reviews_has_no_place(reviewed: CallWorld) -> None:
    """It stands last, with the number of reviews that are missing."""
    for expert in (0, 1, 2):
        reviewed.review(expert, 0, 1, 1, 1)
    reviewed.review(1, 1, 9, 9, 9)
    with store.transaction(reviewed.org) as connection:
        ranked = calls.ranking(connection, reviewed.manager, reviewed.call)
    assert [(one.place, one.missing) for one in ranked] == [(1, 0), (0, 2)]


CALL_CRITERIA = st.lists(st.tuples(st.integers(1, 100), st.integers(1, 100)), min_size=1, max_size=6)


@given(criteria=CALL_CRITERIA, data=st.data())
def test_a_total_is_a_weighted_mean(criteria: list[tuple[int, int]], data: st.DataObject) -> None:
    """All points give 100 %, none 0 %; one point more never lowers it; scaling all weights changes nothing."""
    made = tuple(
        Criterion(code=f"c{place}", title="x", title_zh="x", weight=weight, highest=highest)
        for place, (weight, highest) in enumerate(criteria)
    )
    call = msgspec.structs.replace(_CALL, criteria=made)
    points = [data.draw(st.integers(0, one.highest)) for one in made]
    assert total(call, _words([one.highest for one in made])) == 100
    assert total(call, _words([0] * len(made))) == 0
    value = total(call, _words(points))
    assert 0 <= value <= 100
    if points[0] < made[0].highest:
        more = total(call, _words([points[0] + 1, *points[1:]]))
        assert more - value == Fraction(100 * made[0].weight, made[0].highest * sum(one.weight for one in made))


def _words(points: list[int]) -> Words:
    return Words(scores=tuple(Score(criterion=f"c{place}", points=value) for place, value in enumerate(points)))


_CALL = Call(
    code="C", title="x", title_zh="x", text="", text_zh="", year=2026, period="x", opens=REVIEWS, closes=REVIEWS,
    review_closes=REVIEWS, criteria=CRITERIA, budget=calls.BudgetRule(total_minor=1, most_minor=1),
)  # fmt: skip


def test_kinds_of_either_side_are_read_by_whoever_runs_them_alone() -> None:
    """All kinds of a call but the call itself ask for the permission to run proposals."""
    blind = ("proposal", "conflict", "review", "discussion", "assignment", "decision", "appeal")
    assert {kind_named(name).read for name in blind} == {"proposal.run"}
