"""Loads that are too much for all vehicles, or all places, together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.problem import CollectionProblem, Task, VehicleType

Able = frozenset[str]  # ids of the vehicle types that may serve a task


def overloads(problem: CollectionProblem, told: Collection[str]) -> Iterator[Problem]:
    """Yield an error for each load dimension in which required tasks outweigh all vehicles that may serve them.

    A vehicle that may visit sites on its way carries its capacity once more for each visit. Of a group that must be
    served the least load counts. Tasks that were `told` (ids) are left out.
    """
    tasks = [task for task in problem.tasks if task.id not in told]
    able = {task.id: _able(problem, task) for task in tasks}
    every = frozenset(vehicle.id for vehicle in problem.vehicle_types if vehicle.count)
    for some in sorted({*able.values(), every}, key=lambda one: (-len(one), sorted(one))):
        for dim, name in enumerate(problem.load_dimensions):
            for way, direction in enumerate(("delivery", "pickup")):
                needed = _least_load(problem, [task for task in tasks if able[task.id] <= some], way, dim)
                fleet = sum(_most(problem, v, way, dim) for v in problem.vehicle_types if v.id in some)
                if some and needed > fleet:
                    yield _overload(name, direction, needed, fleet, None if some == every else some)
    yield from _intakes(problem, tasks, every)


def _able(problem: CollectionProblem, task: Task) -> Able:
    return frozenset(
        vehicle.id
        for vehicle in problem.vehicle_types
        if vehicle.count
        and (not task.only or vehicle.id in task.only)
        and vehicle.id not in task.never
        and (not task.goods or vehicle.carries is None or task.goods in vehicle.carries)
    )


def _most(problem: CollectionProblem, vehicle: VehicleType, way: int, dim: int) -> int:
    """Return what vehicles of a type can deliver (`way` 0) or pick up (1) in all their trips."""
    sites = [site for site in problem.sites if not vehicle.sites or site.id in vehicle.sites]
    visits = vehicle.most_reloads if any(site.supplies or way for site in sites) else 0
    last = 1 if way == 0 or problem.depots[vehicle.last_depot].takes_load else 0
    return vehicle.count * vehicle.capacity[dim] * (last + visits)


def _least_load(problem: CollectionProblem, tasks: list[Task], way: int, dim: int) -> int:
    """Return the load of the tasks that must be served, of each group the least; groups count if all are here."""
    sizes: defaultdict[str, int] = defaultdict(int)
    for task in problem.tasks:
        sizes[task.group] += 1
    groups: defaultdict[str, list[int]] = defaultdict(list)
    total = 0
    for task in tasks:
        if task.prize is None:
            load = problem.task_load(task)[way][dim]
            if task.group:
                groups[task.group].append(load)
            else:
                total += load
    return total + sum(min(loads) for group, loads in groups.items() if len(loads) == sizes[group])


def _intakes(problem: CollectionProblem, tasks: list[Task], every: Able) -> Iterator[Problem]:
    """Yield an error for each dimension in which the required pickups are more than all places take."""
    vehicles = [vehicle for vehicle in problem.vehicle_types if vehicle.id in every]
    ends = {vehicle.last_depot for vehicle in vehicles}
    places = [(one.id, one.intake) for k, one in enumerate(problem.depots) if k in ends and one.takes_load]
    if any(vehicle.most_reloads for vehicle in vehicles):
        places += [(site.id, site.intake) for site in problem.sites]
    if not places or any(not intake for _, intake in places):
        return
    for dim, name in enumerate(problem.load_dimensions):
        needed = _least_load(problem, tasks, 1, dim)
        taken = sum(intake[dim] for _, intake in places)
        if needed > taken:
            yield Problem(
                "collection.intake-too-small",
                msg("The tasks that must be served bring more than all places together take in"),
                where=f"load dimension {name}",
                found=f"{needed} {name}",
                expected=msg("at most {amount} {unit}", amount=taken, unit=name),
                remedy=msg("Raise the intake by {amount} {unit}, or give tasks a prize so that they may wait.",
                           amount=needed - taken, unit=name),
            )  # fmt: skip


def _overload(dimension: str, direction: str, load: int, fleet: int, some: Able | None) -> Problem:
    if some is None:
        title = msg("The tasks that must be served are more than all vehicles together can carry")
    else:
        names = ", ".join(sorted(some))
        title = msg("The tasks that only {vehicles} may serve are more than these can carry", vehicles=names)
    return Problem(
        "collection.fleet-too-small",
        title,
        where=f"load dimension {dimension}, {direction}",
        found=f"{load} {dimension}",
        expected=msg("at most {amount} {unit}", amount=fleet, unit=dimension),
        remedy=msg(
            "Add vehicles for {amount} {unit} more, or give tasks a prize so that they may wait for another day.",
            amount=load - fleet,
            unit=dimension,
        ),
    )
