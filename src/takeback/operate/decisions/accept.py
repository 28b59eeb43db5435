"""Accepting a proposal: each choice becomes a decision in the ledger, and the run itself is remembered."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback import prove
from takeback.core.canonical import canonical_json
from takeback.core.items import item_key
from takeback.core.message import Message
from takeback.operate.decisions.propose import Proposal
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.spine.decide import Decision, Option, decide
from takeback.plan.disposition import reasons as why
from takeback.plan.disposition.flips import flips
from takeback.store import bulk


def accept(
    connection: sa.Connection,
    author: Author,
    proposal: Proposal,
    *,
    only: Collection[str] | None = None,
    refunds: dict[str, int] | None = None,
) -> int:
    """Decide as proposed (all items, or those whose EPC is in ``only``); return how many were decided, not held.

    ``refunds`` gives minor units to pay back, by EPC.
    """
    decisions = [
        decision_of(proposal, row, refund=(refunds or {}).get(item.epc, 0))
        for row, item in enumerate(proposal.items)
        if (only is None or item.epc in only) and proposal.solution.choice[row] != proposal.problem.hold_column
    ]
    if decisions:
        decide(connection, author, decisions)
    record(connection, author, [_run(proposal, {decision.epc for decision in decisions})])
    return len(decisions)


def decision_of(proposal: Proposal, row: int, *, refund: int = 0) -> Decision:
    """Return the decision on one item with all its options and reasons."""
    problem, solution = proposal.problem, proposal.solution
    chosen = int(solution.choice[row])
    low, high = _ordered(solution.low[row, chosen], solution.value[row, chosen], solution.high[row, chosen])
    return Decision(
        epc=proposal.items[row].epc,
        at=proposal.at,
        disposition=problem.options[chosen].name,
        expected_minor=round(float(solution.value[row, chosen])),
        low_minor=low,
        high_minor=high,
        options=options_of(proposal, row),
        why=_told(proposal, row),
        by_kind="model",
        by_name=solution.version,
        rule_disposition=proposal.rule[row] or None,
        refund_minor=refund,
    )


def options_of(proposal: Proposal, row: int) -> list[Option]:
    """Return what can become of the item, in the market's order, deciding later last; barred ones with their reason."""
    columns = range(len(proposal.problem.options))
    return [*(_option(proposal, row, column) for column in columns), *_later(proposal, row)]


def reasons(proposal: Proposal, row: int) -> list[Message]:
    """Return why the item gets what it gets, most telling first."""
    return [reason.text for reason in why.of(proposal.problem, proposal.solution, row)]


def _told(proposal: Proposal, row: int) -> list[dict[str, Any]]:
    """Return the reasons, and what would change the decision, as the ledger keeps them."""
    said = [(reason.code, reason.text) for reason in why.of(proposal.problem, proposal.solution, row)]
    said += [(flip.kind, flip.text) for flip in flips(proposal.problem, proposal.solution, row)]
    return [{"code": code, "msgid": text.msgid, "params": dict(text.params)} for code, text in said]


def _option(proposal: Proposal, row: int, column: int) -> Option:
    problem, solution = proposal.problem, proposal.solution
    name = problem.options[column].name
    if problem.bar[row, column] >= 0:
        reason = problem.bar_reasons[problem.bar[row, column]]
        return Option(disposition=name, barred={"msgid": reason.msgid, "params": dict(reason.params)})
    low, high = _ordered(solution.low[row, column], solution.value[row, column], solution.high[row, column])
    return Option(
        disposition=name,
        expected_minor=round(float(solution.value[row, column])),
        low_minor=low,
        high_minor=high,
        after_place_minor=round(float(solution.value[row, column] - why.places(problem, solution, row)[column])),
    )


def _later(proposal: Proposal, row: int) -> Iterator[Option]:
    """Yield deciding later where it was one of the options; its value counts what places are worth then."""
    column = proposal.problem.hold_column
    if column is not None and math.isfinite(proposal.solution.value[row, column]):
        value = round(float(proposal.solution.value[row, column]))
        yield Option(disposition=why.HOLD, expected_minor=value, after_place_minor=value)


def _ordered(low: float, mean: float, high: float) -> tuple[int, int]:
    """Return the interval widened to hold the mean: of a skewed mixture the mean may lie outside the middle 80 %."""
    return round(min(low, mean)), round(max(high, mean))


def _run(proposal: Proposal, decided: set[str]) -> prove.Entry:
    solution, names = proposal.solution, [r.name for r in proposal.problem.resources]
    hold = proposal.problem.hold
    facts = {
        "vertical": proposal.vertical,
        "items": len(proposal.items),
        "held": len(proposal.items) - len(decided),
        "rule": {
            item.epc: choice
            for item, choice in zip(proposal.items, proposal.rule, strict=True)
            if choice and item.epc not in decided and item.rule_disposition is None
        },
        "objective": solution.objective,
        "bound": solution.bound,
        "shadow_price": dict(zip(names, map(float, solution.shadow_price), strict=True)),
        "future_price": dict(zip(names, map(float, hold.future_price), strict=True)) if hold else {},
        "version": solution.version,
    }
    body = {"type": "takeback:DecisionRun", "takeback:step": "decision run", "takeback:facts": facts}
    return prove.Entry("takeback:DecisionRun", body, proposal.at)


_RUN = (
    "org_id",
    "entry_id",
    "vertical",
    "at",
    "items",
    "held",
    "objective",
    "bound",
    "shadow_price",
    "future_price",
    "version",
)


@projects("decision run")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    rows = [_run_row(org, fact.id, fact.event_time, fact.body["takeback:facts"]) for fact in facts]
    bulk.insert(connection, "decision_run", _RUN, rows)
    chosen = {item_key(epc): choice for fact in facts for epc, choice in _ruled(fact).items()}
    choices = [(org, key, choice) for key, choice in chosen.items()]
    bulk.update(connection, "item", ("org_id", "key"), ("rule_disposition",), choices)


def _ruled(fact: Fact) -> dict[str, str]:
    ruled: dict[str, str] = fact.body["takeback:facts"].get("rule", {})  # the first entries of this kind have none
    return ruled


def _run_row(org: UUID, entry: int, at: datetime, run: dict[str, Any]) -> tuple[Any, ...]:
    prices = (canonical_json(run[name]).decode() for name in ("shadow_price", "future_price"))
    return (
        org,
        entry,
        run["vertical"],
        at,
        run["items"],
        run["held"],
        run["objective"],
        run["bound"],
        *prices,
        run["version"],
    )
