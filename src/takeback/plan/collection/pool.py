"""Routes that searches met, each set of tasks once, in its cheapest order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from takeback.plan.collection.found import Sequence, Visit
from takeback.plan.collection.limits import never
from takeback.plan.collection.problem import CollectionProblem, VehicleType
from takeback.plan.collection.schedule import Limit, Scheduler, route_cost

MOST = 30_000  # routes kept; the oldest go first
SCHEDULED = 4_000  # routes whose cost is worked out by the clock, where waiting costs
Key = tuple[int, frozenset[int]]


@dataclass(slots=True)
class Pool:
    """Routes by vehicle type and set of visits, with their costs in minor units."""

    problem: CollectionProblem
    scheduler: Scheduler
    routes: dict[Key, tuple[int, Sequence]] = field(default_factory=dict)
    _seen: set[Sequence] = field(default_factory=set)

    def add(self, sequences: Iterable[Sequence], late: Callable[[], bool] = never) -> None:
        """Take routes in; those that break a rule are left out, and the first ones where it becomes `late`."""
        waits = any(vehicle.cost_per_hour for vehicle in self.problem.vehicle_types)
        fresh = [one for one in sequences if one[1] and one not in self._seen]
        for sequence in reversed(fresh[-SCHEDULED:]) if waits else fresh:
            if waits and late():
                break
            self._seen.add(sequence)
            cost = self._scheduled(sequence) if waits else self._driven(sequence)
            key = (sequence[0], frozenset(visit.task for visit in sequence[1]))
            if cost is not None and (key not in self.routes or cost < self.routes[key][0]):
                self.routes.pop(key, None)
                self.routes[key] = (cost, sequence)
        for key in list(self.routes)[: max(0, len(self.routes) - MOST)]:
            del self.routes[key]

    def _scheduled(self, sequence: Sequence) -> int | None:
        route = self.scheduler.route(self.problem.vehicle_types[sequence[0]], 1, sequence[1])
        return None if isinstance(route, Limit) else route.cost

    def _driven(self, sequence: Sequence) -> int:
        vehicle = self.problem.vehicle_types[sequence[0]]
        places = nodes(self.problem, vehicle, sequence[1])
        metres = int(self.problem.profile(vehicle).distance_m[places[:-1], places[1:]].sum())
        return route_cost(vehicle, metres, 0)


def nodes(problem: CollectionProblem, vehicle: VehicleType, visits: Iterable[Visit]) -> npt.NDArray[np.intp]:
    """Return the locations that a route passes, from depot to depot."""
    ends = [problem.depots[depot].location for depot in (vehicle.start_depot, vehicle.last_depot)]
    stops = [problem.sites[-1 - v.task].location if v.task < 0 else problem.tasks[v.task].location for v in visits]
    return np.array([ends[0], *stops, ends[1]], dtype=np.intp)
