"""A lower bound on the objective of every plan, whatever its routes: spanning trees with node prices.

Leave out the last leg of each route and what remains is a spanning tree of depot and tasks (all depots seen
as one); the last legs are legs to the depot from different tasks. The cheapest tree plus the cheapest K legs
is thus never above the travel cost of any plan with K routes or more. Node prices, set by subgradient steps,
push every task towards its two legs (Held, Karp 1970; with K legs at the depot: Fisher 1994). K is the load
divided by the largest capacity. Fixed costs and service time are added.

Rules that only forbid (breaks, zones, goods apart, relations, overtime that costs more) are left out: the bound holds
all the same. What makes plans cheaper is counted in: hours in which travel is quicker, profiles, ways through sites, a
vehicle that unloads on its way. Of alternative tasks none is counted. Above `LARGEST_TREE` tasks there is no tree, only
half of the two cheapest legs at each task.

An optional task counts as if it had to be served where its prize is near or above a round trip for it alone:
a plan that leaves it could be completed by that trip, so what the trip costs above the prize is subtracted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from takeback.plan.collection.problem import CollectionProblem, VehicleType
from takeback.plan.collection.solution import prizes_lost

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
UNIT = 18_000  # costs below are counted in 1/18 000 of a minor unit: 18 x per km x m + 5 x per hour x s
STEPS = 40
LARGEST_TREE = 1_500  # tasks; a tree of more takes longer than it is worth
ROWS = 256
CLOSURE_LIMIT = 800  # locations; above it, shortest paths through optional tasks cost more than they bring


def lower_bound(problem: CollectionProblem, upper: int) -> int:
    """Return a lower bound in minor units; a known objective, `upper`, sets the length of the steps."""
    vehicles = [vehicle for vehicle in problem.vehicle_types if vehicle.count]
    if not vehicles or not problem.tasks:
        return prizes_lost(problem.tasks)
    if len(problem.tasks) > LARGEST_TREE:
        return _half_legs(problem, vehicles)
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
        single = np.array([not task.group for task in tasks], dtype=bool)
        possible = (required | _carriable(vehicles, load)) & single
        lost = sum(t.prize or 0 for t, can, alone in zip(tasks, possible, single, strict=True) if alone and not can)
        legs = _legs(problem, vehicles)
        hour = min(5 * vehicle.cost_per_hour for vehicle in vehicles)
        service = np.array([hour * task.service_s for task in tasks], dtype=np.float64)
        fixed = _fixed_share(vehicles, load)
        alone = 2 * legs[0, 1:] + service + fixed
        prize = np.array([math.inf if t.prize is None else t.prize * UNIT for t in tasks])
        chosen = possible & (prize >= alone / 2)
        counted = np.flatnonzero(chosen)
        if not chosen[possible | ~single].all():
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
    least = np.minimum.reduce([_costs(problem, v) for v in vehicles])
    least = np.minimum(least, least.T)
    for site in {site.location for site in problem.sites}:
        np.minimum(least, least[:, site, None] + least[site], out=least)
    depots = _depots(problem, vehicles)
    places = np.array([task.location for task in problem.tasks])
    legs = np.zeros((len(places) + 1, len(places) + 1))
    legs[1:, 1:] = least[np.ix_(places, places)]
    legs[0, 1:] = legs[1:, 0] = least[np.ix_(depots, places)].min(axis=0)
    return legs


def _costs(
    problem: CollectionProblem, vehicle: VehicleType, rows: Places | None = None, columns: Places | None = None
) -> Floats:
    """Return the least cost of the legs between places for a vehicle, in its quickest hours."""
    drive = problem.profile(vehicle)
    quickest = min([100, *(part.percent for part in drive.slices)]) / 100
    metres, seconds = drive.distance_m, drive.duration_s
    if rows is not None and columns is not None:
        metres, seconds = metres[np.ix_(rows, columns)], seconds[np.ix_(rows, columns)]
    return np.asarray(18.0 * vehicle.cost_per_km * metres + 5 * vehicle.cost_per_hour * quickest * seconds)


def _depots(problem: CollectionProblem, vehicles: list[VehicleType]) -> npt.NDArray[np.intp]:
    ends = {d for v in vehicles for d in (v.start_depot, v.last_depot)}
    return np.array(sorted({problem.depots[d].location for d in ends}))


def _half_legs(problem: CollectionProblem, vehicles: list[VehicleType]) -> int:
    """Return half of the cheapest legs to and from each task, with service and fixed costs.

    0 where tasks may be left or sites lie on the way. Legs are looked at in strips, so no second table of all is made.
    """
    if problem.sites or any(task.prize is not None or task.group for task in problem.tasks):
        return 0
    places = np.array([task.location for task in problem.tasks])
    others = np.concatenate([places, _depots(problem, vehicles)])
    total = 0.0
    for first in range(0, len(places), ROWS):
        own = np.arange(first, min(first + ROWS, len(places)))
        for way in (0, 1):
            strips = [_strip(problem, v, places[own], others, way) for v in vehicles]
            least = np.minimum.reduce(strips)
            least[np.arange(len(own)), own] = np.inf
            total += float(least.min(axis=1).sum()) / 2
    load = np.array([problem.task_load(t) for t in problem.tasks], dtype=np.float64)
    load = load.reshape(len(places), 2, len(problem.load_dimensions))
    hour = min(5 * vehicle.cost_per_hour for vehicle in vehicles)
    total += hour * sum(task.service_s for task in problem.tasks)
    total += UNIT * _routes_needed(vehicles, load) * min(vehicle.cost_fixed for vehicle in vehicles)
    return math.ceil(total / UNIT * (1 - 1e-9) - 1e-6)


def _strip(problem: CollectionProblem, vehicle: VehicleType, own: Places, others: Places, way: int) -> Floats:
    """Return (own, others) the cost of the legs from `own` places (way 0) or to them (way 1)."""
    return _costs(problem, vehicle, own, others) if way == 0 else _costs(problem, vehicle, others, own).T


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
        rates = [v.cost_fixed * UNIT / (v.capacity[k] * (1 + v.most_reloads)) for v in vehicles if v.capacity[k]]
        shares = np.concatenate([shares, min(rates, default=0.0) * load[:, :, k]], axis=1)
    best = int(shares.sum(axis=0).argmax())
    return np.asarray(shares[:, best])


def _routes_needed(vehicles: list[VehicleType], load: Floats) -> int:
    """Return how many routes the loads (tasks, 2, dims) need at least, however many vehicles there are."""
    routes = 1
    for k in range(load.shape[2]):
        largest = max(v.capacity[k] * (1 + v.most_reloads) for v in vehicles)
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
