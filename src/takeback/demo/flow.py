"""Where each thing of the world stands in the ledger: read once at the start, kept current while driving."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import numpy as np
import sqlalchemy as sa

from takeback import store
from takeback.demo.world import Ints
from takeback.operate.spine import STAGES

NEW = -1
_ITEMS = sa.text(
    """
    select i.epc, i.stage, i.disposition, d.at from item i
    left join lateral (select at from decision d where d.org_id = i.org_id and d.item_key = i.key order by at desc
    limit 1) d
    on true where i.vertical = :vertical
    """
)


@dataclass(slots=True)
class Flow:
    """The things of one vertical in the operator's hands; n rows in the order of the world.

    ``stage`` (n,): -1 not ordered yet, else the place in `STAGES`; ``decided_day`` (n,) and ``option`` by EPC row.
    """

    epcs: Sequence[str]
    stage: Ints
    decided_day: Ints
    option: list[str]
    row_of: dict[str, int] = field(repr=False)

    def at(self, stage: str) -> Ints:
        """Return the rows that stand at a stage."""
        return np.flatnonzero(self.stage == STAGES.index(stage))

    def move(self, rows: Iterable[int], stage: str) -> None:
        """Note that rows have reached a stage."""
        self.stage[np.fromiter(rows, dtype=np.int64)] = STAGES.index(stage)


def read(org: UUID, vertical: str, epcs: Sequence[str], first: date) -> Flow:
    """Return the flow as the database has it, so that an interrupted world goes on where it was."""
    n = len(epcs)
    flow = Flow(epcs, np.full(n, NEW), np.full(n, -1), [""] * n, {epc: row for row, epc in enumerate(epcs)})
    with store.transaction(org) as connection:
        for epc, stage, disposition, decided in connection.execute(_ITEMS, {"vertical": vertical}):
            row = flow.row_of.get(epc)
            if row is not None:
                flow.stage[row] = STAGES.index(stage)
                flow.option[row] = disposition or ""
                flow.decided_day[row] = (decided.date() - first).days if decided else -1
    return flow
