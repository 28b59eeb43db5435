"""A small centre for tests: a university that leads, two companies, an institute, an authority, and their people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa

from takeback import store
from takeback.operate.identity.users import create_user
from takeback.share.centre.acting import CentreActor, system
from takeback.share.centre.founding import found_centre
from takeback.share.centre.members import Centre, Member
from takeback.share.centre.people import CONSENTS, Person, PersonFields, enter_person, set_consents
from takeback.share.centre.records import create

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
MEMBERS = {
    "university": ("U1", "Linhai University", "临海大学", "university", True),
    "maker": ("E1", "Voltray Packs", "伏瑞电池", "enterprise", False),
    "shop": ("E2", "Quickbasket", "快篮电商", "enterprise", False),
    "institute": ("I1", "Institute of Circular Materials", "循环材料研究所", "institute", False),
    "authority": ("A1", "Municipal Education Commission", "市教育委员会", "authority", False),
}


@dataclass
class CentreWorld:
    """A centre; `members` and `people` by short names."""

    org: UUID
    manager: CentreActor
    members: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def enter(self, name: str, member: str, *roles: str, email: str | None = None) -> CentreActor:
        """Enter a person of a member with roles; return it as an actor."""
        with store.transaction(self.org) as connection:
            fields = PersonFields(name=name, email=email, member_id=self.members[member], roles=list(roles))
            self.people[name] = enter_person(connection, self.manager, fields, at=START)
            self.people[name] = set_consents(connection, self.actor(name), CONSENTS, at=START)
        return self.actor(name)

    def actor(self, name: str) -> CentreActor:
        """Return a person as actor."""
        person = self.people[name]
        return CentreActor(
            org_id=self.org, person_id=person.id, member_id=person.member_id, roles=frozenset(person.roles)
        )


def new_centre(slug: str = "centre") -> CentreWorld:
    """Found a centre in the open database."""
    org = uuid4()
    with store.transaction(org) as connection:
        user = create_user(
            connection, email=f"{slug}@example.org", display_name="Wei Lan", password="a-long-password-3", locale="en"
        )
        centre = Centre(name="Centre of Reverse Logistics", name_zh="逆向物流协同创新中心")
        manager = PersonFields(name="Wei Lan", name_zh="兰薇", roles=["manager"])
        found_centre(connection, org, slug, centre, manager=manager, user_id=user.id, at=START)
        person = connection.execute(sa.text("select id from centre_person")).scalar_one()
        world = CentreWorld(org, replace(system(org), person_id=person, roles=frozenset({"manager", "director"})))
        for name, (code, english, chinese, sort, lead) in MEMBERS.items():
            facts = Member(code=code, name=english, name_zh=chinese, sort=sort, lead=lead)  # type: ignore[arg-type]
            world.members[name] = create(connection, world.manager, "member", facts, at=START).id
    return world
