"""Figures of money rest on entries of the ledger and follow what happens."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from takeback import store
from takeback.core.money import Money
from takeback.share.centre.figures import figures_in, unproven
from takeback.share.centre.money import reverse, spend
from takeback.share.centre.money.currency import written
from takeback.share.centre.money.spending import plain
from tests.share.centre.centre_world import CentreWorld
from tests.share.centre.money.money_world import cost, fund, give, project


def test_each_figure_has_its_evidence_and_a_reversed_cost_is_gone(centre: CentreWorld) -> None:
    """Received, own share, channels, spent, in kind; a reversal takes its amount out of the figure."""
    work = project(centre)
    with store.transaction(centre.org) as connection:
        city = fund(connection, centre)
        own = fund(connection, centre, "OWN", received=300_00, own=True, channel="own")
        kind = fund(connection, centre, "KIND", received=50_00, in_kind=True, channel="enterprise")
        for one in (city, own, kind):
            give(connection, centre, one, work, 40_00)
        first = spend(connection, centre.manager, cost(city, work, 10_00, invoice="1"))
        spend(connection, centre.manager, cost(own, work, 5_00, invoice="2"))
        spend(connection, centre.manager, cost(kind, work, 7_00, invoice="3"))
        figures = figures_in(connection, "money", 2026)
        assert {one.code: one.value for one in figures} == {
            "money.received": 1_350_00, "money.own-share": 300_00, "money.channels": 3, "money.spent": 15_00,
            "money.in-kind": 7_00, "money.traced": 0.0,
        }  # fmt: skip
        assert unproven(figures) == []
        reverse(connection, centre.manager, first.id, "A mistake")
        values = {one.code: one.value for one in figures_in(connection, "money", 2026)}
        assert values["money.spent"] == 5_00
        assert {one.value for one in figures_in(connection, "money", 2025)} == {0, None}


@given(st.integers(-(10**15), 10**15))
def test_an_amount_is_written_without_a_loss(minor: int) -> None:
    """What is shown, read again, is the same number of cents."""
    assert Money.parse(written(minor, "CNY")) == Money(minor, "CNY")


@given(st.text("abcxyz0189 电池仪器", min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_a_supplier_is_the_same_however_it_is_written(name: str, random: Random) -> None:
    """Spaces, stops, case and full width make no other supplier."""
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" and random.random() < 0.5 else one for one in name)
    written = "".join(one + random.choice(("", " ", ".", "，", "　")) for one in wide.upper())
    assert plain(written) == plain(name) or not name.strip()


def test_numbers_that_differ_in_a_dash_are_two() -> None:
    """12-3 and 1-23 are two invoices."""
    assert plain("12-3", marks="") != plain("1-23", marks="")
