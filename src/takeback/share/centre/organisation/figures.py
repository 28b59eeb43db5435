"""What a report says of the organisation: members by sort, what is in force, obligations met, meetings held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre.days import zone_of
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.organisation.papers import Paper
from takeback.share.centre.records import Record, find

_SORTS = {
    "enterprise": msg("Enterprises that are members"),
    "university": msg("Universities that are members"),
    "institute": msg("Research institutes that are members"),
    "authority": msg("Authorities that are members"),
}


@figures_of("organisation")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the organisation's figures: members and papers as they stand, obligations and meetings of the year."""
    zone = zone_of(connection)
    members = [one for one in find(connection, "member", state="active") if _since(one, zone).year <= year]
    signed = [*find(connection, "charter", state="in-force"), *find(connection, "agreement", state="in-force")]
    papers = [paper for paper in signed if _runs_in(paper.facts, year)]
    held = find(connection, "meeting", state=("held", "approved"), year=year)
    return [
        *(_count(f"organisation.{sort}", label, [m for m in members if m.facts.sort == sort], year)
          for sort, label in _SORTS.items()),
        _count("organisation.in-force", msg("Charter and agreements in force"), papers, year),
        *_obligations(papers, year),
        _count("organisation.meetings", msg("Meetings of bodies held"), held, year),
    ]  # fmt: skip


def _obligations(papers: Sequence[Record], year: int) -> list[Figure]:
    due = [(p, one) for p in papers for one in p.facts.obligations if one.due and one.due.year == year]
    owed = [(paper, one) for paper, one in due if one.state != "waived"]
    met = [(paper, one) for paper, one in owed if one.state == "met"]
    of = {paper.id: paper for paper, _ in owed}
    label = msg("Obligations due in the year that were met")
    share = 100 * len(met) / len(owed) if owed else None
    return [Figure("organisation.obligations-met", label, "%", share, year, proof(of.values()))]


def _count(code: str, label: Message, records: Sequence[Record], year: int) -> Figure:
    return Figure(code, label, "count", len(records), year, proof(records))


def _runs_in(paper: Paper, year: int) -> bool:
    return (paper.begins or date.min).year <= year <= (paper.until or date.max).year


def _since(member: Record, zone: ZoneInfo) -> date:
    return member.facts.since or member.created_at.astimezone(zone).date()
