"""The six steps of the spine. Each takes one or many items: all of them, or none with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, post

from takeback import store
from takeback.operate.identity import Actor
from takeback.operate.spine.collect import Collection, collect
from takeback.operate.spine.decide import Decision, decide
from takeback.operate.spine.grade import Grading, grade
from takeback.operate.spine.order import NewOrder, order
from takeback.operate.spine.receive import Receipt, receive
from takeback.operate.spine.recover import Recovery, recover
from takeback.web.api.idempotency import Once

TAGS = ["Spine"]


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """The entries that the ledger now holds, in the order of what was sent."""

    entries: list[int]


Command = Callable[[sa.Connection, Actor, Sequence[Any]], list[int]]


def _record(actor: Actor, once: Once, command: Command, facts: Sequence[Any]) -> Response[Recorded]:
    with store.transaction(actor.org_id) as connection:
        return once.run(connection, actor, lambda: Recorded(entries=command(connection, actor, facts)))


@post("/orders", sync_to_thread=True, tags=TAGS, summary="Open return orders and collection orders")
def open_orders(actor: Actor, once: Once, data: list[NewOrder]) -> Response[Recorded]:
    return _record(actor, once, order, data)


@post("/collections", sync_to_thread=True, tags=TAGS, summary="Things were collected")
def record_collections(actor: Actor, once: Once, data: list[Collection]) -> Response[Recorded]:
    return _record(actor, once, collect, data)


@post("/receipts", sync_to_thread=True, tags=TAGS, summary="Things were received and weighed")
def record_receipts(actor: Actor, once: Once, data: list[Receipt]) -> Response[Recorded]:
    return _record(actor, once, receive, data)


@post("/gradings", sync_to_thread=True, tags=TAGS, summary="Things were inspected or tested")
def record_gradings(actor: Actor, once: Once, data: list[Grading]) -> Response[Recorded]:
    return _record(actor, once, grade, data)


@post("/decisions", sync_to_thread=True, tags=TAGS, summary="Dispositions were decided")
def record_decisions(actor: Actor, once: Once, data: list[Decision]) -> Response[Recorded]:
    return _record(actor, once, decide, data)


@post("/recoveries", sync_to_thread=True, tags=TAGS, summary="Dispositions were carried out, with what they brought")
def record_recoveries(actor: Actor, once: Once, data: list[Recovery]) -> Response[Recorded]:
    return _record(actor, once, recover, data)


HANDLERS = [open_orders, record_collections, record_receipts, record_gradings, record_decisions, record_recoveries]
