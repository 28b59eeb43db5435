"""The figures of reporting: what the centre told, and how."""

from __future__ import annotations

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.records import find


@figures_of("reporting")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return how many reports of a year are published."""
    published = find(connection, "report", state="published", year=year)
    return [Figure("reporting.published", msg("Reports published"), "count", len(published), year, proof(published))]
