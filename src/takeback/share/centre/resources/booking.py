"""Bookings without clashes: a place of a resource is given once at a time; who comes too late is told when it is free.

Whoever books holds the centre's book until the booking is written (`money.book.hold`), so that a free place is free
still; the database has an exclusion constraint beside that, which holds whatever a program does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.ids import uuid7
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.ledger import record
from takeback.operate.projection import Fact, owns, projects
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money.book import hold
from takeback.share.centre.money.hours import check_zoned, in_utc, lane_of, seconds
from takeback.share.centre.notices.telling import tell
from takeback.share.centre.people import present_person
from takeback.share.centre.projects.team import running
from takeback.share.centre.records import Record, get
from takeback.share.centre.resources.kinds import Resource
from takeback.share.centre.resources.offering import offers_for
from takeback.share.centre.resources.opening import Span, open_spans
from takeback.store.bulk import driver

STEP = "centre booking"
AHEAD = timedelta(days=400)
"""How far ahead one may book."""
SEARCHED = timedelta(days=60)
"""How far behind the wanted time the next free one is looked for."""
State = Literal["booked", "used", "cancelled"]


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """A booking; `lane`: the place of the resource, as the database knows it."""

    id: UUID
    resource_id: UUID
    lane: int
    person_id: UUID
    project_id: UUID | None
    begins: datetime
    ends: datetime
    state: State


def book(
    connection: sa.Connection,
    actor: CentreActor,
    resource_id: UUID,
    begins: datetime,
    ends: datetime,
    *,
    project: UUID | None = None,
    person: UUID | None = None,
    at: datetime | None = None,
) -> Booking:
    """Book a resource for oneself, for a project of one's own; who runs the centre may book for another `person`.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (403), ``centre.not-in-team`` (403), ``centre.project-over`` (409),
        ``centre.not-offered`` (409), ``centre.bad-time``, ``centre.closed-then`` and ``centre.taken`` (409) with the
        next free time.
    """
    actor.require("resource.book")
    begins, ends = in_utc(begins, ends)
    who = _who(actor, person)
    if project is not None:
        running(connection, actor, project)
    hold(connection, actor.org_id)
    resource = get(connection, resource_id, kind="resource")
    now = at or clock.now(connection, actor.org_id)
    present_person(connection, who)
    wanted = _wanted(resource, begins, ends, now)
    booking = Booking(
        id=uuid7(),
        resource_id=resource_id,
        lane=_free_lane(connection, resource, wanted),
        person_id=who,
        project_id=project,
        begins=begins,
        ends=ends,
        state="booked",
    )
    write(connection, actor, booking, now)
    return booking


def cancel(connection: sa.Connection, actor: CentreActor, booking_id: UUID, *, at: datetime | None = None) -> Booking:
    """Cancel a booking: one's own while the resource's rule allows it; the provider's at any time before it begins.

    Raises
    ------
    Problem
        ``centre.no-booking`` (404), ``centre.not-yours`` (403), ``centre.not-booked`` (409),
        ``centre.too-late`` (409) with the rule.
    """
    actor.require("resource.book")
    hold(connection, actor.org_id)
    booking = booking_by_id(connection, booking_id)
    resource: Resource = get(connection, booking.resource_id, kind="resource").facts
    provider = check_yours(actor, booking, resource)
    check_booked(booking)
    now = at or clock.now(connection, actor.org_id)
    least = timedelta() if provider else timedelta(hours=resource.cancel_h)
    if booking.begins - now < least or now > booking.begins:
        raise Problem(
            "centre.too-late",
            msg("It is too late to cancel this booking."),
            where=resource.name,
            found=booking.begins.isoformat(),
            expected=msg("at least {count} hours before it begins", count=resource.cancel_h),
            remedy=msg("Ask who offers the resource."),
            status=409,
        )
    gone = msgspec.structs.replace(booking, state="cancelled")
    write(connection, actor, gone, now)
    page = f"/centre/resources/{booking.resource_id}/calendar"
    tell(connection, actor, [booking.person_id], "booking.cancelled", page, title=resource.name,
         title_zh=resource.name_zh, day=booking.begins.date(), once=str(booking.id), at=now)  # fmt: skip
    return gone


def booking_by_id(connection: sa.Connection, booking_id: UUID) -> Booking:
    """Return a booking; raises ``centre.no-booking`` (404)."""
    row = connection.execute(_BY_ID, {"id": booking_id}).one_or_none()
    if row is None:
        raise Problem("centre.no-booking", msg("There is no such booking."), found=booking_id, status=404)
    return Booking(**row._asdict())


def my_bookings(connection: sa.Connection, actor: CentreActor, since: datetime) -> list[Booking]:
    """Return the bookings of the person who acts that end after `since`, by time."""
    check_zoned(since)
    rows = connection.execute(_MINE, {"person": actor.person(), "since": since})
    return [Booking(**row._asdict()) for row in rows]


def bookings(connection: sa.Connection, resource_id: UUID, since: datetime, until: datetime) -> list[Booking]:
    """Return who has a resource between two moments, by time; without those that were cancelled."""
    rows = connection.execute(_BETWEEN, {"resource": resource_id, "since": since, "until": until})
    return [Booking(**row._asdict()) for row in rows]


def next_free(connection: sa.Connection, resource_id: UUID, begins: datetime, ends: datetime) -> Span | None:
    """Return the first time from `begins` on, as long as asked for, at which a place is free; None within 60 days."""
    begins, ends = in_utc(begins, ends)
    resource: Resource = get(connection, resource_id, kind="resource").facts
    length, until = ends - begins, begins + SEARCHED
    taken = bookings(connection, resource_id, begins, until)
    windows = open_spans(resource, begins, until)
    starts = {begins, *(one.begins for one in windows), *(one.ends for one in taken if one.ends > begins)}
    for start in sorted(starts):
        span = Span(start, start + length)
        if any(one.holds(span) for one in windows) and _lanes(resource_id, resource, taken, span):
            return span
    return None


def check_yours(actor: CentreActor, booking: Booking, resource: Resource) -> bool:
    """Return whether the actor speaks for the provider; raises ``centre.not-yours`` (403) for all others."""
    provider = offers_for(actor, resource.member)
    if not provider and actor.person_id != booking.person_id:
        raise Problem("centre.not-yours", msg("This booking is somebody else's."), status=403, exit_code=77)
    return provider


def check_booked(booking: Booking) -> None:
    """Go on only with a booking that was neither used nor cancelled; raises ``centre.not-booked`` (409)."""
    if booking.state != "booked":
        raise Problem(
            "centre.not-booked", msg("This booking was used or cancelled already."), found=booking.state, status=409
        )


def lanes(resource_id: UUID, capacity: int) -> list[int]:
    """Return the lanes of a resource's places, from the first on."""
    return [lane_of(resource_id, place) for place in range(capacity)]


def write(connection: sa.Connection, actor: CentreActor, booking: Booking, at: datetime) -> int:
    """Write how a booking stands as an entry of the ledger; return its id."""
    said = msgspec.to_builtins(booking)
    body = {"type": "takeback:CentreBooking", "takeback:step": STEP, "takeback:facts": said}
    return record(connection, actor, [prove.Entry(body["type"], body, at)])[0]


def _who(actor: CentreActor, person: UUID | None) -> UUID:
    if person is None or person == actor.person_id:
        return actor.person()
    actor.require("centre.edit")
    return person


def _wanted(record: Record, begins: datetime, ends: datetime, now: datetime) -> Span:
    resource: Resource = record.facts
    if record.state != "offered":
        raise Problem("centre.not-offered", msg("This resource is not offered now."), where=record.title, status=409)
    good = (
        all(not one.second and not one.microsecond for one in (begins, ends))
        and timedelta() < ends - begins <= timedelta(hours=resource.longest_h)
        and now - timedelta(minutes=15) <= begins <= now + AHEAD
    )
    if not good:
        raise Problem(
            "centre.bad-time",
            msg("This time cannot be booked."),
            where=record.title,
            found=f"{begins.isoformat()} - {ends.isoformat()}",
            expected=msg("whole minutes of a time to come, at most {count} hours", count=resource.longest_h),
        )
    return Span(begins, ends)


def _free_lane(connection: sa.Connection, record: Record, wanted: Span) -> int:
    resource: Resource = record.facts
    if not any(one.holds(wanted) for one in open_spans(resource, wanted.begins, wanted.ends)):
        raise _not_then(connection, record, wanted, "centre.closed-then", msg("The resource is closed then."))
    taken = bookings(connection, record.id, wanted.begins, wanted.ends)
    free = _lanes(record.id, resource, taken, wanted)
    if not free:
        raise _not_then(connection, record, wanted, "centre.taken", msg("The resource is taken then."))
    return free[0]


def _lanes(resource_id: UUID, resource: Resource, taken: Iterable[Booking], span: Span) -> list[int]:
    busy = {one.lane for one in taken if Span(one.begins, one.ends).meets(span)}
    return [lane for lane in lanes(resource_id, resource.capacity) if lane not in busy]


def _not_then(connection: sa.Connection, record: Record, wanted: Span, slug: str, title: Message) -> Problem:
    free = next_free(connection, record.id, *wanted)
    return Problem(
        slug,
        title,
        where=record.title,
        found=f"{wanted.begins.isoformat()} - {wanted.ends.isoformat()}",
        remedy=msg("It is free from {begins} to {ends}.", begins=free.begins.isoformat(), ends=free.ends.isoformat())
        if free
        else msg("It is not free within 60 days."),
        status=409,
    )


owns("centre_booking")
_WRITE = """
    insert into centre_booking (org_id, id, resource_id, lane, person_id, project_id, begins, ends, begin_s, end_s,
        state, entry_id)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    on conflict (org_id, id) do update set state = excluded.state, entry_id = excluded.entry_id
"""


@projects(STEP)
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    for fact in facts:
        one = msgspec.convert(fact.body["takeback:facts"], Booking, strict=False)
        row = (
            org, one.id, one.resource_id, one.lane, one.person_id, one.project_id, one.begins, one.ends,
            seconds(one.begins), seconds(one.ends), one.state, fact.id,
        )  # fmt: skip
        driver(connection).execute(_WRITE, row)


_COLUMNS = "id, resource_id, lane, person_id, project_id, begins, ends, state"
_BY_ID = sa.text(f"select {_COLUMNS} from centre_booking where id = :id")
_BETWEEN = sa.text(f"""
    select {_COLUMNS} from centre_booking
    where resource_id = :resource and begins < :until and ends > :since and state <> 'cancelled' order by begins, id
""")
_MINE = sa.text(
    f"select {_COLUMNS} from centre_booking where person_id = :person and ends > :since order by begins, id"
)
