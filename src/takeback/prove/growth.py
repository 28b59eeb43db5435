"""The newest checkpoint with the proof that the log only grew: a file that can be sent to a witness."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.cosignatures import cosigned_note
from takeback.prove.log import latest_checkpoint, prove_growth
from takeback.prove.log_source import GROWTH


def prove_growth_to_newest(connection: sa.Connection, first: int) -> dict[str, Any]:
    """Return the newest checkpoint and the consistency proof from ``first`` leaves.

    Raises
    ------
    Problem
        ``ledger.no-such-size``.
    """
    latest = latest_checkpoint(connection)
    if latest is None or not 0 < first <= latest.size:
        expected = f"1 - {latest.size if latest else 0}"
        title = msg("The log never had this size.")
        raise Problem("ledger.no-such-size", title, found=first, expected=expected, status=404)
    path = prove_growth(connection, first, latest.size)
    return {"format": GROWTH, "checkpoint": cosigned_note(connection, latest), "first": first, "path": path}
