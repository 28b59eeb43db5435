"""What the keys of things stand for."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from takeback.store.bulk import driver

_NAMES = "select key, uri from identifier where org_id = %s and key = any(%s)"


def names_of(connection: sa.Connection, org: UUID, keys: Iterable[int]) -> dict[int, str]:
    """Return the canonical URI of each key that the party has seen."""
    return dict(driver(connection).execute(_NAMES, (org, list(keys))).fetchall())
