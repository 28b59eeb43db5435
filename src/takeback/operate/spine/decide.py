"""Deciding: which disposition an item gets, among which options, why, by whom and on what evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.canonical import canonical_json
from takeback.core.items import item_key
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.spine.events import domain_event
from takeback.operate.spine.gate import Gate, sentence, shown
from takeback.operate.spine.items import Item
from takeback.operate.spine.posting import Line, post
from takeback.operate.words import DISPOSITIONS, HOLD, LARGEST, Decider, Minor, Moment, Worth
from takeback.store import bulk


class Option(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One possible disposition, or "hold": expected net recovery with its 80 % interval, or why it is barred.

    ``after_place_minor`` is the expected recovery less what its scarce place is worth to other items: what options were
    compared on. None where nobody said it (decisions of rules, of other systems).
    """

    disposition: str
    expected_minor: int | None = None
    low_minor: int | None = None
    high_minor: int | None = None
    after_place_minor: int | None = None
    barred: dict[str, Any] | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The disposition chosen for one item. ``why`` holds messages (msgid and params); money is in minor units.

    ``rule_disposition`` is what the static rule would have done; ``refund_minor`` is paid back to the customer now.
    """

    epc: str
    at: Moment
    disposition: str
    expected_minor: Minor
    low_minor: Minor
    high_minor: Minor
    options: list[Option]
    why: list[dict[str, Any]]
    by_kind: Decider
    by_name: str
    rule_disposition: str | None = None
    refund_minor: Worth = 0


_EVIDENCE = """
    select item_key, array_agg(distinct entry_id order by entry_id) from statement
    where item_key = any(%s) group by item_key
"""


def decide(connection: sa.Connection, author: Author, decisions: Sequence[Decision]) -> list[int]:
    """Record decisions on graded items (or new decisions on decided ones); return the ids of the ledger entries.

    The evidence of each decision are the entries that state something of the item at this moment.

    Raises
    ------
    Problem
        ``spine.refused`` with one error for each value or item that cannot be taken, among them ``spine.repeated`` for
        a decision that stands already and ``spine.refunded``; nothing is changed then.
    """
    author.require("spine.decide")
    gate = Gate(connection, author)
    items = gate.items([d.epc for d in decisions], stages=("graded", "decided"))
    known = DISPOSITIONS | set(connection.scalars(_OUTLETS))
    for number, d in enumerate(decisions):
        _check(gate, f"/{number}", d, known)
        if (item := items.get(d.epc)) is not None:
            _check_against(gate, f"/{number}", d, item)
    _refuse_repeats(gate, connection, decisions, items)
    gate.close()
    keys = [item["key"] for item in items.values()]
    evidence = dict(bulk.driver(connection).execute(_EVIDENCE, (keys,)).fetchall())
    return record(connection, author, [_event(d, items[d.epc], evidence) for d in decisions])


def _check(gate: Gate, at: str, d: Decision, known: Set[str]) -> None:
    _check_disposition(gate, at, "disposition", d.disposition, known)
    if d.rule_disposition is not None:
        _check_disposition(gate, at, "rule_disposition", d.rule_disposition, known)
    gate.text(at, "by_name", d.by_name)
    gate.within(at, "refund_minor", d.refund_minor, 0, LARGEST)
    gate.within(at, "expected_minor", d.expected_minor, -LARGEST, LARGEST)
    gate.ordered(at, d.low_minor, d.expected_minor, d.high_minor)
    for number, option in enumerate(d.options):
        place = f"{at}/options/{number}"
        _check_disposition(gate, place, "disposition", option.disposition, known | {HOLD})
        for name in ("expected_minor", "low_minor", "high_minor", "after_place_minor"):
            gate.within(place, name, getattr(option, name), -LARGEST, LARGEST)
        if option.barred is not None:
            sentence(gate, f"{place}/barred", option.barred)
    for number, said in enumerate(d.why):
        sentence(gate, f"{at}/why/{number}", said)


def _check_disposition(gate: Gate, at: str, name: str, value: str, known: Set[str]) -> None:
    if value not in known:
        expected = " / ".join(sorted(known - {HOLD}))
        gate.refuse(f"{at}/{name}", msg("There is no such disposition."), found=shown(value), expected=expected)


def _check_against(gate: Gate, at: str, d: Decision, item: Item) -> None:
    gate.moment(at, "at", d.at, item)
    if d.refund_minor and item["settlement"] == "settled":
        title = msg("The customer was paid back already.")
        gate.errors.append(Problem("spine.refunded", title, where=f"{at}/refund_minor", status=409))


def _refuse_repeats(
    gate: Gate, connection: sa.Connection, decisions: Sequence[Decision], items: Mapping[str, Item]
) -> None:
    """Refuse what the ledger says word for word already: the same was sent twice, or by two at once."""
    for number, d in enumerate(decisions):
        item = items.get(d.epc)
        if item is None or item["stage"] != "decided" or item["stage_since"] != d.at:
            continue
        said = (d.disposition, d.expected_minor, d.low_minor, d.high_minor, d.by_kind, d.by_name, d.rule_disposition)
        stored = bulk.driver(connection).execute(_SAID, (item["key"], d.at)).fetchone()
        if stored == said:
            title = msg("This was recorded already.")
            gate.errors.append(Problem("spine.repeated", title, where=f"/{number}", found=d.epc, status=409))


_OUTLETS = sa.text("select distinct disposition from outlet")
_SAID = """
    select disposition, expected_minor, low_minor, high_minor, by_kind, by_name, rule_disposition from decision
    where item_key = %s and at = %s order by entry_id desc limit 1
"""


def _event(d: Decision, item: Item, evidence: Mapping[int, list[int]]) -> prove.Entry:
    facts = msgspec.to_builtins(d)
    for name in ("epc", "at"):
        del facts[name]
    facts |= {
        "evidence": evidence.get(item["key"], []),
        "currency": item["currency"],
        "site_id": str(item["site_id"]),
    }
    return domain_event("takeback:Decided", step="decided", at=d.at, epcs=[item["epc"]], facts=facts)


_DECISION = (
    "org_id",
    "entry_id",
    "item_key",
    "at",
    "by_kind",
    "by_name",
    "disposition",
    "expected_minor",
    "low_minor",
    "high_minor",
    "currency",
    "rule_disposition",
    "rule_expected_minor",
    "options",
    "why",
    "evidence",
)


@projects("decided")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    rows, decisions, lines = {}, [], []
    for fact in facts:
        d, key, at = fact.body["takeback:facts"], item_key(fact.body["epcList"][0]), fact.event_time
        rows[key] = (org, key, "decided", at, d["disposition"], d["expected_minor"])
        decisions.append(
            (
                org,
                fact.id,
                key,
                at,
                d["by_kind"],
                d["by_name"],
                d["disposition"],
                d["expected_minor"],
                d["low_minor"],
                d["high_minor"],
                d["currency"],
                d["rule_disposition"],
                _expected(d["options"], d["rule_disposition"]),
                canonical_json(d["options"]).decode(),
                canonical_json(d["why"]).decode(),
                d["evidence"],
            )
        )
        if refund := d["refund_minor"]:
            site, unit = UUID(d["site_id"]), d["currency"]
            lines += [
                Line(fact.id, "money", "refund", site, key, refund, unit, at),
                Line(fact.id, "money", "customer", site, key, -refund, unit, at),
            ]
    columns = ("stage", "stage_since", "disposition", "value_minor")
    bulk.update(connection, "item", ("org_id", "key"), columns, list(rows.values()))
    settled = [(org, line.item_key, "settled") for line in lines if line.account == "refund"]
    bulk.update(connection, "item", ("org_id", "key"), ("settlement",), settled)
    bulk.insert(connection, "decision", _DECISION, decisions)
    post(connection, org, lines)


def _expected(options: Sequence[Mapping[str, Any]], disposition: str | None) -> int | None:
    return next((o.get("expected_minor") for o in options if o["disposition"] == disposition), None)
