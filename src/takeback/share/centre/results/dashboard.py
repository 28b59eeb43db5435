"""The results on one page: this year, the years before, against the target."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.figures import Figure
from takeback.share.centre.records import Record, find
from takeback.share.centre.results.figures import figures

LATEST = 8


class DashboardLine(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of the year; `trend`: year and value, the earliest first; `target`: None where none is set."""

    code: str
    label: Message
    unit: str
    value: int | float | None
    before: int | float | None
    trend: tuple[tuple[int, int | float | None], ...]
    target: float | None
    evidence: int
    note: Message | None

    @property
    def reached(self) -> float | None:
        """The value as a share of the target; None without a target or a value."""
        return self.value / self.target if self.target and self.value is not None else None


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """`waiting`: how many results wait for the manager; `latest`: those accepted last."""

    year: int
    lines: tuple[DashboardLine, ...]
    waiting: int
    latest: tuple[Record, ...]


def dashboard(
    connection: sa.Connection,
    actor: CentreActor,
    year: int,
    *,
    years: int = 5,
    targets: Mapping[str, float] | None = None,
) -> Dashboard:
    """Return the results of `year` beside the years before; `targets`: others than those that the centre set itself."""
    actor.require("centre.read")
    aims = set_targets(connection, year) if targets is None else targets
    by_year = {
        one: {figure.code: figure for figure in figures(connection, one)} for one in range(year - years + 1, year + 1)
    }
    lines = tuple(_line(figure, by_year, aims.get(code)) for code, figure in by_year[year].items())
    waiting = len(find(connection, "result", state="stated"))
    latest = find(connection, "result", state="accepted", year=year, limit=LATEST)
    return Dashboard(year=year, lines=lines, waiting=waiting, latest=tuple(latest))


def _line(figure: Figure, by_year: Mapping[int, Mapping[str, Figure]], target: float | None) -> DashboardLine:
    trend = tuple((year, found[figure.code].value) for year, found in sorted(by_year.items()))
    return DashboardLine(
        code=figure.code,
        label=figure.label,
        unit=figure.unit,
        value=figure.value,
        before=trend[-2][1] if len(trend) > 1 else None,
        trend=trend,
        target=target,
        evidence=len(figure.evidence),
        note=figure.note,
    )


def set_targets(connection: sa.Connection, year: int) -> dict[str, float]:
    """Return the targets of a year by the codes of figures: those of indicators in force that are one figure alone."""
    indicators = {one.facts.code: one.facts.formula for one in find(connection, "indicator", state="in_force")}
    targets = {one.facts.code: float(one.facts.value) for one in find(connection, "target", year=year)}
    aims = {code: formula.strip("[] ") for code, formula in indicators.items() if formula and code in targets}
    return {figure: targets[code] for code, figure in aims.items()}
