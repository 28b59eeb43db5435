"""Ordering: a customer's return order (parcel) or a partner's collection order (battery) opens the loop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy as sa
from msgspec import Meta

from takeback.core.items import item_key
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.spine.events import domain_event
from takeback.operate.spine.items import refused
from takeback.operate.words import Grams, Level, Minor, OrderKind, Provenance, Vertical
from takeback.store import bulk


class NewItem(msgspec.Struct, frozen=True, kw_only=True):
    """A thing announced: its identity, its product, and what was said of it.

    ``mass_g`` grams, ``value_minor`` undamaged value; ``size`` is what prices are multiplied by: the list price in
    minor units for goods, kWh for batteries.
    """

    epc: str
    code: str
    product_id: UUID
    vertical: Vertical
    level: Level
    category: str
    size: Annotated[float, Meta(gt=0)]
    mass_g: Grams
    value_minor: Minor
    currency: str
    decay_per_day: float
    provenance: dict[str, str]


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A return order (``kind`` return) or collection order (collection); ``site_id`` is where the things shall go."""

    id: UUID
    number: str
    kind: OrderKind
    site_id: UUID
    ordered_at: datetime
    items: list[NewItem]
    partner_id: UUID | None = None
    reason: str | None = None
    window_begin: datetime | None = None
    window_end: datetime | None = None
    provenance: Provenance = "real"


_ORDER = (
    "org_id",
    "id",
    "number",
    "kind",
    "partner_id",
    "site_id",
    "reason",
    "ordered_at",
    "window_begin",
    "window_end",
    "provenance",
)
_ITEM = (
    "org_id",
    "key",
    "epc",
    "code",
    "vertical",
    "level",
    "product_id",
    "category",
    "size",
    "order_id",
    "order_number",
    "stage",
    "stage_since",
    "ordered_at",
    "authorisation",
    "custody",
    "site_id",
    "partner_id",
    "mass_g",
    "value_minor",
    "currency",
    "decay_per_day",
    "provenance",
)


def order(connection: sa.Connection, author: Author, orders: Sequence[NewOrder]) -> list[int]:
    """Open orders; return the ids of the ledger entries.

    Raises
    ------
    Problem
        ``spine.refused`` naming each order number or item that exists already; nothing is changed then.
    """
    author.require("spine.order")
    _refuse_known(connection, orders)
    entries = [
        domain_event(
            "takeback:Ordered",
            step="ordered",
            at=o.ordered_at,
            epcs=[i.epc for i in o.items],
            facts=msgspec.to_builtins(o),
        )
        for o in orders
    ]
    try:
        return record(connection, author, entries)
    except sa.exc.IntegrityError as error:
        raise _raced(error) from error
    except psycopg.errors.UniqueViolation as error:
        raise _raced(error) from error


def _raced(error: Exception) -> Problem:
    return Problem(
        "spine.raced",
        msg("Somebody else entered one of these orders or items at the same moment."),
        found=str(error).splitlines()[-1],
        remedy=msg("Look at what is there now and try again with the rest."),
        status=409,
    )


def _refuse_known(connection: sa.Connection, orders: Sequence[NewOrder]) -> None:
    run = bulk.driver(connection).execute
    codes = [i.code for o in orders for i in o.items]
    numbers = [o.number for o in orders]
    keys = [item_key(i.epc) for o in orders for i in o.items]
    known = {row[0] for row in run("select code from item where code = any(%s)", (codes,))}
    known |= {row[0] for row in run("select code from item where key = any(%s)", (keys,))}
    taken = {row[0] for row in run("select number from takeback_order where number = any(%s)", (numbers,))}
    errors = [
        _double("spine.order-exists", msg("The order number exists already."), n)
        for n in _known_or_twice(numbers, taken)
    ]
    errors += [
        _double("spine.item-exists", msg("The serial exists already."), c) for c in _known_or_twice(codes, known)
    ]
    if errors:
        raise refused(errors)


def _known_or_twice(names: Sequence[str], known: set[str]) -> list[str]:
    seen = set(known)
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _double(kind: str, title: object, found: str) -> Problem:
    return Problem(kind, title, found=found, expected=msg("one that was not used before"), status=409)  # type: ignore[arg-type]


@projects("ordered")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    orders, items, statements = [], [], []
    for fact in facts:
        o = fact.body["takeback:facts"]
        orders.append((org, *(o[name] for name in _ORDER[1:])))
        for i in o["items"]:
            key, marks = item_key(i["epc"]), i["provenance"]
            items.append(
                (
                    org,
                    key,
                    i["epc"],
                    i["code"],
                    i["vertical"],
                    i["level"],
                    i["product_id"],
                    i["category"],
                    i["size"],
                    o["id"],
                    o["number"],
                    "ordered",
                    o["ordered_at"],
                    o["ordered_at"],
                    "authorised",
                    "customer",
                    o["site_id"],
                    o["partner_id"],
                    i["mass_g"],
                    i["value_minor"],
                    i["currency"],
                    i["decay_per_day"],
                    msgspec.json.encode(marks).decode(),
                )
            )
            statements.append(
                (
                    org,
                    fact.id,
                    key,
                    "mass_announced",
                    i["mass_g"] / 1000,
                    "kg",
                    "announcement",
                    o["kind"],
                    o["ordered_at"],
                    marks.get("mass", o["provenance"]),
                )
            )
    bulk.insert(connection, "takeback_order", _ORDER, orders)
    bulk.insert(connection, "item", _ITEM, items)
    columns = (
        "org_id",
        "entry_id",
        "item_key",
        "property",
        "value",
        "unit",
        "method",
        "originator",
        "at",
        "provenance",
    )
    bulk.insert(connection, "statement", columns, statements)
