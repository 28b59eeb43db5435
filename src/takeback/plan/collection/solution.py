"""A collection plan and what proves it: times, loads, cost, a lower bound, and the plan it must beat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from takeback.core.message import Message
from takeback.plan.collection.parts import Task


@dataclass(frozen=True, slots=True)
class Stop:
    """One task on a route, or a visit to a site: arrival, begin and end of service (seconds since the day's origin).

    `task` is "" at a site, `site` "" at a task. `load`: what is aboard on leaving, one integer for each load dimension;
    at a site that is what the next trip brings.
    """

    task: str
    arrival_s: int
    start_s: int
    departure_s: int
    load: tuple[int, ...]
    site: str = ""


@dataclass(frozen=True, slots=True)
class BreakTaken:
    """A break, from `start_s` to `end_s`, where the vehicle stands after its first `after` stops (0: at the depot)."""

    after: int
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Route:
    """One vehicle's day.

    - `vehicle_type` and `vehicle`: its number among its type, from 1.
    - `departure_s` from the start depot with `load` aboard (all deliveries), `return_s` at the end depot.
    - `distance_m`; `duration_s` = return less departure; `cost` in minor units; `breaks` in their order.
    """

    vehicle_type: str
    vehicle: int
    departure_s: int
    return_s: int
    load: tuple[int, ...]
    stops: tuple[Stop, ...]
    distance_m: int
    duration_s: int
    cost: int
    breaks: tuple[BreakTaken, ...] = ()


@dataclass(frozen=True, slots=True)
class Unserved:
    """A task left out: `kind` for programs, `reason` for people.

    Kinds: `impossible` (no vehicle could serve it even alone), `no-room` (it fits nowhere in this plan),
    `not-worth` (serving it costs more than its prize), `not-found` (it would fit; the search ended too
    early), `alternative` (another task of its group is served instead: nothing is lost).
    """

    task: str
    kind: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Plan:
    """Routes and tasks left, with their sums; `objective` = route costs + prizes of tasks left."""

    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
    distance_m: int
    duration_s: int
    objective: int

    @classmethod
    def of(cls, routes: Iterable[Route], unserved: Iterable[Unserved], prizes_lost: int) -> Plan:
        """Return the plan of these routes; `prizes_lost` in minor units."""
        routes = tuple(routes)
        return cls(
            routes=routes,
            unserved=tuple(unserved),
            distance_m=sum(route.distance_m for route in routes),
            duration_s=sum(route.duration_s for route in routes),
            objective=sum(route.cost for route in routes) + prizes_lost,
        )


def prizes_lost(left: Iterable[Task]) -> int:
    """Return what it costs to leave these tasks, minor units: of each group once; what must be served counts nothing.

    Alternatives to a task that is served are not among those left.
    """
    return sum({task.group or (task.id,): task.prize or 0 for task in left}.values())


@dataclass(frozen=True, slots=True)
class CollectionSolution:
    """The answer to a collection problem.

    - `plan`: the best plan found. `baseline`: the nearest-neighbour plan under the same rules; where the
      fleet is tight it may leave tasks that must be served, and then the two are not comparable.
    - `bound`: no plan of any kind has a smaller objective (minor units).
    - `iterations` of the search, `seconds` it took, `seed`, `version` of the program.
    """

    plan: Plan
    baseline: Plan
    bound: int
    iterations: int
    seed: int
    version: str
    seconds: float = field(compare=False)

    @property
    def objective(self) -> int:
        """Return the plan's objective, minor units."""
        return self.plan.objective

    @property
    def gap(self) -> float:
        """Return (objective - bound) / objective: no plan is better by a larger share."""
        return (self.objective - self.bound) / self.objective if self.objective else 0.0

    @property
    def distance_saved(self) -> float | None:
        """Return the share of the baseline's kilometres saved; None unless both leave the same tasks."""
        left = {unserved.task for unserved in self.plan.unserved}
        if left != {unserved.task for unserved in self.baseline.unserved} or not self.baseline.distance_m:
            return None
        return 1 - self.plan.distance_m / self.baseline.distance_m

    @property
    def beats_baseline(self) -> bool:
        """Return whether the plan costs less than the baseline, or serves what the baseline cannot."""
        more = len(self.plan.unserved) < len(self.baseline.unserved)
        return self.objective < self.baseline.objective or more
