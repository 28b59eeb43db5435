"""The stages of a centre and its plan by years: milestones, and years whose figures are closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.days import today
from takeback.share.centre.kinds import Code, Facts, Line, Text, kind
from takeback.share.centre.naming import RecordId, naming
from takeback.share.centre.reasons import require_reason
from takeback.share.centre.records import Record, change, create, find, get, move
from takeback.share.centre.targets.evidence import pinned
from takeback.share.centre.turns import take_turn

LONGEST = 10  # years of a stage


@kind(
    "period",
    title="name",
    states={"planned": ("open",), "open": ("closed",), "closed": ("open",)},
    create="target.edit",
    fixed_in=("closed",),
)
class Period(Facts, frozen=True, kw_only=True):
    """A stage of the centre. `closed_years`: those whose targets and values no longer change."""

    code: Code
    name: Line
    name_zh: Line
    stage: Literal["cultivation", "construction"]
    begins: date
    ends: date
    plan: Text = ""
    plan_zh: Text = ""
    closed_years: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a stage that ends before it begins, or takes longer than any plan."""
        if not self.begins <= self.ends or self.ends.year - self.begins.year > LONGEST:
            raise Problem(
                "centre.bad-period",
                msg("A stage ends after it begins, and within {count} years.", count=LONGEST),
                where=self.code,
                found=f"{self.begins} - {self.ends}",
            )

    @property
    def years(self) -> range:
        """The calendar years that the stage touches."""
        return range(self.begins.year, self.ends.year + 1)


@kind(
    "milestone",
    title="title",
    states={"planned": ("reached", "missed"), "missed": ("reached",), "reached": ()},
    create="target.edit",
    fixed_in=("reached",),
    parent="period_id",
    year="year",
)
class Milestone(Facts, frozen=True, kw_only=True):
    """What is to be reached in a year of the plan. `evidence`: the records that show that it was, and their entries."""

    period_id: Annotated[UUID, naming("period")]
    year: int
    title: Line
    title_zh: Line
    due: date
    measure: Text = ""
    evidence: tuple[tuple[RecordId, int], ...] = ()


def put_period(connection: sa.Connection, actor: CentreActor, facts: Period, *, at: datetime | None = None) -> Record:
    """Plan a stage, none of its years closed; ``centre.bad-period`` (409) when its code is taken."""
    actor.require("target.edit")
    take_turn(connection)
    if any(old.facts.code == facts.code for old in find(connection, "period")):
        raise Problem(
            "centre.bad-period", msg("There is a stage with this code."), where="code", found=facts.code, status=409
        )
    return create(connection, actor, "period", msgspec.structs.replace(facts, closed_years=()), at=at)


def change_period(
    connection: sa.Connection,
    actor: CentreActor,
    period_id: UUID,
    facts: Period,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Change a stage; its code and its closed years stay."""
    old = get(connection, period_id, kind="period", lock=True)
    kept = msgspec.structs.replace(facts, code=old.facts.code, closed_years=old.facts.closed_years)
    return change(connection, actor, period_id, kept, version=version, at=at)


def put_milestone(
    connection: sa.Connection, actor: CentreActor, facts: Milestone, *, at: datetime | None = None
) -> Record:
    """Put a milestone into a year of the plan; ``centre.bad-year`` outside the stage."""
    _within(connection, facts)
    return create(connection, actor, "milestone", msgspec.structs.replace(facts, evidence=()), at=at)


def change_milestone(
    connection: sa.Connection,
    actor: CentreActor,
    milestone_id: UUID,
    facts: Milestone,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Change a milestone until it is reached; ``centre.bad-year`` outside the stage."""
    old = get(connection, milestone_id, kind="milestone", lock=True)
    _within(connection, facts)
    kept = msgspec.structs.replace(facts, evidence=old.facts.evidence)
    return change(connection, actor, milestone_id, kept, version=version, at=at)


def reach_milestone(
    connection: sa.Connection,
    actor: CentreActor,
    milestone_id: UUID,
    evidence: Sequence[UUID],
    *,
    at: datetime | None = None,
) -> Record:
    """Say that a milestone is reached, with the records that show it; ``centre.no-evidence`` without any."""
    old = get(connection, milestone_id, kind="milestone", lock=True)
    facts = msgspec.structs.replace(old.facts, evidence=pinned(connection, evidence))
    return move(connection, actor, milestone_id, "reached", facts=facts, at=at)


def miss_milestone(
    connection: sa.Connection, actor: CentreActor, milestone_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Say that a milestone was missed and why; it can still be reached.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-reason``, ``centre.not-over`` (409) until its day has passed.
    """
    actor.require("target.edit")
    old = get(connection, milestone_id, kind="milestone", lock=True)
    if old.facts.due >= today(connection, actor, at):
        raise Problem(
            "centre.not-over", msg("The day of this milestone has not passed."), where=old.title,
            found=old.facts.due, status=409,
        )  # fmt: skip
    return move(connection, actor, milestone_id, "missed", reason=require_reason(reason), at=at)


def overdue_milestones(connection: sa.Connection, *, today: date) -> list[Record]:
    """Return the milestones that should have been reached before `today`, the earliest first."""
    late = [one for one in find(connection, "milestone", state=["planned", "missed"]) if one.facts.due < today]
    return sorted(late, key=lambda one: (one.facts.due, one.id))


def close_year(
    connection: sa.Connection, actor: CentreActor, period_id: UUID, year: int, *, at: datetime | None = None
) -> Record:
    """Close the figures of a year that is over; ``centre.year-not-over`` (409) before its end."""
    period = get(connection, period_id, kind="period", lock=True)
    in_plan(period, year)
    _over(year, connection, actor, at)
    closed = tuple(sorted({*period.facts.closed_years, year}))
    facts = msgspec.structs.replace(period.facts, closed_years=closed)
    return change(connection, actor, period_id, facts, at=at)


def close_period(
    connection: sa.Connection, actor: CentreActor, period_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Close a stage with the figures of all its years; ``centre.year-not-over`` (409), ``centre.no-reason``."""
    actor.require("target.edit")
    period = get(connection, period_id, kind="period", lock=True)
    years: range = period.facts.years
    _over(years[-1], connection, actor, at)
    facts = msgspec.structs.replace(period.facts, closed_years=tuple(years))
    return move(connection, actor, period_id, "closed", facts=facts, reason=require_reason(reason), at=at)


def is_closed(connection: sa.Connection, year: int) -> bool:
    """Tell whether the figures of a year are closed in a stage that it belongs to."""
    return any(year in one.facts.closed_years for one in find(connection, "period"))


def not_closed(connection: sa.Connection, year: int) -> None:
    """Go on only while the figures of `year` may change; raises ``centre.closed-year`` (409)."""
    if is_closed(connection, year):
        raise Problem(
            "centre.closed-year", msg("The figures of this year are closed."), where="year", found=year, status=409
        )


def in_plan(period: Record, year: int) -> None:
    """Go on only with a year of the stage; raises ``centre.bad-year``."""
    years: range = period.facts.years
    if year not in years:
        raise Problem(
            "centre.bad-year",
            msg("This year is not one of the stage."),
            where=period.title,
            found=year,
            expected=f"{years[0]} - {years[-1]}",
        )


def _over(year: int, connection: sa.Connection, actor: CentreActor, at: datetime | None) -> None:
    if year >= today(connection, actor, at).year:
        raise Problem("centre.year-not-over", msg("This year is not over."), where="year", found=year, status=409)


def _within(connection: sa.Connection, facts: Milestone) -> None:
    in_plan(get(connection, facts.period_id, kind="period"), facts.year)
    if facts.due.year != facts.year:
        raise Problem(
            "centre.bad-year",
            msg("A milestone is due within its year."),
            where="due",
            found=facts.due,
            expected=str(facts.year),
        )
