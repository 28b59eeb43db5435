"""A centre whose people sign in over HTTP: Alice runs it, Bob is one of its people, Charlie runs another one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import TestClient

from takeback import store
from takeback.operate import identity
from takeback.operate.identity.memberships import insert_member
from takeback.operate.identity.users import create_user
from takeback.share.centre.people import PersonFields, enter_person
from takeback.web.security import csrf_token
from tests.share.centre.centre_world import START, CentreWorld, new_centre

Client = TestClient[Litestar]
URL = "/api/v1/centre"


@dataclass
class Clients:
    """Browsers in which people of a centre are signed in."""

    running: Client
    centre: CentreWorld

    def manager(self) -> Client:
        """Return the browser of the centre's founder."""
        return self.of(self.manager_id())

    def manager_id(self) -> UUID:
        """Return the account of the centre's founder."""
        with store.transaction(self.centre.org) as connection:
            user = connection.execute(
                sa.text("select user_id from centre_person_name where user_id is not null limit 1")
            )
            return UUID(str(user.scalar_one()))

    def enter(self, name: str, member: str, *roles: str) -> Client:
        """Enter a person of a member with roles and an account, and return the person's browser."""
        world = self.centre
        world.enter(name, member, *roles)
        person = world.people[name]
        email = f"{name.lower().replace(' ', '.')}@centre.example"
        with store.transaction(world.org) as connection:
            user = create_user(connection, email=email, display_name=name, password="a-long-password-4", locale="en")
            insert_member(connection, world.org, user.id, "participant")
            fields = PersonFields(name=name, email=email, member_id=person.member_id, roles=person.roles)
            enter_person(connection, world.manager, fields, id=person.id, user_id=user.id, at=START)
        return self.of(user.id)

    def again(self, client: Client) -> Client:
        """Return a new browser of whoever sits at `client`, in whose session nothing was asked yet."""
        return self.of(client.get("/api/v1/me").json()["user"]["id"])

    def of(self, user: object) -> Client:
        """Return a browser in which a user is signed in, with the CSRF header set."""
        client = TestClient(self.running.app, raise_server_exceptions=False)
        client.blocking_portal = self.running.blocking_portal
        client.follow_redirects = False
        token = identity.open_session(UUID(str(user)))
        client.cookies.set("takeback_session", token)
        client.headers["x-csrftoken"] = csrf_token(token)
        return client


def clients(running: Client, slug: str = "centre") -> Clients:
    """Found a centre in the open database."""
    return Clients(running, new_centre(slug))
