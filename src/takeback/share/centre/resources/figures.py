"""Figures of resources: what is offered, how much it is used, by others than who offers it, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre.days import made_by
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.money import currency_of
from takeback.share.centre.records import Record, find


@figures_of("resources")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the figures of a year."""
    offered = made_by(connection, find(connection, "resource", state="offered"), year)
    used = find(connection, "use", year=year)
    owner = {one.id: one.facts.member for one in find(connection, "resource")}
    shared = [one for one in used if one.facts.member != owner.get(one.facts.resource)]
    given = [one for one in used if one.facts.value > one.facts.cost]
    value, currency = sum(one.facts.value - one.facts.cost for one in given), currency_of(connection)
    traced = [one for one in used if one.facts.project and one.facts.result]
    share = round(100 * _minutes(traced) / _minutes(used), 1) if used else None
    return [
        Figure("resources.offered", msg("Resources offered"), "count", len(offered), year, proof(offered)),
        _hours("resources.hours", msg("Hours of resources used"), used, year),
        _hours("resources.shared-hours", msg("Hours used by others than the provider"), shared, year),
        Figure("resources.in-kind", msg("Value of use given in kind"), currency, value, year, proof(given)),
        Figure("resources.traced", msg("Hours traced to project and result"), "%", share, year, proof(traced or used)),
    ]


def _minutes(uses: Sequence[Record]) -> int:
    return sum(one.facts.minutes for one in uses)


def _hours(code: str, label: Message, uses: Sequence[Record], year: int) -> Figure:
    return Figure(code, label, "h", round(_minutes(uses) / 60, 1), year, proof(uses))
