"""The currency of a centre: that of its organisation, one for all its amounts, for as long as there are any."""

from __future__ import annotations

import sqlalchemy as sa

from takeback.core.currencies import shown_currency
from takeback.core.message import msg
from takeback.core.money import Money
from takeback.core.problem import Problem

WITH_AMOUNTS = (
    "adoption",
    "call",
    "commitment",
    "fund",
    "project",
    "resource",
    "result",
    "spending",
    "transfer",
    "use",
)
"""Kinds whose records say amounts: plain numbers of minor units, in the currency of the centre."""


def currency_of(connection: sa.Connection) -> str:
    """Return the currency, ISO 4217, of the centre that the transaction is bound to."""
    return str(connection.execute(_CURRENCY).scalar_one())


def shown(connection: sa.Connection, minor: int) -> str:
    """Return an amount in minor units as refusals say it, in the currency of the centre: 1234.05 CNY."""
    return written(minor, currency_of(connection))


def written(minor: int, currency: str) -> str:
    """Return an amount in minor units with its currency, with the decimals that this currency has."""
    return str(Money(minor, shown_currency(currency)))


def check_currency(connection: sa.Connection, wanted: str) -> None:
    """Go on only where a centre may have this currency: its own, or any while it has no amounts.

    Amounts of two currencies would otherwise be added.

    Raises
    ------
    Problem
        ``centre.currency-used`` (409).
    """
    own = currency_of(connection)
    if wanted == own or not connection.execute(_ANY, {"kinds": [*WITH_AMOUNTS]}).scalar_one():
        return
    raise Problem(
        "centre.currency-used",
        msg("This centre has amounts in its currency already: they would change their meaning."),
        where="currency",
        found=wanted,
        expected=own,
        remedy=msg("Found another centre for another currency."),
        status=409,
    )


_CURRENCY = sa.text("""
    select currency from organisation where id = nullif(current_setting('takeback.org', true), '')::uuid
""")
_ANY = sa.text("select exists (select 1 from centre_record where kind = any(:kinds))")
