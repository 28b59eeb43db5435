"""The smallest day in which a limit can be met: one van, one task, changed by keywords."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Site, Task, VehicleType, Window, Zone

HOUR = 3_600


def small(task: dict | None = None, van: dict | None = None, **day: object) -> CollectionProblem:
    """Return a yard, a tip and two places, 10 min and 5 km apart; one van for one task, from 8:00 to 17:00."""
    n = 4
    everywhere = 1 - np.eye(n, dtype=np.int64)
    first = Task("a", 1, pickup=(100, 2), service_s=600)
    plain = CollectionProblem(
        locations=tuple(Location(f"l{k}") for k in range(n)),
        distance_m=5_000 * everywhere,
        duration_s=600 * everywhere,
        tasks=(replace(first, **task or {}),),
        depots=(Depot("yard", 0),),
        vehicle_types=(replace(VehicleType("van", 1, (1_000, 10), shift=Window(8 * HOUR, 17 * HOUR)), **van or {}),),
        load_dimensions=("kg", "places"),
    )
    return replace(plain, **day)


B = Task("b", 2, pickup=(100, 2), service_s=600)
ZONE = Zone("town", (1,), (Window(8 * HOUR, 16 * HOUR),))
TIP = Site("tip", 3, service_s=600)
