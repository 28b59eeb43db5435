"""Meetings of a body: agenda, who was there, minutes, and votes that count only with a quorum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta
from msgspec.structs import replace

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.days import zone_of
from takeback.share.centre.kinds import Facts, Line, LineZh, Text, kind
from takeback.share.centre.naming import ActedId, RecordId, naming
from takeback.share.centre.organisation.bodies import Body, quorum, sitting
from takeback.share.centre.people import names
from takeback.share.centre.records import Record, change, create, find, get, move

Number = Annotated[int, Meta(ge=1, le=200)]


class AgendaItem(Facts, frozen=True, kw_only=True):
    """A point of the agenda; `paper`: the record that it is about."""

    number: Number
    title: Line
    title_zh: LineZh = ""
    paper: RecordId | None = None


class Vote(Facts, frozen=True, kw_only=True):
    """A vote on a point. Who voted how is said by person; `outcome` is worked out, never given."""

    item: Number
    motion: Line
    motion_zh: LineZh = ""
    yes: tuple[ActedId, ...] = ()
    no: tuple[ActedId, ...] = ()
    abstained: tuple[ActedId, ...] = ()
    outcome: Literal["", "carried", "rejected"] = ""


@kind(
    "meeting",
    title="title",
    states={"called": ("held", "cancelled"), "held": ("approved",), "approved": (), "cancelled": ()},
    create="centre.edit",
    read="decision.make",
    fixed_in=("approved", "cancelled"),
    parent="body",
    year="year",
)
class Meeting(Facts, frozen=True, kw_only=True):
    """A meeting; `year`: in which it begins where the centre is. Read by who sits in the body or leads the centre."""

    body: Annotated[UUID, naming("body")]
    title: Line
    title_zh: LineZh = ""
    begins: Annotated[datetime, Meta(tz=True)]
    year: int
    place: str = ""
    agenda: tuple[AgendaItem, ...] = ()
    present: tuple[ActedId, ...] = ()
    minutes: Text = ""
    minutes_zh: Text = ""
    votes: tuple[Vote, ...] = ()


def call_meeting(
    connection: sa.Connection,
    actor: CentreActor,
    body_id: UUID,
    title: str,
    begins: datetime,
    agenda: Sequence[AgendaItem],
    *,
    title_zh: LineZh = "",
    place: str = "",
    at: datetime | None = None,
) -> Record:
    """Call a meeting of a body.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-record`` (404), ``centre.dissolved`` (409), ``centre.bad-agenda``.
    """
    body = get(connection, body_id, kind="body", lock=True)
    if body.state != "active":
        raise Problem("centre.dissolved", msg("This body was dissolved."), where=body.title, status=409)
    numbers = [item.number for item in agenda]
    if not numbers or len({*numbers}) < len(numbers):
        raise Problem(
            "centre.bad-agenda",
            msg("An agenda has one point or more, each with a number of its own."),
            found=", ".join(map(str, numbers)),
        )
    facts = Meeting(
        body=body_id, title=title, title_zh=title_zh, begins=begins, year=_day_of(connection, begins).year,
        place=place, agenda=tuple(agenda),
    )  # fmt: skip
    return create(connection, actor, "meeting", facts, at=at)


def hold_meeting(
    connection: sa.Connection,
    actor: CentreActor,
    meeting_id: UUID,
    *,
    present: Sequence[UUID],
    minutes: str,
    minutes_zh: Text = "",
    votes: Sequence[Vote] = (),
    at: datetime | None = None,
) -> Record:
    """Say what a meeting came to; the outcome of each vote is worked out by the body's rule.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.bad-move`` (409) when it was held already; ``centre.bad-minutes`` with one of
        `errors` for: somebody present who does not sit there, a vote without quorum, of somebody absent, given
        twice, or on no point of the agenda.
    """
    actor.require("centre.edit")
    old = get(connection, meeting_id, kind="meeting", lock=True)
    body = _without_withdrawn(connection, get(connection, old.facts.body, kind="body").facts, old.facts.begins)
    counted = tuple(replace(vote, outcome=_outcome(body, vote)) for vote in votes)
    held = replace(old.facts, present=tuple(present), minutes=minutes, minutes_zh=minutes_zh, votes=counted)
    if wrong := _wrong(body, held, _day_of(connection, held.begins)):
        raise Problem(
            "centre.bad-minutes", msg("This meeting cannot have gone like that."), where=old.title, errors=wrong
        )
    return move(connection, actor, meeting_id, "held", facts=held, at=at)


def correct_minutes(
    connection: sa.Connection,
    actor: CentreActor,
    meeting_id: UUID,
    minutes: Text,
    minutes_zh: Text | None = None,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Correct the text of minutes that are not approved yet; who was there and the votes stay as they are.

    `minutes_zh`: the Chinese text, which stays as it is where none is given; `version`: the one that the correction
    was made from.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.not-held`` (409) before the meeting, ``centre.fixed`` (409) once approved,
        ``centre.changed-meanwhile`` (409).
    """
    actor.require("centre.edit")
    old = get(connection, meeting_id, kind="meeting", lock=True)
    if old.state == "called":
        raise Problem("centre.not-held", msg("This meeting has no minutes yet."), where=old.title, status=409)
    chinese = old.facts.minutes_zh if minutes_zh is None else minutes_zh
    corrected = replace(old.facts, minutes=minutes, minutes_zh=chinese)
    return change(connection, actor, meeting_id, corrected, version=version, at=at)


def approve_minutes(
    connection: sa.Connection, actor: CentreActor, meeting_id: UUID, *, at: datetime | None = None
) -> Record:
    """Approve the minutes, which are fixed from then on."""
    return move(connection, actor, meeting_id, "approved", kind="meeting", at=at)


def cancel_meeting(
    connection: sa.Connection, actor: CentreActor, meeting_id: UUID, *, reason: str, at: datetime | None = None
) -> Record:
    """Call off a meeting."""
    return move(connection, actor, meeting_id, "cancelled", kind="meeting", reason=reason, at=at)


def meetings_of(connection: sa.Connection, actor: CentreActor, body_id: UUID) -> list[Record]:
    """Return the meetings of a body, the latest first, for whoever sits or sat in it or leads the centre."""
    body = get(connection, body_id, kind="body")
    if actor.person_id not in {seat.person for seat in body.facts.seats}:
        actor.require("decision.make")
    found = find(connection, "meeting", parent=body_id)
    return sorted(found, key=lambda meeting: meeting.facts.begins, reverse=True)


def _without_withdrawn(connection: sa.Connection, body: Body, on: datetime) -> Body:
    """Return a body without the seats of those who had withdrawn by then: they are not waited for."""
    persons = names(connection, [seat.person for seat in body.seats])
    left = {one.id for one in persons.values() if one.withdrawn_at is not None and one.withdrawn_at <= on}
    return replace(body, seats=tuple(seat for seat in body.seats if seat.person not in left))


def _day_of(connection: sa.Connection, begins: datetime) -> date:
    return begins.astimezone(zone_of(connection)).date()


def _outcome(body: Body, vote: Vote) -> Literal["carried", "rejected"]:
    given = len(vote.yes) + len(vote.no)
    return "carried" if len(vote.yes) * 100 > given * body.majority_pct else "rejected"


def _wrong(body: Body, held: Meeting, on: date) -> list[Problem]:
    seated, numbers = {seat.person for seat in sitting(body, on)}, {item.number for item in held.agenda}
    wrong = [_problem("present", one, msg("somebody who sits there")) for one in held.present if one not in seated]
    if len({*held.present}) < len(held.present):
        wrong.append(_problem("present", len(held.present), msg("each person once")))
    needed = quorum(body, on)
    if held.votes and len(held.present) < needed:
        wrong.append(_problem("votes", len(held.present), msg("a quorum of {count}", count=needed)))
    for vote in held.votes:
        who = (*vote.yes, *vote.no, *vote.abstained)
        if vote.item not in numbers:
            wrong.append(_problem("votes", vote.item, msg("a point of the agenda")))
        if len({*who}) < len(who) or not {*who} <= {*held.present}:
            wrong.append(_problem(f"votes/{vote.item}", vote.motion, msg("one vote of each who is present")))
    return wrong


def _problem(field: str, found: object, expected: Message) -> Problem:
    return Problem(
        "centre.bad-field", msg("This value is not understood."), where=field, found=found, expected=expected
    )
