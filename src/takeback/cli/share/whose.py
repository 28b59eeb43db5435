"""The centre of a command, by its short name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.operate.identity import organisation_by_slug
from takeback.share.centre.acting import CentreActor, system


def ids_of(*slugs: str) -> list[UUID]:
    """Return the ids of organisations by their short names; ``identity.no-organisation`` (404)."""
    with store.admin() as connection:
        return [organisation_by_slug(connection, slug).id for slug in slugs]


@contextmanager
def centre_of(slug: str) -> Iterator[tuple[sa.Connection, CentreActor]]:
    """Open a transaction of the centre named; the system acts, for who may use the server's own machine.

    Raises
    ------
    Problem
        ``identity.no-organisation`` (404).
    """
    (org,) = ids_of(slug)
    with store.transaction(org) as connection:
        yield connection, system(org)
