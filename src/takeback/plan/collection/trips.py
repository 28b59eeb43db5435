"""What is aboard along a route: trips from depot to site to depot, capacities, compartments, who may stand together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from takeback.plan.collection.found import Visit
from takeback.plan.collection.limits import Limit
from takeback.plan.collection.problem import CollectionProblem, Loads, VehicleType

TaskLoads = list[tuple[Loads, Loads]]


class Trips:
    """The load rules of a problem; `loads` are delivery and pickup of each task."""

    def __init__(self, problem: CollectionProblem, loads: TaskLoads) -> None:
        self.problem, self._loads = problem, loads
        self._goods = [task.goods for task in problem.tasks]
        self._apart = {frozenset(pair) for pair in problem.apart}

    def loads(self, vehicle: VehicleType, visits: Sequence[Visit]) -> list[tuple[int, ...]] | Limit:
        """Return the load on leaving the depot and each visit, or the load rule that is broken."""
        sites = [-1 - visit.task for visit in visits if visit.task < 0]
        if any(vehicle.sites and self.problem.sites[site].id not in vehicle.sites for site in sites):
            return Limit.SITE
        if len(sites) > vehicle.most_reloads:
            return Limit.RELOADS
        trips = list(_trips(visits))
        profile: list[tuple[int, ...]] = []
        for k, trip in enumerate(trips):
            aboard = self._trip(vehicle, trip, supplied=k == 0 or self.problem.sites[sites[k - 1]].supplies)
            if isinstance(aboard, Limit):
                return aboard
            profile += aboard
        return self._unloaded(vehicle, trips, sites) or profile

    def _trip(self, vehicle: VehicleType, trip: list[int], *, supplied: bool) -> list[tuple[int, ...]] | Limit:
        """Return the load on leaving the trip's beginning and each of its tasks."""
        goods = {self._goods[k] for k in trip} - {""}
        if self._apart and any(frozenset((a, b)) in self._apart for a in goods for b in goods if a < b):
            return Limit.APART
        aboard = [sum(self._loads[k][0][dim] for k in trip) for dim in range(len(vehicle.capacity))]
        if not supplied and any(aboard):
            return Limit.SUPPLY
        profile = [tuple(aboard)]
        for k in trip:
            delivery, pickup = self._loads[k]
            aboard = [a - d + p for a, d, p in zip(aboard, delivery, pickup, strict=True)]
            profile.append(tuple(aboard))
        if any(a > c for load in profile for a, c in zip(load, vehicle.capacity, strict=True)):
            return Limit.LOAD
        return Limit.COMPARTMENTS if vehicle.compartments and not self._fits(vehicle, trip) else profile

    def _fits(self, vehicle: VehicleType, trip: list[int]) -> bool:
        """Return whether the classes of goods fit into compartments of their own."""
        if not vehicle.capacity:
            return True
        aboard: Counter[str] = Counter()
        for k in trip:
            aboard[self._goods[k]] += self._loads[k][0][0]
        most = Counter(aboard)
        for k in trip:
            goods, (delivery, pickup) = self._goods[k], self._loads[k]
            aboard[goods] += pickup[0] - delivery[0]
            most[goods] = max(most[goods], aboard[goods])
        units = [-(-amount // vehicle.compartment_unit) for amount in most.values() if amount]
        return len(units) <= vehicle.compartments and sum(units) * vehicle.compartment_unit <= vehicle.capacity[0]

    def _unloaded(self, vehicle: VehicleType, trips: list[list[int]], sites: list[int]) -> Limit | None:
        """Return the limit met where the trips end, if any."""
        depot = self.problem.depots[vehicle.last_depot]
        dims = range(len(vehicle.capacity))
        brought = [[sum(self._loads[k][1][dim] for k in trip) for dim in dims] for trip in trips]
        if not depot.takes_load and any(brought[-1]):
            return Limit.UNLOADING
        limits = [(depot.intake, [brought[-1]])]
        for site in set(sites):
            here = [load for load, there in zip(brought, sites, strict=False) if there == site]
            limits.append((self.problem.sites[site].intake, here))
        for intake, loads in limits:
            if intake and any(sum(load[dim] for load in loads) > intake[dim] for dim in dims):
                return Limit.INTAKE
        return None


def _trips(visits: Sequence[Visit]) -> Iterator[list[int]]:
    """Yield the tasks of each trip: visits to sites divide them."""
    trip: list[int] = []
    for visit in visits:
        if visit.task < 0:
            yield trip
            trip = []
        else:
            trip.append(visit.task)
    yield trip
