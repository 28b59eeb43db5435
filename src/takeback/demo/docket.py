"""The items of one vertical as they come up for a decision, day by day. Holds no truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takeback.demo.grades import Grades
from takeback.demo.market import Market
from takeback.demo.parameters import Row
from takeback.demo.world import Flags, Floats, Ints, World


@dataclass(frozen=True, slots=True)
class Docket:
    """What may be decided for n items with D options, and the lines (R) of each day.

    - `ready_day` (n,); rows are in the order of arrival. `category` (n,) row of the market's categories; `size` (n,).
    - `cell` (n,): row of `cells`, the pairs "category, observed grade" that a static rule can tell apart.
    - `open` (n, D), `load` (n, D), `line_of` (D,) row of the lines or -1; `available` (days, R).
    - `belief` (n, G): probability of each condition class of the market, from the readings.
    """

    market: Market
    ready_day: Ints
    category: Ints
    size: Floats
    cell: Ints
    cells: tuple[str, ...]
    open: Flags
    load: Floats
    line_of: Ints
    available: Floats
    belief: Floats

    def __len__(self) -> int:
        return len(self.ready_day)

    @property
    def unlimited(self) -> Ints:
        """Return the options that use no line."""
        return np.flatnonzero(self.line_of < 0)


def docket(world: World, market: Market, grades: Grades) -> Docket:
    """Return the docket of the market's vertical, given the grades that the readings lead to."""
    p = world.parameters
    if market.vertical == "returns":
        ready, category, size = world.parcels.ready_day, world.parcels.category, world.parcels.value_minor
        weekday: Row = (1.0,) * 7
    else:
        ready, category = world.packs.ready_day, world.packs.model
        size = np.array([m.energy_kwh for m in p.battery_models.rows])[category]
        weekday = p.pack_arrivals.weekday
    names = [line.name for line in market.lines]
    line_of = np.array([-1 if r is None else names.index(r) for r in market.resource])
    working = np.array([weekday[(p.world.start.weekday() + d) % 7] > 0 for d in range(p.world.days)])
    per_day = np.array([line.per_day for line in market.lines], dtype=np.float64)
    return Docket(
        market=market,
        ready_day=ready,
        category=category,
        size=size.astype(np.float64),
        cell=category * len(grades.names) + grades.grade,
        cells=tuple(f"{a}, {g}" for a in market.categories for g in grades.names),
        open=market.allowed[category],
        load=market.load[category],
        line_of=line_of,
        available=working[:, None] * per_day,
        belief=grades.belief,
    )
