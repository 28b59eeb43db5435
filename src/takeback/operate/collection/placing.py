"""Orders put into a running plan where they cost least, one after the other, without a search."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from takeback.operate.collection.running import Name, Rest, Rig
from takeback.plan.collection.found import Visit
from takeback.plan.collection.insertion import Inserter, Insertion
from takeback.plan.collection.schedule import Scheduler
from takeback.plan.collection.solution import Plan, Route


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order went: by which vehicle, as which of its stops (from 1), expected when, for what more."""

    order: str
    task: str
    vehicle: str
    number: int
    place: int
    expected: datetime
    extra_m: int
    extra_cost_minor: int


@dataclass
class Placing:
    """The rest of a day into which tasks are put; `routes`: what those vehicles drive from now on that got one."""

    rest: Rest
    routes: dict[Name, Route | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rigs = {rig.id: rig for rig in self.rest.rigs if not rig.broken}
        scheduler = Scheduler(self.rest.problem)
        known = {rig.id: self._as_it_is(scheduler, rig) for rig in self._rigs.values()}
        # A vehicle whose stops cannot be scheduled as they are, for it is too late already, is left in peace.
        stuck = {name for name, route in known.items() if route is None and self._rigs[name].ahead}
        kinds = (replace(k, count=0) if k.id in stuck else k for k in self.rest.problem.vehicle_types)
        problem = replace(self.rest.problem, vehicle_types=tuple(kinds))
        plan = Plan.of([route for route in known.values() if route is not None], (), 0)
        self._inserter = Inserter(problem, plan)

    def place(self, task: str) -> Placed | None:
        """Put a task where it costs least, None when it fits nowhere."""
        found = self._inserter.insert(task)
        if found is None:
            return None
        placed = self._placed(task, found)
        self._inserter.accept(found)
        self.routes[placed.vehicle, placed.number] = found.plan.routes[found.route]
        return placed

    def _as_it_is(self, scheduler: Scheduler, rig: Rig) -> Route | None:
        """Return what a vehicle has ahead as a route, None when it stays at home."""
        found = [self.rest.index(one.stop["task"]) for one in rig.ahead]
        ahead = [Visit(index) for index in found if index is not None]
        if not ahead and not rig.started:
            return None
        kind = next(kind for kind in self.rest.problem.vehicle_types if kind.id == rig.id)
        route = scheduler.route(kind, 1, ahead)
        return route if isinstance(route, Route) else None

    def _placed(self, task: str, found: Insertion) -> Placed:
        route, before = found.plan.routes[found.route], self._inserter.plan.routes
        rig = self._rigs.get(route.vehicle_type)
        name = rig.name if rig else (route.vehicle_type, self.rest.spare[route.vehicle_type][route.vehicle - 1])
        call = next(call for call in self.rest.calls if call.task == task)
        return Placed(
            order=call.number,
            task=task,
            vehicle=name[0],
            number=name[1],
            place=(len(rig.fixed) if rig else 0) + found.position + 1,
            expected=self.rest.midnight + timedelta(seconds=route.stops[found.position].arrival_s),
            extra_m=route.distance_m - (before[found.route].distance_m if found.route < len(before) else 0),
            extra_cost_minor=found.extra,
        )
