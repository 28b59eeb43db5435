"""What of another party's events may be seen, and how many may not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.prove.genealogy.names import names_of
from takeback.prove.genealogy.order import Row
from takeback.store.bulk import driver

Scope: TypeAlias = frozenset[int] | None
"""The things whose events may be seen; None: all, empty: none."""

# Joints that touch what was found: an ADD of a parent or child, an input or output (takeback.prove.epcis.roles).
_TOUCHING = """
    select distinct i.entry_id from entry_item i
    where i.org_id = %(org)s and i.item_key = any(%(keys)s) and i.roles & 256 = 0
      and (i.roles & 24 <> 0 or i.roles & 6 <> 0 and i.roles & 64 <> 0)
      and not exists (select from voided v where v.org_id = %(org)s and v.entry_id = i.entry_id)
"""
_NAMING = "select distinct entry_id from entry_item where org_id = %(org)s and item_key = any(%(keys)s)"


# A GTIN alone, a pattern, a material: what many parties handle without handling the same things.
_SORT = re.compile(r"/01/\d{14}$|^urn:epc:idpat:|^urn:takeback:material:")


def particular(connection: sa.Connection, org: UUID, keys: Sequence[int]) -> list[int]:
    """Return the keys without those of mere sorts of things, which others may know without knowing ours."""
    names = names_of(connection, org, keys)
    return [key for key in keys if not _SORT.search(names.get(key, ""))]


def naming(connection: sa.Connection, party: UUID, scope: Scope) -> set[int] | None:
    """Return the party's entries that name one of the things of ``scope``; None: all of them."""
    return None if scope is None else _entries(connection, _NAMING, party, sorted(scope))


def within(rows: list[Row], allowed: set[int] | None) -> list[Row]:
    """Return the rows of a walk that ``allowed`` entries tell."""
    return rows if allowed is None else [row for row in rows if row[1] is None or row[1] in allowed]


def hidden(party: UUID, keys: Sequence[int], scope: Scope) -> int:
    """Return how many of the party's events join one of the things ``keys`` to others and are not in ``scope``."""
    if scope is None:
        return 0
    with store.transaction(party) as connection:
        touching = _entries(connection, _TOUCHING, party, keys)
        return len(touching - (naming(connection, party, scope) or set()))


def _entries(connection: sa.Connection, query: str, party: UUID, keys: Sequence[int]) -> set[int]:
    found = driver(connection).execute(query.encode(), {"org": party, "keys": list(keys)})
    return {entry for (entry,) in found}
