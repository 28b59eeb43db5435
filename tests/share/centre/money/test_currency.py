"""The currency of a centre is its own, and stays while there are amounts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import files, money
from takeback.share.centre.figures import all_figures
from takeback.share.centre.money import Fund
from tests.share.centre.centre_world import CentreWorld


def test_every_figure_of_money_is_in_the_centres_own_currency(centre: CentreWorld) -> None:
    """A centre that counts in euros has no figure in yuan."""
    with store.transaction(centre.org) as connection:
        money.check_currency(connection, "EUR")
    with store.admin() as connection:
        connection.execute(sa.text("update organisation set currency = 'EUR' where id = :id"), {"id": centre.org})
    with store.transaction(centre.org) as connection:
        units = {figure.unit for figure in all_figures(connection, 2026)}
        assert money.currency_of(connection) == "EUR"
    assert "EUR" in units
    assert "CNY" not in units


def test_a_centre_with_amounts_keeps_its_currency(centre: CentreWorld) -> None:
    """Numbers that meant yuan do not become euros: the change is refused, whoever asks for it."""
    with store.transaction(centre.org) as connection:
        fund = Fund(code="F1", title="Grant", source="City", channel="municipal")
        money.open_new_fund(connection, centre.manager, fund)
        with pytest.raises(Problem) as refused:
            money.check_currency(connection, "EUR")
        assert (refused.value.kind, refused.value.status) == ("centre.currency-used", 409)
        money.check_currency(connection, "CNY")


def test_a_refusal_says_amounts_in_the_centres_currency(centre: CentreWorld) -> None:
    """A centre that counts in yen, which have no decimals, is told of 1,001 yen, and never of 10.01 of nothing."""
    with store.admin() as connection:
        connection.execute(sa.text("update organisation set currency = 'JPY' where id = :id"), {"id": centre.org})
    with store.transaction(centre.org) as connection:
        limited = Fund(code="F1", title="Grant", source="City", channel="municipal", limit=1000)
        fund = money.open_new_fund(connection, centre.manager, limited)
        with pytest.raises(Problem) as refused:
            money.grant(connection, centre.manager, fund.id, 1001)
        money.grant(connection, centre.manager, fund.id, 7)
        with pytest.raises(Problem) as left:
            money.close_fund(connection, centre.manager, fund.id)
    assert refused.value.found == "1\N{NARROW NO-BREAK SPACE}001\N{NO-BREAK SPACE}JPY"
    assert str(refused.value.expected) == "at most 1\N{NARROW NO-BREAK SPACE}000\N{NO-BREAK SPACE}JPY"
    assert left.value.found == "7\N{NO-BREAK SPACE}JPY"


def test_a_file_is_of_the_time_that_is_told(centre: CentreWorld) -> None:
    """What is entered of the past has the file's own day, in the ledger too."""
    told = datetime(2025, 5, 4, 9, tzinfo=UTC)
    with store.transaction(centre.org) as connection:
        kept = files.attach(connection, centre.manager, centre.members["maker"], "a.txt", "text/plain", b"a", at=told)
        last = connection.execute(sa.text("select max(event_time) from entry where kind = 'takeback:CentreFile'"))
        assert kept.added_at == last.scalar_one() == told
