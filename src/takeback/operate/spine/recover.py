"""Recovering: the disposition is carried out, and what it really brought stands against what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.items import item_key
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.spine.events import object_event, transformation_event
from takeback.operate.spine.gate import Gate, first_named
from takeback.operate.spine.items import Item
from takeback.operate.spine.posting import Line, post
from takeback.operate.words import LARGEST, MOST, Grams, Minor, Moment
from takeback.store import bulk


class Recovery(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one item's disposition.

    ``realised_minor`` is the price got and ``cost_minor`` what handling cost. ``outputs`` and ``losses`` (grams by
    material or kind) are given when the item was transformed here; otherwise it left whole to ``partner_id`` or a
    buyer.
    ``counts`` is False where the outcome rests on declared assumptions: it stays out of realised-value figures.
    """

    epc: str
    at: Moment
    place: str
    realised_minor: Minor
    cost_minor: Minor = 0
    partner_id: UUID | None = None
    outputs: dict[str, Grams] = {}
    losses: dict[str, Grams] = {}
    counts: bool = True


_STEP = {
    "restock": ("stocking", "sellable_accessible"),
    "open_box": ("stocking", "sellable_accessible"),
    "refurbish": ("repairing", "available"),
    "remanufacture": ("repairing", "available"),
    "reuse": ("shipping", "in_transit"),
    "repurpose": ("shipping", "in_transit"),
    "recycle": ("shipping", "disposed"),
    "parts": ("disassembling", "disposed"),
    "destroy": ("destroying", "destroyed"),
}


def recover(connection: sa.Connection, author: Author, recoveries: Sequence[Recovery]) -> list[int]:
    """Record outcomes of decided items; return the ids of the ledger entries.

    Raises
    ------
    Problem
        ``spine.refused`` with one error for each value or item that cannot be taken, among them ``spine.mass-open``
        where outputs and losses do not add up to the mass of the item; nothing is changed then.
    """
    author.require("spine.recover")
    gate = Gate(connection, author)
    items = gate.items([r.epc for r in recoveries], stages=("decided",))
    for number, r in enumerate(recoveries):
        _check(gate, f"/{number}", r, items)
    gate.known("partner", first_named([(r.partner_id, f"/{number}/partner_id") for number, r in enumerate(recoveries)]))
    gate.close()
    return record(connection, author, [_event(r, items[r.epc]) for r in recoveries])


def _check(gate: Gate, at: str, r: Recovery, items: Mapping[str, Item]) -> None:
    item = items.get(r.epc)
    gate.moment(at, "at", r.at, item)
    gate.text(at, "place", r.place)
    gate.within(at, "realised_minor", r.realised_minor, -LARGEST, LARGEST)
    gate.within(at, "cost_minor", r.cost_minor, -LARGEST, LARGEST)
    for name, parts in (("outputs", r.outputs), ("losses", r.losses)):
        for part, grams in parts.items():
            gate.text(at, name, part)
            gate.within(f"{at}/{name}", part, grams, 0, MOST)
    if item is not None and (error := _mass_open(r, item)) is not None:
        gate.errors.append(error)


def _mass_open(r: Recovery, item: Item) -> Problem | None:
    parts = [*r.outputs.values(), *r.losses.values()]
    out = sum(parts)
    if not parts or (out == item["mass_g"] and min(parts) >= 0):
        return None
    return Problem(
        "spine.mass-open",
        msg("What came out does not weigh what went in."),
        where=r.epc,
        found=f"{out / 1000:.3f} kg",
        expected=f"{item['mass_g'] / 1000:.3f} kg",
        remedy=msg("Enter the missing mass as a product or as a loss."),
        status=409,
    )


def _event(r: Recovery, item: Item) -> prove.Entry:
    facts: dict[str, Any] = msgspec.to_builtins(r)
    for name in ("epc", "at", "place"):
        del facts[name]
    facts |= {name: str(item[name]) for name in ("site_id", "currency", "disposition")} | {"mass_g": item["mass_g"]}
    if r.outputs:
        return transformation_event(
            step="recovered", at=r.at, epcs=[item["epc"]], outputs=r.outputs, place=r.place, facts=facts
        )
    biz_step, disposition = _STEP.get(item["disposition"], ("shipping", "in_transit"))
    action = "DELETE" if biz_step == "destroying" else "OBSERVE"
    return object_event(
        step="recovered",
        at=r.at,
        epcs=[item["epc"]],
        biz_step=biz_step,
        disposition=disposition,
        place=r.place,
        action=action,
        facts=facts,
    )


@projects("recovered")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    rows, outcomes, lines = [], [], []
    for fact in facts:
        r, epcs = fact.body["takeback:facts"], fact.body.get("epcList") or fact.body["inputEPCList"]
        key, at, net = item_key(epcs[0]), fact.event_time, r["realised_minor"] - r["cost_minor"]
        custody = "partner" if r["partner_id"] else "gone"
        rows.append((org, key, "recovered", at, custody, r["partner_id"], net))
        outcomes.append((org, key, r["disposition"], net, at, r["counts"]))
        lines += [*_mass(fact, key, r), *_money(fact, key, r)]
    columns = ("stage", "stage_since", "custody", "partner_id", "value_minor")
    bulk.update(connection, "item", ("org_id", "key"), columns, rows)
    _realise(connection, outcomes)
    post(connection, org, lines)


def _mass(fact: Fact, key: int, r: dict[str, Any]) -> list[Line]:
    site, at = UUID(r["site_id"]), fact.event_time
    outlets = {f"product:{name}": grams for name, grams in r["outputs"].items()}
    outlets |= {f"loss:{name}": grams for name, grams in r["losses"].items()}
    outlets = outlets or {"outbound": r["mass_g"]}
    taken = Line(fact.id, "mass", "stock", site, key, -r["mass_g"], "g", at)
    return [
        taken,
        *(Line(fact.id, "mass", account, site, key, grams, "g", at) for account, grams in outlets.items()),
    ]


def _money(fact: Fact, key: int, r: dict[str, Any]) -> list[Line]:
    site, at, unit = UUID(r["site_id"]), fact.event_time, r["currency"]
    price, cost = r["realised_minor"], r["cost_minor"]
    return [
        Line(fact.id, "money", f"revenue:{r['disposition']}", site, key, price, unit, at),
        Line(fact.id, "money", "buyer", site, key, -price, unit, at),
        Line(fact.id, "money", "cost:handling", site, key, -cost, unit, at),
        Line(fact.id, "money", "payable", site, key, cost, unit, at),
    ]


_REALISE = """
    update decision d set realised_minor = o.net, realised_at = o.at, realised_counts = o.counts
    from (select unnest(%s::bigint[]) as key, unnest(%s::bigint[]) as net, unnest(%s::timestamptz[]) as at,
                 unnest(%s::boolean[]) as counts) o
    where d.item_key = o.key and d.entry_id = (select max(entry_id) from decision x where x.org_id = d.org_id and
    x.item_key = o.key)
"""


def _realise(connection: sa.Connection, outcomes: Sequence[tuple[Any, ...]]) -> None:
    columns = [list(column) for column in zip(*outcomes, strict=True)]
    bulk.driver(connection).execute(_REALISE, (columns[1], columns[3], columns[4], columns[5]))
