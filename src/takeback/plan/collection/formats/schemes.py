"""Which days customers of several visits are visited on: neighbours together, no day above what its vehicles can do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from takeback.plan.collection.formats.reading import Floats

STARTS, PASSES = 8, 20
SEARCHED = 400  # customers; with more the search would take far longer than reading the file
TOURS = 1.25  # a tour is about a quarter longer than the shortest tree over its places
TOO_MUCH = 100.0  # for each minute that a day has too little

Scheme = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """What every day has: minutes between all places, minutes of all vehicles, minutes and load of a trip's end."""

    minutes: Floats
    home: int
    available: float
    unload: float
    capacity: float


@dataclass(slots=True)
class _Choice:
    """Schemes of the customers that have several options, and what each day costs by them."""

    day: Day
    options: Mapping[int, Sequence[Scheme]]
    load: Mapping[int, float]
    service: Mapping[int, float]
    chosen: dict[int, Scheme]
    known: dict[tuple[int, ...], float] = field(default_factory=dict)

    def cost(self) -> float:
        """Return about how long all days take, with a penalty for what is too much for one."""
        horizon = 1 + max(day for schemes in self.options.values() for scheme in schemes for day in scheme)
        return sum(self._day([one for one, days in self.chosen.items() if day in days]) for day in range(horizon))

    def improve(self) -> float:
        """Move one customer at a time to the scheme that is best for all, until none is better."""
        best = self.cost()
        for _ in range(PASSES):
            before = best
            for one, options in self.options.items():
                best = self._move(one, options, best)
            if best >= before - 1e-9:
                break
        return best

    def _move(self, one: int, options: Sequence[Scheme], best: float) -> float:
        for scheme in options:
            old = self.chosen[one]
            self.chosen[one] = scheme
            cost = self.cost()
            if cost < best - 1e-9:
                best = cost
            else:
                self.chosen[one] = old
        return best

    def _day(self, customers: list[int]) -> float:
        key = tuple(sorted(customers))
        if key not in self.known:
            tour = TOURS * tree(self.day.minutes, [self.day.home, *key])
            trips = math.ceil(sum(self.load[one] for one in key) / self.day.capacity)
            travel = tour + trips * self.day.unload
            late = travel + sum(self.service[one] for one in key) - self.day.available
            self.known[key] = travel + TOO_MUCH * max(0.0, late)
        return self.known[key]


def choose(
    day: Day, options: Mapping[int, Sequence[Scheme]], load: Mapping[int, float], service: Mapping[int, float]
) -> dict[int, Scheme]:
    """Return a scheme for each customer (index of its place) out of its options.

    Local search over an estimate of each day's tour, from schemes that balance the load and from a few at random; the
    same customers get the same schemes every time.
    """
    if not options:
        return {}
    if len(options) > SEARCHED:
        return _balanced(options, load)
    chance = np.random.default_rng(0)
    begins = [_balanced(options, load)]
    for _ in range(min(STARTS, SEARCHED // len(options))):
        begins.append({one: some[int(chance.integers(len(some)))] for one, some in options.items()})
    known: dict[tuple[int, ...], float] = {}
    found = [_Choice(day, options, load, service, begin, known) for begin in begins]
    return min(((choice.improve(), k, choice.chosen) for k, choice in enumerate(found)))[2]


def tree(minutes: Floats, places: Sequence[int]) -> float:
    """Return the length of the shortest tree over places (Prim 1957), by what is nearer of both directions."""
    legs = minutes[np.ix_(places, places)]
    legs = np.minimum(legs, legs.T)
    near, total = legs[0].copy(), 0.0
    outside = np.ones(len(places), dtype=bool)
    outside[0] = False
    for _ in range(len(places) - 1):
        k = int(np.argmin(np.where(outside, near, np.inf)))
        total += float(near[k])
        outside[k] = False
        near = np.minimum(near, legs[k])
    return total


def _balanced(options: Mapping[int, Sequence[Scheme]], load: Mapping[int, float]) -> dict[int, Scheme]:
    """Return the schemes whose days carry least, large customers first."""
    carried: dict[int, float] = {}
    chosen = {}
    for one in sorted(options, key=lambda customer: (-load[customer], customer)):
        scheme = min(options[one], key=lambda days: (sum(carried.get(day, 0.0) for day in days), days))
        chosen[one] = scheme
        for day in scheme:
            carried[day] = carried.get(day, 0.0) + load[one]
    return chosen
