"""Formulas of formulas: a plan that refers to itself in many ways is computed once each, and ends somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from takeback import store
from takeback.share.centre.targets.indicators import Indicator
from takeback.share.centre.targets.standing import Book
from tests.share.centre.centre_world import CentreWorld


def book(connection: Any, formulas: Mapping[str, str]) -> Book:
    """Return the book of a plan with these formulas and nothing stated."""
    made = {
        code: Indicator(code=code, name=code, name_zh=code, definition="d", source="s", unit="count", formula=formula)
        for code, formula in formulas.items()
    }
    return Book(connection, range(2026, 2028), made, {}, {})


def test_what_two_ways_lead_to_is_shown_once(centre: CentreWorld) -> None:
    """Thirty steps with two ways each are thirty values and not a thousand million ways."""
    steps = {"i0a": "1", "i0b": "1"}
    for n in range(1, 31):
        steps |= {f"i{n}{side}": f"i{n - 1}a + i{n - 1}b" for side in "ab"}
    with store.transaction(centre.org) as connection:
        plan = book(connection, steps)
        assert plan.value("i30a", 2026) == 2**30
        assert plan.evidence("i30a", 2026) == []


def test_a_row_of_a_thousand_formulas_has_no_value(centre: CentreWorld) -> None:
    """It is said so, instead of an error of ours; a row of thirty has its value."""
    steps = {"i0": "1"} | {f"i{n}": f"i{n - 1} + 1" for n in range(1, 1_001)}
    with store.transaction(centre.org) as connection:
        assert book(connection, steps).known("i1000", 2026) is None
        assert book(connection, steps).known("i30", 2026) == 31
        assert book(connection, steps).evidence("i1000", 2026) == []
