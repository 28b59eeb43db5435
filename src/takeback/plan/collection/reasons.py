"""Why a task was left out of a plan: it never fits, it fits nowhere in this plan, or it is not worth it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import product

from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message, msg
from takeback.plan.collection.check_loads import unloaded
from takeback.plan.collection.check_parts import Parts
from takeback.plan.collection.explain.room import room
from takeback.plan.collection.explain.tasks import Alone, sentence
from takeback.plan.collection.limits import never
from takeback.plan.collection.problem import CollectionProblem, Task, VehicleType
from takeback.plan.collection.schedule import Limit, Scheduler, Visit
from takeback.plan.collection.solution import Route, Unserved

Slot = tuple[VehicleType, int, list[Visit], Route | None]  # vehicle type, number, visits so far, the route so far
Unloaded = Counter[tuple[str, str, int]]  # kind of place, its id, load dimension
MOST_DETAILED = 5  # tasks for which it is worked out what would make room


def why_unserved(
    scheduler: Scheduler, routes: Sequence[Route], late: Callable[[], bool] = never
) -> tuple[Unserved, ...]:
    """Return every task that is on none of `routes`, with the reason, in the problem's order.

    Once it is `late`, no more reasons are worked out than who is an alternative to whom.
    """
    served = {stop.task for route in routes for stop in route.stops}
    left = [k for k, task in enumerate(scheduler.problem.tasks) if task.id not in served]
    if not left:
        return ()
    reasons = _Reasons(scheduler, routes, served, late)
    return tuple(reasons.why(k) for k in left)


class _Reasons:
    """One plan, asked about task after task."""

    def __init__(
        self, scheduler: Scheduler, routes: Sequence[Route], served: set[str], late: Callable[[], bool]
    ) -> None:
        self.scheduler, self.routes, self.late = scheduler, routes, late
        self.problem = scheduler.problem
        self.alone = Alone(self.problem)
        self.instead = {task.group: task.id for task in self.problem.tasks if task.group and task.id in served}
        self.slots = list(_slots(scheduler, routes))
        self.intakes = _Intakes(self.problem, routes)
        self.carrier = {stop.task: (r.vehicle_type, r.vehicle) for r in routes for stop in r.stops if stop.task}
        self.before: defaultdict[str, list[str]] = defaultdict(list)
        for relation in self.problem.relations:
            self.before[relation.second].append(relation.first)
        self.detailed = 0

    def why(self, k: int) -> Unserved:
        """Return the reason for task `k`."""
        task = self.problem.tasks[k]
        if task.group in self.instead:
            instead = self.instead[task.group]
            return Unserved(task.id, "alternative", msg("{task} of the same group is served instead", task=instead))
        if self.late():
            return Unserved(task.id, "not-found", msg("The time was over before a reason was found; search longer"))
        conflicts = self.alone.conflicts(k)
        if conflicts:
            return Unserved(
                task.id, "impossible", _told(task, conflicts[0].kind, conflicts[0].told, conflicts[0].remedy)
            )
        extra, full = self._cheapest(k)
        if extra is None:
            return Unserved(task.id, "no-room", full or self._no_room(k))
        if task.prize is not None and extra >= task.prize:
            return Unserved(task.id, "not-worth", self._not_worth(extra, task.prize))
        return Unserved(task.id, "not-found", msg("The search ended before it was given a place; search longer"))

    def _cheapest(self, k: int) -> tuple[int | None, Message | None]:
        """Return the least extra cost of serving the task, or the intake that keeps it out everywhere."""
        full: Message | None = None
        least: int | None = None
        for slot in self.slots:
            for longer in _insertions(self.scheduler, slot, k):
                crowded = self.intakes.exceeded(slot[3], longer)
                full = full or crowded
                extra = longer.cost - (slot[3].cost if slot[3] else 0)
                if crowded is None and (least is None or extra < least):
                    least = extra
        return least, full

    def _no_room(self, k: int) -> Message:
        task = self.problem.tasks[k]
        missing = [first for first in self.before[task.id] if first not in self.carrier]
        if missing:
            return msg("{first}, which comes before it, is not served", first=missing[0])
        carriers = {self.carrier[first] for first in self.before[task.id]}
        if len(carriers) > 1:
            return msg("The tasks before it are on different vehicles")
        self.detailed += 1
        near = [route for route in self.routes if not carriers or (route.vehicle_type, route.vehicle) in carriers]
        change = room(self.problem, near, k) if self.detailed <= MOST_DETAILED else None
        plain = msg("No vehicle has room and time left for it")
        return plain if change is None else msg("{why}; {change}", why=plain, change=change)

    def _not_worth(self, extra: int, prize: int) -> Message:
        return msg(
            "Serving it would cost {extra} more and is worth {prize}",
            extra=_amount(self.problem, extra),
            prize=_amount(self.problem, prize),
        )


class _Intakes:
    """What is unloaded where by all routes together."""

    def __init__(self, problem: CollectionProblem, routes: Sequence[Route]) -> None:
        self._parts = Parts(problem)
        places = [("depot", one.id, one.intake) for one in problem.depots]
        places += [("site", one.id, one.intake) for one in problem.sites]
        self._most = {(kind, name, dim): most for kind, name, intake in places for dim, most in enumerate(intake)}
        self._total: Unloaded = Counter()
        for route in routes if self._most else ():
            self._total.update(self._of(route))

    def exceeded(self, route: Route | None, longer: Route) -> Message | None:
        """Return the place that would have to take too much if `longer` took the place of `route`."""
        if not self._most:
            return None
        more = self._of(longer)
        more.subtract(self._of(route) if route else {})
        for key, amount in more.items():
            if amount > 0 and key in self._most and self._total[key] + amount > self._most[key]:
                unit = self._parts.problem.load_dimensions[key[2]]
                return msg(
                    "{place} takes in no more: intake {needed} {unit} instead of {most} {unit}",
                    place=key[1],
                    needed=self._total[key] + amount,
                    most=self._most[key],
                    unit=unit,
                )
        return None

    def _of(self, route: Route) -> Unloaded:
        loads: Unloaded = Counter()
        for kind, place, load in unloaded(self._parts, route):
            for dim, amount in enumerate(load):
                loads[kind, place, dim] += amount
        return loads


def _told(task: Task, kind: str, limits: Message, remedy: Message | None) -> Message:
    why = sentence(task, kind)
    if remedy is None:
        return msg("{why} ({limits})", why=why, limits=limits)
    return msg("{why} ({limits}). To make it fit: {changes}", why=why, limits=limits, changes=remedy)


def _insertions(scheduler: Scheduler, slot: Slot, k: int) -> Iterator[Route]:
    """Yield the slot's route with the task in each place where it fits, with a visit to a site where that helps."""
    vehicle, number, visits, _ = slot
    sites = _sites(scheduler.problem, vehicle, visits)
    if not sites and _overfull(scheduler, vehicle, [*visits, Visit(k)]):
        return
    begun = scheduler.started.get((vehicle.id, number))
    for position in range(len(begun.stops) if begun else 0, len(visits) + 1):
        before, behind = visits[:position], visits[position:]
        ways = [[Visit(k)], *([site, Visit(k)] for site in sites), *([Visit(k), site] for site in sites)]
        for way in ways:
            longer = scheduler.route(vehicle, number, [*before, *way, *behind])
            if not isinstance(longer, Limit):
                yield longer


def _sites(problem: CollectionProblem, vehicle: VehicleType, visits: list[Visit]) -> list[Visit]:
    """Return the visits to sites that the vehicle may add."""
    if sum(visit.task < 0 for visit in visits) >= vehicle.most_reloads:
        return []
    return [Visit(-1 - s) for s, site in enumerate(problem.sites) if not vehicle.sites or site.id in vehicle.sites]


def _overfull(scheduler: Scheduler, vehicle: VehicleType, visits: list[Visit]) -> bool:
    """Return whether all deliveries, or all pickups, of one trip outweigh the vehicle: no order can help."""
    if any(visit.task < 0 for visit in visits):
        return False
    for (dimension, capacity), way in product(enumerate(vehicle.capacity), (0, 1)):
        if sum(scheduler.loads[visit.task][way][dimension] for visit in visits) > capacity:
            return True
    return False


def _slots(scheduler: Scheduler, routes: Sequence[Route]) -> Iterator[Slot]:
    """Yield the routes driven, and an empty one for each vehicle type with a vehicle at rest."""
    index = {task.id: k for k, task in enumerate(scheduler.problem.tasks)}
    sites = {site.id: -1 - k for k, site in enumerate(scheduler.problem.sites)}
    types = {vehicle.id: vehicle for vehicle in scheduler.problem.vehicle_types}
    for route in routes:
        visits = [Visit(index[stop.task] if stop.task else sites[stop.site]) for stop in route.stops]
        yield types[route.vehicle_type], route.vehicle, visits, route
    used = {(route.vehicle_type, route.vehicle) for route in routes} | scheduler.started.keys()
    for vehicle in types.values():
        number = next((k for k in range(1, vehicle.count + 1) if (vehicle.id, k) not in used), None)
        if number is not None:
            yield vehicle, number, [], None


def _amount(problem: CollectionProblem, minor: int) -> str:
    decimals = CURRENCIES.get(problem.currency, 0)
    return f"{minor / 10**decimals:.{decimals}f} {problem.currency}".strip()
