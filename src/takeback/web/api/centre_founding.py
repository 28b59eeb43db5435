"""A centre is founded, and looked at."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor, permissions_of
from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.founding import found_centre
from takeback.share.centre.members import Centre
from takeback.share.centre.people import PersonFields
from takeback.share.centre.records import Record
from takeback.web.api.centre_asking import URL, within
from takeback.web.api.idempotency import Once
from takeback.web.security import PERSON, Caller

TAGS = ["Centre: records"]


class NewCentre(msgspec.Struct, frozen=True, kw_only=True):
    """A centre to be. `slug`: its short name; `centre`: what its record says; `manager_zh`: your name in Chinese."""

    slug: str
    centre: Centre
    manager_zh: str = ""


class FoundedCentre(msgspec.Struct, frozen=True, kw_only=True):
    """The organisation that the centre is; choose it with `PATCH /api/v1/me` to work there."""

    organisation_id: UUID
    centre: Record


@get(URL, sync_to_thread=True, tags=TAGS, summary="The centre that you work in")
def read(actor: Actor) -> Record:
    return within(actor, _centre)


@post(URL, opt=PERSON, sync_to_thread=True, tags=TAGS, summary="Found a centre; you become its manager")
def found(caller: Caller, once: Once, data: NewCentre) -> Response[FoundedCentre]:
    person = caller.person().user
    # The key is looked up inside the organisation that the first request made: its id follows from the key.
    org = uuid5(NAMESPACE_URL, f"takeback:centre:{person.id}:{once.key}") if once.key else uuid4()
    owner = Actor(org_id=org, permissions=permissions_of("owner"), role="owner", user_id=person.id)
    manager = PersonFields(name=person.display_name, name_zh=data.manager_zh, email=person.email, roles=["manager"])

    def effect() -> FoundedCentre:
        made = found_centre(connection, org, data.slug, data.centre, manager=manager, user_id=person.id)
        return FoundedCentre(organisation_id=org, centre=made)

    with store.transaction(org) as connection:
        return once.run(connection, owner, effect)


def _centre(connection: sa.Connection, who: CentreActor) -> Record:
    for centre in records.find(connection, "centre", limit=1):
        return centre
    raise Problem(
        "centre.no-centre",
        msg("The organisation that you work for is no centre."),
        remedy=msg("Choose a centre among your organisations, or found one."),
        status=404,
    )


HANDLERS = [read, found]
