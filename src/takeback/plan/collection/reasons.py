"""Why a task was left out of a plan: it never fits, it fits nowhere in this plan, or it is not worth it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from takeback.core.message import msg
from takeback.plan.collection.explain import alone, reason
from takeback.plan.collection.problem import VehicleType
from takeback.plan.collection.schedule import Limit, Scheduler, Visit
from takeback.plan.collection.solution import Route, Unserved

Slot = tuple[VehicleType, int, list[Visit], int]  # vehicle type, number, visits so far, cost so far


def why_unserved(scheduler: Scheduler, routes: Sequence[Route]) -> tuple[Unserved, ...]:
    """Return every task that is on none of `routes`, with the reason, in the problem's order."""
    served = {stop.task for route in routes for stop in route.stops}
    slots = list(_slots(scheduler, routes))
    tasks = enumerate(scheduler.problem.tasks)
    return tuple(_why(scheduler, slots, k) for k, task in tasks if task.id not in served)


def _why(scheduler: Scheduler, slots: list[Slot], k: int) -> Unserved:
    task = scheduler.problem.tasks[k]
    limit = alone(scheduler, k)
    if limit is not None:
        return Unserved(task.id, "impossible", reason(scheduler.problem, task, limit))
    extra = min((cost for slot in slots for cost in _insertions(scheduler, slot, k)), default=None)
    if extra is None:
        return Unserved(task.id, "no-room", msg("No vehicle has room and time left for it"))
    if task.prize is not None and extra >= task.prize:
        return Unserved(
            task.id,
            "not-worth",
            msg(
                "Serving it would cost {extra} more and is worth {prize}",
                extra=_amount(scheduler, extra),
                prize=_amount(scheduler, task.prize),
            ),
        )
    return Unserved(task.id, "not-found", msg("The search ended before it was given a place; search longer"))


def _insertions(scheduler: Scheduler, slot: Slot, k: int) -> Iterator[int]:
    """Yield the extra cost of each place in the slot's route where the task fits."""
    vehicle, number, visits, cost = slot
    if _overfull(scheduler, vehicle, [*visits, Visit(k)]):
        return
    for position in range(len(visits) + 1):
        longer = scheduler.route(vehicle, number, [*visits[:position], Visit(k), *visits[position:]])
        if not isinstance(longer, Limit):
            yield longer.cost - cost


def _overfull(scheduler: Scheduler, vehicle: VehicleType, visits: list[Visit]) -> bool:
    """Return whether all deliveries, or all pickups, of the visits outweigh the vehicle: no order can help."""
    for dimension, capacity in enumerate(vehicle.capacity):
        for way in (0, 1):
            if sum(scheduler.loads[visit.task][way][dimension] for visit in visits) > capacity:
                return True
    return False


def _slots(scheduler: Scheduler, routes: Sequence[Route]) -> Iterator[Slot]:
    """Yield the routes driven, and an empty one for each vehicle type with a vehicle at rest."""
    index = {task.id: k for k, task in enumerate(scheduler.problem.tasks)}
    types = {vehicle.id: vehicle for vehicle in scheduler.problem.vehicle_types}
    for route in routes:
        visits = [Visit(index[stop.task]) for stop in route.stops]
        yield types[route.vehicle_type], route.vehicle, visits, route.cost
    used = Counter(route.vehicle_type for route in routes)
    for vehicle in types.values():
        if used[vehicle.id] < vehicle.count:
            yield vehicle, used[vehicle.id] + 1, [], 0


def _amount(scheduler: Scheduler, minor: int) -> str:
    return f"{minor / 100:.2f} {scheduler.problem.currency}".strip()
