"""Alice (owner), Bob (her colleague, an operator) and Charlie (an outsider) in every test of authorisation.

    def test_x(people: People): people.alice.actor, people.bob.email, people.charlie.org_id ...

Alice's organisation is the workshop. Charlie owns another one, and must never see anything of hers: names, ids and
e-mails of Alice's world contain `MARK` where they are words.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid4

import pytest

from takeback import store
from takeback.operate import identity
from takeback.operate.identity import Actor, Role
from tests.store import servers

PASSWORD = "four unrelated words of mine"
MARK = "jinhe"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in with `PASSWORD`, and what the person is in his or her organisation."""

    id: UUID
    name: str
    email: str
    org_id: UUID
    role: Role

    @property
    def actor(self) -> Actor:
        """The person as actor, made from the role alone."""
        return Actor(
            org_id=self.org_id,
            permissions=identity.permissions_of(self.role),
            role=self.role,
            user_id=self.id,
        )


@dataclass(frozen=True, slots=True)
class People:
    """The three; `database` is the one that `store` works on."""

    alice: Person
    bob: Person
    charlie: Person
    database: store.Database


@pytest.fixture
def people() -> Iterator[People]:
    """A new database with the three people in it."""
    with populated() as found:
        yield found


@contextmanager
def populated() -> Iterator[People]:
    """Open a copy of the database in which the three people are."""
    template, (alice, bob, charlie) = _template()
    with servers.database(template) as urls:
        opened = store.open_database(urls.application, urls.owner)
        try:
            yield People(alice, bob, charlie, opened)
        finally:
            store.close()


def organisation(slug: str, *, name: str = "", **fields: str) -> identity.OrganisationFields:
    """Return an organisation's description for a test."""
    return identity.OrganisationFields(
        slug=slug, kind="enterprise", name=name or slug.title(), name_zh=f"{slug}公司", **fields
    )


def new_organisation(owner: UUID, slug: str, **fields: str) -> UUID:
    """Create an organisation for an owner and return its id."""
    org_id = uuid4()
    with store.transaction(org_id) as connection:
        identity.create_organisation(connection, org_id, organisation(slug, **fields), owner_id=owner)
    return org_id


def new_user(email: str, name: str) -> UUID:
    """Register somebody with `PASSWORD` and return the id."""
    with store.admin() as connection:
        return identity.create_user(connection, email=email, display_name=name, password=PASSWORD).id


@cache
def _template() -> tuple[str, tuple[Person, Person, Person]]:
    context = servers.migrated()
    urls = context.__enter__()
    _kept.append(context)  # the database is copied from, and must not be dropped before the process ends
    store.open_database(urls.application, urls.owner)
    try:
        three = _populate()
    finally:
        store.close()
    return urls.application.rsplit("/", 1)[1].split("?")[0], three


_kept: list[object] = []


def _populate() -> tuple[Person, Person, Person]:
    names = {"alice": f"Alice {MARK.title()}", "bob": f"Bob {MARK.title()}", "charlie": "Charlie Chen"}
    emails = {
        "alice": f"alice@{MARK}.example",
        "bob": f"bob@{MARK}.example",
        "charlie": "charlie@other.example",
    }
    ids = {key: new_user(emails[key], names[key]) for key in names}
    workshop = new_organisation(ids["alice"], f"{MARK}-workshop", company_prefix="6901234")
    elsewhere = new_organisation(ids["charlie"], "elsewhere", company_prefix="4012345")
    with store.transaction(workshop) as connection:
        alice = Person(ids["alice"], names["alice"], emails["alice"], workshop, "owner")
        identity.add_member(connection, alice.actor, ids["bob"], "operator")
    return (
        alice,
        Person(ids["bob"], names["bob"], emails["bob"], workshop, "operator"),
        Person(ids["charlie"], names["charlie"], emails["charlie"], elsewhere, "owner"),
    )
