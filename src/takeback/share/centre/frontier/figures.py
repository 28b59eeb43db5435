"""The figures of the frontier watch."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.share.centre.days import made_in
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.records import Record, find


@figures_of("frontier")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the sources and rules listed in a year, and the best-known values stated and beaten in it."""
    listed = made_in(connection, find(connection, "source", state="listed"), year)
    stated = sorted(find(connection, "best-known", state="stated"), key=lambda one: one.first_entry)
    of_year, first = made_in(connection, stated, year), _first_ones(stated)
    told = {
        "sources": (msg("Sources listed"), listed),
        "rules": (msg("Laws and standards listed"), [one for one in listed if one.facts.is_rule]),
        "best_known": (msg("Best-known values stated"), of_year),
        "beaten": (msg("Best-known values beaten"), [one for one in of_year if one.id not in first]),
    }
    return [
        Figure(f"frontier.{name}", label, "count", len(those), year, proof(those))
        for name, (label, those) in told.items()
    ]


def _first_ones(stated: list[Record]) -> set[UUID]:
    """Return the values, in the order in which they were stated, that beat nothing: the first of each instance."""
    return set({one.facts.instance: one.id for one in reversed(stated)}.values())
