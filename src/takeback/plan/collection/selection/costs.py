"""What fetching costs, estimated before any route is made.

A tour through random places is about 1.125 times their minimum spanning tree (0.7124 and 0.6331 times the root of
number x area: Johnson, McGeoch 1996; Avram, Bertsimas 1992). Each further vehicle adds a way out and back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from takeback.plan.collection.parts import VehicleType
from takeback.plan.collection.selection.problem import Point, SelectionProblem

Floats = npt.NDArray[np.float64]
STRETCH = 0.7124 / 0.6331


@dataclass(frozen=True, eq=False, slots=True)
class Costs:
    """What the estimate rests on: 0 is the depot, k + 1 the point k.

    - `way` (n + 1, n + 1): cost of driving, minor units, the mean of both directions; `way_s` its seconds.
    - `service_s` (n,), `service` (n,): seconds of emptying and what they cost.
    - `vehicles`: how many there are; `fixed`: cost of one used; `shift_s`: how long one may be away.
    - `full` (n,): share of a vehicle that a full point takes, trips to sites included.
    """

    way: Floats
    way_s: Floats
    service: Floats
    service_s: Floats
    full: Floats
    vehicles: int
    fixed: float
    shift_s: float


def costs(problem: SelectionProblem) -> Costs:
    """Return what the estimate of a problem rests on; of a mixed fleet, the vehicle that carries most for its cost."""
    vehicle = max(
        (vehicle for vehicle in problem.vehicle_types if vehicle.count),
        key=lambda vehicle: sum(vehicle.capacity) / max(1, vehicle.cost_fixed + vehicle.cost_per_km),
    )
    depot = problem.depots[vehicle.start_depot].location
    at = np.array([depot, *(point.location for point in problem.points)], dtype=np.int64)
    metres, seconds = (_both_ways(matrix, at) for matrix in (problem.distance_m, problem.duration_s))
    service_s = np.array([point.service_s for point in problem.points], dtype=np.float64)
    return Costs(
        way=metres * vehicle.cost_per_km / 1_000 + seconds * vehicle.cost_per_hour / 3_600,
        way_s=seconds,
        service=service_s * vehicle.cost_per_hour / 3_600,
        service_s=service_s,
        full=np.array([_share(point, vehicle) for point in problem.points], dtype=np.float64),
        vehicles=sum(one.count for one in problem.vehicle_types),
        fixed=float(vehicle.cost_fixed),
        shift_s=float(_away_s(vehicle)),
    )


def usual(problem: SelectionProblem, base: Costs) -> Floats:
    """Return what emptying each point usually costs (n,), minor units.

    Given values stand. Else: the way to its neighbour on a usual day, its part of the way out and back and of the
    vehicle, and service. Of n points of which m are due a day, the nearest one due is about the (n / m)-th nearest.
    """
    n = len(problem.points)
    due = sum(sum(point.inflow) / problem.days / point.capacity for point in problem.points)
    neighbour = int(np.clip(round(n / due) if due else n, 1, max(1, n - 1)))
    nearest = np.sort(base.way[1:, 1:], axis=1)[:, min(neighbour, n - 1)] if n else np.zeros(0)
    found = STRETCH * nearest + base.full * (2 * base.way[0, 1:] + base.fixed) + base.service
    given = [point.visit_cost for point in problem.points]
    return np.array([f if g is None else g for f, g in zip(found.tolist(), given, strict=True)], dtype=np.float64)


def _both_ways(matrix: npt.NDArray[np.int64], at: npt.NDArray[np.int64]) -> Floats:
    chosen = matrix[np.ix_(at, at)].astype(np.float64)
    return (chosen + chosen.T) / 2


def _share(point: Point, vehicle: VehicleType) -> float:
    """Return the share of a vehicle's day that a full point takes, in the load that binds most."""
    trips = 1 + vehicle.most_reloads
    shares = [
        load / (most * trips) if most else float(load > 0)
        for load, most in zip(point.load, vehicle.capacity, strict=False)
    ]
    return max(shares, default=0.0)


def _away_s(vehicle: VehicleType) -> int:
    shift = vehicle.shift.end_s - vehicle.shift.start_s
    return max(1, shift if vehicle.max_duration_s is None else min(shift, vehicle.max_duration_s))
