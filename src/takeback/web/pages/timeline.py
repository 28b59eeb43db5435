"""Entries of the ledger as the steps of a story."""

from __future__ import annotations

from typing import Any

from takeback.core.message import Message, msg
from takeback.prove import Traced
from takeback.web.console.phrases import phrase
from takeback.web.console.views import TimelineEvent
from takeback.web.console.vocabulary import word
from takeback.web.frame import Frame

_TITLES = {
    "ordered": msg("Announced"),
    "collected": msg("Collected"),
    "received": msg("Received"),
    "graded": msg("Graded"),
    "decided": msg("Decided"),
    "recovered": msg("Recovered"),
    "decision run": msg("Decisions weighed together"),
    "forecast": msg("Forecast made"),
    "planned": msg("Collection day planned"),
    "registered": msg("Master data registered"),
}


def timeline_event(around: Frame, row: Traced) -> TimelineEvent:
    """Return an entry about an item as one line of its story."""
    step, facts = row.body.get("takeback:step", ""), row.body.get("takeback:facts", {})
    return TimelineEvent(
        title=title_of(step, facts, row.kind),
        at=row.event_time,
        detail=_detail(around, step, facts),
        leaf=row.leaf_index,
        entry=row.id,
        provenance=facts.get("provenance", "real"),
    )


def title_of(step: str, facts: dict[str, Any], kind: str) -> Message | str:
    """Return what a step is called."""
    if step == "graded":
        return msg("Graded {grade}", grade=facts["grade"])
    if step == "decided":
        return msg("Decided: {disposition}", disposition=word("disposition", facts["disposition"]))
    if step == "recovered":
        return msg("Recovered: {disposition}", disposition=word("disposition", facts["disposition"]))
    return _TITLES.get(step) or word("entry", kind)


def _detail(around: Frame, step: str, facts: dict[str, Any]) -> Message | str:
    if step == "ordered":
        return msg("order {number}", number=facts["number"])
    if step == "collected":
        return phrase(facts["carrier"])
    if step == "received":
        together, station = len(facts["lines"]), phrase(facts["station"])
        return msg("{station}, {count} things together", station=station, count=together) if together > 1 else station
    if step == "graded":
        return _graded(facts)
    return _money(around, step, facts)


def _money(around: Frame, step: str, facts: dict[str, Any]) -> Message | str:
    if step == "decided":
        return msg("expected {money}, by {name}", money=around.money(facts["expected_minor"]), name=_decider(facts))
    if step == "recovered":
        net = facts["realised_minor"] - facts["cost_minor"]
        return msg("brought {money} after cost", money=around.money(net))
    return ""


def _decider(facts: dict[str, Any]) -> Message | str:
    return msg("a person") if facts["by_kind"] == "person" else phrase(facts["by_name"])


def _graded(facts: dict[str, Any]) -> Message:
    if facts.get("soh") is None:
        return msg("{method}, {originator}", method=phrase(facts["method"]), originator=phrase(facts["originator"]))
    return msg(
        "state of health {soh} % ({low}–{high}), {method}",
        soh=round(100 * facts["soh"], 1),
        low=round(100 * facts["soh_low"], 1),
        high=round(100 * facts["soh_high"], 1),
        method=phrase(facts["method"]),
    )
