"""Double entry for kilograms and money: the postings of one entry sum to zero in each book and unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from takeback.store import bulk


class Line(NamedTuple):
    """One posting. Mass in grams (unit ``g``), money in minor units (unit: the currency); an account gains what is
    positive.

    Accounts of mass: inbound (negative: what came in), stock, outbound, product:<material>, loss:<kind>.
    Accounts of money: buyer, revenue:<disposition>, cost:<kind>, payable, customer, refund.
    """

    entry_id: int
    book: str
    account: str
    site_id: UUID
    item_key: int | None
    amount: int
    unit: str
    at: datetime


_COLUMNS = ("org_id", "entry_id", "line", "book", "account", "site_id", "item_key", "amount", "unit", "at")


def post(connection: sa.Connection, org: UUID, lines: Sequence[Line]) -> None:
    """Write postings; the database refuses an entry whose lines do not sum to zero."""
    numbers: dict[int, int] = defaultdict(int)
    rows = []
    for line in lines:
        if line.amount:
            numbers[line.entry_id] += 1
            rows.append((org, line.entry_id, numbers[line.entry_id], *line[1:]))
    bulk.insert(connection, "posting", _COLUMNS, rows)
