"""Bookings do not clash; who comes too late is told when it is free; a calendar shows who has it to few."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from psycopg.errors import ExclusionViolation

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import projection
from takeback.share.centre.resources import (
    Opening,
    Resource,
    amend_resource,
    book,
    calendar,
    cancel,
    clashes,
    my_bookings,
    next_free,
    offer_again,
    offer_resource,
    rush,
    withdraw_resource,
)
from takeback.share.centre.resources.booking import write
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.projects.project_world import ProjectWorld, running_project

NOW = datetime(2026, 4, 6, 0, tzinfo=UTC)  # a Monday, 08:00 in Shanghai
DAY = timedelta(days=1)


def hour(number: int, day: int = 0) -> datetime:
    """Return an hour of the Monday, or of a day behind it, in Shanghai."""
    return NOW - timedelta(hours=8) + timedelta(days=day, hours=number)


def facts(world: CentreWorld, **more: Any) -> Resource:
    """Return a cell tester of the maker, open on Mondays and Tuesdays from 8 to 18 o'clock."""
    opening = tuple(Opening(weekday=day, opens="08:00", closes="18:00") for day in (0, 1))
    given = {"name": "Cell tester", "sort": "equipment", "member": world.members["maker"], "opening": opening, **more}
    return Resource(**given)


def offered(world: CentreWorld, **more: Any) -> UUID:
    """Offer a resource; return its id."""
    with store.transaction(world.org) as connection:
        return offer_resource(connection, world.manager, facts(world, **more), at=NOW).id


def _refused(slug: str, command: Any, *args: Any, **more: Any) -> Problem:
    with pytest.raises(Problem) as refused:
        command(*args, **more)
    assert refused.value.kind == slug, refused.value
    return refused.value


def test_a_taken_time_is_refused_with_the_next_free_one(centre: CentreWorld) -> None:
    """A second booking of 9-11 is told 11-13; an hour that touches is free; on a closed day the next open one is."""
    alice, bob = centre.enter("Alice", "maker", "researcher"), centre.enter("Bob", "shop", "student")
    tester = offered(centre)
    with store.transaction(centre.org) as connection:
        book(connection, alice, tester, hour(9), hour(11), at=NOW)
        told = _refused("centre.taken", book, connection, bob, tester, hour(10), hour(12), at=NOW)
        assert str(told.remedy) == f"It is free from {hour(11).isoformat()} to {hour(13).isoformat()}."
        book(connection, bob, tester, hour(11), hour(13), at=NOW)
        book(connection, bob, tester, hour(8), hour(9), at=NOW)
        told = _refused("centre.closed-then", book, connection, bob, tester, hour(9, 2), hour(11, 2), at=NOW)
        assert hour(8, 7).isoformat() in str(told.remedy)
        _refused("centre.closed-then", book, connection, bob, tester, hour(17), hour(19), at=NOW)
        free = next_free(connection, tester, hour(12), hour(18))
        assert free is not None
        assert free.begins == hour(8, 1)
        assert clashes(connection) == 0


def test_places_of_one_resource_are_booked_side_by_side(centre: CentreWorld) -> None:
    """Two places: two at once, a third is refused; after one cancels there is room again."""
    alice = centre.enter("Alice", "maker", "researcher")
    lab = offered(centre, capacity=2, sort="laboratory")
    with store.transaction(centre.org) as connection:
        first, second = (book(connection, alice, lab, hour(9, 1), hour(12, 1), at=NOW) for _ in range(2))
        assert first.lane != second.lane
        _refused("centre.taken", book, connection, alice, lab, hour(11, 1), hour(13, 1), at=NOW)
        cancel(connection, alice, first.id, at=NOW)
        assert book(connection, alice, lab, hour(11, 1), hour(13, 1), at=NOW).lane == first.lane
        _refused("centre.not-booked", cancel, connection, alice, first.id, at=hour(10, 1))
        _refused("centre.too-late", cancel, connection, alice, second.id, at=hour(10, 1))
        before = [tuple(row) for row in connection.execute(sa.text("select * from centre_booking order by id"))]
        projection.rebuild(connection, centre.org)
        assert [tuple(row) for row in connection.execute(sa.text("select * from centre_booking order by id"))] == before


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (hour(9), hour(9)), (hour(10), hour(9)), (hour(9, -1), hour(10, -1)), (hour(9, 500), hour(10, 500)),
        (hour(9, 1), hour(10, 2)), (hour(9) + timedelta(seconds=1), hour(10)),
        (hour(9).replace(tzinfo=None), hour(10).replace(tzinfo=None)),
    ],
)  # fmt: skip
def test_times_that_make_no_sense_are_refused(centre: CentreWorld, begins: datetime, ends: datetime) -> None:
    """No length, backwards, past, far ahead, too long, split seconds, without time zone."""
    alice, tester = centre.enter("Alice", "maker", "researcher"), offered(centre)
    with store.transaction(centre.org) as connection:
        _refused("centre.bad-time", book, connection, alice, tester, begins, ends, at=NOW)


def test_a_user_cancels_in_time_and_the_provider_until_it_begins(centre: CentreWorld) -> None:
    """24 hours before: the user may; later only the provider's people; colleagues and others never."""
    user, colleague = centre.enter("Alice", "shop", "researcher"), centre.enter("Bob", "shop", "researcher")
    provider = centre.enter("Dan", "maker", "delegate")
    tester = offered(centre)
    with store.transaction(centre.org) as connection:
        one = book(connection, user, tester, hour(9, 1), hour(10, 1), at=NOW)
        two = book(connection, user, tester, hour(11, 1), hour(12, 1), at=NOW)
        _refused("centre.not-yours", cancel, connection, colleague, one.id, at=NOW)
        _refused("centre.too-late", cancel, connection, user, one.id, at=hour(10))
        assert cancel(connection, user, two.id, at=hour(10)).state == "cancelled"
        assert cancel(connection, provider, one.id, at=hour(10)).state == "cancelled"
        assert [one.state for one in my_bookings(connection, user, NOW)] == ["cancelled", "cancelled"]
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        _refused("centre.no-booking", cancel, connection, charlie.manager, one.id)
        _refused("centre.no-record", book, connection, charlie.manager, tester, hour(9), hour(10), at=NOW)


def test_what_was_cancelled_is_not_cancelled_again(centre: CentreWorld) -> None:
    """The second cancellation is told so, and writes nothing; the time is free for the next one."""
    user, tester = centre.enter("Alice", "shop", "researcher"), offered(centre)
    with store.transaction(centre.org) as connection:
        one = book(connection, user, tester, hour(9, 1), hour(10, 1), at=NOW)
        cancel(connection, user, one.id, at=NOW)
        before = connection.execute(sa.text("select count(*) from entry")).scalar_one()
        _refused("centre.not-booked", cancel, connection, user, one.id, at=NOW)
        assert connection.execute(sa.text("select count(*) from entry")).scalar_one() == before
        assert book(connection, user, tester, hour(9, 1), hour(10, 1), at=NOW).state == "booked"


def test_hours_are_counted_as_they_pass_when_summer_ends(centre: CentreWorld) -> None:
    """From half past one to half past three of Berlin's clocks are three hours that night, and one when it begins."""
    user, tester = centre.enter("Alice", "shop", "researcher"), offered(centre, longest_h=2, opening=())
    berlin = ZoneInfo("Europe/Berlin")
    autumn, spring = datetime(2026, 10, 25, tzinfo=berlin), datetime(2027, 3, 28, tzinfo=berlin)
    clocks = (timedelta(hours=1, minutes=30), timedelta(hours=3, minutes=30))
    with store.transaction(centre.org) as connection:
        long = [autumn.replace(hour=one.seconds // 3600, minute=30) for one in clocks]
        _refused("centre.bad-time", book, connection, user, tester, *long, at=autumn - timedelta(days=3))
        short = [spring.replace(hour=one.seconds // 3600, minute=30) for one in clocks]
        made = book(connection, user, tester, *short, at=spring - timedelta(days=3))
        assert made.ends - made.begins == timedelta(hours=1)


def test_an_offer_belongs_to_its_member(centre: CentreWorld) -> None:
    """The provider's delegate amends it, another member's may not; it is not withdrawn while it is booked."""
    provider, other = centre.enter("Alice", "maker", "delegate"), centre.enter("Bob", "shop", "delegate")
    student = centre.enter("Eve", "maker", "student")
    with store.transaction(centre.org) as connection:
        tester = offer_resource(connection, provider, facts(centre), at=NOW).id
        _refused("centre.not-yours", offer_resource, connection, other, facts(centre))
        _refused("centre.forbidden", offer_resource, connection, student, facts(centre))
        _refused("centre.not-yours", amend_resource, connection, other, tester, facts(centre, capacity=2))
        moved = facts(centre, member=centre.members["shop"])
        _refused("centre.not-yours", amend_resource, connection, other, tester, moved)
        assert amend_resource(connection, provider, tester, facts(centre, capacity=2)).facts.capacity == 2
        booking = book(connection, other, tester, hour(9, 1), hour(10, 1), at=NOW)
        _refused("centre.booked-still", withdraw_resource, connection, provider, tester, at=NOW)
        cancel(connection, provider, booking.id, at=NOW)
        withdraw_resource(connection, provider, tester, at=NOW)
        _refused("centre.not-offered", book, connection, other, tester, hour(9, 1), hour(10, 1), at=NOW)


def test_a_calendar_shows_who_books_to_those_whom_it_concerns(centre: CentreWorld) -> None:
    """The person, the project's team, the provider and the manager see who; a colleague sees that it is taken."""
    work: ProjectWorld = running_project(centre)
    provider, tester = centre.enter("Pat", "shop", "delegate"), offered(centre, member=centre.members["shop"])
    with store.transaction(centre.org) as connection:
        one = book(connection, work.alice, tester, hour(9), hour(11), project=work.id, at=NOW)
        _refused("centre.not-in-team", book, connection, work.bob, tester, hour(14), hour(15), project=work.id, at=NOW)
        for viewer in (work.alice, work.dan, provider, centre.manager):
            (slot,) = calendar(connection, viewer, tester, hour(0), hour(24)).slots
            assert (slot.person_id, slot.project_id, slot.booking_id) == (work.alice.person(), work.id, one.id)
            assert slot.mine == (viewer == work.alice)
        shown = calendar(connection, work.bob, tester, hour(0), hour(24))
        (slot,) = shown.slots
        assert (slot.begins, slot.ends, slot.place, slot.state, slot.mine) == (hour(9), hour(11), 1, "booked", False)
        assert (slot.person_id, slot.project_id, slot.booking_id) == (None, None, None)
        assert [(span.begins, span.ends) for span in shown.open] == [(hour(8), hour(18))]


def test_the_database_itself_refuses_a_clash(centre: CentreWorld) -> None:
    """A booking that is written past the command, into a place that is taken, does not get into the table."""
    alice, tester = centre.enter("Alice", "maker", "researcher"), offered(centre)
    with store.transaction(centre.org) as connection:
        one = book(connection, alice, tester, hour(9), hour(11), at=NOW)
        other = type(one)(
            **{**{n: getattr(one, n) for n in one.__struct_fields__}, "id": UUID(int=7), "begins": hour(10)}
        )
        with pytest.raises(ExclusionViolation, match="centre_booking_no_clash"), connection.begin_nested():
            write(connection, alice, other, NOW)


def test_fifty_who_book_at_once_never_clash(centre: CentreWorld) -> None:
    """Fifty threads want 200 random hours of two places: none clashes, none is refused though a place was free."""
    lab = offered(centre, capacity=2, opening=())
    people = [centre.enter(f"Person {number}", "shop", "researcher") for number in range(5)]
    random = Random(3)
    wishes = []
    for number in range(200):
        begins = hour(random.randint(9, 60))
        wishes.append((people[number % 5], begins, begins + timedelta(hours=random.randint(1, 3))))
    done = rush(lab, wishes, threads=50, at=NOW)
    assert (done.clashes, done.booked + done.refused) == (0, 200)
    assert done.booked >= 30
    with store.transaction(centre.org) as connection:
        for (who, begins, ends), granted in zip(wishes, done.granted, strict=True):
            if not granted:
                _refused("centre.taken", book, connection, who, lab, begins, ends, at=NOW)


def test_offers_and_bookings_at_once_never_wait_for_each_other(centre: CentreWorld) -> None:
    """Threads that amend, withdraw, offer again and book one resource all end, with an answer or a refusal."""
    tester = offered(centre, opening=())
    user = centre.enter("Alice", "shop", "researcher")

    def one(number: int) -> str:
        begins = hour(9 + number)
        acts = (
            lambda c: amend_resource(c, centre.manager, tester, facts(centre, opening=(), capacity=1 + number % 3)),
            lambda c: book(c, user, tester, begins, begins + timedelta(hours=1), at=NOW),
            lambda c: withdraw_resource(c, centre.manager, tester, at=NOW + 300 * DAY),
            lambda c: offer_again(c, centre.manager, tester),
        )
        try:
            with store.transaction(centre.org) as connection:
                acts[number % 4](connection)
        except Problem as refusal:
            return refusal.kind
        return "done"

    with ThreadPoolExecutor(12) as pool:
        answers = [*pool.map(one, range(60))]
    assert {*answers} <= {"done", "centre.not-offered", "centre.bad-move"}
    with store.transaction(centre.org) as connection:
        assert clashes(connection) == 0
