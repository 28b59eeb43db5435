"""A very small day, to warm up compiled code with."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Task, VehicleType, Window


def small_day(*, timed: bool = True) -> CollectionProblem:
    """Return five stops around a depot, served by at most five vans."""
    angles = np.linspace(0, 2 * np.pi, 5, endpoint=False)
    places = np.concatenate([[[0.0, 0.0]], 1_000 * np.column_stack([np.cos(angles), np.sin(angles)])])
    metres = np.rint(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))).astype(np.int64)
    return CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(6)),
        distance_m=metres,
        duration_s=metres // 10,
        tasks=tuple(
            Task(str(k), k, (1,), (2,), windows=(Window(0, 9_000 + k),) if timed else (), service_s=60)
            for k in range(1, 6)
        ),
        depots=(Depot("depot", 0),),
        vehicle_types=(VehicleType("van", 5, (6,), cost_fixed=100, cost_per_km=100),),
        load_dimensions=("units",),
    )
