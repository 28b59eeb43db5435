"""The plot of a world: everything its driver needs, prepared once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from takeback.demo.battery_market import battery_market
from takeback.demo.calendar import first_day
from takeback.demo.cast import Cast, named
from takeback.demo.goods_market import goods_market
from takeback.demo.grades import Grades, battery_grades, goods_grades
from takeback.demo.market import Market
from takeback.demo.parameters import Parameters
from takeback.demo.soh import measure
from takeback.demo.world import Floats, Observations, World
from takeback.operate.identity import Actor

LEAST_BELIEF = 1e-4  # what is less likely is not written down


@dataclass(frozen=True, slots=True)
class Script:
    """World, readings, markets and cast. Holds no truth. ``soh`` and ``soh_sd`` are the test station's estimates."""

    cast: Cast
    world: World
    seen: Observations
    first: date
    goods: Market
    batteries: Market
    goods_grades: Grades
    battery_grades: Grades
    soh: Floats
    soh_sd: Floats

    @property
    def parameters(self) -> Parameters:
        """The world's parameters."""
        return self.world.parameters

    @property
    def operator(self) -> Actor:
        """The operator's actor."""
        return self.cast.actors[self.cast.operator]

    @property
    def days(self) -> int:
        """How many days are driven."""
        return self.parameters.world.days

    def works(self, day: int) -> bool:
        """Tell whether the battery side works on that day."""
        return self.parameters.pack_arrivals.weekday[(self.parameters.world.start.weekday() + day) % 7] > 0

    def partner(self, slug: str) -> UUID:
        """Return the operator's partner record of another member of the cast."""
        return named(self.cast.operator, "partner", slug)


def script(cast: Cast, world: World, seen: Observations, today: date) -> Script:
    """Return the plot of a world that has just ended ``today``."""
    p = world.parameters
    soh, sd = measure(world, seen)
    return Script(
        cast=cast,
        world=world,
        seen=seen,
        first=first_day(p.world.start, p.world.days, today),
        goods=goods_market(p),
        batteries=battery_market(p),
        goods_grades=goods_grades(world, seen),
        battery_grades=battery_grades(world, seen, soh, sd),
        soh=soh,
        soh_sd=sd,
    )


def belief_of(grades: Grades, conditions: tuple[str, ...], row: int) -> dict[str, float]:
    """Return the probabilities of one item's condition classes, the unlikely left out."""
    belief = grades.belief[row]
    likely = np.flatnonzero(belief >= LEAST_BELIEF)
    return {conditions[c]: round(float(belief[c]), 6) for c in likely}


def worth(market: Market, belief: Floats, category: int, size: float) -> int:
    """Return what the best option is expected to bring today without looking at capacity, in minor units, at least
    0."""
    fall = np.exp(-market.decay_per_day[category] * market.days)
    net = size * (market.price[category] * fall - market.size_cost[category]) - market.cost[category]
    expected = np.where(market.allowed[category], belief @ net, -np.inf)
    return max(0, round(float(expected.max())))
