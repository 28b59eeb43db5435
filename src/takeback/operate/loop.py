"""The loop at a glance: what is at each stage, what it is worth, how old it is, and what became of the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from takeback.operate.spine import STAGES

AGE_LIMITS = (timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7))


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What part of the organisation is looked at: a site, a vertical (empty = all), and the days that count as
    recent."""

    site: str = ""
    vertical: str = ""
    days: int = 7

    @property
    def where(self) -> dict[str, Any]:
        """The parameters of the scope in SQL."""
        return {"site": self.site or None, "vertical": self.vertical or None}


class StageFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One stage: items there now, their value and what they lose a day (minor units), their ages in seconds."""

    stage: str
    items: int
    value_minor: int
    loss_minor_per_day: float
    median_age_s: float | None
    ages: tuple[int, int, int, int, int]
    passed: int


class OutletFigure(msgspec.Struct, frozen=True, kw_only=True):
    """What was recovered into one disposition within the window, and what it realised (minor units)."""

    disposition: str
    items: int
    realised_minor: int


class Loop(msgspec.Struct, frozen=True, kw_only=True):
    """The whole picture.

    ``against_rule``: expected value of the decisions taken above that of the static rule for the same items, a ratio,
    with half the width of its 95 % interval; ``with_evidence``: share of decisions that rest on a measurement.
    """

    at: datetime
    currency: str
    stages: tuple[StageFigure, ...]
    outlets: tuple[OutletFigure, ...]
    value_minor: int
    loss_minor_per_hour: float
    decisions: int
    with_evidence: float | None
    against_rule: float | None
    against_rule_error: float | None


_SCOPE = (
    "(cast(:site as uuid) is null or site_id = :site) and (cast(:vertical as text) is null or vertical = :vertical)"
)
_TOTALS = sa.text(
    f"""
    select stage, sum(items) as items, sum(value_minor) as value, sum(loss_minor_per_day) as loss
    from stage_total where {_SCOPE} group by stage
    """
)
_AGES = sa.text(
    f"""
    select stage, percentile_cont(0.5) within group (order by extract(epoch from :now - stage_since)) as median,
           count(*) filter (where stage_since > :now - interval '6 hours') as a,
           count(*) filter (where stage_since <= :now - interval '6 hours'
                              and stage_since > :now - interval '1 day') as b,
           count(*) filter (where stage_since <= :now - interval '1 day'
                              and stage_since > :now - interval '3 days') as c,
           count(*) filter (where stage_since <= :now - interval '3 days'
                              and stage_since > :now - interval '7 days') as d,
           count(*) filter (where stage_since <= :now - interval '7 days') as e
    from item where stage <> 'recovered' and {_SCOPE} group by stage
    """
)
_PASSED = sa.text(
    f"select stage, sum(items) as items from stage_flow where day > cast(:since as date) and {_SCOPE} group by stage"
)
_OUTLETS = sa.text(
    f"""
    select i.disposition, count(*) as items, coalesce(sum(i.value_minor), 0) as realised
    from item i where i.stage = 'recovered' and i.stage_since > :since and {_SCOPE} group by i.disposition order by
    2 desc
    """
)
_DECISIONS = sa.text(
    """
    select count(*) as decisions, avg((cardinality(evidence) > 1)::int) as evidence,
           sum(expected_minor) filter (where rule_expected_minor is not null) as ours, sum(rule_expected_minor) as rule,
           stddev_samp(expected_minor - rule_expected_minor) * sqrt(count(rule_expected_minor)) as error
    from decision where at > :since
    """
)


def loop(connection: sa.Connection, now: datetime, scope: Scope, currency: str) -> Loop:
    """Return the loop of the tenant within ``scope`` as it is at ``now``."""
    window = {**scope.where, "now": now, "since": now - timedelta(days=scope.days)}
    totals = {row.stage: row for row in connection.execute(_TOTALS, scope.where)}
    ages = {row.stage: row for row in connection.execute(_AGES, window)}
    passed = {row.stage: int(row.items) for row in connection.execute(_PASSED, window)}
    stages = tuple(_stage(stage, totals.get(stage), ages.get(stage), passed.get(stage, 0)) for stage in STAGES)
    outlets = tuple(
        OutletFigure(disposition=row.disposition, items=row.items, realised_minor=int(row.realised))
        for row in connection.execute(_OUTLETS, window)
    )
    decisions = connection.execute(_DECISIONS, window).one()
    waiting = [s for s in stages if s.stage != "recovered"]
    return Loop(
        at=now,
        currency=currency,
        stages=stages,
        outlets=outlets,
        value_minor=sum(s.value_minor for s in waiting),
        loss_minor_per_hour=sum(s.loss_minor_per_day for s in waiting) / 24,
        decisions=decisions.decisions,
        with_evidence=None if decisions.evidence is None else float(decisions.evidence),
        against_rule=float(decisions.ours / decisions.rule - 1) if decisions.rule else None,
        against_rule_error=1.96 * float(decisions.error) / float(decisions.rule)
        if decisions.rule and decisions.error is not None
        else None,
    )


def _stage(stage: str, total: sa.Row[Any] | None, age: sa.Row[Any] | None, passed: int) -> StageFigure:
    return StageFigure(
        stage=stage,
        items=int(total.items) if total else 0,
        value_minor=int(total.value) if total else 0,
        loss_minor_per_day=float(total.loss) if total else 0.0,
        median_age_s=float(age.median) if age else None,
        ages=(age.a, age.b, age.c, age.d, age.e) if age else (0, 0, 0, 0, 0),
        passed=passed,
    )
