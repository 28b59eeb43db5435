"""Bodies and meetings: terms, quorum, votes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.organisation import (
    AgendaItem,
    Body,
    Seat,
    Vote,
    approve_minutes,
    call_meeting,
    correct_minutes,
    dissolve,
    hold_meeting,
    leave,
    meetings_of,
    put_body,
    quorum,
    sitting,
    take_seat,
)
from takeback.share.centre.people import person_by_id, withdraw_person
from takeback.share.centre.records import change, get
from tests.share.centre.centre_world import CentreWorld

FIRST = date(2026, 3, 2)
WHEN = datetime(2026, 5, 4, 9, tzinfo=UTC)


def council(centre: CentreWorld) -> tuple[UUID, list[CentreActor]]:
    """A council of four, from four members, for two years."""
    names = {"Chen": "university", "Dai": "maker", "Erin": "shop", "Fang": "institute"}
    seated = [centre.enter(name, member, "council") for name, member in names.items()]
    with store.transaction(centre.org) as connection:
        body = put_body(
            connection, centre.manager,
            Body(name="Council", name_zh="理事会", sort="council", term_years=2, largest=4, quorum_pct=60),
        )  # fmt: skip
        for number, person in enumerate(seated):
            seat = Seat(person=person.person(), post="chair" if number == 0 else "member", begins=FIRST)
            take_seat(connection, centre.manager, body.id, seat)
    return body.id, seated


def test_a_seat_is_held_for_its_term_and_no_longer(centre: CentreWorld) -> None:
    """After two years nobody sits there; within them four do, the chair first; a fifth finds no seat."""
    body, seated = council(centre)
    late = centre.enter("Gao", "maker", "council")
    with store.transaction(centre.org) as connection:
        facts = get(connection, body).facts
        assert next(seat.person for seat in sitting(facts, FIRST)) == seated[0].person_id
        assert (len(sitting(facts, date(2028, 3, 1))), len(sitting(facts, date(2028, 3, 2)))) == (4, 0)
        for seat, kind in (
            (Seat(person=late.person(), begins=date(2027, 1, 1)), "centre.full"),
            (Seat(person=seated[1].person(), begins=date(2027, 1, 1)), "centre.seated"),
            (Seat(person=late.person(), post="chair", begins=date(2027, 1, 1)), "centre.seated"),
            (Seat(person=late.person(), begins=date(2030, 1, 1), ends=date(2029, 1, 1)), "centre.bad-term"),
        ):
            with pytest.raises(Problem) as refused:
                take_seat(connection, centre.manager, body, seat)
            assert refused.value.kind == kind
        take_seat(connection, centre.manager, body, Seat(person=late.person(), begins=date(2028, 3, 2)))


def test_seats_that_follow_each_other_take_one_place(centre: CentreWorld) -> None:
    """Of two places one is free for two years though two people share the other, one after the other; then none is."""
    early, late, whole, more = (centre.enter(name, "maker", "council").person() for name in ("A", "B", "C", "D"))
    middle, end = date(2027, 3, 2), date(2028, 3, 2)
    with store.transaction(centre.org) as connection:
        facts = Body(name="Board", name_zh="委员会", sort="other", largest=2)
        body = put_body(connection, centre.manager, facts).id
        for person, begins, ends in ((early, FIRST, middle), (late, middle, end), (whole, FIRST, end)):
            take_seat(connection, centre.manager, body, Seat(person=person, begins=begins, ends=ends))
        with pytest.raises(Problem) as refused:
            take_seat(connection, centre.manager, body, Seat(person=more, begins=FIRST, ends=end))
        assert (refused.value.kind, refused.value.found) == ("centre.full", 2)


def test_nobody_takes_a_seat_in_a_body_that_was_dissolved(centre: CentreWorld) -> None:
    """What is over takes no members and is not renamed."""
    person = centre.enter("Gao", "maker", "council").person()
    with store.transaction(centre.org) as connection:
        body = put_body(connection, centre.manager, Body(name="Board", name_zh="委员会", sort="other"))
        dissolve(connection, centre.manager, body.id, reason="Done")
        for refused in (
            lambda: take_seat(connection, centre.manager, body.id, Seat(person=person, begins=FIRST)),
            lambda: change(connection, centre.manager, body.id, body.facts),
        ):
            with pytest.raises(Problem) as problem:
                refused()
            assert problem.value.kind == "centre.fixed"


def test_a_meeting_is_of_the_day_that_it_is_where_the_centre_is(centre: CentreWorld) -> None:
    """At one on New Year's Day in Shanghai those of the new year sit, whatever zone the call was written in."""
    new = centre.enter("Gao", "maker", "council").person()
    begins, agenda = datetime(2026, 12, 31, 17, tzinfo=UTC), [AgendaItem(number=1, title="Charter")]
    with store.transaction(centre.org) as connection:
        body = put_body(connection, centre.manager, Body(name="Board", name_zh="委员会", sort="other")).id
        take_seat(connection, centre.manager, body, Seat(person=new, begins=date(2027, 1, 1)))
        meeting = call_meeting(connection, centre.manager, body, "First", begins, agenda)
        assert meeting.year == 2027
        assert hold_meeting(connection, centre.manager, meeting.id, present=[new], minutes="All there.").state == "held"
        with pytest.raises(Problem) as refused:
            call_meeting(connection, centre.manager, body, "Second", begins.replace(tzinfo=None), agenda)
        assert refused.value.kind == "centre.bad-facts"


def test_who_may_not_gives_no_seats(centre: CentreWorld) -> None:
    """Bob sits in the council himself, and still cannot fill it."""
    body, (bob, *_) = council(centre)
    with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
        take_seat(connection, bob, body, Seat(person=bob.person(), begins=date(2030, 1, 1)))
    assert refused.value.status == 403


def test_a_vote_counts_with_a_quorum_and_is_worked_out(centre: CentreWorld) -> None:
    """Three of four (60 %) are a quorum; two yes against one no carry; abstentions are no votes."""
    body, (a, b, c, d) = council(centre)
    ids = [one.person() for one in (a, b, c, d)]
    agenda = [AgendaItem(number=1, title="Charter"), AgendaItem(number=2, title="Budget")]
    with store.transaction(centre.org) as connection:
        meeting = call_meeting(connection, centre.manager, body, "First meeting", WHEN, agenda).id
        votes = [
            Vote(item=1, motion="Adopt the charter", yes=(ids[0], ids[1]), no=(ids[2],)),
            Vote(item=2, motion="Adopt the budget", yes=(ids[0],), no=(ids[1],), abstained=(ids[2],)),
        ]
        held = hold_meeting(connection, centre.manager, meeting, present=ids[:3], minutes="Both put to the vote.",
                            votes=votes)  # fmt: skip
        assert [vote.outcome for vote in held.facts.votes] == ["carried", "rejected"]
        with pytest.raises(Problem) as refused:
            correct_minutes(connection, a, meeting, "Nothing happened.")
        assert refused.value.status == 403
        corrected = correct_minutes(connection, centre.manager, meeting, "Two put to the vote.")
        assert (corrected.facts.minutes, corrected.facts.votes) == ("Two put to the vote.", held.facts.votes)
        with pytest.raises(Problem) as refused:
            correct_minutes(connection, centre.manager, meeting, "Three.", version=held.version)
        assert refused.value.kind == "centre.changed-meanwhile"
        assert approve_minutes(connection, centre.manager, meeting).state == "approved"
        with pytest.raises(Problem) as refused:
            change(connection, centre.manager, meeting, held.facts)
        assert refused.value.kind == "centre.fixed"


def test_who_withdrew_is_not_waited_for(centre: CentreWorld) -> None:
    """Four sit there and three are a quorum; two withdraw, and of the two that are left both (60 %) are one."""
    body, seated = council(centre)
    ids = [one.person() for one in seated]
    with store.transaction(centre.org) as connection:
        for one in ids[2:]:
            withdraw_person(connection, centre.manager, one)
        agenda, begins = [AgendaItem(number=1, title="Charter")], datetime.now(UTC) + timedelta(days=1)
        meeting = call_meeting(connection, centre.manager, body, "Meeting", begins, agenda).id
        vote = Vote(item=1, motion="Adopt", yes=tuple(ids[:2]))
        held = hold_meeting(connection, centre.manager, meeting, present=ids[:2], minutes="", votes=[vote])
    assert held.facts.votes[0].outcome == "carried"


def test_who_withdrew_takes_no_place_and_no_chair(centre: CentreWorld) -> None:
    """The place of a chair who withdrew is free from that day on for another chair; before it was taken."""
    body, seated = council(centre)
    late = centre.enter("Gao", "maker", "council").person()
    with store.transaction(centre.org) as connection:
        withdraw_person(connection, centre.manager, seated[0].person())
        gone = person_by_id(connection, seated[0].person()).withdrawn_at
        assert gone is not None
        with pytest.raises(Problem, match="the chair"):
            early = Seat(person=late, post="chair", begins=FIRST, ends=gone.date())
            take_seat(connection, centre.manager, body, early)
        after = Seat(person=late, post="chair", begins=gone.date() + timedelta(days=1))
        facts = take_seat(connection, centre.manager, body, after).facts
        assert facts.seats[-1].person == late


@pytest.mark.parametrize(
    ("present", "yes", "no", "item"),
    [
        ([0, 1], [0, 1], [], 1),  # no quorum
        ([0, 1, 2], [0, 3], [], 1),  # somebody absent votes
        ([0, 1, 2], [0, 1], [1], 1),  # votes twice
        ([0, 1, 2, 2], [0], [], 1),  # is there twice
        ([0, 1, 2], [0], [], 9),  # no point of the agenda
        ([0, 1, 4], [0], [], 1),  # does not sit there
    ],
)
def test_minutes_that_cannot_be_are_refused(
    centre: CentreWorld, present: list[int], yes: list[int], no: list[int], item: int
) -> None:
    """Nothing is written then: the meeting is still only called."""
    body, seated = council(centre)
    ids = [one.person() for one in (*seated, centre.enter("Out", "shop", "expert"))]
    vote = Vote(item=item, motion="Adopt", yes=tuple(ids[n] for n in yes), no=tuple(ids[n] for n in no))
    with store.transaction(centre.org) as connection:
        agenda = [AgendaItem(number=1, title="Charter")]
        meeting = call_meeting(connection, centre.manager, body, "Meeting", WHEN, agenda).id
        with pytest.raises(Problem) as refused:
            hold_meeting(connection, centre.manager, meeting, present=[ids[n] for n in present], minutes="",
                         votes=[vote])  # fmt: skip
        assert refused.value.errors
        assert get(connection, meeting).state == "called"


def test_minutes_are_read_by_who_sits_there_and_who_leads(centre: CentreWorld) -> None:
    """An expert of the committee reads its meetings; a researcher does not."""
    expert, bob = centre.enter("Ellen", "institute", "expert"), centre.enter("Bob", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        facts = Body(name="Experts", name_zh="专家委员会", sort="expert-committee")
        body = put_body(connection, centre.manager, facts).id
        take_seat(connection, centre.manager, body, Seat(person=expert.person(), begins=FIRST))
        call_meeting(connection, centre.manager, body, "First", WHEN, [AgendaItem(number=1, title="Rules")])
        assert len(meetings_of(connection, expert, body)) == len(meetings_of(connection, centre.manager, body)) == 1
        with pytest.raises(Problem) as refused:
            meetings_of(connection, bob, body)
    assert refused.value.status == 403


def test_seats_end_when_the_member_leaves_and_what_was_done_there_stays(centre: CentreWorld) -> None:
    """The maker leaves: its councillor's seat ends that day, the meeting that he was at keeps him."""
    body, seated = council(centre)
    ids = [one.person() for one in seated]
    with store.transaction(centre.org) as connection:
        agenda = [AgendaItem(number=1, title="Charter")]
        meeting = call_meeting(connection, centre.manager, body, "Meeting", WHEN, agenda).id
        hold_meeting(connection, centre.manager, meeting, present=ids, minutes="All there.")
        at = datetime(2026, 9, 1, tzinfo=UTC)
        leave(connection, centre.manager, centre.members["maker"], at=at)
        facts = get(connection, body).facts
        assert len(sitting(facts, date(2026, 8, 31))) == 4
        assert ids[1] not in {seat.person for seat in sitting(facts, date(2026, 9, 1))}
        assert ids[1] in get(connection, meeting).facts.present
        with pytest.raises(Problem) as refused:
            leave(connection, centre.manager, centre.members["university"])
        assert refused.value.kind == "centre.lead-stays"


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(1, 100))
def test_a_quorum_is_the_least_number_that_reaches_the_share(seats: int, share: int) -> None:
    """One fewer would be below the share; nobody at all is never a quorum."""
    held = tuple(Seat(person=UUID(int=n + 1), begins=FIRST) for n in range(seats))
    needed = quorum(Body(name="B", name_zh="会", sort="other", quorum_pct=share, seats=held), FIRST)
    assert needed >= 1
    assert needed * 100 >= seats * share
    assert needed == 1 or (needed - 1) * 100 < seats * share
