"""API keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post

from takeback import store
from takeback.operate import identity
from takeback.operate.identity import Actor, ApiKey
from takeback.web.api.idempotency import Once

TAGS = ["API keys"]


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """`scopes`: `read`, `write`, `import`, `prove`, or single permissions; it lives 90 days unless told otherwise."""

    name: str
    scopes: list[str]
    expires_at: datetime | None = None


class MadeKey(msgspec.Struct, frozen=True, kw_only=True):
    """The key, and its text for `Authorization: Bearer`, which is shown now and never again."""

    key: ApiKey
    text: str


@get("/api-keys", sync_to_thread=True, tags=TAGS, summary="The organisation's keys, newest first")
def keys(actor: Actor) -> list[ApiKey]:
    with store.transaction(actor.org_id) as connection:
        return identity.keys(connection, actor)


@post("/api-keys", sync_to_thread=True, tags=TAGS, summary="Make a key")
def create(actor: Actor, data: NewKey, once: Once) -> Response[MadeKey]:
    with store.transaction(actor.org_id) as connection:

        def effect() -> MadeKey:
            key, text = identity.create_key(
                connection, actor, name=data.name, scopes=data.scopes, expires_at=data.expires_at
            )
            return MadeKey(key=key, text=text)

        return once.run(connection, actor, effect, secret=True)


@delete("/api-keys/{key_id:uuid}", sync_to_thread=True, tags=TAGS, summary="Revoke a key")
def revoke(actor: Actor, key_id: UUID) -> None:
    with store.transaction(actor.org_id) as connection:
        identity.revoke_key(connection, actor, key_id)


HANDLERS = [keys, create, revoke]
