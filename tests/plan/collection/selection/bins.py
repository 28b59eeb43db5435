"""Selections for the tests."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection import Depot, Location, VehicleType, Window
from takeback.plan.collection.selection import Point, SelectionProblem


def make_bins(
    bins: int, seed: int, *, days: int = 5, closed: tuple[int, ...] = (), overflow_cost: int = 5_000, fixed: int = 8_000
) -> SelectionProblem:
    """Return `bins` around a depot, full after 4 to 14 days, known to be somewhere between empty and full."""
    rng = np.random.default_rng(seed)
    places = np.vstack([[0.0, 0.0], rng.uniform(-10_000, 10_000, (bins, 2))])
    metres = np.rint(1.3 * np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))).astype(np.int64)
    return SelectionProblem(
        locations=tuple(Location(f"l{k}") for k in range(bins + 1)),
        distance_m=metres,
        duration_s=metres // 9,
        points=tuple(_point(k, rng, days, overflow_cost) for k in range(bins)),
        depots=(Depot("depot", 0),),
        vehicle_types=(
            VehicleType("truck", 3, (2_000,), shift=Window(7 * 3600, 16 * 3600), cost_fixed=fixed, cost_per_km=100,
                        cost_per_hour=4_000),
        ),
        days=days,
        closed_days=closed,
        load_dimensions=("kg",),
    )  # fmt: skip


def _point(k: int, rng: np.random.Generator, days: int, overflow_cost: int) -> Point:
    daily = 1_000 / rng.uniform(4, 14)
    return Point(
        id=f"bin {k}",
        location=k + 1,
        level=float(rng.uniform(0, 1_000)),
        inflow=(float(daily),) * days,
        capacity=1_000.0,
        overflow_cost=overflow_cost,
        level_sd=30.0,
        inflow_sd=(float(0.4 * daily),) * days,
        load=(100,),
        service_s=300,
    )
