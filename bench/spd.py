"""Generated problems of simultaneous pickup and delivery: half uniform, half clustered, some 20 stops a route."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection import CollectionProblem, Depot, Location, Task, VehicleType, Window

SIDE = 10_000  # metres
STOPS_PER_ROUTE = 20
STOPS_PER_CLUSTER = 50
SPREAD = 300.0  # standard deviation of a cluster, metres


def generated(stops: int, seed: int) -> CollectionProblem:
    """Return a problem with a central depot, a free fleet and Euclidean metres; a metre costs one minor unit.

    Loads are whole numbers from 1 to 100, brought and taken independently; the capacity is what twenty mean stops
    bring.
    """
    rng = np.random.default_rng(seed)
    uniform = rng.uniform(0, SIDE, (stops - stops // 2, 2))
    centres = rng.uniform(0, SIDE, (max(1, stops // 2 // STOPS_PER_CLUSTER), 2))
    clustered = centres[rng.integers(0, len(centres), stops // 2)] + rng.normal(0, SPREAD, (stops // 2, 2))
    places = np.concatenate([[[SIDE / 2, SIDE / 2]], uniform, np.clip(clustered, 0, SIDE)])
    metres = np.empty((stops + 1, stops + 1), dtype=np.int64)
    for k, place in enumerate(places):
        metres[k] = np.rint(np.hypot(*(places - place).T))
    metres.flags.writeable = False
    loads = rng.integers(1, 101, (stops, 2))
    return CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(stops + 1)),
        distance_m=metres,
        duration_s=metres,
        tasks=tuple(
            Task(str(k), k, delivery=(int(brought),), pickup=(int(taken),))
            for k, (brought, taken) in enumerate(loads, 1)
        ),
        depots=(Depot("depot", 0),),
        vehicle_types=(
            VehicleType("vehicle", stops, (50 * STOPS_PER_ROUTE,), shift=Window(0, 2**40), cost_per_km=1_000),
        ),
        load_dimensions=("units",),
        name=f"generated {stops} {seed}",
    )
