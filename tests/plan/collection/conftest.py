"""Days of collection for the tests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from takeback.plan.collection import CollectionProblem, Depot, Location, Task, VehicleType, Window

City = Callable[..., CollectionProblem]


@pytest.fixture
def city() -> City:
    """Return a maker of pickup days: `stops` around a depot, a few brings, some windows, vans and a truck."""
    return make_city


def make_city(
    stops: int, seed: int, *, prize: int | None = None, windows: bool = True, vans: int = 6
) -> CollectionProblem:
    rng = np.random.default_rng(seed)
    towns = np.array([[0, 0], [15_000, 5_000], [-12_000, 14_000], [9_000, -16_000]])
    places = rng.normal(0, 6_000, (stops + 1, 2)) + towns[rng.integers(0, 4, stops + 1)]
    metres = np.rint(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) * 1.3).astype(np.int64)
    tasks = tuple(
        Task(
            id=f"t{k}",
            location=k,
            delivery=(int(rng.integers(5, 150)), 1) if rng.random() < 0.3 else (),
            pickup=(int(rng.integers(20, 450)), 1),
            windows=_windows(rng) if windows else (),
            service_s=600,
            prize=prize,
        )
        for k in range(1, stops + 1)
    )
    return CollectionProblem(
        locations=tuple(
            Location(f"l{k}", 31.2 + y / 111_000, 121.4 + x / 95_000) for k, (x, y) in enumerate(places.tolist())
        ),
        distance_m=metres,
        duration_s=np.rint(metres / 9).astype(np.int64),
        tasks=tasks,
        depots=(Depot("depot", 0, Window(6 * 3600, 20 * 3600)),),
        vehicle_types=(
            VehicleType("van", vans, (1_500, 12), shift=Window(7 * 3600, 18 * 3600), max_duration_s=9 * 3600,
                        cost_fixed=20_000, cost_per_km=150, cost_per_hour=4_500),
            VehicleType("truck", 2, (4_500, 36), shift=Window(7 * 3600, 18 * 3600), max_distance_m=400_000,
                        cost_fixed=40_000, cost_per_km=320, cost_per_hour=5_000),
        ),
        load_dimensions=("kg", "pallet places"),
        currency="CNY",
    )  # fmt: skip


def _windows(rng: np.random.Generator) -> tuple[Window, ...]:
    draw = rng.random()
    if draw < 0.6:
        return ()
    if draw < 0.7:
        return (Window(8 * 3600, 10 * 3600), Window(15 * 3600, 17 * 3600))
    opens = int(rng.choice([8, 10, 13])) * 3600
    return (Window(opens, opens + 3 * 3600),)
