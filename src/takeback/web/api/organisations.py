"""Organisations: one's own, and new ones."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid4, uuid5

from litestar import Response, get, post, put

from takeback import store
from takeback.operate import identity
from takeback.operate.identity import Actor, Membership, Organisation, OrganisationFields, permissions_of
from takeback.share.centre import money
from takeback.web.api.idempotency import Once
from takeback.web.security import PERSON, Caller

TAGS = ["Organisations"]


@get("/organisations", opt=PERSON, sync_to_thread=False, tags=TAGS, summary="Your organisations")
def organisations(caller: Caller) -> list[Membership]:
    return list(caller.person().memberships)


@post(
    "/organisations",
    opt=PERSON,
    sync_to_thread=True,
    tags=TAGS,
    summary="Create an organisation; you become its owner",
)
def create(caller: Caller, data: OrganisationFields, once: Once) -> Response[Organisation]:
    person = caller.person().user
    # The key is looked up inside the organisation that the first request made: its id follows from the key.
    org_id = uuid5(NAMESPACE_URL, f"takeback:{person.id}:{once.key}") if once.key else uuid4()
    owner = Actor(org_id=org_id, permissions=permissions_of("owner"), role="owner", user_id=person.id)
    with store.transaction(org_id) as connection:
        return once.run(
            connection,
            owner,
            lambda: identity.create_organisation(connection, org_id, data, owner_id=person.id),
        )


@get("/organisation", sync_to_thread=True, tags=TAGS, summary="The organisation you work for now")
def organisation(actor: Actor) -> Organisation:
    actor.require("organisation.read")
    with store.transaction(actor.org_id) as connection:
        return identity.organisation(connection, actor.org_id)


@put("/organisation", sync_to_thread=True, tags=TAGS, summary="Change it; slug and kind stay as they are")
def edit(actor: Actor, data: OrganisationFields) -> Organisation:
    with store.transaction(actor.org_id) as connection:
        if identity.organisation(connection, actor.org_id).kind == "centre":
            actor.require("organisation.edit")
            money.check_currency(connection, data.currency)
        return identity.edit_organisation(connection, actor, data)


HANDLERS = [organisations, create, organisation, edit]
