"""A centre is founded: an organisation of its own, with its first manager."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.operate.identity.organisations import OrganisationFields, create_organisation
from takeback.share.centre.acting import system
from takeback.share.centre.members import Centre
from takeback.share.centre.people import PersonFields, enter_person
from takeback.share.centre.records import Record, create


def found_centre(
    connection: sa.Connection,
    org_id: UUID,
    slug: str,
    centre: Centre,
    *,
    manager: PersonFields,
    user_id: UUID,
    at: datetime | None = None,
) -> Record:
    """Found a centre in `store.transaction(org_id)` with a new `org_id`; `user_id` owns it and is its first manager.

    Raises
    ------
    Problem
        ``identity.bad-organisation``, ``identity.organisation-exists`` (409), ``identity.bad-name``.
    """
    fields = OrganisationFields(slug=slug, kind="centre", name=centre.name, name_zh=centre.name_zh)
    create_organisation(connection, org_id, fields, owner_id=user_id)
    actor = system(org_id)
    enter_person(connection, actor, manager, user_id=user_id, at=at)
    return create(connection, actor, "centre", centre, at=at)
