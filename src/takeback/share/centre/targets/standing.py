"""How the centre stands: each indicator's value against its target, by year and over the plan, as a traffic light."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from takeback.core.decimals import exact
from takeback.core.message import Message, msg
from takeback.share.centre import figures
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.days import today
from takeback.share.centre.figures import Evidence, Figure
from takeback.share.centre.records import TITLE_ZH, Record, find, get
from takeback.share.centre.targets.formula import NoValueError, read_formula, value_of
from takeback.share.centre.targets.indicators import Indicator

Light = Literal["green", "amber", "red", "grey"]
"""Green: the target is met; amber: nearly; red: not; grey: there is no target, or no value yet."""


DEEPEST = 40
"""Indicators that refer to each other in a row, at most."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A target, a value and the gap between them; `gap`: value - target. `why`: why there is no value."""

    target: Fraction | None
    value: Fraction | None
    light: Light
    evidence: tuple[Evidence, ...] = ()
    confirmed: bool = False
    why: Message | None = None

    @property
    def gap(self) -> Fraction | None:
        """Value minus target, where both are known."""
        return None if self.target is None or self.value is None else self.value - self.target


@dataclass(frozen=True, slots=True)
class IndicatorStanding:
    """An indicator's standing in each year of the plan, and over the plan so far.

    That is over the years up to the one asked for that have a value; where some of them have a target, over these, so
    that like is compared. Of years to come only the target is told: nothing of it is met or missed yet.
    """

    indicator: Record
    years: Mapping[int, Standing]
    plan: Standing


def standings(
    connection: sa.Connection, actor: CentreActor, period_id: UUID, *, until: int | None = None
) -> list[IndicatorStanding]:
    """Return how all indicators in force stand in the plan of a stage up to a year, this one if none is said; by code.

    Years after it are to come: of them the target alone is told, and neither counts in the plan so far.
    """
    actor.require("centre.read")
    period = get(connection, period_id, kind="period")
    last = today(connection, actor, None).year if until is None else until
    book = Book.of(connection, period.facts.years)
    found = sorted(find(connection, "indicator", state="in_force"), key=lambda one: str(one.facts.code))
    return [_standing(book, one, last) for one in found]


def light(indicator: Indicator, target: Fraction | None, value: Fraction | None) -> Light:
    """Return the traffic light of a value; near a target is within `100 - amber_pct` per cent of its size."""
    if target is None or value is None:
        return "grey"
    better = value - target if indicator.direction == "up" else target - value
    if better >= 0:
        return "green"
    return "amber" if -better <= abs(target) * (100 - indicator.amber_pct) / 100 else "red"


@dataclass
class Book:
    """Everything that the standings of a plan are computed from; computed values are kept, with what they used."""

    connection: sa.Connection
    years: range
    indicators: Mapping[str, Indicator]
    targets: Mapping[tuple[str, int], Record]
    stated: Mapping[tuple[str, int], Record]
    rooms: dict[tuple[str, int], dict[str, Figure]] = field(default_factory=dict)
    computed: dict[tuple[str, int], Fraction | NoValueError] = field(default_factory=dict)
    parts: dict[tuple[str, int], tuple[tuple[str, int], ...]] = field(default_factory=dict)
    shown: dict[tuple[str, int], list[Evidence]] = field(default_factory=dict)
    depth: int = 0

    @classmethod
    def of(cls, connection: sa.Connection, years: range) -> Book:
        """Read the indicators, targets and values of a centre."""
        return cls(
            connection,
            years,
            {one.facts.code: one.facts for one in find(connection, "indicator")},
            {(one.facts.code, one.facts.year): one for one in find(connection, "target")},
            {(one.facts.code, one.facts.year): one for one in find(connection, "value")},
        )

    def value(self, code: str, year: int) -> Fraction:
        """Return an indicator's or figure's value in a year; raises `NoValueError`."""
        if (code, year) not in self.computed:
            try:
                self.computed[code, year] = self._deeper(code, year)
            except NoValueError as none:
                self.computed[code, year] = none
        found = self.computed[code, year]
        if isinstance(found, NoValueError):
            raise found
        return found

    def known(self, code: str, year: int) -> Fraction | None:
        """Return a value, or None where there is none."""
        try:
            return self.value(code, year)
        except NoValueError:
            return None

    def target(self, code: str, year: int) -> Fraction | None:
        """Return an indicator's target in a year, if one was set."""
        said = self.targets.get((code, year))
        return exact(said.facts.value) if said else None

    def evidence(self, code: str, year: int) -> list[Evidence]:
        """Return what a value rests on: its statement and the records behind it, or those of its parts, once."""
        if (code, year) not in self.shown:
            if self.depth >= DEEPEST:
                return []
            self.depth += 1
            self.shown[code, year] = _once(self._evidence(code, year))
            self.depth -= 1
        return self.shown[code, year]

    def _evidence(self, code: str, year: int) -> list[Evidence]:
        indicator = self.indicators.get(code)
        if indicator is None:
            figure = self._figure(code, year)
            return [*figure.evidence] if figure else []
        if indicator.formula:
            self.known(code, year)  # by which the parts that were used are known
            return [one for part in self.parts.get((code, year), ()) for one in self.evidence(*part)]
        stated = self.stated.get((code, year))
        if stated is None:
            return []
        titles = f"{indicator.name} {year}", f"{indicator.name_zh} {year}"
        return [Evidence(stated.id, stated.entry_id, *titles), *_named(self.connection, stated)]

    def _deeper(self, code: str, year: int) -> Fraction:
        """Return a value that was not computed yet; formulas of formulas of formulas end somewhere."""
        if self.depth >= DEEPEST:
            raise NoValueError(msg("Too many formulas refer to each other in a row"))
        self.depth += 1
        try:
            return self._value(code, year)
        finally:
            self.depth -= 1

    def _value(self, code: str, year: int) -> Fraction:
        indicator = self.indicators.get(code)
        if indicator is not None and indicator.formula:
            return self._worked_out(indicator, year)
        if indicator is not None:
            stated = self.stated.get((code, year))
            found = stated.facts.value if stated else None
        else:
            figure = self._figure(code, year)
            found = figure.value if figure else None
        if found is None:
            raise NoValueError(msg("There is no value of {code} in {year}", code=code, year=year))
        return exact(found)

    def _worked_out(self, indicator: Indicator, year: int) -> Fraction:
        """Return what a formula comes to; remember which values of which years it was worked out of."""
        used: dict[tuple[str, int], None] = {}

        def look(part: str, back: int) -> Fraction:
            value = self.value(part, year - back)
            used[part, year - back] = None
            return value

        so_far = max(1, year - self.years[0] + 1)
        found = value_of(read_formula(indicator.formula), look, years=so_far)
        self.parts[indicator.code, year] = tuple(used)
        return found

    def _figure(self, code: str, year: int) -> Figure | None:
        room = code.partition(".")[0]
        if room == "targets" or room not in figures.rooms():
            return None
        if (room, year) not in self.rooms:
            found = figures.figures_in(self.connection, room, year)
            self.rooms[room, year] = {figure.code: figure for figure in found}
        return self.rooms[room, year].get(code)


def _standing(book: Book, record: Record, last: int) -> IndicatorStanding:
    facts = record.facts
    past = {year: _of_year(book, facts, year) for year in book.years if year <= last}
    to_come = {
        year: Standing(book.target(facts.code, year), None, "grey", why=msg("not due yet"))
        for year in book.years
        if year > last
    }
    return IndicatorStanding(record, past | to_come, _of_plan(facts, [*past.values()]))


def _of_year(book: Book, indicator: Indicator, year: int) -> Standing:
    target = book.target(indicator.code, year)
    stated = book.stated.get((indicator.code, year))
    try:
        value = book.value(indicator.code, year)
    except NoValueError as none:
        return Standing(target, None, "grey", why=none.why)
    evidence = tuple(book.evidence(indicator.code, year))
    confirmed = stated is not None and stated.state == "confirmed" and not indicator.formula
    return Standing(target, value, light(indicator, target, value), evidence, confirmed)


def _of_plan(indicator: Indicator, years: Sequence[Standing]) -> Standing:
    known = [one for one in years if one.value is not None]
    known = [one for one in known if one.target is not None] or known
    value = _over(indicator, [one.value for one in known if one.value is not None])
    target = _over(indicator, [one.target for one in known if one.target is not None])
    evidence = tuple(_once(piece for one in known for piece in one.evidence))
    confirmed = bool(known) and all(one.confirmed for one in known)
    return Standing(target, value, light(indicator, target, value), evidence, confirmed)


def _over(indicator: Indicator, values: Sequence[Fraction]) -> Fraction | None:
    if not values:
        return None
    if indicator.over == "last":
        return values[-1]
    whole = sum(values, Fraction(0))
    return whole if indicator.over == "sum" else whole / len(values)


def _named(connection: sa.Connection, stated: Record) -> list[Evidence]:
    """Return the records that were named for a stated value: such as everybody may see, hence by their titles."""
    named = {row.id: row for row in connection.execute(_TITLES, {"ids": [one for one, _ in stated.facts.evidence]})}
    return [Evidence(one, entry, named[one].title, named[one].title_zh) for one, entry in stated.facts.evidence]


_TITLES = sa.text(f"select id, title, {TITLE_ZH} as title_zh from centre_record where id = any(:ids)")


def _once(evidence: Iterable[Evidence]) -> list[Evidence]:
    return [*{(one.record_id, one.entry_id): one for one in evidence}.values()]
