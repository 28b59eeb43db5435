"""Evidence: other records, each as it stood in the ledger when it was named."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.kinds import kind_named
from takeback.share.centre.records import get


def pinned(connection: sa.Connection, records: Sequence[UUID]) -> tuple[tuple[UUID, int], ...]:
    """Return each record with its last entry of the ledger, without doubles.

    Raises
    ------
    Problem
        ``centre.no-evidence`` for none; ``centre.no-record`` (404); ``centre.hidden-evidence`` for records that not
        everybody in the centre may see, such as proposals and reviews.
    """
    if not records:
        raise Problem(
            "centre.no-evidence",
            msg("This needs evidence."),
            where="evidence",
            found=0,
            expected=msg("at least one record that shows it"),
        )
    return tuple((one, _entry(connection, one)) for one in dict.fromkeys(records))


def _entry(connection: sa.Connection, record_id: UUID) -> int:
    record = get(connection, record_id)
    if kind_named(record.kind).read != "centre.read":
        raise Problem(
            "centre.hidden-evidence",
            msg("A record that not everybody may see cannot be evidence."),
            where="evidence",
            found=record.kind,
        )
    return record.entry_id
