"""Hold or ship: whether what waits at a consolidation point leaves today, or waits for more to come.

Every morning all that waits is shipped, or nothing is: a load of a little more than one vehicle is not split. What
waits loses value each night; what arrives later shares the cost of the vehicle. The choice is worked out exactly, by
dynamic programming backwards over the horizon, against all futures that the forecast of arrivals names (stochastic
clearing: Stidham 1974; shipment consolidation: Higginson, Bookbinder 1995).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from takeback.core.message import Message, msg
from takeback.core.money import Money
from takeback.core.problem import Problem
from takeback.plan.collection.problem import ill_formed

FULL = 0.9  # "ship when full": from this share of a vehicle on


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: `value` in minor units, of which it loses the share `decay` each night, all of it at most.

    `deadline`: the last day (0 = today) on which it may leave; None = any. Past ones leave today.
    """

    id: str
    mass_kg: float
    value: int = 0
    decay: float = 0.0
    deadline: int | None = None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is expected to come on each day: with probability `chances[k]`, k units; days are independent.

    A unit weighs `mass_kg` and loses `loss` minor units each night; it leaves at most `longest` days after it came
    (None = any time).
    """

    chances: tuple[float, ...] = (1.0,)
    mass_kg: float = 0.0
    loss: float = 0.0
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """What one shipment costs, minor units: for each vehicle `fixed` + `per_km` x `km`, for the load `per_kg`.

    `capacity_kg` of a vehicle: more than that takes more vehicles.
    """

    fixed: float
    km: float
    per_km: float
    per_kg: float
    capacity_kg: float

    @property
    def vehicle(self) -> float:
        """What one vehicle costs, whatever it carries."""
        return self.fixed + self.per_km * self.km

    def cost(self, mass_kg: float) -> float:
        """Return the cost of shipping `mass_kg` now, minor units; nothing costs nothing."""
        return math.ceil(mass_kg / self.capacity_kg - 1e-9) * self.vehicle + self.per_kg * mass_kg


@dataclass(frozen=True, slots=True)
class ConsolidationPoint:
    """A point with its queue, on the morning of day 0 of a horizon of `days`.

    `storage_kg`: what may stay overnight before the day's arrivals; None = any amount. What is left after the last day
    counts with its share of a full vehicle: a horizon's end is no reason to ship.

    Raises `Problem` with every value that makes no sense.
    """

    id: str
    queue: tuple[Waiting, ...]
    arrivals: Arrivals
    shipment: Shipment
    days: int = 7
    storage_kg: float | None = None
    currency: str = "EUR"

    def __post_init__(self) -> None:
        errors = [_wrong(self.id, name, value, rule) for name, value, rule, right in _rules(self) if not right]
        if errors:
            raise ill_formed(errors)


@dataclass(frozen=True, slots=True)
class HoldOrShip:
    """The decision of today, with the expected costs of the horizon (minor units) of both and of two simple rules.

    - `ship_cost`: shipping now and deciding best from then on. `hold_cost`: waiting today and deciding best from then
      on; None where waiting is not allowed.
    - `daily_cost`, `full_cost`: of shipping whatever there is each morning, and of shipping when a vehicle is nine
      tenths full (and when a deadline or the storage demands it).
    - `reason` for people.
    """

    point: str
    ship: bool
    ship_cost: float
    hold_cost: float | None
    daily_cost: float
    full_cost: float
    reason: Message

    @property
    def cost(self) -> float:
        """Expected cost of the best policy, minor units."""
        return self.ship_cost if self.ship or self.hold_cost is None else self.hold_cost

    @property
    def saving(self) -> float:
        """What it saves against the better of the two simple rules, minor units; never negative."""
        return max(0.0, min(self.daily_cost, self.full_cost) - self.cost)


def decide(point: ConsolidationPoint) -> HoldOrShip:
    """Return whether to hold or ship today, exactly for the forecast given. Where both cost the same: hold."""
    best = _Futures(point, None)
    start = State(0, bool(point.queue), 0, None)
    ship = best.shipped(start)
    hold = best.held(start) if best.may_hold(start) else None
    daily = _Futures(point, lambda futures, state: futures.mass(state) > 0)
    full = _Futures(point, lambda futures, state: futures.mass(state) >= FULL * point.shipment.capacity_kg)
    ships = bool(point.queue) and (hold is None or ship < hold)
    return HoldOrShip(
        point=point.id,
        ship=ships,
        ship_cost=ship,
        hold_cost=hold,
        daily_cost=daily.cost(start),
        full_cost=full.cost(start),
        reason=_reason(point, ships, ship, hold),
    )


class State(NamedTuple):
    """The morning of `day`: whether the queue of day 0 still waits, units that came since, and the oldest one's day."""

    day: int
    queue: bool
    units: int
    oldest: int | None


Rule = Callable[["_Futures", State], bool]


class _Futures:
    """Expected costs from a state on: of the best choices, or of a rule's."""

    def __init__(self, point: ConsolidationPoint, rule: Rule | None) -> None:
        self.point, self.rule = point, rule
        self.queue_kg = sum(one.mass_kg for one in point.queue)
        self.due = min((one.deadline for one in point.queue if one.deadline is not None), default=None)
        self.cost = lru_cache(maxsize=None)(self._cost)

    def _cost(self, state: State) -> float:
        """Return the expected cost from the morning of `state` on, minor units."""
        if state.day == self.point.days:
            shipment, mass = self.point.shipment, self.mass(state)
            return mass * (shipment.vehicle / shipment.capacity_kg + shipment.per_kg)
        if not self.mass(state):
            return self.held(state)
        if not self.may_hold(state):
            return self.shipped(state)
        if self.rule is not None:
            return self.shipped(state) if self.rule(self, state) else self.held(state)
        return min(self.shipped(state), self.held(state))

    def shipped(self, state: State) -> float:
        """Return the expected cost of shipping all that waits, and going on."""
        return self.point.shipment.cost(self.mass(state)) + self._on(State(state.day, False, 0, None))

    def held(self, state: State) -> float:
        """Return the expected cost of letting all wait for a night, and going on."""
        lost = self.point.arrivals.loss * state.units
        if state.queue:
            lost += sum(_loss(one, state.day) for one in self.point.queue)
        return lost + self._on(state)

    def _on(self, state: State) -> float:
        """Return the expected cost from the next morning on: what comes today is there by then."""
        expected = 0.0
        for units, chance in enumerate(self.point.arrivals.chances):
            if chance:
                oldest = state.oldest if state.oldest is not None or not units else state.day
                kept = oldest if self.point.arrivals.longest is not None else None  # else ages make no difference
                expected += chance * self.cost(State(state.day + 1, state.queue, state.units + units, kept))
        return expected

    def mass(self, state: State) -> float:
        """Return what waits, kg."""
        return (self.queue_kg if state.queue else 0.0) + state.units * self.point.arrivals.mass_kg

    def may_hold(self, state: State) -> bool:
        """Whether nothing that waits must leave today, and all of it may stay overnight."""
        if self.point.storage_kg is not None and self.mass(state) > self.point.storage_kg:
            return False
        if state.queue and self.due is not None and self.due <= state.day:
            return False
        longest = self.point.arrivals.longest
        return longest is None or state.oldest is None or state.day < state.oldest + longest


def _loss(one: Waiting, night: int) -> float:
    """Return what a thing loses in the night after day `night`, when it has waited since day 0."""
    left = max(0.0, one.value * (1 - one.decay * night))
    return min(one.value * one.decay, left)


def _reason(point: ConsolidationPoint, ships: bool, ship: float, hold: float | None) -> Message:
    """Return the decision in words."""
    if not point.queue:
        return msg("Nothing waits.")
    if hold is None:
        due = [one.id for one in point.queue if one.deadline is not None and one.deadline <= 0]
        if due:
            return msg("Ship: {items} must leave today.", items=", ".join(due[:5]))
        return msg("Ship: more waits than may stay overnight.")
    lost = sum(_loss(one, 0) for one in point.queue)
    mass = sum(one.mass_kg for one in point.queue)
    figures = {
        "saved": str(Money(round(abs(hold - ship)), point.currency)),
        "fill": f"{mass / point.shipment.capacity_kg:.0%}",
        "lost": str(Money(round(lost), point.currency)),
    }
    if ships:
        return msg(
            "Ship: {saved} cheaper than waiting. The load is {fill} of a vehicle and loses {lost} a night.", **figures
        )
    return msg(
        "Hold: {saved} cheaper than shipping. The load is {fill} of a vehicle and loses {lost} a night.", **figures
    )


def _rules(point: ConsolidationPoint) -> list[tuple[str, object, Message, bool]]:
    """Return field, value, what is right, and whether it is, for each value of a point."""
    arrivals, shipment, positive = point.arrivals, point.shipment, msg("0 or more")
    total = math.fsum(arrivals.chances)
    rules: list[tuple[str, object, Message, bool]] = [
        ("days", point.days, msg("1 to 60 days"), 1 <= point.days <= 60),
        ("shipment.capacity_kg", shipment.capacity_kg, msg("above 0"), 0 < shipment.capacity_kg < math.inf),
        ("arrivals.chances", total, msg("probabilities whose sum is 1"), math.isclose(total, 1, abs_tol=1e-6)),
    ]
    numbers: dict[str, float] = {
        f"shipment.{name}": getattr(shipment, name) for name in ("fixed", "km", "per_km", "per_kg")
    }
    numbers |= {f"arrivals.{name}": getattr(arrivals, name) for name in ("mass_kg", "loss")}
    numbers |= {f"arrivals.chances[{k}]": chance for k, chance in enumerate(arrivals.chances)}
    numbers |= {"arrivals.longest": arrivals.longest or 0, "storage_kg": point.storage_kg or 0.0}
    for k, one in enumerate(point.queue):
        where = f"queue[{k}] ({one.id})"
        numbers |= {f"{where}.value": one.value}
        rules.append((f"{where}.mass_kg", one.mass_kg, msg("above 0"), 0 < one.mass_kg < math.inf))
        rules.append((f"{where}.decay", one.decay, msg("a share from 0 to 1"), 0 <= one.decay <= 1))
    return rules + [(name, value, positive, 0 <= value < math.inf) for name, value in numbers.items()]


def _wrong(point: str, name: str, found: object, expected: Message) -> Problem:
    return Problem(
        "consolidation.bad-value",
        msg("A value of the consolidation point makes no sense"),
        where=f"{point}, {name}",
        found=found,
        expected=expected,
    )
