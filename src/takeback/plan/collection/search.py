"""The search underneath: PyVRP's iterated local search, fed with a well-scaled problem.

PyVRP counts in integers and adds penalties for broken limits, between fixed ends and from a fixed start. With
raw units (grams against cents, minutes against metres) the penalties hit an end and the search stalls. Here
costs and loads get integer factors, which change no plan's rank, and the first penalties come from the
problem itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyvrp
from pyvrp import search as moves

from takeback.plan.collection.problem import CollectionProblem, VehicleType, Window
from takeback.plan.collection.schedule import Visit
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch

NEIGHBOURS = 20  # half the time of PyVRP's 50 an iteration, and no worse for the same time (Dethloff's 40 files)
TARGET_PENALTY = 100.0  # well above rounding to integers, far below what sums of 64 bits bear
LARGEST_COST, LARGEST_FACTOR = 10**14, 10**6
UNLIMITED = 2**63 - 1
FIRST_PENALTY = 5.0  # one average load too much costs as much as five average legs
UPDATE_EVERY = 50  # iterations between two changes of the penalties; PyVRP's 500 outlasts a short search

Sequences = list[tuple[int, list[Visit]]]


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found: (vehicle type, visits) of each route, whether all rules are kept, iterations done."""

    routes: Sequences
    feasible: bool
    iterations: int


def search(problem: CollectionProblem, budget: Budget, seed: int, on_progress: OnProgress | None = None) -> Found:
    """Return the best routes one search from `seed` finds; an iteration is one local search after a
    perturbation.

    With an iteration budget the result depends on problem, budget and seed only.
    """
    model = _Model(problem)
    data = model.data
    rng = pyvrp.RandomNumberGenerator(seed=seed)
    local_search = moves.LocalSearch(
        data,
        rng,
        moves.compute_neighbours(data, moves.NeighbourhoodParams(num_neighbours=NEIGHBOURS)),
        moves.PerturbationManager(moves.PerturbationParams()),
    )
    for operator in moves.OPERATORS:
        if operator.supports(data):
            local_search.add_operator(operator(data))
    penalties = model.scale.penalties
    manager = pyvrp.PenaltyManager(penalties, _penalty_limits(penalties))
    start = local_search(pyvrp.Solution.make_random(data, rng), manager.max_cost_evaluator(), exhaustive=True)
    stop = _Stop(budget)
    params = pyvrp.IteratedLocalSearchParams(
        num_iters_no_improvement=max(1_000, 20 * len(problem.tasks)),
        history_length=_history(budget),
        callbacks=_Reports(stop, on_progress, model.unit),
    )
    result = pyvrp.IteratedLocalSearch(data, manager, local_search, start, params).run(stop, collect_stats=False)
    return Found(model.sequences(result.best), result.best.is_feasible(), result.num_iterations)


def _history(budget: Budget) -> int:
    """Return how far late acceptance looks back: short for short searches, PyVRP's 300 for long ones."""
    if budget.iterations is None:
        return 300
    return min(300, max(10, budget.iterations // 25))


def _penalty_limits(penalties: tuple[list[float], float, float]) -> pyvrp.PenaltyParams:
    values = [*penalties[0], *penalties[1:]]
    return pyvrp.PenaltyParams(
        solutions_between_updates=UPDATE_EVERY,
        min_penalty=min(values) / 100,
        max_penalty=max(values) * 1_000,
    )


class _Stop:
    """Ends a search when its budget is spent; counts its iterations."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.watch = Stopwatch()
        self.iterations = 0

    def __call__(self, best_cost: int) -> bool:
        if self.spent >= 1:
            return True
        self.iterations += 1
        return False

    @property
    def spent(self) -> float:
        return self.watch.spent(self.budget, self.iterations)


class _Reports(pyvrp.IteratedLocalSearchCallbacks):
    """Passes progress on, about a hundred times a search."""

    def __init__(self, stop: _Stop, on_progress: OnProgress | None, unit: float) -> None:
        self.stop, self.on_progress, self.unit = stop, on_progress, unit
        self.next_at = 0.0

    def on_iteration(
        self,
        current: pyvrp.Solution,
        candidate: pyvrp.Solution,
        best: pyvrp.Solution,
        cost_evaluator: pyvrp.CostEvaluator,
    ) -> None:
        if self.on_progress is None or self.stop.spent < self.next_at:
            return
        self.next_at = self.stop.spent + 0.01
        self.on_progress(
            Progress(
                fraction=min(1.0, self.stop.spent),
                iteration=self.stop.iterations,
                seconds=self.stop.watch.seconds,
                objective=cost_evaluator.cost(best) / self.unit if best.is_feasible() else None,
            )
        )


class _Model:
    """The problem in PyVRP's terms, and the way back.

    A task with several windows becomes as many clients, of which one is visited. `unit` is what a minor unit
    counts in the model.
    """

    def __init__(self, problem: CollectionProblem) -> None:
        self.problem = problem
        self.vehicles = [(k, vehicle) for k, vehicle in enumerate(problem.vehicle_types) if vehicle.count]
        self.visits: list[Visit] = []
        self.scale = _Scale.of(problem)
        self.unit = 18_000 * self.scale.stretch / self.scale.common
        self.data = self._data()

    def sequences(self, solution: pyvrp.Solution) -> Sequences:
        """Return (vehicle type, visits) of each route of `solution`."""
        return [
            (
                self.vehicles[route.vehicle_type()][0],
                [self.visits[stop.idx] for stop in route if stop.is_client()],
            )
            for route in solution.routes()
        ]

    def _data(self) -> pyvrp.ProblemData:
        clients, groups = self._clients()
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in self.problem.locations],
            clients=clients,
            depots=[pyvrp.Depot(depot.location, *(depot.window or ())) for depot in self.problem.depots],
            vehicle_types=[self._vehicle_type(vehicle) for _, vehicle in self.vehicles],
            distance_matrices=[cast(Any, self.problem.distance_m)],  # PyVRP's stub names no shape numpy knows
            duration_matrices=[cast(Any, self.problem.duration_s)],
            groups=groups,
        )

    def _clients(self) -> tuple[list[pyvrp.Client], list[pyvrp.ClientGroup]]:
        clients: list[pyvrp.Client] = []
        groups: list[pyvrp.ClientGroup] = []
        for k, task in enumerate(self.problem.tasks):
            delivery, pickup = self.problem.task_load(task)
            windows = task.windows or (Window(0, UNLIMITED),)
            grouped = len(windows) > 1
            members = range(len(clients), len(clients) + len(windows))
            for window in windows:
                clients.append(
                    pyvrp.Client(
                        task.location,
                        self.scale.load(delivery),
                        self.scale.load(pickup),
                        task.service_s,
                        window.start_s,
                        window.end_s,
                        prize=self.scale.cost(18_000 * (task.prize or 0)),
                        required=task.prize is None and not grouped,
                        group=len(groups) if grouped else None,
                    )
                )
                self.visits.append(Visit(k, window if task.windows else None))
            if grouped:
                groups.append(pyvrp.ClientGroup(list(members), required=task.prize is None))
        return clients, groups

    def _vehicle_type(self, vehicle: VehicleType) -> pyvrp.VehicleType:
        return pyvrp.VehicleType(
            num_available=vehicle.count,
            capacity=self.scale.load(vehicle.capacity),
            start_depot=vehicle.start_depot,
            end_depot=vehicle.last_depot,
            fixed_cost=self.scale.cost(18_000 * vehicle.cost_fixed),
            tw_early=vehicle.shift.start_s,
            tw_late=vehicle.shift.end_s,
            unit_distance_cost=self.scale.cost(18 * vehicle.cost_per_km),
            unit_duration_cost=self.scale.cost(5 * vehicle.cost_per_hour),
            shift_duration=UNLIMITED if vehicle.max_duration_s is None else vehicle.max_duration_s,
            max_distance=UNLIMITED if vehicle.max_distance_m is None else vehicle.max_distance_m,
        )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Integer factors that bring the first penalties near `TARGET_PENALTY` or above, and change no rank.

    Costs in 1/18 000 minor units are divided by their greatest `common` divisor and multiplied by `stretch`;
    loads of dimension k are multiplied by `factors[k]`. `penalties`: loads, lateness, distance.
    """

    common: int
    stretch: int
    factors: tuple[int, ...]
    penalties: tuple[list[float], float, float]

    @classmethod
    def of(cls, problem: CollectionProblem) -> _Scale:
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

    def cost(self, exact: int) -> int:
        """Return a cost given in 1/18 000 minor units as the model counts it."""
        return exact // self.common * self.stretch

    def load(self, vector: tuple[int, ...]) -> list[int]:
        """Return a load vector as the model counts it."""
        return [amount * factor for amount, factor in zip(vector, self.factors, strict=True)]


def _exact_costs(problem: CollectionProblem) -> list[int]:
    """Return every cost of the problem in 1/18 000 minor units, in which all are whole."""
    costs = [18_000 * (task.prize or 0) for task in problem.tasks]
    for vehicle in problem.vehicle_types:
        costs += [18_000 * vehicle.cost_fixed, 18 * vehicle.cost_per_km, 5 * vehicle.cost_per_hour]
    return costs


def _typical_leg(problem: CollectionProblem) -> tuple[float, float]:
    """Return mean cost (1/18 000 minor units) and mean seconds of the legs to the ten nearest tasks."""
    places = np.array([task.location for task in problem.tasks], dtype=np.intp)
    near = slice(1, 11) if len(places) > 1 else slice(0, 1)
    metres = np.sort(problem.distance_m[np.ix_(places, places)], axis=1)[:, near].mean()
    seconds = np.sort(problem.duration_s[np.ix_(places, places)], axis=1)[:, near].mean()
    vehicles = problem.vehicle_types
    cost = 18 * metres * np.mean([v.cost_per_km for v in vehicles])
    cost += 5 * seconds * np.mean([v.cost_per_hour for v in vehicles])
    return max(1.0, float(cost)), max(1.0, float(seconds))


def _typical_load(problem: CollectionProblem, dimension: int) -> float:
    """Return the mean load of the tasks that have any in this dimension; 1 where none has."""
    loads = [max(vector[dimension] for vector in problem.task_load(task)) for task in problem.tasks]
    some = [load for load in loads if load]
    return sum(some) / len(some) if some else 1.0
