"""The figures of the task register."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre.days import made_in
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.records import Record, find

_LEVELS: Mapping[str, Message] = {
    "national": msg("National tasks undertaken"),
    "regional": msg("Regional tasks undertaken"),
    "industrial": msg("Industrial tasks undertaken"),
}


@figures_of("tasks")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the tasks of each level entered in a year, those received in it, and how many were received in time."""
    found = find(connection, "task")
    taken = made_in(connection, found, year)
    received = [one for one in found if one.facts.receipt and one.facts.receipt.day.year == year]
    in_time = [one for one in received if one.facts.delivered and one.facts.delivered <= one.facts.due]
    levels = [
        _figure(name, label, [one for one in taken if one.facts.level == name], year) for name, label in _LEVELS.items()
    ]
    return [
        *levels,
        _figure("received", msg("Tasks received by the commissioner"), received, year),
        _figure("in_time", msg("Tasks received that were delivered in time"), in_time, year),
    ]


def _figure(name: str, label: Message, those: list[Record], year: int) -> Figure:
    return Figure(f"tasks.{name}", label, "count", len(those), year, proof(those))
