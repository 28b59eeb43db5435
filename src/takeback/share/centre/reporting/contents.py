"""What a report says, gathered once, written many times: as PDF in two languages, as JSON, as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.identity.organisations import Organisation, organisation
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.figures import Figure, all_figures
from takeback.share.centre.kinds import kind_named
from takeback.share.centre.records import Record, find
from takeback.share.centre.reporting.languages import ROOMS
from takeback.share.centre.reporting.proofs import Proofs, proofs_of
from takeback.share.centre.targets import IndicatorStanding, is_closed, standings

Sort = Literal["annual", "evaluation", "application"]
TREND = 5  # years that an annual report shows beside each other
MOST_YEARS = 10
LISTED = ("member", "project", "problem", "common-problem", "task", "transfer", "adoption", "result")
_UNTOLD = ("withdrawn", "draft", "cancelled", "left", "rejected", "refused", "stopped")
TITLES: Mapping[str, Message] = {
    "annual": msg("Annual report"),
    "evaluation": msg("Evaluation report"),
    "application": msg("Report for an application"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A figure over the years, the earliest first; None where a year does not have it. `figure`: of the last year."""

    figure: Figure
    by_year: tuple[tuple[int, Figure | None], ...]

    @property
    def trend(self) -> tuple[tuple[int, int | float | None], ...]:
        """The years and their values."""
        return tuple((year, one.value if one else None) for year, one in self.by_year)

    @property
    def before(self) -> int | float | None:
        """The value of the year before."""
        return self.trend[-2][1] if len(self.by_year) > 1 else None


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a report says. `provisional`: why it may still change; empty when the period is closed.

    `years`: those shown beside each other, `told`: those that it tells of; neither reaches back behind the founding.
    `rooms`: the figures by the part of the centre's life; `lists`: records by kind; `standings`: indicators of the
    plan, in `year` and over the plan up to it; `link`: the address that pages of evidence begin with.
    """

    sort: Sort
    organisation: Organisation
    centre: Record | None
    years: tuple[int, ...]
    told: tuple[int, ...]
    provisional: tuple[Message, ...]
    made_at: datetime
    link: str
    rooms: Mapping[str, tuple[Line, ...]]
    standings: tuple[IndicatorStanding, ...]
    lists: Mapping[str, tuple[Record, ...]]
    proofs: Proofs

    @property
    def year(self) -> int:
        """The report's last year."""
        return self.told[-1]

    @property
    def title(self) -> Message:
        """What the report is called, without its years."""
        return TITLES[self.sort]

    @property
    def span(self) -> str:
        """The report's years: `2026`, `2022–2026`."""
        return str(self.year) if len(self.told) == 1 else f"{self.told[0]}–{self.year}"

    @property
    def figures(self) -> Iterator[Figure]:
        """The figures of all years that the report tells of, room by room."""
        told = ((year, one) for lines in self.rooms.values() for line in lines for year, one in line.by_year)
        return (one for year, one in told if one and year in self.told)

    @property
    def entries(self) -> list[int]:
        """The entries that all figures and indicators rest on."""
        figures = {one.entry_id for figure in self.figures for one in figure.evidence}
        told = [each for one in self.standings for each in (one.years[self.year], one.plan)]
        indicators = {e.entry_id for one in told for e in one.evidence}
        return sorted((figures | indicators) - {0})

    @property
    def proven(self) -> bool:
        """Whether the signed log has every entry that the report rests on."""
        return self.proofs.leaves.keys() >= {*self.entries}

    def page_of(self, figure: Figure) -> str:
        """Return the address of the page that shows what a figure rests on."""
        return f"{self.link}/centre/figures/{figure.code}?year={figure.year}"


def gather(
    connection: sa.Connection,
    actor: CentreActor,
    sort: Sort,
    year: int,
    *,
    first: int | None = None,
    link: str = "",
    at: datetime | None = None,
) -> Contents:
    """Return what a report of `year`, or of the years from `first` to it, says.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403), ``centre.bad-year`` for years that are none, or too many.
    """
    actor.require("report.read")
    told = _told(year, first)
    now = at or clock.now(connection, actor.org_id)
    found = organisation(connection, actor.org_id)
    asked = told if len(told) > 1 else tuple(range(year - TREND + 1, year + 1))
    centre = next(iter(find(connection, "centre", limit=1)), None)
    by_year = _lived({one: all_figures(connection, one) for one in asked}, _founded(connection, centre, found))
    years = tuple(by_year)
    told = tuple(one for one in told if one in by_year)
    contents = Contents(
        sort=sort,
        organisation=found,
        centre=centre,
        years=years,
        told=told,
        provisional=tuple(why_open(connection, told, now, found)),
        made_at=now,
        link=link.rstrip("/"),
        rooms=_rooms(by_year, year),
        standings=_standings(connection, actor, year),
        lists={kind: _list(connection, actor, kind, told) for kind in LISTED},
        proofs=Proofs(),
    )
    return replace(contents, proofs=proofs_of(connection, actor.org_id, contents.entries))


def _told(year: int, first: int | None) -> tuple[int, ...]:
    begins = year if first is None else first
    if not 0 <= year - begins < MOST_YEARS or not 1950 <= year <= 2200:
        raise Problem(
            "centre.bad-year",
            msg("A report tells of one year, or of some that follow each other."),
            found=year if first is None else f"{first} - {year}",
            expected=msg("1 to {count} years", count=MOST_YEARS),
        )
    return tuple(range(begins, year + 1))


def why_open(connection: sa.Connection, told: Iterable[int], now: datetime, centre: Organisation) -> Iterator[Message]:
    """Yield why figures of the years may still change: a year is not over, or its figures are not closed."""
    periods, zone = find(connection, "period"), ZoneInfo(centre.time_zone)
    for year in told:
        if now.astimezone(zone).year <= year:
            yield msg("The year {year} is not over.", year=str(year))
        elif any(year in period.facts.years for period in periods) and not is_closed(connection, year):
            yield msg("The figures of {year} are not closed.", year=str(year))


def _founded(connection: sa.Connection, centre: Record | None, tenant: Organisation) -> int:
    """Return the first year of a centre: of its founding, or of its plan where that began before; 0: not known."""
    if centre is None:
        return 0
    begins: list[int] = [centre.facts.begins.year] if centre.facts.begins else []
    plans: list[int] = [one.facts.years.start for one in find(connection, "period")]
    return min([centre.created_at.astimezone(ZoneInfo(tenant.time_zone)).year, *begins, *plans])


def _lived(by_year: Mapping[int, Sequence[Figure]], founded: int) -> dict[int, Sequence[Figure]]:
    """Return the figures from the founding on, or from an earlier year of which something is known; one year stays."""
    known = (year for year in sorted(by_year) if year >= founded or any(one.value for one in by_year[year]))
    first = next(known, max(by_year))
    return {year: found for year, found in by_year.items() if year >= first}


def _rooms(by_year: Mapping[int, Sequence[Figure]], year: int) -> dict[str, tuple[Line, ...]]:
    known = {(figure.code, one): figure for one, found in by_year.items() for figure in found}
    lines: dict[str, list[Line]] = {}
    for figure in by_year[year]:
        line = Line(figure, tuple((one, known.get((figure.code, one))) for one in sorted(by_year)))
        lines.setdefault(figure.code.partition(".")[0], []).append(line)
    order = [*ROOMS]
    placed = sorted(lines, key=lambda room: order.index(room) if room in order else len(order))
    return {room: tuple(lines[room]) for room in placed}


def _standings(connection: sa.Connection, actor: CentreActor, year: int) -> tuple[IndicatorStanding, ...]:
    periods = [period for period in find(connection, "period") if year in period.facts.years]
    return tuple(one for period in periods for one in standings(connection, actor, period.id, until=year))


def _list(connection: sa.Connection, actor: CentreActor, name: str, told: Sequence[int]) -> tuple[Record, ...]:
    """Return the records of a kind that a report names: those that stand, and that `actor` may see at all."""
    if not actor.may(kind_named(name).read):
        return ()
    found = [one for one in find(connection, name) if one.state not in _UNTOLD and _within(one, told)]
    if name == "result":
        found = [one for one in found if one.state == "accepted"]
    return tuple(sorted(found, key=lambda one: (-(one.year or 0), one.title)))


def _within(record: Record, told: Sequence[int]) -> bool:
    """Tell whether a record belongs to the years: what lasts is of all its years, what has none of any."""
    begins, ends = getattr(record.facts, "begins", None), getattr(record.facts, "ends", None)
    if isinstance(begins, date) and isinstance(ends, date):
        return begins.year <= told[-1] and ends.year >= told[0]
    return record.year is None or record.year in told
