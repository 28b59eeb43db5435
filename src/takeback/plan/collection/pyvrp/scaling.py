"""Integer factors under which PyVRP's penalties work.

PyVRP counts in integers and adds penalties for broken limits, between fixed ends and from a fixed start. With raw
units (grams against cents, minutes against metres) the penalties hit an end and the search stalls. Here costs and
loads get integer factors, which change no plan's rank, and the first penalties come from the problem itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyvrp

from takeback.plan.collection.problem import CollectionProblem

TARGET_PENALTY = 100.0  # well above rounding to integers, far below what sums of 64 bits bear
LARGEST_COST, LARGEST_FACTOR = 10**14, 10**6
FIRST_PENALTY = 5.0  # one average load too much costs as much as five average legs
UPDATE_EVERY = 50  # iterations between two changes of the penalties; PyVRP's 500 outlasts a short search
SAMPLE = 400  # tasks from which the typical leg is taken


@dataclass(frozen=True, slots=True)
class Scale:
    """Factors that bring the first penalties near `TARGET_PENALTY` or above.

    Costs in 1/18 000 minor units are divided by their greatest `common` divisor and multiplied by `stretch`;
    loads of dimension k are multiplied by `factors[k]`. `penalties`: loads, lateness, distance.
    """

    common: int
    stretch: int
    factors: tuple[int, ...]
    penalties: tuple[list[float], float, float]

    @classmethod
    def of(cls, problem: CollectionProblem) -> Scale:
        """Return the scale of `problem`."""
        costs = _exact_costs(problem)
        common = math.gcd(*costs) or 1
        leg, lasts = _typical_leg(problem)
        loads = [_typical_load(problem, k) for k in range(len(problem.load_dimensions))]
        each = [FIRST_PENALTY * leg / common / amount for amount in (*loads, lasts)]
        largest = max(sum(costs), leg * len(problem.tasks), 1) / common
        room = max(1, int(LARGEST_COST / largest))
        stretch = min(room, max(1, math.ceil(TARGET_PENALTY / max(min(each), 1e-9))))
        *raw, late = [value * stretch for value in each]
        factors = tuple(max(1, min(LARGEST_FACTOR, round(value / TARGET_PENALTY))) for value in raw)
        per_metre = max((18 * v.cost_per_km for v in problem.vehicle_types), default=0) / common * stretch
        return cls(
            common=common,
            stretch=stretch,
            factors=factors,
            penalties=(
                [value / factor for value, factor in zip(raw, factors, strict=True)],
                late,
                max(TARGET_PENALTY, FIRST_PENALTY * per_metre),
            ),
        )

    @property
    def unit(self) -> float:
        """Return what a minor unit counts in the model."""
        return 18_000 * self.stretch / self.common

    def cost(self, exact: int) -> int:
        """Return a cost given in 1/18 000 minor units as the model counts it."""
        return exact // self.common * self.stretch

    def load(self, vector: tuple[int, ...]) -> list[int]:
        """Return a load vector as the model counts it."""
        return [amount * factor for amount, factor in zip(vector, self.factors, strict=True)]

    def manager(self, fences: int) -> pyvrp.PenaltyManager:
        """Return the penalties to begin with; `fences` further load dimensions hold loads of 1."""
        loads, late, far = self.penalties
        loads = loads + [max([*loads, late])] * fences
        values = [*loads, late, far]
        params = pyvrp.PenaltyParams(
            solutions_between_updates=UPDATE_EVERY,
            min_penalty=min(values) / 100,
            max_penalty=max(values) * 1_000,
        )
        return pyvrp.PenaltyManager((loads, late, far), params)


def _exact_costs(problem: CollectionProblem) -> list[int]:
    """Return every cost of the problem in 1/18 000 minor units, in which all are whole."""
    costs = [18_000 * (task.prize or 0) for task in problem.tasks]
    for vehicle in problem.vehicle_types:
        costs += [18_000 * vehicle.cost_fixed, 18 * vehicle.cost_per_km, 5 * vehicle.cost_per_hour]
        costs.append(5 * vehicle.cost_per_overtime_hour)
    return costs


def _typical_leg(problem: CollectionProblem) -> tuple[float, float]:
    """Return mean cost (1/18 000 minor units) and mean seconds of the legs to the ten nearest tasks."""
    places = np.array([task.location for task in problem.tasks], dtype=np.intp)
    some = places[:: max(1, len(places) // SAMPLE)]
    near = slice(1, 11) if len(places) > 1 else slice(0, 1)
    metres = np.sort(problem.distance_m[np.ix_(some, places)], axis=1)[:, near].mean()
    seconds = np.sort(problem.duration_s[np.ix_(some, places)], axis=1)[:, near].mean()
    vehicles = problem.vehicle_types
    cost = 18 * metres * np.mean([v.cost_per_km for v in vehicles])
    cost += 5 * seconds * np.mean([v.cost_per_hour for v in vehicles])
    return max(1.0, float(cost)), max(1.0, float(seconds))


def _typical_load(problem: CollectionProblem, dimension: int) -> float:
    """Return the mean load of the tasks that have any in this dimension; 1 where none has."""
    loads = [max(vector[dimension] for vector in problem.task_load(task)) for task in problem.tasks]
    some = [load for load in loads if load]
    return sum(some) / len(some) if some else 1.0
