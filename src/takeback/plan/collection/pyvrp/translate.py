"""A collection problem in PyVRP's terms, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import pyvrp

from takeback.plan.collection.found import Sequence, Visit
from takeback.plan.collection.problem import CollectionProblem, Task, VehicleType, Window
from takeback.plan.collection.pyvrp.scaling import Scale

UNLIMITED = 2**63 - 1


class Translation:
    """The problem as PyVRP's `data`.

    A task with several windows, or a group of tasks, becomes as many clients, of which one is visited. Tasks that only
    some vehicle types may serve weigh 1 in a load dimension of their own (a fence), for which the others have no room.
    """

    def __init__(self, problem: CollectionProblem) -> None:
        self.problem = problem
        self.vehicles = [(k, vehicle) for k, vehicle in enumerate(problem.vehicle_types) if vehicle.count]
        self.scale = Scale.of(problem)
        self.visits: list[Visit] = []
        self.counted_twice = 0.0
        self._client: dict[tuple[int, Window | None], int] = {}
        self._kind = {k: kind for kind, (k, _) in enumerate(self.vehicles)}
        self._allowed = [self._allowed_for(task) for task in problem.tasks]
        everyone = frozenset(range(len(self.vehicles)))
        self.fences = sorted({allowed for allowed in self._allowed if allowed != everyone}, key=sorted)
        self._profiles = sorted({vehicle.profile for _, vehicle in self.vehicles})
        self.data = self._data()

    def sequences(self, solution: pyvrp.Solution) -> tuple[Sequence, ...]:
        """Return (vehicle type, visits) of each route of `solution`."""
        return tuple(self.sequence(route) for route in solution.routes())

    def sequence(self, route: pyvrp.Route) -> Sequence:
        """Return (vehicle type, visits) of one route."""
        visits = tuple(self.visits[stop.idx] for stop in route if stop.is_client())
        return self.vehicles[route.vehicle_type()][0], visits

    def solution(self, sequences: Iterable[Sequence]) -> pyvrp.Solution:
        """Return routes as a solution; tasks that they leave out are left out."""
        return pyvrp.Solution(self.data, [self._route(*sequence) for sequence in sequences if sequence[1]])

    def objective(self, cost: int) -> float:
        """Return in minor units what a feasible solution of this model's cost costs."""
        return cost / self.scale.unit - self.counted_twice

    def _route(self, kind: int, visits: tuple[Visit, ...]) -> pyvrp.Route:
        clients = [self._client.get((v.task, v.window), self._client[v.task, None]) for v in visits]
        return pyvrp.Route(self.data, clients, self._kind[kind])

    def _allowed_for(self, task: Task) -> frozenset[int]:
        """Return which of the vehicle types may serve a task."""
        return frozenset(
            kind
            for kind, (_, vehicle) in enumerate(self.vehicles)
            if (not task.only or vehicle.id in task.only)
            and vehicle.id not in task.never
            and (not task.goods or vehicle.carries is None or task.goods in vehicle.carries)
        )

    def _data(self) -> pyvrp.ProblemData:
        clients, groups = self._clients()
        drives = [self.problem.profile(next(v for _, v in self.vehicles if v.profile == p)) for p in self._profiles]
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in self.problem.locations],
            clients=clients,
            depots=[pyvrp.Depot(depot.location, *(depot.window or ())) for depot in self.problem.depots],
            vehicle_types=[self._vehicle_type(kind, vehicle) for kind, (_, vehicle) in enumerate(self.vehicles)],
            distance_matrices=[cast(Any, drive.distance_m) for drive in drives],  # its stub names no shape numpy knows
            duration_matrices=[cast(Any, drive.duration_s) for drive in drives],
            groups=groups,
        )

    def _clients(self) -> tuple[list[pyvrp.Client], list[pyvrp.ClientGroup]]:
        clients: list[pyvrp.Client] = []
        groups: list[pyvrp.ClientGroup] = []
        for members in self._choices():
            tasks = [self.problem.tasks[k] for k in members]
            choices = [(k, w) for k in members for w in self.problem.tasks[k].windows or (None,)]
            group = len(groups) if len(choices) > 1 else None
            self.counted_twice += (len(choices) - 1) * (tasks[0].prize or 0)
            if group is not None:
                first = len(clients)
                groups.append(pyvrp.ClientGroup(list(range(first, first + len(choices))), tasks[0].prize is None))
            for k, window in choices:
                self._client[k, window] = len(clients)
                self._client.setdefault((k, None), len(clients))
                self.visits.append(Visit(k, window))
                clients.append(self._one(k, window, group))
        return clients, groups

    def _choices(self) -> list[list[int]]:
        """Return tasks that exclude each other, together; most stand alone."""
        together: dict[object, list[int]] = {}
        for k, task in enumerate(self.problem.tasks):
            together.setdefault(task.group or k, []).append(k)
        return list(together.values())

    def _one(self, k: int, window: Window | None, group: int | None) -> pyvrp.Client:
        task = self.problem.tasks[k]
        delivery, pickup = self.problem.task_load(task)
        early, late = window or Window(0, UNLIMITED)
        return pyvrp.Client(
            task.location,
            [*self.scale.load(delivery), *(0 for _ in self.fences)],
            [*self.scale.load(pickup), *(int(self._allowed[k] == fence) for fence in self.fences)],
            task.service_s,
            early,
            late,
            prize=self.scale.cost(18_000 * (task.prize or 0)),
            required=task.prize is None and group is None,
            group=group,
        )

    def _vehicle_type(self, kind: int, vehicle: VehicleType) -> pyvrp.VehicleType:
        room = [len(self.problem.tasks) if kind in fence else 0 for fence in self.fences]
        return pyvrp.VehicleType(
            num_available=vehicle.count,
            capacity=[*self.scale.load(vehicle.capacity), *room],
            start_depot=vehicle.start_depot,
            end_depot=vehicle.last_depot,
            fixed_cost=self.scale.cost(18_000 * vehicle.cost_fixed),
            tw_early=vehicle.shift.start_s,
            tw_late=vehicle.shift.end_s,
            unit_distance_cost=self.scale.cost(18 * vehicle.cost_per_km),
            unit_duration_cost=self.scale.cost(5 * vehicle.cost_per_hour),
            shift_duration=UNLIMITED if vehicle.max_duration_s is None else vehicle.max_duration_s,
            max_distance=UNLIMITED if vehicle.max_distance_m is None else vehicle.max_distance_m,
            max_overtime=vehicle.max_overtime_s if vehicle.max_duration_s is not None else 0,
            unit_overtime_cost=self.scale.cost(5 * vehicle.cost_per_overtime_hour),
            profile=self._profiles.index(vehicle.profile),
        )
