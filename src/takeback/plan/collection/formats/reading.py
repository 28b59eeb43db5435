"""What a file of the literature says: the problem in whole units, and how a plan's cost reads in the set's own unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from takeback.core.message import Message
from takeback.plan.collection.problem import CollectionProblem, VehicleType
from takeback.plan.collection.solution import CollectionSolution, Plan, Route

MOST_NODES = 25_000  # of one file: matrices of more do not fit into the memory of most machines
Floats = npt.NDArray[np.float64]
Length = Callable[[int, int], float]
"""The unrounded length of the leg between two locations (indices), in the set's own unit."""


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Lengths out of a matrix, divided by `scale`."""

    matrix: npt.NDArray[np.int64] | Floats
    scale: float = 1.0

    def __call__(self, a: int, b: int) -> float:
        """Return the length of the leg from `a` to `b`."""
        return float(self.matrix[a, b]) / self.scale


@dataclass(frozen=True, slots=True)
class Measure:
    """A set's own cost: of each route `fixed[vehicle type]` + `each[vehicle type]` x its length, and prizes lost."""

    length: Length
    fixed: Mapping[str, float] = field(default_factory=dict)
    each: Mapping[str, float] = field(default_factory=dict)
    prizes: Mapping[str, float] = field(default_factory=dict)

    def cost(self, problem: CollectionProblem, plan: Plan) -> float:
        """Return what a plan costs, in floating point from the file's own figures."""
        tasks = {task.id: task.location for task in problem.tasks}
        sites = {site.id: site.location for site in problem.sites}
        vehicles = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
        total = sum(self.prizes.get(one.task, 0.0) for one in plan.unserved)
        for route in plan.routes:
            places = _places(problem, vehicles[route.vehicle_type], route, tasks, sites)
            metres = sum(self.length(a, b) for a, b in pairwise(places))
            total += self.fixed.get(route.vehicle_type, 0.0) + self.each.get(route.vehicle_type, 1.0) * metres
        return total


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says.

    - `problem`: in whole units; `format`: the name of the layout, as the documentation has it.
    - `measure`: the set's own cost; None = the problem's objective itself.
    - `vehicles_max`: the most vehicles that the set allows; None = as many as one likes.
    - `vehicles_first`: fewer vehicles are better whatever the distance; then `cost` is the distance alone.
    - `notes`: rules of the file that the problem does not hold, in words.
    """

    problem: CollectionProblem
    format: str
    measure: Measure | None = None
    vehicles_max: int | None = None
    vehicles_first: bool = False
    notes: tuple[Message, ...] = ()

    def cost(self, answer: CollectionSolution | Plan) -> float:
        """Return what an answer costs in the set's own unit, recomputed unrounded from the file's figures."""
        plan = answer.plan if isinstance(answer, CollectionSolution) else answer
        return float(plan.objective) if self.measure is None else self.measure.cost(self.problem, plan)


def _places(
    problem: CollectionProblem, vehicle: VehicleType, route: Route, tasks: Mapping[str, int], sites: Mapping[str, int]
) -> list[int]:
    ends = [problem.depots[depot].location for depot in (vehicle.start_depot, vehicle.last_depot)]
    return [ends[0], *(sites[stop.site] if stop.site else tasks[stop.task] for stop in route.stops), ends[1]]
