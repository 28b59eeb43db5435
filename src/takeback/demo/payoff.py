"""What a decision really brings: a function of the hidden truth only. Read by scoring, never by what decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takeback.demo.battery_market import amounts
from takeback.demo.goods_market import MINOR, item_cost, price_factors
from takeback.demo.world import Floats, Ints, PackTruth, ParcelTruth, World


@dataclass(frozen=True, slots=True)
class Payoff:
    """The true worth of every option of every item of a vertical, n rows, D options, minor units.

    `gross` (n, D) at the day the item is ready, sold at once; it falls by `rate_per_day` (n,) until the money comes
    `days` (D,) after the decision. `fixed` (n, D): all costs. `storage`: minor units for a day of waiting.
    """

    ready_day: Ints
    gross: Floats
    rate_per_day: Floats
    days: Floats
    fixed: Floats
    storage: float

    def of(self, option: Ints, day: Ints, rows: Ints | None = None) -> Ints:
        """Return the realised value in whole minor units of each of `rows` (default all) given `option` on `day`."""
        at = np.arange(len(self.ready_day)) if rows is None else rows
        waited = np.maximum(day - self.ready_day[at], 0)
        fall = np.exp(-self.rate_per_day[at] * (waited + self.days[option]))
        value = self.gross[at, option] * fall - self.fixed[at, option] - self.storage * waited
        whole: Ints = np.rint(value).astype(np.int64)
        return whole

    def table(self, waited: int = 0) -> Floats:
        """Return (n, D) realised values when every item is decided `waited` days after it is ready."""
        fall = np.exp(-self.rate_per_day[:, None] * (waited + self.days))
        value: Floats = np.rint(self.gross * fall - self.fixed - self.storage * waited)
        return value


def goods_payoff(world: World, truth: ParcelTruth) -> Payoff:
    """Return the true worth of every disposition of every parcel; an empty one brings nothing."""
    p, parcels = world.parameters, world.parcels
    e = p.goods_economics
    factor = price_factors(p)[parcels.category]
    value = parcels.value_minor[:, None] * ~truth.empty[:, None]
    mass = np.array([x.mass_g for x in p.products.rows], dtype=np.float64)[parcels.product]
    return Payoff(
        ready_day=parcels.ready_day,
        gross=value * factor * np.array(e.price)[truth.grade] * truth.price_noise,
        rate_per_day=np.array([c.decay_per_week / 7 for c in p.categories])[parcels.category],
        days=np.array(e.days_to_money, dtype=np.float64),
        fixed=item_cost(p, parcels.category, mass) + value * np.array(e.penalty)[truth.grade],
        storage=e.storage_cny_per_day * MINOR,
    )


def battery_payoff(world: World, truth: PackTruth) -> Payoff:
    """Return the true worth of every option of every pack."""
    p, packs, e = world.parameters, world.packs, world.parameters.battery_economics
    kwh = np.array([m.energy_kwh for m in p.battery_models.rows])[packs.model][:, None]
    price, work, cost = amounts(p, packs.model, truth.soh, truth.fault)
    return Payoff(
        ready_day=packs.ready_day,
        gross=kwh * price * truth.price_noise,
        rate_per_day=np.full(len(packs), e.decay_per_week / 7),
        days=np.array(e.days_to_money, dtype=np.float64),
        fixed=kwh * work + cost,
        storage=e.storage_cny_per_day * MINOR,
    )
