"""From the stage into the world, by the same commands as everybody's, a thousand things at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec
import sqlalchemy as sa

from takeback.core.identifiers import Identifier
from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.operate.imports.examination import Examined, Progress
from takeback.operate.imports.fields import Setting, Subject
from takeback.operate.imports.stage import Group
from takeback.operate.ledger import Author
from takeback.operate.master import BY_NAME, Row, register
from takeback.operate.spine.order import NewItem, NewOrder, order

BATCH = 1000  # items, or rows of master data, in one command
_SERIAL = re.compile(r"[0-9A-Za-z._-]{1,20}")  # what a serial (AI 21) may be, without signs that links would escape
_LONGEST_REASON = 400


_LOCK_COUNTERS = sa.text("select 1 from stage_total where stage = 'ordered' order by vertical, site_id for update")


def write(connection: sa.Connection, author: Author, read: Examined, progress: Progress) -> int:
    """Enter all good rows in the connection's transaction; return how many orders, products or places that are.

    Raises
    ------
    Problem
        Those of `spine.order` and `master.register`, when somebody else entered the same since the file was read.
    """
    # A command counts its items before it takes the ledger's next numbers, and we do both many times. Others that
    # would count the same things wait from here on; else each of us could wait for what the other holds.
    connection.execute(_LOCK_COUNTERS)
    done = 0
    batch: list[Group] = []
    size = 0
    for group in read.stage.groups():
        batch.append(group)
        size += len(group.bodies)
        if size >= BATCH:
            done += _enter(connection, author, read, batch)
            batch, size = [], 0
            progress(done / max(1, read.report.groups), msg("{count} written", count=done))
    return done + (_enter(connection, author, read, batch) if batch else 0)


def _enter(connection: sa.Connection, author: Author, read: Examined, batch: list[Group]) -> int:
    if read.subject.order_kind is not None:
        orders = [_order(group, read.subject, read.setting) for group in batch]
        order(connection, author, orders)
    else:
        register(connection, author, [row for group in batch for row in _rows(group)], at=read.setting.now)
    return len(batch)


def _order(group: Group, subject: Subject, setting: Setting) -> NewOrder:
    items = [_item(body, place, group, setting) for place, body in enumerate(group.bodies, start=1)]
    reasons = dict.fromkeys(body["reason"] for body in group.bodies if body["reason"])
    head = {name: value for name, value in group.head.items() if name not in {"site", "partner"}}
    return msgspec.convert(
        {
            **head,
            "id": uuid7(),
            "number": group.name,
            "kind": subject.order_kind,
            "reason": "; ".join(reasons)[:_LONGEST_REASON] or None,
            "items": items,
            "provenance": setting.provenance,
        },
        NewOrder,
    )


def _item(body: dict[str, Any], place: int, group: Group, setting: Setting) -> NewItem:
    """Return an item; one without a serial is told apart by its order and its place in it."""
    item: dict[str, Any] = body["item"]
    if not item["epc"]:
        code = f"{group.name}-{place}"
        item = {**item, "code": code, "epc": _epc(code, body["gtin"], setting.company_prefix)}
    return msgspec.convert(item, NewItem)


def _epc(code: str, gtin: str | None, company_prefix: str | None) -> str:
    serial = code
    if not _SERIAL.fullmatch(code):  # a long number, or one in other letters: its digest stands for it
        name, _, place = code.rpartition("-")
        serial = f"{sha256(name.encode()).hexdigest()[:14]}-{place}"
    if gtin is not None:
        return Identifier.of("01", gtin, "21", serial).uri
    return Identifier.of("8004", f"{company_prefix}{serial}").uri


def _rows(group: Group) -> Iterator[Row]:
    for table, row in group.bodies[0].items():
        yield msgspec.convert(row, BY_NAME[table][0])
