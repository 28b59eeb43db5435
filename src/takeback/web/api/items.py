"""Items: found, looked at, traced and proven."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import Parameter

from takeback import store
from takeback.operate import items as items_of
from takeback.operate.identity import Actor
from takeback.operate.items import ItemSummary, Page
from takeback.operate.statements import DecisionLine, StatementLine, decisions_of, statements_of
from takeback.prove import trace
from takeback.prove.erasure import joined
from takeback.prove.log import prove_entry

TAGS = ["Items"]
PageNumber = Annotated[int, Parameter(ge=1, le=1_000_000)]
PageSize = Annotated[int, Parameter(ge=1, le=items_of.LARGEST_PAGE)]


class TracedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry about an item; ``leaf_index`` None: waits for the next checkpoint. ``number`` is the party's own
    count."""

    id: int
    kind: str
    event_time: datetime
    record_time: datetime
    actor: str
    body: dict[str, Any]
    number: int
    leaf_index: int | None


class ItemDetail(msgspec.Struct, frozen=True, kw_only=True):
    """An item with everything stated of it and decided about it."""

    item: ItemSummary
    statements: list[StatementLine]
    decisions: list[DecisionLine]


@get("/items", sync_to_thread=True, tags=TAGS, summary="Items, filtered, sorted and paged")
def find(
    actor: Actor,
    stage: str = "",
    vertical: str = "",
    site: str = "",
    category: str = "",
    disposition: str = "",
    grade: str = "",
    text: str = "",
    sort: str = "new",
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Page:
    actor.require("spine.read")
    filters = {
        "stage": stage, "vertical": vertical, "site": site, "category": category,
        "disposition": disposition, "grade": grade, "text": text,
    }  # fmt: skip
    with store.transaction(actor.org_id) as connection:
        return items_of.find(connection, filters, sort=sort, page=page, size=size)


@get("/items/{key:str}", sync_to_thread=True, tags=TAGS, summary="One item, its statements and decisions")
def one(actor: Actor, key: str) -> ItemDetail:
    actor.require("spine.read")
    with store.transaction(actor.org_id) as connection:
        item = items_of.one(connection, key)
        number = items_of.parse_key(key)
        return ItemDetail(
            item=item, statements=statements_of(connection, number), decisions=decisions_of(connection, number)
        )


@get("/items/{key:str}/trace", sync_to_thread=True, tags=TAGS, summary="All entries about an item, oldest first")
def traced(actor: Actor, key: str) -> list[TracedEntry]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        items_of.one(connection, key)
        rows = trace(connection, actor.org_id, items_of.parse_key(key))
        bodies = [row.body for row in rows]
        if actor.may("ledger.personal"):
            bodies = joined(connection, actor.org_id, bodies)
    return [TracedEntry(**{**asdict(row), "body": body}) for row, body in zip(rows, bodies, strict=True)]


@get("/items/{key:str}/proofs", sync_to_thread=True, tags=TAGS, summary="Inclusion proofs of all entries about an item")
def proofs(actor: Actor, key: str) -> list[dict[str, Any]]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        items_of.one(connection, key)
        rows = trace(connection, actor.org_id, items_of.parse_key(key))
        return [prove_entry(connection, actor.org_id, row.id) for row in rows]


HANDLERS = [find, one, traced, proofs]
