"""The calendar of a resource: /centre/resources/{id}/calendar: a week, lane by lane, with the form to book it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.operate.identity import Actor
from takeback.share.centre import resources
from takeback.share.centre.records import Record
from takeback.share.centre.resources import Booking, Calendar
from takeback.web.console.centre_words import state_word
from takeback.web.console.views import (
    Action,
    Block,
    CentreFormPage,
    CentreSheetPage,
    FormPart,
    Lane,
    LinkRow,
    Scale,
    Send,
    Span,
    Tab,
    Tone,
)
from takeback.web.pages.answers import Form, page, see_other
from takeback.web.pages.centre.asking import Answer, asked_fields, carry_out
from takeback.web.pages.centre.deeds import command_page
from takeback.web.pages.centre.forms import Filled
from takeback.web.pages.centre.reading import Sent, sent_from
from takeback.web.pages.centre.rows import title_of
from takeback.web.pages.centre.types import WEEKDAYS
from takeback.web.pages.centre.visit import Visit, found, visit
from takeback.web.pages.centre.wrongs import wrongs_above
from takeback.web.preferences import AnyRequest

BASE = "/centre/resources/{resource_id:uuid}"
DAYS = 7
HOURS = 24
KEYS: tuple[tuple[Tone, Message], ...] = (
    ("good", msg("mine")), ("plain", msg("taken")), ("advice", msg("opening hours")),
)  # fmt: skip
"""What the colours of a calendar say."""
HIDDEN = frozenset({"resource_id", "person"})


@get(f"{BASE}/calendar", sync_to_thread=True, include_in_schema=False)
def calendar(request: AnyRequest, actor: Actor, resource_id: UUID, day: str = "") -> Response[Any]:
    with visit(request, actor) as here:
        _, record = found(here, "resource", resource_id)
        return page(_page(here, record, _monday(here, day)), here.around.shell)


@post(f"{BASE}/calendar", sync_to_thread=True, include_in_schema=False)
def book(request: AnyRequest, actor: Actor, resource_id: UUID, data: Form, day: str = "") -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        _, record = found(here, "resource", resource_id)
        sent = sent_from(here, data)
        answer = carry_out(here, resources.book, sent, {"resource_id": resource_id}, ("person",))
        monday = _monday(here, sent.text("begins")[:10] or day)
        if answer.done:
            return see_other(f"/centre/resources/{resource_id}/calendar?day={monday}")
        return page(_page(here, record, monday, sent, answer), here.around.shell, status=422)


def _monday(visit: Visit, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = visit.around.now.astimezone(ZoneInfo(visit.around.shell.timezone)).date()
    day = min(max(day, date(1970, 1, 12)), date(2199, 12, 1))
    return day - timedelta(days=day.weekday())


def _page(
    visit: Visit, record: Record, monday: date, sent: Sent | None = None, answer: Answer | None = None
) -> CentreSheetPage:
    zone = ZoneInfo(visit.around.shell.timezone)
    since = datetime.combine(monday, time(), zone)
    seen = resources.calendar(visit.connection, visit.me, record.id, since, since + timedelta(days=DAYS))
    href = f"/centre/resources/{record.id}/calendar"
    weeks = tuple(
        Action(label=label, href=f"{href}?day={monday + timedelta(days=shift)}", method="get")
        for label, shift in ((msg("Week before"), -DAYS), (msg("Week after"), DAYS))
    )
    return CentreSheetPage(
        title=msg("Calendar: {resource}", resource=title_of(visit, record)),
        above=(Tab(label=title_of(visit, record), href=f"/centre/resource/{record.id}"),),
        actions=weeks,
        blocks=(
            Block(
                title=msg("Week from {day}", day=monday),
                note=msg("{n} at a time", n=seen.capacity),
                scale=_scale(visit, seen, since),
            ),
            *((_form(visit, record, href, sent, answer),) if visit.me.may("resource.book") else ()),
        ),
        aside=(_mine(visit, record, since),),
    )


def _scale(visit: Visit, seen: Calendar, since: datetime) -> Scale:
    lanes = tuple(_day(visit, seen, since + timedelta(days=n)) for n in range(DAYS))
    ticks = tuple((100 * hour / HOURS, f"{hour:02d}:00") for hour in range(0, HOURS + 1, 4))
    return Scale(ticks=ticks, lanes=lanes, keys=KEYS)


def _day(visit: Visit, seen: Calendar, day: datetime) -> Lane:
    ends = day + timedelta(days=1)
    open_at: list[tuple[datetime, datetime, Tone]] = [(one.begins, one.ends, "advice") for one in seen.open]
    taken: list[tuple[datetime, datetime, Tone]] = [
        (one.begins, one.ends, "good" if one.mine else "plain") for one in seen.slots
    ]
    spans = tuple(
        _span(begins, until, tone, day) for begins, until, tone in (*open_at, *taken) if begins < ends and until > day
    )
    label = Message("{weekday} {day}", {"weekday": WEEKDAYS[day.weekday()], "day": day.date()})
    return Lane(label=label, spans=spans)


def _span(begins: datetime, until: datetime, tone: Tone, day: datetime) -> Span:
    zone = day.tzinfo
    first, last = max(begins, day), min(until, day + timedelta(days=1))
    says = msg(
        "{what} {begins} to {ends}",
        what=dict(KEYS)[tone],
        begins=f"{first.astimezone(zone):%H:%M}",
        ends=f"{last.astimezone(zone):%H:%M}",
    )
    share = 100 / timedelta(days=1).total_seconds()
    return Span(
        label="", says=says, begin=(first - day).total_seconds() * share, width=(last - first).total_seconds() * share,
        tone=tone,
    )  # fmt: skip


def _form(visit: Visit, record: Record, href: str, sent: Sent | None, answer: Answer | None) -> Block:
    fields = asked_fields(Filled(visit, "use", sent=sent), resources.book, HIDDEN)
    wrong = wrongs_above(fields, answer.wrong, answer.problem) if answer else ()
    form = FormPart(action=href, fields=fields, sends=(Send(label=msg("Book it"), primary=True),), wrong=wrong)
    return Block(title=msg("Book it"), note=_terms(visit, record), form=form)


def _terms(visit: Visit, record: Record) -> Message:
    """Return what one wants to know before booking: the price, the longest time, whose clock counts."""
    return msg(
        "{price} an hour for members, at most {hours} h at a time; times of {zone}",
        price=visit.around.money(record.facts.price_member),
        hours=record.facts.longest_h,
        zone=visit.around.shell.timezone,
    )


def _mine(visit: Visit, record: Record, since: datetime) -> Block:
    if visit.me.person_id is None:
        return Block(title=msg("My bookings"))
    mine = [one for one in resources.my_bookings(visit.connection, visit.me, since) if one.resource_id == record.id]
    return Block(
        title=msg("My bookings"),
        links=tuple(_booking(visit, one) for one in mine),
        nothing=msg("None this week. Choose a free time and book it."),
    )


def _booking(visit: Visit, one: Booking) -> LinkRow:
    zone = ZoneInfo(visit.around.shell.timezone)
    begins, ends = one.begins.astimezone(zone), one.ends.astimezone(zone)
    when = Message(
        "{day} {begins}–{ends}", {"day": begins.date(), "begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
    )
    return LinkRow(href=f"/centre/bookings/{one.id}", title=when, detail=state_word(one.state))


@get("/centre/bookings/{booking_id:uuid}", sync_to_thread=True, include_in_schema=False)
def booking(request: AnyRequest, actor: Actor, booking_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        _, view = _use_page(here, booking_id)
        return page(view, here.around.shell)


@post("/centre/bookings/{booking_id:uuid}", sync_to_thread=True, include_in_schema=False)
def use(request: AnyRequest, actor: Actor, booking_id: UUID, data: Form) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        sent = sent_from(here, data)
        used = _used(here, booking_id)
        if used is None:
            answer = carry_out(here, resources.record_use, sent, {"booking_id": booking_id})
        else:
            answer = carry_out(here, resources.link_use, sent, {"use_id": used.id})
        one, view = _use_page(here, booking_id, sent, answer)
        if answer.done:
            return see_other(f"/centre/resources/{one.resource_id}/calendar")
        return page(view, here.around.shell, status=422)


def _used(visit: Visit, booking_id: UUID) -> Record | None:
    """Return the use that was recorded of a booking already."""
    one = resources.booking_by_id(visit.connection, booking_id)
    return resources.use_of(visit.connection, one) if one.state == "used" else None


def _use_page(
    visit: Visit, booking_id: UUID, sent: Sent | None = None, answer: Answer | None = None
) -> tuple[Booking, CentreFormPage]:
    """Return the form in which the use is recorded; of one that is, the form that says what it led to."""
    one = resources.booking_by_id(visit.connection, booking_id)
    if one.person_id != visit.me.person_id:
        visit.me.require("centre.edit")
    _, record = found(visit, "resource", one.resource_id)
    used, name = _used(visit, booking_id), title_of(visit, record)
    action, back = f"/centre/bookings/{booking_id}", f"/centre/resources/{record.id}/calendar"
    if used is not None:
        said: dict[str, Any] = {"result": used.facts.result and str(used.facts.result)}
        return one, command_page(
            Filled(visit, "use", said=said, sent=sent), resources.link_use, frozenset({"use_id"}),
            title=msg("What did it lead to? {resource}", resource=name), send=msg("It led to a result"),
            action=action, back=back, answer=answer,
        )  # fmt: skip
    said = {"begins": one.begins.isoformat(), "ends": one.ends.isoformat()}
    view = command_page(
        Filled(visit, "use", said=said, sent=sent), resources.record_use, frozenset({"booking_id"}),
        title=msg("When was it really used? {resource}", resource=name), send=msg("Record the use"),
        action=action, back=back, answer=answer,
    )  # fmt: skip
    return one, msgspec.structs.replace(view, actions=_cancels(one))


def _cancels(one: Booking) -> tuple[Action, ...]:
    if one.state != "booked":
        return ()
    sure = msg("Cancel this booking?")
    return (Action(label=msg("Cancel the booking"), href=f"/centre/bookings/{one.id}/cancel", confirm=sure),)


@post("/centre/bookings/{booking_id:uuid}/cancel", sync_to_thread=True, include_in_schema=False)
def cancel(request: AnyRequest, actor: Actor, booking_id: UUID) -> Redirect:
    with visit(request, actor) as here:
        one = resources.cancel(here.connection, here.me, booking_id)
    return see_other(f"/centre/resources/{one.resource_id}/calendar")


HANDLERS = [calendar, book, booking, use, cancel]
