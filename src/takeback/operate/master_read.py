"""Master data as it is now."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.master import BY_NAME, Row


def rows_of(connection: sa.Connection, subject: str) -> list[Row]:
    """Return all rows of a subject: site, partner, product, battery_model, price, outlet, resource, ...

    Raises
    ------
    Problem
        ``master.no-subject`` for another word.
    """
    if subject not in BY_NAME:
        raise Problem(
            "master.no-subject",
            msg("There is no such master data."),
            found=subject,
            expected=" / ".join(BY_NAME),
            status=404,
        )
    kind = BY_NAME[subject][0]
    names = ", ".join(field.name for field in msgspec.structs.fields(kind))
    rows = connection.execute(sa.text(f"select {names} from {subject} order by 1, 2, 3"))
    return [kind(**row._mapping) for row in rows]  # not checked again: rows of earlier releases stay readable
