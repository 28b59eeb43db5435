"""Genealogy of a thing, recalls of many, and who may follow things through our events."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import Parameter

from takeback import store
from takeback.core.items import item_hex, item_key_of_hex
from takeback.operate import genealogy as genealogies
from takeback.operate.genealogy import GenealogyView, RecallView
from takeback.operate.identity import Actor
from takeback.operate.items import parse_key
from takeback.prove.genealogy import Direction, grant, granted_by, withdraw

TAGS = ["Genealogy"]
Depth = Annotated[int | None, Parameter(ge=0, le=1_000)]
Moment = Annotated[str, Parameter(description="As things stood at this time (RFC 3339, with offset); empty: now.")]


class RecallRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``items``: keys, EPCs, Digital Links or our codes; ``limit``: how many of what is reached are listed."""

    items: Annotated[list[str], msgspec.Meta(min_length=1, max_length=100_000)]
    direction: Direction = "forward"
    at: str = ""
    depth: Annotated[int, msgspec.Meta(ge=0, le=1_000)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=0, le=genealogies.LARGEST_ANSWER)] = 1_000


class GrantView(msgspec.Struct, frozen=True, kw_only=True):
    """``grantee`` may follow ``item`` (None: everything) through our events."""

    grantee: UUID
    item: str | None = None


@get(
    "/items/{key:str}/genealogy",
    sync_to_thread=True,
    tags=TAGS,
    summary="What a thing was made of and holds (back), or what it went into (forward), at any instant",
)
def of_item(
    actor: Actor, key: str, direction: Direction = "back", at: Moment = "", depth: Depth = None
) -> GenealogyView:
    actor.require("ledger.read")
    instant = genealogies.instant(at)
    return genealogies.genealogy(actor.org_id, parse_key(key), direction=direction, at=instant, depth=depth)


@post("/recalls", sync_to_thread=True, tags=TAGS, status_code=200, summary="What many things went into")
def recall(actor: Actor, data: RecallRequest) -> RecallView:
    actor.require("ledger.read")
    return genealogies.recalled(
        actor.org_id,
        data.items,
        direction=data.direction,
        at=genealogies.instant(data.at),
        depth=data.depth,
        limit=data.limit,
    )


@get("/trace-grants", sync_to_thread=True, tags=TAGS, summary="Who may follow things through our events")
def grants(actor: Actor) -> list[GrantView]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        given = granted_by(connection, actor.org_id)
    return [GrantView(grantee=g.grantee, item=None if g.item is None else item_hex(g.item)) for g in given]


@post("/trace-grants", sync_to_thread=True, tags=TAGS, status_code=201, summary="Let a party follow things")
def give(actor: Actor, data: GrantView) -> GrantView:
    actor.require("organisation.edit")
    with store.transaction(actor.org_id) as connection:
        grant(connection, actor.org_id, data.grantee, item=None if data.item is None else item_key_of_hex(data.item))
    return data


@delete("/trace-grants/{grantee:uuid}", sync_to_thread=True, tags=TAGS, summary="Take a grant back")
def take_back(actor: Actor, grantee: UUID, item: str = "") -> None:
    actor.require("organisation.edit")
    with store.transaction(actor.org_id) as connection:
        withdraw(connection, actor.org_id, grantee, item=item_key_of_hex(item) if item else None)


HANDLERS = [of_item, recall, grants, give, take_back]
