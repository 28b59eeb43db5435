"""The people of a centre: as much of each as the person agreed to and the asker may see."""

from __future__ import annotations

from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Response, delete, get, post, put

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import people
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.people import Person, PersonFields
from takeback.share.centre.roles import permissions_of
from takeback.share.centre.seeing import visible
from takeback.web.api.centre_asking import URL, once_within, within
from takeback.web.api.idempotency import Once

TAGS = ["Centre: people"]


class CentreMe(msgspec.Struct, frozen=True, kw_only=True):
    """Who you are in the centre; `person_id` None: you run it without being one of its people."""

    person_id: UUID | None
    member_id: UUID | None
    roles: list[str]
    permissions: list[str]
    consents: list[str]


class CentrePerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person. `email` and `consents` are for those who enter people, and for oneself."""

    id: UUID
    member_id: UUID | None
    roles: list[str]
    name: str
    name_zh: str
    email: str | None
    consents: list[str]


class Consents(msgspec.Struct, frozen=True, kw_only=True):
    """What you agree to: `profile`, `portfolio`, `statistics`."""

    consents: list[str]


@get(f"{URL}/me", sync_to_thread=True, tags=TAGS, summary="Who you are in the centre, and what you may do there")
def me(actor: Actor) -> CentreMe:
    return within(actor, _me)


@get(f"{URL}/people", sync_to_thread=True, tags=TAGS, summary="People who agreed to be seen; all for who enters them")
def find(actor: Actor, role: str | None = None, member: UUID | None = None, text: str = "") -> list[CentrePerson]:
    def found(connection: sa.Connection, who: CentreActor) -> list[CentrePerson]:
        rows = people.people(connection, role=role, member=member, text=text)
        return [seen_person(person, who) for person in rows if visible(person, who)]

    return within(actor, found)


@post(f"{URL}/people", sync_to_thread=True, tags=TAGS, summary="Enter a person")
def enter(actor: Actor, once: Once, data: PersonFields) -> Response[CentrePerson]:
    return once_within(actor, once, lambda c, who: seen_person(people.enter_person(c, who, data), who))


@get(f"{URL}/people/{{person_id:uuid}}", sync_to_thread=True, tags=TAGS, summary="One person")
def one(actor: Actor, person_id: UUID) -> CentrePerson:
    return within(actor, lambda connection, who: seen_person(_person(connection, who, person_id), who))


@put(f"{URL}/people/{{person_id:uuid}}", sync_to_thread=True, tags=TAGS, summary="Change a person's entry")
def change(actor: Actor, person_id: UUID, data: PersonFields) -> CentrePerson:
    def effect(connection: sa.Connection, who: CentreActor) -> CentrePerson:
        who.require("person.edit")
        _person(connection, who, person_id)
        return seen_person(people.enter_person(connection, who, data, id=person_id), who)

    return within(actor, effect)


@delete(
    f"{URL}/people/{{person_id:uuid}}",
    sync_to_thread=True,
    tags=TAGS,
    summary="Withdraw a person: the name is erased for good; what was done stays, by nobody's name",
)
def withdraw(actor: Actor, person_id: UUID) -> None:
    def effect(connection: sa.Connection, who: CentreActor) -> None:
        _person(connection, who, person_id)
        people.withdraw_person(connection, who, person_id)

    within(actor, effect)


@put(f"{URL}/me/consents", sync_to_thread=True, tags=TAGS, summary="Change what you agree to")
def consent(actor: Actor, data: Consents) -> CentreMe:
    def effect(connection: sa.Connection, who: CentreActor) -> CentreMe:
        people.set_consents(connection, who, data.consents)
        return _me(connection, who)

    return within(actor, effect)


def _person(connection: sa.Connection, who: CentreActor, person_id: UUID) -> Person:
    person = people.person_by_id(connection, person_id)
    if person.withdrawn_at is not None or not visible(person, who):
        raise Problem("centre.no-person", msg("There is no such person in this centre."), found=person_id, status=404)
    return person


def seen_person(person: Person, who: CentreActor) -> CentrePerson:
    """Return as much of a person as `who` may see."""
    whole = who.may("person.edit") or person.id == who.person_id
    return CentrePerson(
        id=person.id,
        member_id=person.member_id,
        roles=person.roles,
        name=person.name,
        name_zh=person.name_zh,
        email=person.email if whole else None,
        consents=person.consents if whole else [],
    )


def _me(connection: sa.Connection, who: CentreActor) -> CentreMe:
    person = people.person_by_id(connection, who.person_id) if who.person_id else None
    return CentreMe(
        person_id=who.person_id,
        member_id=who.member_id,
        roles=sorted(who.roles),
        permissions=sorted(permissions_of(who.roles)),
        consents=person.consents if person else [],
    )


HANDLERS = [me, find, enter, one, change, withdraw, consent]
