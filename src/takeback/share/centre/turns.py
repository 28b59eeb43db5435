"""Whose turn it is to write in a centre: taken before any row is locked, so that no two commands wait for each other.

Every entry of the ledger takes its party's next number, and keeps it until the transaction ends. A command that locked
a record, wrote, and then locked another one could wait for somebody who has that one and waits for the number. So the
number comes first, always: `records.get` takes it before it locks, and whoever locks rows otherwise does so, too.
"""

from __future__ import annotations

import sqlalchemy as sa

_TURN = sa.text("""
    select next_number from party_counter
    where org_id = cast(nullif(current_setting('takeback.org', true), '') as uuid) for update
""")


def take_turn(connection: sa.Connection) -> None:
    """Let nobody else write in the centre until the transaction ends; what is read from now on is not out of date."""
    connection.execute(_TURN)
