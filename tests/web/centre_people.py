"""A centre in which people sign in: one of each role, and Charlie, who belongs to another centre."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.operate.identity.memberships import insert_member
from takeback.share.centre.people import CONSENTS, PersonFields, enter_person, set_consents
from tests.share.centre.centre_world import START, CentreWorld, new_centre
from tests.support.people import PASSWORD, new_user

if TYPE_CHECKING:
    from tests.web.conftest import Client

ROLES = {
    "alice": ("university", "manager", "director"),
    "bob": ("maker", "delegate", "researcher"),
    "lin": ("university", "researcher", "mentor"),
    "expert": ("institute", "expert"),
    "council": ("university", "council"),
    "student": ("university", "student"),
    "authority": ("authority", "authority"),
}
"""Person -> the member that he or she belongs to, and roles."""


@dataclass
class SignedCentre:
    """A centre and its people's accounts; `world` makes records as they would."""

    world: CentreWorld
    people: dict[str, str] = field(default_factory=dict)

    def email(self, name: str) -> str:
        """Return a person's e-mail."""
        return self.people[name]


def signed_centre(slug: str = "centre", *, entered: dict[str, tuple[str, ...]] = ROLES) -> SignedCentre:
    """Found a centre whose people have accounts with `PASSWORD`."""
    world = new_centre(slug)
    centre = SignedCentre(world)
    for name, (member, *roles) in entered.items():
        email = f"{name}@{slug}.example"
        user = new_user(email, name.title())
        with store.transaction(world.org) as connection:
            insert_member(connection, world.org, user, "participant")
            fields = PersonFields(
                name=f"{name.title()} {slug.title()}", name_zh="", email=email, member_id=world.members[member],
                roles=roles,
            )  # fmt: skip
            world.people[name] = enter_person(connection, world.manager, fields, user_id=user, at=START)
            world.people[name] = set_consents(connection, world.actor(name), CONSENTS, at=START)
        centre.people[name] = email
    return centre


def entering(new_client: Callable[[], Client], centre: SignedCentre) -> Callable[[str], Client]:
    """Return a function that opens a browser in which a person of the centre is signed in."""

    def signed_in(name: str) -> Client:
        client = new_client()
        answer = client.post("/api/v1/sessions", json={"email": centre.email(name), "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        client.headers["x-csrftoken"] = answer.json()["csrf_token"]
        client.headers["accept"] = "text/html"
        return client

    return signed_in


def record_id(centre: SignedCentre, kind: str, title: str) -> UUID:
    """Return the id of a record by its title."""
    with store.transaction(centre.world.org) as connection:
        sql = sa.text("select id from centre_record where kind = :kind and title = :title")
        return UUID(str(connection.execute(sql, {"kind": kind, "title": title}).scalar_one()))
