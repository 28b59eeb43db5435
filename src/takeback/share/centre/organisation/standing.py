"""Who stands where: the roles of persons, and members that join and leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.members import Member
from takeback.share.centre.organisation.bodies import end_seats
from takeback.share.centre.people import Person, PersonFields, enter_person, keep_a_manager, people, present_person
from takeback.share.centre.records import Record, change, create, find, get, move
from takeback.share.centre.turns import take_turn


def set_roles(
    connection: sa.Connection, actor: CentreActor, person_id: UUID, roles: Sequence[str], *, at: datetime | None = None
) -> Person:
    """Give a person other roles in this centre; those in other centres are theirs to give.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (404, also for one who withdrew), ``centre.bad-person``,
        ``centre.last-manager`` (409): a centre keeps a person who runs it.
    """
    actor.require("person.edit")
    take_turn(connection)  # nothing is written of the person between reading and writing
    person = present_person(connection, person_id)
    fields = PersonFields(
        name=person.name, name_zh=person.name_zh, email=person.email, member_id=person.member_id, roles=list(roles),
    )  # fmt: skip
    return enter_person(connection, actor, fields, id=person_id, at=at)


def join(connection: sa.Connection, actor: CentreActor, member: Member, *, at: datetime | None = None) -> Record:
    """Take an organisation in as a member.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.member-exists`` (409) for a code that another one has; ``centre.other-leads``
        (409): one university leads.
    """
    actor.require("member.edit")
    take_turn(connection)
    _one_of_a_kind(member, [other.facts for other in find(connection, "member")])
    return create(connection, actor, "member", member, at=at)


def change_member(
    connection: sa.Connection,
    actor: CentreActor,
    member_id: UUID,
    member: Member,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Change what is said of a member; that it leads is said by `lead` alone.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-record`` (404), ``centre.changed-meanwhile`` (409), ``centre.member-exists``
        (409) for a code that another one has.
    """
    actor.require("member.edit")
    old = get(connection, member_id, kind="member", lock=True)
    kept = msgspec.structs.replace(member, lead=old.facts.lead)
    _one_of_a_kind(kept, [other.facts for other in find(connection, "member") if other.id != member_id])
    return change(connection, actor, member_id, kept, version=version, at=at)


def lead(connection: sa.Connection, actor: CentreActor, member_id: UUID, *, at: datetime | None = None) -> Record:
    """Make another university the one that leads."""
    actor.require("member.edit")
    new = get(connection, member_id, kind="member", lock=True)
    if new.facts.sort != "university" or new.state != "active":
        raise Problem("centre.bad-lead", msg("A university that is a member leads a centre."), where=new.title)
    for old in find(connection, "member"):
        if old.facts.lead and old.id != member_id:
            change(connection, actor, old.id, msgspec.structs.replace(old.facts, lead=False), at=at)
    return change(connection, actor, member_id, msgspec.structs.replace(new.facts, lead=True), at=at)


def leave(
    connection: sa.Connection, actor: CentreActor, member_id: UUID, *, reason: str = "", at: datetime | None = None
) -> Record:
    """Let a member go: its persons' roles and seats end, what they and it did stays.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.lead-stays`` (409): another university must lead first;
        ``centre.last-manager`` (409); ``centre.bad-move`` (409) when it has left already.
    """
    actor.require("member.edit")
    member = get(connection, member_id, kind="member", lock=True)
    if member.facts.lead:
        raise Problem(
            "centre.lead-stays",
            msg("The university that leads cannot leave."),
            where=member.title,
            remedy=msg("Let another university lead first."),
            status=409,
        )
    own = people(connection, member=member_id)
    keep_a_manager(connection, [person.id for person in own])
    gone = move(connection, actor, member_id, "left", reason=reason, at=at)
    for person in (one for one in own if one.roles):
        set_roles(connection, actor, person.id, [], at=at)
    end_seats(connection, actor, [person.id for person in own], on=gone.changed_at.date(), at=at)
    return gone


def come_back(connection: sa.Connection, actor: CentreActor, member_id: UUID, *, at: datetime | None = None) -> Record:
    """Take a member in again that had left; roles are given anew."""
    return move(connection, actor, member_id, "active", kind="member", at=at)


def _one_of_a_kind(member: Member, others: Iterable[Member]) -> None:
    for other in others:
        if other.code == member.code:
            raise Problem(
                "centre.member-exists",
                msg("Another member has this code."),
                where="code",
                found=member.code,
                status=409,
            )
        if other.lead and member.lead:
            raise Problem(
                "centre.other-leads", msg("Another university leads this centre."), where="lead", found=other.name,
                status=409,
            )  # fmt: skip
