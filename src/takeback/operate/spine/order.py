"""Ordering: a customer's return order (parcel) or a partner's collection order (battery) opens the loop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy as sa

from takeback.core.items import item_key
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.clock import EARLIEST
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.spine.events import domain_event
from takeback.operate.spine.gate import Gate, first_named, shown
from takeback.operate.values import LONGEST_CODE, LONGEST_TEXT, storable, thing_uri, wrong_currency
from takeback.operate.words import (
    LARGEST,
    MOST,
    Decay,
    Grams,
    Level,
    Moment,
    OrderKind,
    Provenance,
    Size,
    Vertical,
    Worth,
)
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
    size: Size
    mass_g: Grams
    value_minor: Worth
    currency: str
    decay_per_day: Decay
    provenance: dict[str, Provenance]


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A return order (``kind`` return) or collection order (collection); ``site_id`` is where the things shall go."""

    id: UUID
    number: str
    kind: OrderKind
    site_id: UUID
    ordered_at: Moment
    items: list[NewItem]
    partner_id: UUID | None = None
    reason: str | None = None
    window_begin: Moment | None = None
    window_end: Moment | None = None
    provenance: Provenance = "real"


LEAST_SIZE, MOST_DECAY = 1e-9, 0.999_999
LAST_WINDOW = datetime(2100, 1, 1, tzinfo=UTC)
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
        ``spine.refused`` with one error for each value that cannot be taken and each order number or item that
        exists already; nothing is changed then.
    """
    author.require("spine.order")
    gate = Gate(connection, author)
    orders = [_checked(gate, f"/{number}", o) for number, o in enumerate(orders)]
    _refuse_unknown(gate, orders)
    _refuse_known(gate, connection, orders)
    gate.close()
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


def _checked(gate: Gate, at: str, o: NewOrder) -> NewOrder:
    """Check an order and its items; return it with the canonical URIs of its items."""
    gate.text(at, "number", o.number, LONGEST_CODE)
    gate.text(at, "reason", o.reason, LONGEST_TEXT)
    gate.moment(at, "ordered_at", o.ordered_at)
    _check_window(gate, at, o)
    gate.some(at, "items", o.items)
    places = [f"{at}/items/{number}" for number in range(len(o.items))]
    for place, i in zip(places, o.items, strict=True):
        _check_item(gate, place, i)
    uris = [_uri(gate, place, i.epc) for place, i in zip(places, o.items, strict=True)]
    if all(i.epc == uri for i, uri in zip(o.items, uris, strict=True)):
        return o
    replace = msgspec.structs.replace
    return replace(o, items=[replace(i, epc=uri) for i, uri in zip(o.items, uris, strict=True)])


def _check_item(gate: Gate, at: str, i: NewItem) -> None:
    gate.text(at, "code", i.code, LONGEST_CODE)
    gate.text(at, "category", i.category)
    for name in i.provenance:
        gate.text(at, "provenance", name)
    gate.within(at, "mass_g", i.mass_g, 0, MOST)
    gate.within(at, "value_minor", i.value_minor, 0, LARGEST)
    gate.within(at, "size", i.size, LEAST_SIZE, LARGEST)
    gate.within(at, "decay_per_day", i.decay_per_day, 0, MOST_DECAY)
    if (expected := wrong_currency(i.currency)) is not None:
        gate.refuse(f"{at}/currency", msg("This is not a currency"), found=shown(i.currency), expected=expected)


def _check_window(gate: Gate, at: str, o: NewOrder) -> None:
    for name, moment in (("window_begin", o.window_begin), ("window_end", o.window_end)):
        if moment is not None and (moment.tzinfo is None or not EARLIEST <= moment < LAST_WINDOW):
            title, expected = msg("This cannot be a time to fetch things."), msg("a time with its zone before 2100")
            gate.refuse(f"{at}/{name}", title, found=moment.isoformat(), expected=expected)
            return
    if o.window_begin is not None and o.window_end is not None and o.window_begin > o.window_end:
        gate.refuse(f"{at}/window_end", msg("The end lies before the beginning."), found=o.window_end.isoformat())


def _uri(gate: Gate, at: str, epc: str) -> str:
    try:
        return thing_uri(epc)
    except Problem as problem:
        gate.refuse(f"{at}/epc", problem.title, found=shown(epc), expected=problem.expected)
        return epc


def _refuse_unknown(gate: Gate, orders: Sequence[NewOrder]) -> None:
    """Refuse sites, partners and products that the organisation does not have."""
    heads = list(enumerate(orders))
    gate.known("site", first_named([(o.site_id, f"/{n}/site_id") for n, o in heads]))
    gate.known("partner", first_named([(o.partner_id, f"/{n}/partner_id") for n, o in heads]))
    items = [(i.product_id, f"/{n}/items/{m}/product_id") for n, o in heads for m, i in enumerate(o.items)]
    gate.known("product", first_named(items))


def _refuse_known(gate: Gate, connection: sa.Connection, orders: Sequence[NewOrder]) -> None:
    run = bulk.driver(connection).execute
    codes = storable(i.code for o in orders for i in o.items)
    numbers = storable(o.number for o in orders)
    keys = [item_key(i.epc) for o in orders for i in o.items]
    known = {row[0] for row in run("select code from item where code = any(%s)", (codes,))}
    known |= {row[0] for row in run("select code from item where key = any(%s)", (keys,))}
    taken = {row[0] for row in run("select number from takeback_order where number = any(%s)", (numbers,))}
    ids = [str(o.id) for o in orders]
    same = {str(row[0]) for row in run("select id from takeback_order where id = any(%s::uuid[])", (ids,))}
    gate.errors += [
        _double("spine.order-exists", msg("The order number exists already."), n)
        for n in dict.fromkeys([*_known_or_twice(numbers, taken), *_known_or_twice(ids, same)])
    ]
    gate.errors += [
        _double("spine.item-exists", msg("The serial exists already."), c) for c in _known_or_twice(codes, known)
    ]


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
