"""Figures of calls: what was received, eligible, funded, reviewed, and how long decisions took."""

from __future__ import annotations

from statistics import fmean
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.share.centre import records
from takeback.share.centre.calls.blind import shuffled
from takeback.share.centre.calls.deciding import left_minor
from takeback.share.centre.calls.taking_part import proposals_of, reviews_in
from takeback.share.centre.figures import Evidence, Figure, figures_of, proof
from takeback.share.centre.money import currency_of
from takeback.share.centre.records import Record

_TOLD = ("decided", "closed")
_DAY = 86_400  # s


@figures_of("calls")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the figures of the calls of a year. What rests on a proposal names it only by a number.

    Until a call's decisions are announced it counts with what was received alone; decisions are counted from the
    deadline to the announcement (days).
    """
    calls = [one for one in records.find(connection, "call", year=year) if one.state not in {"draft", "cancelled"}]
    told = [call for call in calls if call.state in _TOLD]
    received = {call.id: proposals_of(connection, call.id) for call in calls}
    judged = {call.id: [one for one in received[call.id] if one.state != "ineligible"] for call in told}
    funded = {call.id: [one for one in judged[call.id] if one.state == "funded"] for call in told}
    reviews = {call.id: _final(connection, call) for call in told}
    given = sum(call.facts.budget.total_minor - left_minor(connection, call) for call in told)
    days = [(call.facts.announced - call.facts.closes).total_seconds() / _DAY for call in told]
    return [
        Figure("calls.calls", msg("Calls published"), "count", len(calls), year, proof(calls)),
        _count(connection, "received", calls, received, year),
        _count(connection, "eligible", told, judged, year),
        _count(connection, "funded", told, funded, year),
        _count(connection, "reviews", told, reviews, year),
        Figure(
            "calls.granted", msg("Money granted by calls"), currency_of(connection), given, year,
            _neutral(connection, told, funded),
        ),
        Figure(
            "calls.days_to_decision", msg("Mean time from deadline to decision"), "d",
            round(fmean(days), 1) if days else None, year, proof(told),
        ),
    ]  # fmt: skip


_LABELS = {
    "received": msg("Proposals received"),
    "eligible": msg("Proposals eligible"),
    "funded": msg("Proposals funded"),
    "reviews": msg("Reviews written"),
}


def _count(
    connection: sa.Connection, name: str, calls: list[Record], of: dict[UUID, list[Record]], year: int
) -> Figure:
    count = sum(len(of[call.id]) for call in calls)
    return Figure(f"calls.{name}", _LABELS[name], "count", count, year, _neutral(connection, calls, of))


def _final(connection: sa.Connection, call: Record) -> list[Record]:
    return [review for reviews in reviews_in(connection, call.id, "final").values() for review in reviews]


def _neutral(connection: sa.Connection, calls: list[Record], of: dict[UUID, list[Record]]) -> tuple[Evidence, ...]:
    """Return records as evidence under numbers, in an order that the calls' secrets alone know."""
    found = []
    for call in calls:
        by_id = {one.id: one for one in of[call.id]}
        for place, record_id in enumerate(shuffled(connection, call.id, by_id), start=1):
            record = by_id[record_id]
            found.append(Evidence(record.id, record.entry_id, f"{call.facts.code} / {place}"))
    return tuple(found)
