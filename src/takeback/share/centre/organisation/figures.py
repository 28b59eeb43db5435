"""What a report says of the organisation: members by sort, what is in force, obligations met, meetings held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre.days import zone_of
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.history import steps_of
from takeback.share.centre.organisation.papers import Obligation, Paper
from takeback.share.centre.records import Record, find

_SORTS = {
    "enterprise": msg("Enterprises that are members"),
    "university": msg("Universities that are members"),
    "institute": msg("Research institutes that are members"),
    "authority": msg("Authorities that are members"),
}


@figures_of("organisation")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the organisation's figures of a year: its members at the end, papers in force, obligations, meetings."""
    members, papers = _members(connection, year), _in_force(connection, year)
    held = find(connection, "meeting", state=("held", "approved"), year=year)
    return [
        *(_count(f"organisation.{sort}", label, [m for m in members if m.facts.sort == sort], year)
          for sort, label in _SORTS.items()),
        _count("organisation.in-force", msg("Charter and agreements in force"), [one for one, _ in papers], year),
        *_obligations(papers, year),
        _count("organisation.meetings", msg("Meetings of bodies held"), held, year),
    ]  # fmt: skip


def _members(connection: sa.Connection, year: int) -> list[Record]:
    """Return those that were members at the end of a year, also such as left since."""
    zone = zone_of(connection)
    since = [one for one in find(connection, "member") if _since(one, zone).year <= year]
    gone = [one for one in since if one.state == "left"]
    told = steps_of(connection, gone, ["left"])
    left = {one.id: told[one.id][-1].changed_at.astimezone(zone).year for one in gone}
    return [one for one in since if left.get(one.id, year + 1) > year]


def _in_force(connection: sa.Connection, year: int) -> list[tuple[Record, date]]:
    """Return what was in force in a year and the day until which it was, also what ended since or is signed anew."""
    zone = zone_of(connection)
    found = [*find(connection, "charter"), *find(connection, "agreement")]
    stand = [(one, one.facts.until or date.max) for one in found if one.state == "in-force"]
    told = steps_of(connection, [one for one in found if one.state not in ("in-force", "draft")])
    ended = [stood for steps in told.values() for stood in _ended(steps, zone)]
    return [(paper, until) for paper, until in (*stand, *ended) if _runs_in(paper.facts, until, year)]


def _ended(steps: Sequence[Record], zone: ZoneInfo) -> list[tuple[Record, date]]:
    """Return a paper as it was in force last and the day on which it was left; nothing where it never was."""
    last = [(one, after) for one, after in pairwise(steps) if one.state == "in-force" != after.state][-1:]
    return [(one, min(one.facts.until or date.max, after.changed_at.astimezone(zone).date())) for one, after in last]


def _obligations(papers: Sequence[tuple[Record, date]], year: int) -> list[Figure]:
    due = [(paper, one) for paper, until in papers for one in paper.facts.obligations if _due(one, until, year)]
    owed = [(paper, one) for paper, one in due if one.state != "waived"]
    met = [(paper, one) for paper, one in owed if one.state == "met"]
    of = {paper.id: paper for paper, _ in owed}
    label = msg("Obligations due in the year that were met")
    share = 100 * len(met) / len(owed) if owed else None
    return [Figure("organisation.obligations-met", label, "%", share, year, proof(of.values()))]


def _due(owed: Obligation, until: date, year: int) -> bool:
    return owed.due is not None and owed.due.year == year and owed.due <= until


def _count(code: str, label: Message, records: Sequence[Record], year: int) -> Figure:
    return Figure(code, label, "count", len(records), year, proof(records))


def _runs_in(paper: Paper, until: date, year: int) -> bool:
    return (paper.begins or date.min).year <= year <= until.year


def _since(member: Record, zone: ZoneInfo) -> date:
    return member.facts.since or member.created_at.astimezone(zone).date()
