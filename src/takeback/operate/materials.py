"""What an item is made of, as far as its entries say: material statements and recovered outputs."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """One material of an item in grams; ``error``: half the interval as a ratio, None where none was given."""

    material: str
    grams: float
    error: float | None


_CONTENTS = sa.text(
    """
    select distinct on (property) substr(property, 10) as material, value * 1000 as grams,
           case when value > 0 then (high - low) / 2 / value end as error
    from statement where item_key = :key and property like 'material:%' order by property, at desc
    """
)
_OUTPUTS = sa.text(
    """
    select substr(account, 9) as material, sum(amount)::float8 as grams, null::float8 as error from posting
    where book = 'mass' and item_key = :key and account like 'product:%' group by account order by account
    """
)


def contents_of(connection: sa.Connection, key: int) -> list[Content]:
    """Return the materials stated of an item, else those that were won from it."""
    for query in (_CONTENTS, _OUTPUTS):
        if rows := connection.execute(query, {"key": key}).all():
            return [Content(**dict(row._mapping)) for row in rows]
    return []
