"""The people of the demo's centre: entered, some of them with accounts; each acts with exactly the roles it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.core.ids import uuid7
from takeback.core.problem import Problem
from takeback.demo.cast import PASSWORD
from takeback.demo.centre.content import Cast, PersonText
from takeback.demo.centre.dates import Calendar
from takeback.operate import identity
from takeback.operate.identity.memberships import insert_member
from takeback.share.centre.acting import CentreActor, system
from takeback.share.centre.founding import found_centre
from takeback.share.centre.members import Centre, Member
from takeback.share.centre.organisation import join
from takeback.share.centre.people import CONSENTS, PersonFields, enter_person, people, set_consents
from takeback.share.centre.records import find
from takeback.share.centre.talent import set_traits


@dataclass
class Crew:
    """Who takes part: members by code, people by nick. `org`: the centre."""

    org: UUID
    cast: Cast
    dates: Calendar
    members: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)

    @property
    def system(self) -> CentreActor:
        """Whoever acts where no person does."""
        return system(self.org)

    def actor(self, nick: str) -> CentreActor:
        """Return a person as actor."""
        person = self.text(nick)
        return CentreActor(
            org_id=self.org,
            person_id=self.people[nick],
            member_id=self.members.get(person.member),
            roles=frozenset(person.roles),
        )

    def text(self, nick: str) -> PersonText:
        """Return what is told of a person."""
        return next(person for person in self.cast.people if person.nick == nick)

    def with_role(self, role: str) -> list[str]:
        """Return the nicks of people with a role, in the order of the file."""
        return [person.nick for person in self.cast.people if role in person.roles]


def gather(cast: Cast, dates: Calendar) -> Crew:
    """Found the centre and enter its members and people, in one transaction."""
    crew = Crew(uuid7(), cast, dates)
    at, text = dates.at(1, 3, 2), cast.centre
    facts = Centre(
        name=text.name, name_zh=text.name_zh, mission=text.mission, mission_zh=text.mission_zh, fields=text.fields,
        begins=dates.day(1, 3, 2), ends=dates.day(1, 3, 2).replace(year=dates.first + 5), public_board=True,
    )  # fmt: skip
    first = next(person for person in cast.people if "manager" in person.roles)
    with store.transaction(crew.org) as connection:
        user = _account(connection, first, text.slug)
        manager = PersonFields(name=first.name, name_zh=first.name_zh, roles=first.roles)
        found_centre(connection, crew.org, text.slug, facts, manager=manager, user_id=user, at=at)
        connection.execute(sa.text("update organisation set simulated = true where id = :id"), {"id": crew.org})
        crew.people[first.nick] = connection.execute(sa.text("select id from centre_person")).scalar_one()
        for member in cast.members:
            told = Member(
                code=member.code, name=member.name, name_zh=member.name_zh, sort=member.sort, lead=member.lead,
                slug=_tenant(connection, member.slug), since=dates.day(1, 3, 2),
            )  # fmt: skip
            crew.members[member.code] = join(connection, crew.system, told, at=at).id
        for person in cast.people:
            _enter(connection, crew, person)
    return crew


def known(cast: Cast, dates: Calendar) -> Crew | None:
    """Return the crew of a centre that is founded already, None where it is not."""
    with store.admin() as connection:
        try:
            crew = Crew(identity.organisation_by_slug(connection, cast.centre.slug).id, cast, dates)
        except Problem:
            return None
    with store.transaction(crew.org) as connection:
        crew.members |= {one.facts.code: one.id for one in find(connection, "member")}
        emails = {_email(person, cast.centre.slug): person.nick for person in cast.people}
        crew.people |= {emails[one.email]: one.id for one in people(connection) if one.email in emails}
    return crew


def accounts(cast: Cast) -> Sequence[dict[str, str]]:
    """Return the accounts that the sign-in page offers: one for each role."""
    return [
        {
            "email": _email(person, cast.centre.slug),
            "password": PASSWORD,
            "organisation": cast.centre.name,
            "organisation_zh": cast.centre.name_zh,
            "role": person.account,
        }
        for person in cast.people
        if person.account
    ]


def _tenant(connection: sa.Connection, slug: str | None) -> str | None:
    """Return the short name of a member's own organisation where the demo world has it."""
    try:
        return identity.organisation_by_slug(connection, slug).slug if slug else None
    except Problem:
        return None


def _enter(connection: sa.Connection, crew: Crew, person: PersonText) -> None:
    known = crew.people.get(person.nick)
    user = _account(connection, person, crew.cast.centre.slug) if person.account else None
    if user is not None and known is None:
        insert_member(connection, crew.org, user, "participant")
    fields = PersonFields(
        name=person.name,
        name_zh=person.name_zh,
        email=_email(person, crew.cast.centre.slug),
        member_id=crew.members.get(person.member),
        roles=person.roles,
    )
    made = enter_person(connection, crew.system, fields, id=known, user_id=user, at=crew.dates.at(1, 3, 2, 10))
    crew.people[person.nick] = made.id
    actor = crew.actor(person.nick)
    set_consents(connection, actor, CONSENTS, at=crew.dates.at(1, 3, 2, 11))
    set_traits(connection, actor, person.traits)


def _account(connection: sa.Connection, person: PersonText, slug: str) -> UUID:
    email = _email(person, slug)
    known = identity.find_user(connection, email)
    made = known or identity.create_user(connection, email=email, display_name=person.name, password=PASSWORD)
    return made.id


def _email(person: PersonText, slug: str) -> str:
    return f"{person.nick}@{slug}.example"
