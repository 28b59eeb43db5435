"""The demo world asked for as a job, once, on an empty installation."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from takeback import store
from takeback.demo.accounts import write_down
from takeback.demo.cast import engage
from takeback.demo.parameters import yangtze
from takeback.demo.world_job import KIND, TITLE
from takeback.store.jobs import enqueue


def start_demo(home: Path) -> bool:
    """Create the cast and enqueue the job that fills the world.

    Return False where anybody else is there, or the job was asked for before. A start that was cut off between the
    two is taken up again.
    """
    with store.admin() as connection:
        if connection.scalar(_OTHERS):
            return False
    cast = engage(yangtze())
    write_down(home, yangtze())
    operator = cast.actors[cast.operator].org_id
    with store.transaction(operator) as connection:
        if connection.scalar(_ASKED, {"kind": KIND, "org": operator}):
            return False
        enqueue(connection, operator, KIND, TITLE, {"home": str(home), "seed": 0})
    return True


_OTHERS = sa.text("select exists (select 1 from organisation where not simulated)")
_ASKED = sa.text(
    """
    select exists (select 1 from job where kind = :kind) or exists (select 1 from party_counter where org_id = :org)
    """
)
