"""What was used: actual hours of a person for a project, charged to a fund or given in kind, traced to a result."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money import CostKind, Spending, claim_hours, hours_of, spend
from takeback.share.centre.money.book import hold
from takeback.share.centre.money.hours import in_utc
from takeback.share.centre.money.spending import check_result, link_result
from takeback.share.centre.people import Person, person_by_id
from takeback.share.centre.projects.team import of_team, works_on
from takeback.share.centre.records import Record, create, find, get, move
from takeback.share.centre.resources.booking import Booking, booking_by_id, check_booked, check_yours, write
from takeback.share.centre.resources.kinds import Resource, Sort, Use

_COST_KINDS: dict[Sort, CostKind] = {
    "equipment": "equipment",
    "laboratory": "testing",
    "data set": "data",
    "compute": "compute",
    "people": "labour",
}


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """What a project used of a resource for a result; amounts in minor units. Nobody is named."""

    resource_id: UUID
    resource: str
    project_id: UUID | None
    project: str
    result_id: UUID | None
    result: str
    uses: int
    minutes: int
    value: int
    cost: int


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What a use costs: `value` at its price, `free_minutes` of the member's free hours, `cost` of the rest."""

    value: int
    free_minutes: int
    cost: int


def record_use(
    connection: sa.Connection,
    actor: CentreActor,
    booking_id: UUID,
    begins: datetime,
    ends: datetime,
    *,
    fund: UUID | None = None,
    result: UUID | None = None,
    note: str = "",
    at: datetime | None = None,
) -> Record:
    """Record when a booked resource was really used. `fund`: where it is charged; without, it is given in kind.

    Raises
    ------
    Problem
        ``centre.no-booking`` (404), ``centre.not-yours`` (403), ``centre.not-booked`` (409): used or cancelled before;
        ``centre.beyond-booking``; ``centre.no-project``: money, or a person's time, for no project;
        ``centre.hours-twice`` (409); and what `money.spend` refuses.
    """
    actor.require("resource.book")
    begins, ends = in_utc(begins, ends)
    hold(connection, actor.org_id)
    booking = booking_by_id(connection, booking_id)
    record = get(connection, booking.resource_id, kind="resource")
    resource: Resource = record.facts
    check_yours(actor, booking, resource)
    _check(booking, begins, ends)
    _for_project(connection, actor, booking, resource, fund)
    check_result(connection, result)
    person = person_by_id(connection, booking.person_id)
    minutes = -(-int((ends - begins).total_seconds()) // 60)
    price = price_of(connection, record, person, minutes, begins.year)
    use = Use(
        title=resource.name,
        title_zh=resource.name_zh,
        resource=record.id,
        booking=booking_id,
        project=booking.project_id,
        person=person.id,
        member=person.member_id,
        begins=begins,
        ends=ends,
        minutes=minutes,
        free_minutes=price.free_minutes if fund else 0,
        value=price.value,
        cost=price.cost if fund else 0,
        fund=fund,
        result=result,
        note=note,
    )
    return _written(connection, actor, use, booking, resource, at)


def link_use(
    connection: sa.Connection, actor: CentreActor, use_id: UUID, result: UUID, *, at: datetime | None = None
) -> Record:
    """Say which result or deliverable a use led to; what it cost led there, too.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-record`` (404), ``centre.no-result``; ``centre.not-yours`` (403) for who
        neither used it, nor works on its project, nor enters the centre's money.
    """
    actor.require("resource.book")
    hold(connection, actor.org_id)
    use: Use = get(connection, use_id, kind="use").facts
    if not may_link(connection, actor, use):
        raise Problem("centre.not-yours", msg("This use is somebody else's."), status=403, exit_code=77)
    check_result(connection, result)
    for spent in find(connection, "spending", parent=use.project, state="booked") if use.fund else ():
        if spent.facts.use == use_id:
            link_result(connection, actor, spent.id, result, at=at, allowed=True)
    return move(
        connection, actor, use_id, "recorded", facts=msgspec.structs.replace(use, result=result), at=at, allowed=True
    )


def may_link(connection: sa.Connection, actor: CentreActor, use: Use) -> bool:
    """Whether somebody may say what a use led to: who used it, its project's team, who enters the money."""
    if actor.may("money.edit") or (actor.person_id is not None and actor.person_id == use.person):
        return True
    return use.project is not None and works_on(actor, get(connection, use.project, kind="project").facts)


def use_of(connection: sa.Connection, booking: Booking) -> Record | None:
    """Return the use that was recorded of a booking; None where there is none."""
    found = find(connection, "use", parent=booking.resource_id, person=booking.person_id)
    return next((one for one in found if one.facts.booking == booking.id), None)


def price_of(connection: sa.Connection, resource: Record, person: Person, minutes: int, year: int) -> Price:
    """Return what a person pays for some minutes: by member or not, less the free hours of the member that are left."""
    facts: Resource = resource.facts
    hourly = facts.price_member if person.member_id else facts.price_other
    used = connection.execute(_FREE, {"resource": resource.id, "member": person.member_id, "year": year}).scalar_one()
    free = min(max(facts.free_h * 60 - int(used), 0), minutes) if person.member_id else 0
    return Price(value=-(-minutes * hourly // 60), free_minutes=free, cost=-(-(minutes - free) * hourly // 60))


def hours(
    connection: sa.Connection,
    actor: CentreActor,
    *,
    project: UUID | None = None,
    resource: UUID | None = None,
    year: int | None = None,
) -> list[Hours]:
    """Return the hours of resources by project and result; every use is in exactly one line."""
    actor.require("centre.read")
    where = {"project": project, "resource": resource, "year": year}
    return [Hours(**row._asdict()) for row in connection.execute(_HOURS, where)]


def uses(
    connection: sa.Connection, actor: CentreActor, *, resource: UUID | None = None, project: UUID | None = None
) -> list[Record]:
    """Return the uses that the actor may see with their person: all, those of a project of theirs, or their own."""
    actor.require("resource.book")
    found = find(connection, "use", parent=resource)
    mine = {one for one in {use.facts.project for use in found if use.facts.project}
            if not actor.may("money.read") and _works(connection, actor, one)}  # fmt: skip
    return [
        one
        for one in found
        if (project is None or one.facts.project == project)
        and (actor.may("money.read") or one.person_id == actor.person_id or one.facts.project in mine)
    ]


def _works(connection: sa.Connection, actor: CentreActor, project: UUID) -> bool:
    return actor.person_id in get(connection, project, kind="project").facts.people


def _written(
    connection: sa.Connection, actor: CentreActor, use: Use, booking: Booking, resource: Resource, at: datetime | None
) -> Record:
    now = at or clock.now(connection, actor.org_id)
    made = create(connection, actor, "use", use, id=uuid7(), at=now, allowed=True)
    write(connection, actor, msgspec.structs.replace(booking, state="used"), now)
    if resource.person is not None and use.project is not None:
        claim = hours_of(resource.person, use.project, use.begins, use.ends)
        claim_hours(connection, actor, made.id, claim, at=now)
    if use.fund is not None and use.project is not None and use.cost:
        cost = Spending(
            fund=use.fund,
            project=use.project,
            cost_kind=_COST_KINDS[resource.sort],
            amount=use.cost,
            purpose=resource.name,
            purpose_zh=resource.name_zh,
            on=use.begins.astimezone(ZoneInfo(resource.zone)).date(),
            use=made.id,
            result=use.result,
        )
        spend(connection, actor, cost, at=now, allowed=True)
    return made


def _check(booking: Booking, begins: datetime, ends: datetime) -> None:
    check_booked(booking)
    if not booking.begins <= begins < ends <= booking.ends:
        raise Problem(
            "centre.beyond-booking",
            msg("The use lies outside the booking."),
            found=f"{begins.isoformat()} - {ends.isoformat()}",
            expected=f"{booking.begins.isoformat()} - {booking.ends.isoformat()}",
            remedy=msg("Book the rest of the time, and record it as a use of its own."),
        )


def _for_project(
    connection: sa.Connection, actor: CentreActor, booking: Booking, resource: Resource, fund: UUID | None
) -> None:
    if booking.project_id is None and (fund is not None or resource.person is not None):
        raise Problem(
            "centre.no-project",
            msg("Money and people's time are used for a project."),
            where=resource.name,
            remedy=msg("Book it for a project."),
        )
    if booking.project_id is not None and fund is not None and not actor.may("money.edit"):
        of_team(connection, actor, booking.project_id)


_FREE = sa.text("""
    select coalesce(sum((facts ->> 'free_minutes')::bigint), 0) from centre_record
    where kind = 'use' and parent_id = :resource and member_id = cast(:member as uuid) and year = :year
""")
_HOURS = sa.text("""
    select u.parent_id as resource_id, max(u.title) as resource,
           p.id as project_id, coalesce(max(p.title), '') as project,
           r.id as result_id, coalesce(max(r.title), '') as result,
           count(*) as uses, sum((u.facts ->> 'minutes')::bigint)::bigint as minutes,
           sum((u.facts ->> 'value')::bigint)::bigint as value,
           sum((u.facts ->> 'cost')::bigint)::bigint as cost
    from centre_record u
    left join centre_record p on p.id = cast(u.facts ->> 'project' as uuid)
    left join centre_record r on r.id = cast(u.facts ->> 'result' as uuid)
    where u.kind = 'use' and (cast(:project as uuid) is null or p.id = :project)
      and (cast(:resource as uuid) is null or u.parent_id = :resource)
      and (cast(:year as integer) is null or u.year = :year)
    group by u.parent_id, p.id, r.id order by 2, 4, 6, 1, 3, 5
""")
