"""A town whose bins fill: what is true of it is drawn here and kept here; a policy sees readings alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from takeback.plan.collection import CollectionProblem, Depot, Location, VehicleType, Window, solve
from takeback.plan.doors import Budget

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CAPACITY = 1_000.0  # litres
WARM_UP = 21  # days of readings before the first decision
SENSOR_SD = 0.03  # of the capacity, one reading
WEEK = (1.1, 1.0, 0.95, 1.0, 1.15, 1.0, 0.8)  # hidden: inflow by day of the week
SPREAD = 0.4  # hidden: standard deviation of a day's inflow over its mean


@dataclass(frozen=True)
class Town:
    """What everybody knows: the map, the depot, the fleet."""

    distance_m: Ints
    duration_s: Ints
    fleet: tuple[VehicleType, ...]

    @property
    def bins(self) -> int:
        """The number of bins; the depot is location 0."""
        return len(self.distance_m) - 1

    def day(self) -> CollectionProblem:
        """Return a day without tasks."""
        return CollectionProblem(
            locations=tuple(Location(f"l{k}") for k in range(self.bins + 1)),
            distance_m=self.distance_m,
            duration_s=self.duration_s,
            tasks=(),
            depots=(Depot("depot", 0),),
            vehicle_types=self.fleet,
            load_dimensions=("tenths of a bin",),
        )


@dataclass
class Readings:
    """What a policy sees on a morning: the sensors' levels of all mornings so far, and when bins were emptied."""

    levels: list[Floats] = field(default_factory=list)
    emptied: list[npt.NDArray[np.bool_]] = field(default_factory=list)

    def inflows(self) -> tuple[Floats, Floats]:
        """Return the mean and standard deviation of the daily inflow of each bin, from the last weeks' readings."""
        seen = np.array(self.levels[-WARM_UP - 1 :])
        after = np.where(np.array(self.emptied[-len(seen) + 1 :]), 0.0, seen[:-1])
        daily = np.maximum(0.0, seen[1:] - after)
        noise = 2 * (SENSOR_SD * CAPACITY) ** 2
        return daily.mean(axis=0), np.sqrt(np.maximum(1.0, daily.var(axis=0) - noise))


Policy = Callable[[Town, Readings], CollectionProblem]
"""Returns the tasks of today, one a bin at most, with the bin's number as id."""


@dataclass(frozen=True)
class Outcome:
    """What a policy did.

    Kilometres, visits, the share of bins and days without an overflow, how full bins were when emptied, and how full
    they were left at the end: what a policy saved by putting off shows there.
    """

    km: float
    visits: int
    service: float
    fill: float
    left: float


def make_town(bins: int, seed: int) -> Town:
    """Return a town of 20 by 20 km: half of the bins in four quarters, half anywhere."""
    rng = np.random.default_rng([seed, 1])
    quarters = rng.uniform(-8_000, 8_000, (4, 2))
    places = np.where(rng.random((bins, 1)) < 0.5, quarters[rng.integers(0, 4, bins)] + rng.normal(0, 900, (bins, 2)),
                      rng.uniform(-10_000, 10_000, (bins, 2)))  # fmt: skip
    places = np.vstack([[0.0, 0.0], places])
    metres = np.rint(1.3 * np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))).astype(np.int64)
    truck = VehicleType(
        "truck", 4, (250,), shift=Window(6 * 3600, 15 * 3600), cost_fixed=8_000, cost_per_km=120, cost_per_hour=3_000
    )
    return Town(metres, np.rint(metres / 9).astype(np.int64), (truck,))


def live(town: Town, policy: Policy, days: int, seed: int, *, iterations: int = 300) -> Outcome:
    """Return what a policy does in `days` days; the same seed brings the same inflows whatever is done.

    Every policy's day is routed by the collection engine with the same budget of `iterations`.
    """
    rng = np.random.default_rng([seed, 2])
    mean = CAPACITY / rng.uniform(4.0, 14.0, town.bins)
    shape = 1 / SPREAD**2
    week = np.array(WEEK)[np.arange(WARM_UP + days) % 7]
    inflow = mean * week[:, None] * rng.gamma(shape, 1 / shape, (WARM_UP + days, town.bins))
    noise = rng.normal(0, SENSOR_SD * CAPACITY, (WARM_UP + days, town.bins))
    level, seen = rng.uniform(0, CAPACITY, town.bins), Readings()
    metres, visits, over, fill = 0, 0, 0, 0.0
    for day in range(WARM_UP + days):
        seen.levels.append(np.clip(level + noise[day], 0.0, CAPACITY))
        emptied = level > 0.8 * CAPACITY  # before the first decision, somebody empties what is nearly full
        if day >= WARM_UP:
            emptied, driven = _drive(policy(town, seen), town.bins, iterations, seed)
            metres, visits, fill = metres + driven, visits + int(emptied.sum()), fill + float(level[emptied].sum())
        seen.emptied.append(emptied)
        level = np.where(emptied, 0.0, level) + inflow[day]
        over += int((level > CAPACITY).sum()) if day >= WARM_UP else 0
    share, left = fill / CAPACITY / max(1, visits), float(level.mean()) / CAPACITY
    return Outcome(metres / 1_000, visits, 1 - over / (days * town.bins), share, left)


def _drive(day: CollectionProblem, bins: int, iterations: int, seed: int) -> tuple[npt.NDArray[np.bool_], int]:
    """Return which bins are emptied, and the metres driven."""
    emptied = np.zeros(bins, dtype=bool)
    if not day.tasks:
        return emptied, 0
    plan = solve(day, budget=Budget(iterations=iterations), seed=seed).plan
    for route in plan.routes:
        for stop in route.stops:
            emptied[int(stop.task)] = True
    return emptied, plan.distance_m
