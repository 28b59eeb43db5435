"""A resource's calendar: when it is open and taken. Who has it is shown to those alone whom it concerns."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money.hours import check_zoned
from takeback.share.centre.projects.team import works_on
from takeback.share.centre.records import get
from takeback.share.centre.resources.booking import Booking, bookings, lanes
from takeback.share.centre.resources.kinds import Resource
from takeback.share.centre.resources.offering import offers_for
from takeback.share.centre.resources.opening import Span, open_spans

LONGEST = timedelta(days=400)


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A time at which a place (from 1; 0: one that there is no more) is taken; ids where the viewer may see them."""

    begins: datetime
    ends: datetime
    place: int
    state: Literal["booked", "used"]
    mine: bool
    booking_id: UUID | None = None
    person_id: UUID | None = None
    project_id: UUID | None = None


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """A resource between two moments."""

    resource_id: UUID
    name: str
    name_zh: str
    capacity: int
    open: list[Span]
    slots: list[Slot]


def calendar(
    connection: sa.Connection, actor: CentreActor, resource_id: UUID, since: datetime, until: datetime
) -> Calendar:
    """Return a resource's calendar as the actor may see it.

    Who has a slot is seen by that person, the team of its project, the provider and who runs the centre; all others see
    that it is taken. Raises ``centre.forbidden``, ``centre.bad-time``: no time, or more than 400 days.
    """
    actor.require("centre.read")
    check_zoned(since, until)
    if not timedelta() < until - since <= LONGEST:
        raise Problem("centre.bad-time", msg("This time cannot be shown."), expected=msg("at most 400 days"))
    resource: Resource = get(connection, resource_id, kind="resource").facts
    places = {lane: place for place, lane in enumerate(lanes(resource_id, resource.capacity), 1)}
    taken = bookings(connection, resource_id, since, until)
    seen = _projects(connection, actor, taken)
    all_seen = offers_for(actor, resource.member)
    return Calendar(
        resource_id=resource_id,
        name=resource.name,
        name_zh=resource.name_zh,
        capacity=resource.capacity,
        open=open_spans(resource, since, until),
        slots=[_slot(one, places.get(one.lane, 0), actor, all_seen or one.project_id in seen) for one in taken],
    )


def _projects(connection: sa.Connection, actor: CentreActor, taken: list[Booking]) -> set[UUID]:
    asked = {one.project_id for one in taken if one.project_id}
    return {one for one in asked if works_on(actor, get(connection, one, kind="project").facts)}


def _slot(booking: Booking, place: int, actor: CentreActor, seen: bool) -> Slot:
    mine = actor.person_id is not None and actor.person_id == booking.person_id
    shown = mine or seen
    return Slot(
        begins=booking.begins,
        ends=booking.ends,
        place=place,
        state="used" if booking.state == "used" else "booked",
        mine=mine,
        booking_id=booking.id if shown else None,
        person_id=booking.person_id if shown else None,
        project_id=booking.project_id if shown else None,
    )
