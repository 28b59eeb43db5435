"""Trace quality of things and of places."""

from __future__ import annotations

from litestar import get

from takeback import store
from takeback.operate import clock
from takeback.operate.identity import Actor
from takeback.operate.items import parse_key
from takeback.operate.quality import QualityView, of_item, of_places

TAGS = ["Trace quality"]


@get(
    "/items/{key:str}/trace-quality",
    sync_to_thread=True,
    tags=TAGS,
    summary="How good the trace of a thing is, from 0 to 100, and what it lacks",
)
def quality_of_item(actor: Actor, key: str) -> QualityView:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        return of_item(connection, actor.org_id, f"{parse_key(key):016x}", now=clock.now(connection, actor.org_id))


@get("/trace-quality", sync_to_thread=True, tags=TAGS, summary="How good what each place reports is, the worst first")
def quality_of_places(actor: Actor) -> list[QualityView]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        return of_places(connection, actor.org_id, now=clock.now(connection, actor.org_id))


HANDLERS = [quality_of_item, quality_of_places]
