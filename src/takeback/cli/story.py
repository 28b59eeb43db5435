"""Entries of the ledger as one line each, for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from takeback.core.money import Money


def told(body: dict[str, Any]) -> str:
    """Return what an entry says beyond its step: the decision made, the grade, the order's number; or nothing."""
    say = _SAID.get(body.get("takeback:step", ""))
    return say(body["takeback:facts"]) if say else ""


def _decided(facts: dict[str, Any]) -> str:
    expected = Money(facts["expected_minor"], facts["currency"])
    return f"{facts['disposition']}, expected {expected}, by {facts['by_name']}"


def _graded(facts: dict[str, Any]) -> str:
    if facts.get("soh") is None:
        return str(facts["grade"])
    return f"{facts['grade']}, state of health {100 * facts['soh']:.1f} %"


_SAID: dict[str, Callable[[dict[str, Any]], str]] = {
    "ordered": lambda facts: f"order {facts['number']}",
    "collected": lambda facts: str(facts["carrier"]),
    "received": lambda facts: str(facts["station"]),
    "graded": _graded,
    "decided": _decided,
    "recovered": lambda facts: str(facts["disposition"]),
}
