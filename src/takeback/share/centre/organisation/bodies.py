"""The bodies of a centre: council, directors, expert committee; their seats and the terms for which they are held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta
from msgspec.structs import replace

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.days import zone_of
from takeback.share.centre.kinds import Facts, Line, Text, kind
from takeback.share.centre.naming import PersonId
from takeback.share.centre.people import names, present_person
from takeback.share.centre.records import Record, change, create, find, get, move
from takeback.share.centre.turns import take_turn

Percent = Annotated[int, Meta(ge=1, le=100)]


class Seat(Facts, frozen=True, kw_only=True):
    """Who sits in a body, from the day `begins` to the day before `ends` (None: until somebody else does)."""

    person: PersonId
    post: Literal["chair", "vice", "secretary", "member"] = "member"
    begins: date
    ends: date | None = None

    def held(self, on: date) -> bool:
        """Whether it is held on a day."""
        return self.begins <= on and (self.ends is None or on < self.ends)


@kind(
    "body",
    title="name",
    states={"active": ("dissolved",), "dissolved": ()},
    create="centre.edit",
    fixed_in=("dissolved",),
)
class Body(Facts, frozen=True, kw_only=True):
    """A body. `quorum_pct`: of the seats held, who must be present; `majority_pct`: of the votes given, more than this.

    An abstention is no vote. `largest`: seats at most, None without limit.
    """

    name: Line
    name_zh: Line
    sort: Literal["council", "director", "expert-committee", "other"]
    duties: Text = ""
    duties_zh: Text = ""
    quorum_pct: Percent = 50
    majority_pct: Percent = 50
    largest: int | None = None
    term_years: int | None = None
    seats: tuple[Seat, ...] = ()


def put_body(connection: sa.Connection, actor: CentreActor, body: Body, *, at: datetime | None = None) -> Record:
    """Put a body; who sits in it is said by `take_seat`."""
    return create(connection, actor, "body", replace(body, seats=()), at=at)


def take_seat(
    connection: sa.Connection, actor: CentreActor, body_id: UUID, seat: Seat, *, at: datetime | None = None
) -> Record:
    """Give a person a seat; the term ends after `term_years` where the body has one and the seat says nothing else.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (404, also for one who withdrew), ``centre.seated`` (409) for one
        who sits there, or a second chair; ``centre.full`` (409), ``centre.bad-term``, ``centre.fixed`` (409) in a
        body that was dissolved.
    """
    actor.require("centre.edit")
    old = get(connection, body_id, kind="body", lock=True)
    present_person(connection, seat.person)
    new = _with_term(old.facts, seat)
    _fits(old, _left(connection, old.facts), new)
    return change(connection, actor, body_id, replace(old.facts, seats=(*old.facts.seats, new)), at=at)


def end_seats(
    connection: sa.Connection, actor: CentreActor, persons: Collection[UUID], *, on: date, at: datetime | None = None
) -> list[Record]:
    """End the seats that persons hold in any body; return the bodies that changed."""
    actor.require("centre.edit")
    take_turn(connection)  # nobody is given a seat meanwhile
    changed = []
    for body in find(connection, "body", state="active"):
        seats = tuple(_ended(seat, on) if seat.person in persons else seat for seat in body.facts.seats)
        if seats != body.facts.seats:
            changed.append(change(connection, actor, body.id, replace(body.facts, seats=seats), at=at))
    return changed


def dissolve(
    connection: sa.Connection, actor: CentreActor, body_id: UUID, *, reason: str, at: datetime | None = None
) -> Record:
    """Dissolve a body; its meetings stay."""
    return move(connection, actor, body_id, "dissolved", kind="body", reason=reason, at=at)


def sitting(body: Body, on: date) -> list[Seat]:
    """Return the seats held on a day, the chair first."""
    posts = ("chair", "vice", "secretary", "member")
    return sorted((seat for seat in body.seats if seat.held(on)), key=lambda seat: posts.index(seat.post))


def quorum(body: Body, on: date) -> int:
    """Return how many of those who sit on a day must be present, one at least."""
    return max(1, -(-len(sitting(body, on)) * body.quorum_pct // 100))


def _with_term(body: Body, seat: Seat) -> Seat:
    if seat.ends is None and body.term_years:
        year, day = seat.begins.year + body.term_years, seat.begins
        leap = (day.month, day.day) == (2, 29)
        return replace(seat, ends=date(year, 3, 1) if leap else day.replace(year=year))
    if seat.ends is not None and seat.ends <= seat.begins:
        raise Problem(
            "centre.bad-term",
            msg("A term ends after it begins."),
            where="ends",
            found=seat.ends,
            expected=msg("a day after {day}", day=seat.begins),
        )
    return seat


def _left(connection: sa.Connection, body: Body) -> list[Seat]:
    """Return the seats of a body; those of people who withdrew are held until that day."""
    persons, zone = names(connection, [seat.person for seat in body.seats]), zone_of(connection)
    gone = {one.id: one.withdrawn_at.astimezone(zone).date() for one in persons.values() if one.withdrawn_at}
    return [_ended(seat, gone[seat.person]) if seat.person in gone else seat for seat in body.seats]


def _fits(old: Record, seats: Sequence[Seat], new: Seat) -> None:
    clash = [seat for seat in seats if seat.begins < (new.ends or date.max) and _after(seat, new.begins)]
    if any(seat.person == new.person for seat in clash):
        raise Problem("centre.seated", msg("This person sits there already."), where=old.title, status=409)
    if new.post == "chair" and any(seat.post == "chair" for seat in clash):
        raise Problem("centre.seated", msg("Somebody else has the chair."), where=old.title, status=409)
    days = [new.begins, *(seat.begins for seat in clash if seat.begins > new.begins)]
    taken = max(sum(seat.held(day) for seat in clash) for day in days)
    if old.facts.largest is not None and taken >= old.facts.largest:
        raise Problem(
            "centre.full",
            msg("All seats are taken."),
            where=old.title,
            found=taken,
            expected=str(old.facts.largest),
            status=409,
        )


def _after(seat: Seat, day: date) -> bool:
    return seat.ends is None or seat.ends > day


def _ended(seat: Seat, on: date) -> Seat:
    return replace(seat, ends=max(on, seat.begins)) if _after(seat, on) else seat
