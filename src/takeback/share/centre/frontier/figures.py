"""The figures of the frontier watch."""

from __future__ import annotations

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.records import Record, find


@figures_of("frontier")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the sources and rules listed in a year, and the best-known values stated and beaten in it."""
    listed = [one for one in find(connection, "source", state="listed") if one.created_at.year == year]
    stated = sorted(find(connection, "best-known", state="stated"), key=lambda one: one.first_entry)
    told = {
        "sources": (msg("Sources listed"), listed),
        "rules": (msg("Laws and standards listed"), [one for one in listed if one.facts.is_rule]),
        "best_known": (msg("Best-known values stated"), [one for one in stated if one.created_at.year == year]),
        "beaten": (msg("Best-known values beaten"), _beating(stated, year)),
    }
    return [
        Figure(f"frontier.{name}", label, "count", len(those), year, proof(those))
        for name, (label, those) in told.items()
    ]


def _beating(stated: list[Record], year: int) -> list[Record]:
    """Return the values of the year that were not the first of their instance."""
    seen: set[str] = set()
    found = []
    for one in stated:
        if one.facts.instance in seen and one.created_at.year == year:
            found.append(one)
        seen.add(one.facts.instance)
    return found
