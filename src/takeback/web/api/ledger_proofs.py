"""Receipts, proofs of many entries at once, what is complete, and personal data erased."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from litestar import get, post
from litestar.params import Parameter

from takeback import store
from takeback.core.items import item_key
from takeback.operate import clock
from takeback.operate import items as items_of
from takeback.operate.identity import Actor
from takeback.prove.bundle import MOST_ENTRIES, Asked, inclusion_proofs, make_bundle
from takeback.prove.checkpoint import LogKey
from takeback.prove.completeness import make_map
from takeback.prove.erasure import erase
from takeback.prove.policy import policy_of
from takeback.prove.receipt import entry_of_event, promises
from takeback.store.settings import Settings

TAGS = ["Ledger"]
MOST = 2**63 - 1
Number = Annotated[int, msgspec.Meta(ge=1, le=MOST)]
Numbers = Annotated[list[Number], msgspec.Meta(min_length=1, max_length=MOST_ENTRIES)]
EventId = Annotated[str, Parameter(min_length=1, max_length=2000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class SomeEntries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Entries by their ids."""

    entries: Numbers


class WantedBundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a bundle is to hold: entries by id, or a run of running numbers, or all about an item by its URI.

    `since`: the size of a checkpoint that the verifier keeps. `disclose`: with personal data.
    """

    entries: list[Number] = []
    numbers: tuple[Number, Number] | None = None
    item: Name | None = None
    since: Number | None = None
    disclose: bool = False


class Erasure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose personal data is to go, and on which legal ground, as "GDPR Art. 17(1)(b)"."""

    entries: Numbers
    ground: Annotated[str, msgspec.Meta(min_length=3, max_length=500)]


class Erased(msgspec.Struct, frozen=True):
    """How many objects with personal data are gone."""

    objects: int


class MadeMap(msgspec.Struct, frozen=True):
    """The entry with the map's root; None when nothing was recorded since the last map."""

    entry: int | None


def _key() -> LogKey:
    return LogKey.kept_in(Settings.from_environment().home)


def _bundle(connection: sa.Connection, actor: Actor, asked: Asked) -> dict[str, Any]:
    home = Settings.from_environment().home
    return make_bundle(connection, actor.org_id, asked, LogKey.kept_in(home), policy_of(home))


@get("/ledger/entries/{entry_id:int}/receipt", sync_to_thread=True, tags=TAGS, summary="The log's promise for an entry")
def receipt(actor: Actor, entry_id: Annotated[int, Parameter(ge=0, le=MOST)]) -> dict[str, Any]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        return promises(connection, actor.org_id, [entry_id], _key())


@get("/ledger/receipt", sync_to_thread=True, tags=TAGS, summary="The log's promise for an event, by eventID or hash")
def receipt_of_event(actor: Actor, event: EventId) -> dict[str, Any]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        found = entry_of_event(connection, actor.org_id, event)
        return promises(connection, actor.org_id, [found], _key())


@post("/ledger/receipts", status_code=200, sync_to_thread=True, tags=TAGS, summary="One promise for many entries")
def receipts(actor: Actor, data: SomeEntries) -> dict[str, Any]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        return promises(connection, actor.org_id, data.entries, _key())


@get("/ledger/proof", sync_to_thread=True, tags=TAGS, summary="Inclusion proof of an event, by eventID or hash")
def proof_of_event(actor: Actor, event: EventId) -> dict[str, Any]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        return _bundle(connection, actor, Asked(entries=[entry_of_event(connection, actor.org_id, event)]))


@post("/ledger/proofs", status_code=200, sync_to_thread=True, tags=TAGS, summary="Inclusion proofs, one checkpoint")
def proofs(actor: Actor, data: SomeEntries) -> dict[str, Any]:
    actor.require("ledger.read")
    home = Settings.from_environment().home
    with store.transaction(actor.org_id) as connection:
        return inclusion_proofs(connection, actor.org_id, data.entries, LogKey.kept_in(home), policy_of(home))


@post("/ledger/bundles", status_code=200, sync_to_thread=True, tags=TAGS, summary="A proof bundle for a stranger")
def bundle(actor: Actor, data: WantedBundle) -> dict[str, Any]:
    actor.require("ledger.read")
    if data.disclose:
        actor.require("ledger.personal")
    asked = Asked(
        entries=data.entries,
        numbers=data.numbers,
        item=item_key(data.item) if data.item else None,
        uri=data.item,
        since=data.since,
        disclose=data.disclose,
    )
    with store.transaction(actor.org_id) as connection:
        return _bundle(connection, actor, asked)


@get("/items/{key:str}/completeness", sync_to_thread=True, tags=TAGS, summary="These are all entries about an item")
def completeness(actor: Actor, key: str) -> dict[str, Any]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        return _bundle(connection, actor, Asked(item=items_of.parse_key(key)))


@post("/ledger/maps", status_code=200, sync_to_thread=True, tags=TAGS, summary="Make the map of what is complete now")
def new_map(actor: Actor) -> MadeMap:
    actor.require("ledger.map")
    with store.transaction(actor.org_id) as connection:
        return MadeMap(make_map(connection, actor.org_id, actor=actor.label, at=clock.now(connection, actor.org_id)))


@post("/ledger/erasures", status_code=200, sync_to_thread=True, tags=TAGS, summary="Erase personal data for good")
def erasure(actor: Actor, data: Erasure) -> Erased:
    actor.require("ledger.erase")
    with store.transaction(actor.org_id) as connection:
        at, ground = clock.now(connection, actor.org_id), data.ground
        return Erased(erase(connection, actor.org_id, data.entries, actor=actor.label, at=at, ground=ground))


HANDLERS = [receipt, receipt_of_event, receipts, proof_of_event, proofs, bundle, completeness, new_map, erasure]
