"""The options of a decision, as the page of an item shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from takeback.operate.identity import Actor
from takeback.operate.statements import DecisionLine
from takeback.web.console import render
from takeback.web.pages.items import _decision
from tests.support.people import People
from tests.web import sample_views

OPTIONS = [
    {
        "disposition": "repurpose",
        "expected_minor": 90_000,
        "low_minor": 1,
        "high_minor": 2,
        "after_place_minor": 40_000,
    },
    {"disposition": "hold", "expected_minor": 50_000, "after_place_minor": 50_000},
    {"disposition": "recycle", "expected_minor": 60_000, "low_minor": 1, "high_minor": 2, "after_place_minor": 60_000},
]


def _line(options: list[dict[str, Any]]) -> DecisionLine:
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    return DecisionLine(
        entry_id=1,
        at=moment,
        by_kind="model",
        by_name="disposition 1",
        disposition="recycle",
        expected_minor=60_000,
        low_minor=1,
        high_minor=2,
        currency="CNY",
        rule_disposition=None,
        options=options,
        why=[],
        evidence=[],
        realised_minor=None,
        realised_at=None,
        realised_counts=True,
    )


def _shown(actor: Actor, options: list[dict[str, Any]]) -> tuple[list[str], str]:
    item: Any = SimpleNamespace(stage="decided", key="00")
    decision = _decision(_line(options), item, actor)
    page = sample_views.item_plain()
    html = render(type(page)(**{**{f: getattr(page, f) for f in page.__struct_fields__}, "decision": decision}), SHELL)
    return [option.disposition for option in decision.options], html


SHELL = sample_views.shell("/items/1")


def test_options_stand_in_the_order_in_which_they_were_compared(people: People) -> None:
    """After their places: the chosen one first, though another brings more; deciding later stands among them."""
    order, html = _shown(people.alice.actor, OPTIONS)
    assert order == ["recycle", "hold", "repurpose"]
    assert html.count("after its place") == 1  # of the one whose place is worth something
    assert "Decide later" in html
    assert "disposition=hold" not in html  # waiting is nothing that a person could choose for a decided item


def test_decisions_of_before_are_shown_by_their_values(people: People) -> None:
    """The ledger's first decisions say no second figure."""
    plain = [{k: v for k, v in option.items() if k != "after_place_minor"} for option in OPTIONS]
    order, html = _shown(people.alice.actor, plain)
    assert order == ["repurpose", "recycle", "hold"]
    assert "after its place" not in html
