"""The people of the organisation."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import delete, get, patch

from takeback import store
from takeback.operate import identity
from takeback.operate.identity import Actor, Member, Role

TAGS = ["Members"]


class RoleChange(msgspec.Struct, frozen=True, kw_only=True):
    """The new role."""

    role: Role


@get("/members", sync_to_thread=True, tags=TAGS, summary="The people of the organisation, owners first")
def members(actor: Actor) -> list[Member]:
    with store.transaction(actor.org_id) as connection:
        return identity.members(connection, actor)


@patch("/members/{user_id:uuid}", sync_to_thread=True, tags=TAGS, summary="Give somebody another role")
def change_role(actor: Actor, user_id: UUID, data: RoleChange) -> Member:
    with store.transaction(actor.org_id) as connection:
        return identity.change_role(connection, actor, user_id, data.role)


@delete(
    "/members/{user_id:uuid}",
    sync_to_thread=True,
    tags=TAGS,
    summary="Take somebody out, or leave; the API keys of that person end",
)
def remove(actor: Actor, user_id: UUID) -> None:
    with store.transaction(actor.org_id) as connection:
        identity.remove_member(connection, actor, user_id)


HANDLERS = [members, change_role, remove]
