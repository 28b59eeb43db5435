"""A lower bound on the objective of every plan, whatever its routes: spanning trees with node prices.

Leave out the last leg of each route and what remains is a spanning tree of depot and tasks (all depots seen
as one); the last legs are legs to the depot from different tasks. The cheapest tree plus the cheapest K legs
is thus never above the travel cost of any plan with K routes or more. Node prices, set by subgradient steps,
push every task towards its two legs (Held, Karp 1970; with K legs at the depot: Fisher 1994). K is the load
divided by the largest capacity. Fixed costs and service time are added.

An optional task counts as if it had to be served where its prize is near or above a round trip for it alone:
a plan that leaves it could be completed by that trip, so what the trip costs above the prize is subtracted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from takeback.plan.collection.problem import CollectionProblem, VehicleType

Floats = npt.NDArray[np.float64]
UNIT = 18_000  # costs below are counted in 1/18 000 of a minor unit: 18 x per km x m + 5 x per hour x s
STEPS = 40
CLOSURE_LIMIT = 800  # locations; above it, shortest paths through optional tasks cost more than they bring


def lower_bound(problem: CollectionProblem, upper: int) -> int:
    """Return a lower bound in minor units; a known objective, `upper`, sets the length of the steps."""
    vehicles = [vehicle for vehicle in problem.vehicle_types if vehicle.count]
    if not vehicles or not problem.tasks:
        return sum(task.prize or 0 for task in problem.tasks)
    terms = _Terms.of(problem, vehicles)
    if not len(terms.counted):
        return terms.lost
    travel = _travel_bound(terms, upper * UNIT - terms.constant)
    total = (travel + terms.constant) / UNIT
    return max(0, math.ceil(total - 1e-6 * (1 + abs(total)))) + terms.lost


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the bound is made of: `legs` (m, m) least travel cost of a leg in either direction, row 0 =
    depots.

    `counted`: tasks counted as served; `routes`: routes needed for them; `constant`: fixed costs and service
    less what optional tasks may give back; `lost` (minor units): prizes of optional tasks that nobody can
    serve.
    """

    counted: npt.NDArray[np.intp]
    legs: Floats
    routes: int
    constant: float
    lost: int

    @classmethod
    def of(cls, problem: CollectionProblem, vehicles: list[VehicleType]) -> _Terms:
        tasks = problem.tasks
        load = np.array([problem.task_load(task) for task in tasks], dtype=np.float64)
        load = load.reshape(len(tasks), 2, len(problem.load_dimensions))
        required = np.array([task.prize is None for task in tasks], dtype=bool)
        possible = required | _carriable(vehicles, load)
        lost = sum(task.prize or 0 for task, can in zip(tasks, possible, strict=True) if not can)
        legs = _legs(problem, vehicles)
        hour = min(5 * vehicle.cost_per_hour for vehicle in vehicles)
        service = np.array([hour * task.service_s for task in tasks], dtype=np.float64)
        fixed = _fixed_share(vehicles, load)
        alone = 2 * legs[0, 1:] + service + fixed
        prize = np.array([math.inf if t.prize is None else t.prize * UNIT for t in tasks])
        chosen = possible & (prize >= alone / 2)
        counted = np.flatnonzero(chosen)
        if not chosen[possible].all():
            legs = _closed(legs)
        give_back = np.maximum(alone - prize, 0)[counted].sum()
        nodes = np.concatenate([[0], counted + 1])
        routes = _routes_needed(vehicles, load[counted])
        fixed_cost = fixed[counted].sum()
        if required[counted].all():
            fixed_cost = max(fixed_cost, routes * UNIT * min(vehicle.cost_fixed for vehicle in vehicles))
        return cls(
            counted=counted,
            legs=legs[np.ix_(nodes, nodes)],
            routes=routes,
            constant=float(service[counted].sum() + fixed_cost - give_back),
            lost=lost,
        )


def _carriable(vehicles: list[VehicleType], load: Floats) -> npt.NDArray[np.bool_]:
    """Return (tasks,) whether some vehicle can carry the load (tasks, 2, dims); time is not asked."""
    capacity = np.array([v.capacity for v in vehicles], dtype=np.float64).reshape(len(vehicles), load.shape[2])
    fits = (load.max(axis=1)[:, None, :] <= capacity).all(axis=2)
    return np.asarray(fits.any(axis=1))


def _legs(problem: CollectionProblem, vehicles: list[VehicleType]) -> Floats:
    """Return the (tasks + 1, tasks + 1) least cost of a leg over all vehicle types and both directions."""
    costs = [
        18 * v.cost_per_km * problem.distance_m.astype(np.float64)
        + 5 * v.cost_per_hour * problem.duration_s.astype(np.float64)
        for v in vehicles
    ]
    least = np.minimum.reduce(costs)
    least = np.minimum(least, least.T)
    ends = {d for v in vehicles for d in (v.start_depot, v.last_depot)}
    depots = np.array(sorted({problem.depots[d].location for d in ends}))
    places = np.array([task.location for task in problem.tasks])
    legs = np.zeros((len(places) + 1, len(places) + 1))
    legs[1:, 1:] = least[np.ix_(places, places)]
    legs[0, 1:] = legs[1:, 0] = least[np.ix_(depots, places)].min(axis=0)
    return legs


def _closed(legs: Floats) -> Floats:
    """Return shortest paths: a tour may pass through tasks that are not counted."""
    if len(legs) > CLOSURE_LIMIT:
        return np.zeros_like(legs)
    legs = legs.copy()
    for k in range(len(legs)):
        np.minimum(legs, legs[:, k, None] + legs[k], out=legs)
    return legs


def _fixed_share(vehicles: list[VehicleType], load: Floats) -> Floats:
    """Return (tasks,) each task's least share of a fixed cost, by the load dimension that says most."""
    shares = np.zeros((len(load), 1))
    for k in range(load.shape[2]):
        rates = [v.cost_fixed * UNIT / v.capacity[k] for v in vehicles if v.capacity[k]]
        shares = np.concatenate([shares, min(rates, default=0.0) * load[:, :, k]], axis=1)
    best = int(shares.sum(axis=0).argmax())
    return np.asarray(shares[:, best])


def _routes_needed(vehicles: list[VehicleType], load: Floats) -> int:
    """Return how many routes the loads (tasks, 2, dims) need at least, however many vehicles there are."""
    routes = 1
    for k in range(load.shape[2]):
        largest = max(v.capacity[k] for v in vehicles)
        if largest:
            routes = max(routes, math.ceil(load[:, :, k].sum(axis=0).max() / largest))
    return routes


def _travel_bound(terms: _Terms, upper: float) -> float:
    """Return the best tree bound over the subgradient steps."""
    m = len(terms.legs)
    price = np.zeros(m)
    best, pace = -math.inf, 1.0
    for _ in range(STEPS):
        value, degree = _tree_bound(terms.legs, price, terms.routes)
        pace = pace if value > best else pace * 0.8
        best = max(best, value)
        slope = degree - 2.0
        slope[0] = 0.0
        norm = float(slope @ slope)
        if norm == 0 or upper <= best:
            break
        price += pace * (1.05 * upper - value) / norm * slope
    return best


def _tree_bound(legs: Floats, price: Floats, routes: int) -> tuple[float, Floats]:
    """Return the cheapest tree plus `routes` last legs at these prices, and the legs at each node."""
    priced = legs + price[:, None] + price
    value, degree = _spanning_tree(priced)
    last = np.sort(priced[0, 1:])
    order = np.argsort(priced[0, 1:], kind="stable")
    count = min(len(last), max(routes, int((last < 0).sum())))
    degree[order[:count] + 1] += 1
    return value + float(last[:count].sum()) - 2 * float(price.sum()), degree


def _spanning_tree(weights: Floats) -> tuple[float, Floats]:
    """Return the weight of a minimum spanning tree and the degree of each node (Prim, dense)."""
    m = len(weights)
    degree = np.zeros(m)
    outside = np.ones(m, dtype=bool)
    outside[0] = False
    reach, parent, total = weights[0].copy(), np.zeros(m, dtype=np.intp), 0.0
    reach[0] = math.inf
    for _ in range(m - 1):
        node = int(reach.argmin())
        total += float(reach[node])
        degree[node] += 1
        degree[parent[node]] += 1
        outside[node] = False
        reach[node] = math.inf
        closer = outside & (weights[node] < reach)
        reach[closer] = weights[node][closer]
        parent[closer] = node
    return total, degree
