"""Forecast of items a week, made from what the tenant's own items did."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from takeback.operate.forecasts import AheadPoint, PastPoint, StoredForecast, keep
from takeback.operate.ledger import Author
from takeback.plan.doors import Budget
from takeback.plan.forecast.check import check
from takeback.plan.forecast.problem import ForecastProblem
from takeback.plan.forecast.solve import solve

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
SHOWN, AHEAD, FEWEST = 12, 6, 4  # weeks shown, weeks foreseen, weeks of history needed
ORIGINS = 26
_ARRIVALS = sa.text(
    """
    select vertical, date_trunc('week', day)::date as week, sum(items) as items from stage_flow
    where stage = 'ordered' and day < :this_week group by 1, 2 order by 1, 2
    """
)


def foresee(connection: sa.Connection, author: Author, now: datetime) -> list[StoredForecast]:
    """Make, check and keep the forecast of each vertical that has a month of history; whole weeks only, Monday
    first."""
    this_week = now.date() - timedelta(days=now.weekday())
    weekly: dict[str, dict[date, float]] = {}
    for row in connection.execute(_ARRIVALS, {"this_week": this_week}):
        weekly.setdefault(row.vertical, {})[row.week] = float(row.items)
    forecasts = [made for vertical, weeks in weekly.items() if (made := _forecast(vertical, weeks, this_week, now))]
    keep(connection, author, forecasts)
    return forecasts


def _forecast(vertical: str, weeks: dict[date, float], this_week: date, now: datetime) -> StoredForecast | None:
    first = min(weeks)
    starts = [first + timedelta(weeks=n) for n in range((this_week - first).days // 7)]
    if len(starts) < FEWEST:
        return None
    counts = [weeks.get(start, 0.0) for start in starts]
    problem = ForecastProblem(series=(vertical,), arrivals=[counts], horizon=AHEAD, levels=LEVELS)  # type: ignore[arg-type]
    solution = solve(problem, budget=Budget(iterations=ORIGINS))
    if wrong := check(problem, solution):
        raise RuntimeError(f"the engine's answer fails its check: {wrong[0]}")
    skill = None
    if solution.wape is not None and solution.baseline_wape:
        skill = 1 - solution.wape / solution.baseline_wape
    return StoredForecast(
        vertical=vertical,
        made_at=now,
        method=solution.method,
        history=[PastPoint(start=s, value=v) for s, v in zip(starts[-SHOWN:], counts[-SHOWN:], strict=True)],
        ahead=[
            AheadPoint(
                start=this_week + timedelta(weeks=n),
                q10=solution.quantiles[0][0][n],
                q25=solution.quantiles[0][1][n],
                q50=solution.quantiles[0][2][n],
                q75=solution.quantiles[0][3][n],
                q90=solution.quantiles[0][4][n],
                naive=solution.baseline_mean[0][n],
            )
            for n in range(AHEAD)
        ],
        skill=skill,
        coverage=solution.coverage,
    )
