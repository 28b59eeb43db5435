"""The clairvoyant: all items of all days at once, with their true worth. An upper bound for every decider."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takeback.demo.docket import Docket
from takeback.demo.payoff import Payoff
from takeback.demo.world import Floats
from takeback.plan.disposition.assignment import Columns, assign


@dataclass(frozen=True, slots=True)
class Oracle:
    """What the clairvoyant's decisions realise, item by item (n,); `bound`: no decisions whatever realise more.
    Minor units."""

    values: Floats
    bound: float

    @property
    def value(self) -> float:
        """The sum over the items."""
        return float(self.values.sum())


def oracle(docket: Docket, payoff: Payoff) -> Oracle:
    """Return the clairvoyant's best: every option on every day an item may still wait, lines shared by all."""
    columns = _columns(docket, payoff)
    best = assign(columns)
    return Oracle(columns.value[np.arange(len(docket)), best.choice], best.bound)


def _columns(docket: Docket, payoff: Payoff) -> Columns:
    """Return columns (option, days waited): unlimited options at once only, they never gain by waiting."""
    days, lines = docket.available.shape
    value, resource, load = [], [], []
    for waited in range(docket.market.longest_hold_days + 1):
        day = docket.ready_day + waited
        table = payoff.table(waited)
        for option, line in enumerate(docket.line_of.tolist()):
            if line < 0 and waited:
                continue
            possible = docket.open[:, option] & (day < days)
            value.append(np.where(possible, table[:, option], -np.inf))
            resource.append(np.where(possible & (line >= 0), np.minimum(day, days - 1) * lines + line, -1))
            load.append(docket.load[:, option])
    names = tuple(f"day {d}, {line.name}" for d in range(days) for line in docket.market.lines)
    return Columns(
        np.stack(value, axis=1),
        np.stack(resource, axis=1),
        np.stack(load, axis=1),
        docket.available.ravel(),
        names,
    )
