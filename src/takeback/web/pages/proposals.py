"""What the engine proposes for graded items, computed once until the ledger grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from takeback.web.frame import Frame
from takeback.web.memo import memo

if TYPE_CHECKING:
    from takeback.operate.decisions.propose import Proposal

Row: TypeAlias = "tuple[Proposal, int]"
"""A proposal for a vertical, and the item's row in it."""

AT_ONCE = 2000  # graded items of a vertical that one person may wait for on the page of a single one
_GRADED = sa.text("select coalesce(sum(items), 0) from stage_total where stage = 'graded' and vertical = :vertical")


def proposals(connection: sa.Connection, org: UUID, around: Frame, vertical: str) -> dict[str, Row]:
    """Return the proposal for every graded item of a vertical, by EPC."""
    key = ("proposals", vertical, around.now.date())
    return memo(connection, org, key, lambda: _computed(connection, around, vertical))


def proposal_of(connection: sa.Connection, org: UUID, around: Frame, vertical: str, epc: str) -> Row | None:
    """Return the proposal for one item; None when there is none, or so much is graded that it would take long."""
    if int(connection.scalar(_GRADED, {"vertical": vertical}) or 0) > AT_ONCE:
        return None
    return proposals(connection, org, around, vertical).get(epc)


def _computed(connection: sa.Connection, around: Frame, vertical: str) -> dict[str, Row]:
    from takeback.operate.decisions.propose import propose  # noqa: PLC0415 - the engine takes a second to load

    proposal = propose(connection, vertical, now=around.now)
    return {item.epc: (proposal, row) for row, item in enumerate(proposal.items)} if proposal else {}
