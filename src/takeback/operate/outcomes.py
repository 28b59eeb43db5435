"""Predicted against realised: how good the expectations of past decisions were."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa


class OutcomeBin(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions of similar expected value: means and the middle 80 % of what was realised, minor units."""

    predicted: float
    realised: float
    low: float
    high: float
    decisions: int


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """The newest realised decisions; ``coverage``: share of outcomes inside their 80 % interval."""

    bins: tuple[OutcomeBin, ...]
    decisions: int
    coverage: float | None
    predicted_minor: int
    realised_minor: int


_BINS = sa.text(
    """
    with latest as (
        select expected_minor, realised_minor, low_minor, high_minor from decision
        where realised_minor is not null and realised_counts order by realised_at desc limit :newest
    ), cut as (select *, ntile(:bins) over (order by expected_minor) as bin from latest)
    select avg(expected_minor) as predicted, avg(realised_minor) as realised, count(*) as decisions,
           percentile_cont(0.1) within group (order by realised_minor) as low,
           percentile_cont(0.9) within group (order by realised_minor) as high,
           sum((realised_minor between low_minor and high_minor)::int) as inside,
           sum(expected_minor) as total, sum(realised_minor) as got
    from cut group by bin order by 1
    """
)


def outcomes(connection: sa.Connection, *, newest: int = 400, bins: int = 10) -> Outcomes:
    """Return the tenant's newest realised decisions in ``bins`` of equal number; assumed outcomes are left out."""
    rows = connection.execute(_BINS, {"newest": newest, "bins": bins}).all()
    count = sum(row.decisions for row in rows)
    return Outcomes(
        bins=tuple(
            OutcomeBin(
                predicted=float(row.predicted),
                realised=float(row.realised),
                low=float(row.low),
                high=float(row.high),
                decisions=row.decisions,
            )
            for row in rows
        ),
        decisions=count,
        coverage=sum(row.inside for row in rows) / count if count else None,
        predicted_minor=int(sum(row.total for row in rows)),
        realised_minor=int(sum(row.got for row in rows)),
    )
