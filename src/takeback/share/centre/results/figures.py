"""The figures of results: accepted ones alone count."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.people import names
from takeback.share.centre.records import Record, find
from takeback.share.centre.results.facts import CODES, LABELS, SORTS

SMALLEST = 5  # persons in a group of which something is told


@figures_of("results")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return how many results of each sort the year has, how many were trained, and how many authors there are."""
    found = find(connection, "result", state="accepted", year=year)
    return [*(_of_sort(found, sort, year) for sort in SORTS), _trained(found, year), _authors(connection, found, year)]


def _of_sort(found: Sequence[Record], sort: str, year: int) -> Figure:
    those = [record for record in found if record.facts.sort == sort]
    return Figure(CODES[sort], LABELS[sort], "count", len(those), year, proof(those))


def _trained(found: Sequence[Record], year: int) -> Figure:
    those = [record for record in found if record.facts.sort == "training"]
    people = sum(record.facts.people or 0 for record in those)
    return Figure("results.people_trained", msg("People trained"), "people", people, year, proof(those))


def _authors(connection: sa.Connection, found: Sequence[Record], year: int) -> Figure:
    """Count the centre's own authors who agreed to be counted and did not withdraw."""
    label = msg("Authors within the centre")
    known = names(connection, {one.person for record in found for one in record.facts.authors if one.person})
    counted: set[UUID] = {
        person.id for person in known.values() if person.withdrawn_at is None and "statistics" in person.consents
    }
    those = [record for record in found if any(one.person in counted for one in record.facts.authors)]
    if 0 < len(counted) < SMALLEST:
        note = msg("Fewer than {count} persons: not told.", count=SMALLEST)
        return Figure("results.authors", label, "people", None, year, (), note)
    return Figure("results.authors", label, "people", len(counted), year, proof(those))
