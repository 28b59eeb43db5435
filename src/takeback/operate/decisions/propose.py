"""The problem of the moment: all graded items of a vertical, with what is known of them now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.operate.decisions.market import Market, find
from takeback.operate.decisions.rule import rule_choices
from takeback.operate.decisions.unpriced import is_priced
from takeback.plan.disposition.bidprice import forecast
from takeback.plan.disposition.check import check
from takeback.plan.disposition.problem import ADMITTED, DispositionProblem, FloatArray, Hold
from takeback.plan.disposition.solution import DispositionSolution
from takeback.plan.disposition.solve import solve

DAYS_OF_MEMORY = 7
SAMPLE = 700  # of the items graded lately: enough to foresee what a line will be worth
_ITEMS = sa.text(
    """
    select key, epc, code, category, size, grade, soh, belief, stage_since, value_minor, currency, rule_disposition
    from item
    where stage = 'graded' and vertical = :vertical and (cast(:site as uuid) is null or site_id = :site)
    order by stage_since, key
    """
)
_LATELY = sa.text(
    """
    select i.key, i.epc, i.code, i.category, i.size, i.grade, i.soh, i.belief, i.stage_since, i.value_minor, i.currency,
           count(*) over () as graded, s.at
    from statement s join item i on i.key = s.item_key
    where s.property = 'grade' and s.at > :since and s.at <= :now and i.vertical = :vertical
    order by s.at desc, i.key limit :sample
    """
)
_GRADING_DAYS = sa.text(
    """
    select count(distinct day) from stage_flow
    where stage = 'graded' and vertical = :vertical and day > cast(:since as date) and day <= cast(:now as date)
    """
)
_NOT_OFFERED = msg("not offered for this kind of thing")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the engine proposes for the graded items of a vertical; ``rule`` is what the static rule would do ("" =
    nothing)."""

    vertical: str
    at: datetime
    items: Sequence[sa.Row[Any]]
    market: Market
    problem: DispositionProblem
    solution: DispositionSolution
    rule: Sequence[str]


def propose(
    connection: sa.Connection,
    vertical: str,
    *,
    now: datetime,
    available: Mapping[str, float] | None = None,
    site: str | None = None,
) -> Proposal | None:
    """Return the checked proposal for what waits for a decision, None when nothing does.

    Items without prices are left out (see `unpriced`).

    ``available`` gives the units of each resource left in this period; by default a whole day of each.

    Raises
    ------
    Problem
        The engine's own.
    """
    waiting = connection.execute(_ITEMS, {"vertical": vertical, "site": site}).all()
    market = find(connection, vertical) if waiting else None
    items = [item for item in waiting if market is not None and is_priced(item, market)]
    if market is None or not items:
        return None
    if available is not None:
        limits = {**{r.name: r.available for r in market.resources}, **available}
        market = replace(market, resources=tuple(replace(r, available=limits[r.name]) for r in market.resources))
    problem = _problem(connection, vertical, items, market, now)
    solution = solve(problem)
    if wrong := check(problem, solution):
        raise RuntimeError(f"the engine's answer fails its check: {wrong[0]}")
    return Proposal(vertical, now, items, market, problem, solution, rule_choices(connection, vertical, items, market))


def _problem(
    connection: sa.Connection, vertical: str, items: Sequence[sa.Row[Any]], market: Market, now: datetime
) -> DispositionProblem:
    waited = np.array([max(0, (now.date() - item.stage_since.date()).days) for item in items], dtype=np.float64)
    return _of_items(items, market, waited, _hold(connection, vertical, market, waited, now))


def _of_items(
    items: Sequence[sa.Row[Any]], market: Market, waited: FloatArray, hold: Hold | None
) -> DispositionProblem:
    category = np.array([market.categories[item.category] for item in items])
    return DispositionProblem.of(
        categories=list(market.categories),
        conditions=list(market.conditions),
        options=market.options,
        resources=market.resources,
        terms=market.terms,
        category=category,
        belief=_beliefs(items, market),
        size=[item.size for item in items],
        waited_days=waited,
        load=market.load[category],
        bar=np.where(market.offered[category], ADMITTED, 0),
        bar_reasons=(_NOT_OFFERED,),
        keys=[item.key for item in items],
        currency=items[0].currency,
        hold=hold,
        condition_value=market.condition_value,
        measured=[np.nan if item.soh is None else item.soh for item in items],
    )


def _hold(connection: sa.Connection, vertical: str, market: Market, waited: FloatArray, now: datetime) -> Hold | None:
    """Return the terms of waiting until tomorrow, at the prices that a day like the last ones would give the lines."""
    allowed = waited < market.longest_hold
    window = {"vertical": vertical, "now": now, "since": now - timedelta(days=DAYS_OF_MEMORY), "sample": SAMPLE}
    recent = connection.execute(_LATELY, window).all()
    recent = [item for item in recent if is_priced(item, market)]
    if not recent or not allowed.any():
        return None
    days = max(1, int(connection.scalar(_GRADING_DAYS, window) or 1))
    sample = _of_items(recent, market, np.zeros(len(recent)), None)
    a_day = np.array([resource.available for resource in market.full_day])
    price = forecast(sample, expected_items=recent[0].graded / days, available=a_day)
    return Hold(1.0, price, allowed, market.hold_cost)


def _beliefs(items: Sequence[sa.Row[Any]], market: Market) -> FloatArray:
    belief = np.zeros((len(items), len(market.conditions)))
    for row, item in enumerate(items):
        for name, probability in (item.belief or {item.grade: 1.0}).items():
            belief[row, market.conditions[name]] = probability
    scaled: FloatArray = belief / belief.sum(axis=1, keepdims=True)
    return scaled
