"""The disposition engine at work on a world without a database, day by day, from readings, prices and capacities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from takeback.core.message import msg
from takeback.demo.docket import Docket
from takeback.demo.world import Floats, Ints
from takeback.plan.disposition.bidprice import forecast
from takeback.plan.disposition.problem import ADMITTED, DispositionProblem, Hold, Option, Resource, Terms
from takeback.plan.disposition.solve import solve

MEMORY_DAYS = 7
UNDECIDED = -1
_NOT_OFFERED = msg("not offered for this kind of thing")


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided for n items: `option` (n,), `day` (n,), and what was then expected of it, minor units (n,)."""

    option: Ints
    day: Ints
    expected: Floats


def decide(
    docket: Docket, *, memory_days: int = MEMORY_DAYS, on_day: Callable[[int, int], None] | None = None
) -> Decisions:
    """Return the engine's decisions on all items, taken on each working day for what is then ready.

    What a line will be worth tomorrow is forecast from the arrivals of the last `memory_days` days; items may wait for
    it as long as the market allows. Nothing of the days to come is looked at, and no truth: the docket holds none.
    """
    days, n = len(docket.available), len(docket)
    option, decided, expected = np.full(n, UNDECIDED), np.full(n, UNDECIDED), np.zeros(n)
    working = np.flatnonzero(docket.available.any(axis=1)).tolist()
    for day in working:
        rows = np.flatnonzero((docket.ready_day <= day) & (option == UNDECIDED))
        hold = _hold(docket, rows, day, memory_days) if day != working[-1] else None
        answer = solve(_problem(docket, rows, day, hold))
        done = answer.choice < len(docket.market.options)
        option[rows[done]], decided[rows[done]] = answer.choice[done], day
        expected[rows[done]] = answer.value[done, answer.choice[done]]
        if on_day is not None:
            on_day(day, days)
    return Decisions(option, decided, expected)


def _hold(docket: Docket, rows: Ints, day: int, memory_days: int) -> Hold | None:
    """Return the terms of waiting until tomorrow; None where nothing may wait."""
    market = docket.market
    allowed = day - docket.ready_day[rows] < market.longest_hold_days
    if not allowed.any():
        return None
    recent = np.flatnonzero((docket.ready_day > day - memory_days) & (docket.ready_day <= day))
    arrival_days = len(np.unique(docket.ready_day[recent]))
    sample = _problem(docket, recent, day, None, waited=False)
    available = np.array([line.per_day for line in market.lines])
    price = forecast(sample, expected_items=len(recent) / arrival_days, available=available)
    return Hold(1.0, price, allowed, market.storage)


def _problem(docket: Docket, rows: Ints, day: int, hold: Hold | None, *, waited: bool = True) -> DispositionProblem:
    """Return the engine's problem of these items on this day; `waited=False` takes them as if they had just come."""
    m = docket.market
    lines = zip(m.lines, docket.available[day].tolist(), strict=True)
    return DispositionProblem.of(
        categories=m.categories,
        conditions=m.conditions,
        options=[Option(o, r) for o, r in zip(m.options, m.resource, strict=True)],
        resources=[Resource(line.name, units, line.unit) for line, units in lines],
        terms=_terms(docket),
        category=docket.category[rows],
        belief=docket.belief[rows],
        size=docket.size[rows],
        waited_days=day - docket.ready_day[rows] if waited else 0.0,
        load=docket.load[rows],
        bar=np.where(docket.open[rows], ADMITTED, 0),
        bar_reasons=(_NOT_OFFERED,),
        keys=rows,
        currency=m.currency,
        hold=hold,
        condition_value=m.condition_value,
    )


def _terms(docket: Docket) -> Terms:
    m = docket.market
    return Terms.of(
        m.price,
        decay_per_day=m.decay_per_day[:, None, None],
        days=m.days,
        cost=m.cost,
        price_sd=m.price_sd,
        size_cost=m.size_cost,
    )
