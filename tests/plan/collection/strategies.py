"""Small days of collection in which every feature of the model comes and goes at random.

`rich_problems()` is a hypothesis strategy; `rich_problem(seed)` makes the same kind of day from a seed, for loops and
parameters. Days have 2 to 8 tasks and are usually, not always, feasible: fleets and shifts are generous, but a break, a
closed zone and a promised stop may exclude each other. `features` narrows what may be switched on; `FEATURES` names
them all. What such a day holds:

- 3 to 13 places on a grid of 12 km, asymmetric whole metres and seconds, one or two load dimensions;
- two vehicle types of one or two vehicles, of which the second differs where a feature says so;
- whatever features are on: each is then really there (a zone that closes, a group with two members, ...).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from takeback.plan.collection.problem import (
    CollectionProblem,
    Depot,
    Location,
    Pause,
    Profile,
    Relation,
    Site,
    Slice,
    Started,
    Task,
    VehicleType,
    Window,
    Zone,
)

HOUR = 3_600
FEATURES = (
    "apart",  # two classes of goods that are never on one trip
    "breaks",  # a pause at noon, sometimes a second one
    "carries",  # the second vehicle type may not carry one of the classes
    "compartments",  # flexible compartments on the first vehicle type
    "deliveries",  # some tasks bring something
    "depots",  # a second depot, which takes no load, for the second vehicle type to start at
    "groups",  # two or three tasks are alternatives
    "intake",  # depots, and sites where there are some, take only so much
    "limits",  # longest distance and duration
    "never",  # a task refuses one vehicle type, another one asks for one
    "overtime",  # the longest duration may be exceeded
    "prizes",  # some tasks are optional
    "profiles",  # the second vehicle type travels on roads of its own
    "relations",  # one task comes before another
    "sites",  # one or two places to unload on the way
    "slices",  # travel takes longer at rush hour
    "started",  # a vehicle has begun or promised something
    "windows",  # some tasks have one or two windows
    "zones",  # some places are closed for a while
)
Pick = Callable[[int, int], int]  # a whole number from the first to the second, both included


@st.composite
def rich_problems(draw: st.DrawFn, features: Iterable[str] = FEATURES, most_tasks: int = 8) -> CollectionProblem:
    """Draw a day; small numbers and few features come first, so that a failure shrinks to a plain one."""
    names = sorted(features)
    on = frozenset(name for name in names if draw(st.booleans()))
    return _Maker(lambda low, high: draw(st.integers(low, high)), on, most_tasks).problem()


def rich_problem(seed: int, features: Iterable[str] | None = None, most_tasks: int = 8) -> CollectionProblem:
    """Make the day of `seed`; with `features` just these are on, else each with an even chance."""
    rng = random.Random(seed)
    on = {name for name in FEATURES if rng.random() < 0.5} if features is None else set(features)
    return _Maker(rng.randint, frozenset(on), most_tasks).problem()


@dataclass(frozen=True)
class _Maker:
    pick: Pick
    on: frozenset[str]
    most_tasks: int

    def problem(self) -> CollectionProblem:
        count = self.pick(2, self.most_tasks)
        dims = ("kg", "pallet places")[: self.pick(1, 2)]
        depots = [Depot("yard", 0, Window(5 * HOUR, 22 * HOUR) if self.pick(0, 1) else None)]
        if "depots" in self.on:
            depots.append(Depot("garage", count + 1, takes_load=False))
        sites = self._sites(count + 2, len(dims)) if "sites" in self.on else []
        n = count + 4
        tasks = self._related([self._task(k, len(dims)) for k in range(1, count + 1)])
        distance_m = self._metres(n)
        problem = CollectionProblem(
            locations=tuple(Location(f"l{k}", 31.2 + k / 100, 121.4) for k in range(n)),
            distance_m=distance_m,
            duration_s=distance_m // 10,
            tasks=tuple(tasks),
            depots=tuple(self._limited(depots, len(dims))),
            vehicle_types=self._vehicles(len(dims)),
            load_dimensions=dims,
            currency="CNY",
            slices=self._slices() if "slices" in self.on else (),
            profiles=self._profiles(n) if "profiles" in self.on else (),
            sites=tuple(sites),
            zones=self._zones(count) if "zones" in self.on else (),
            apart=(("clean", "damaged"),) if "apart" in self.on else (),
            relations=self._relations(tasks) if "relations" in self.on else (),
        )
        return replace(problem, started=self._started(problem)) if "started" in self.on else problem

    def _metres(self, n: int) -> np.ndarray:
        places = [(self.pick(0, 12), self.pick(0, 12)) for _ in range(n)]
        metres = np.zeros((n, n), dtype=np.int64)
        for i, (x, y) in enumerate(places):
            for j, (u, v) in enumerate(places):
                if i != j:
                    metres[i, j] = 1_000 * (abs(x - u) + abs(y - v)) + 200 + 37 * ((3 * i + j) % 5)
        return metres

    def _task(self, k: int, dims: int) -> Task:
        goods = ("", "clean", "damaged")[self.pick(0, 2)] if self.on & {"apart", "carries", "compartments"} else ""
        optional = "prizes" in self.on and self.pick(0, 2) == 0
        brings = "deliveries" in self.on and self.pick(0, 1) == 0
        return Task(
            id=f"t{k}",
            location=k,
            delivery=(self.pick(1, 300), 1)[:dims] if brings else (),
            pickup=(self.pick(1, 400), self.pick(0, 2))[:dims] if not brings or self.pick(0, 1) else (),
            windows=self._windows() if "windows" in self.on and self.pick(0, 1) else (),
            service_s=60 * self.pick(0, 20),
            prize=100 * self.pick(0, 400) if optional else None,
            goods=goods,
        )

    def _windows(self) -> tuple[Window, ...]:
        opens = self.pick(7, 12)
        first = Window(opens * HOUR, (opens + self.pick(1, 4)) * HOUR)
        return (first,) if self.pick(0, 1) else (first, Window(first.end_s + HOUR, first.end_s + 3 * HOUR))

    def _related(self, tasks: list[Task]) -> list[Task]:
        """Tie the last tasks into a group, and let the first ones refuse or ask for a vehicle type."""
        if "never" in self.on:
            tasks[0] = replace(tasks[0], never=("van",))
            if len(tasks) > 2:
                tasks[1] = replace(tasks[1], only=("van",))
        if "groups" in self.on and len(tasks) > 3:
            size = self.pick(2, 3)
            prize = tasks[-1].prize
            tasks[-size:] = [replace(task, group="either", prize=prize) for task in tasks[-size:]]
        return tasks

    def _sites(self, first: int, dims: int) -> list[Site]:
        window = Window(8 * HOUR, 18 * HOUR)
        intake = (4_000, 30)[:dims] if "intake" in self.on and self.pick(0, 1) else ()
        sites = [Site("tip", first, window if self.pick(0, 1) else None, 60 * self.pick(0, 15), intake=intake)]
        if self.pick(0, 1):
            sites.append(Site("hub", first + 1, service_s=600, supplies=True))
        return sites

    def _limited(self, depots: list[Depot], dims: int) -> list[Depot]:
        return [replace(d, intake=(4_000, 30)[:dims]) if "intake" in self.on else d for d in depots]

    def _vehicles(self, dims: int) -> tuple[VehicleType, ...]:
        pauses = (Pause(11 * HOUR, 13 * HOUR, 1_800), Pause(15 * HOUR, 16 * HOUR, 900))
        common = VehicleType(
            "van",
            self.pick(1, 2),
            (900, 6)[:dims],
            shift=Window(7 * HOUR, 19 * HOUR),
            max_duration_s=self.pick(6, 9) * HOUR if self.on & {"limits", "overtime"} else None,
            max_distance_m=150_000 if "limits" in self.on else None,
            cost_fixed=5_000 * self.pick(0, 2),
            cost_per_km=150,
            cost_per_hour=4_500 if self.pick(0, 1) else 0,
            max_overtime_s=2 * HOUR if "overtime" in self.on else 0,
            cost_per_overtime_hour=2_000 if "overtime" in self.on else 0,
            breaks=pauses[: self.pick(1, 2)] if "breaks" in self.on else (),
            compartments=self.pick(2, 3) if "compartments" in self.on else 0,
            compartment_unit=100 if "compartments" in self.on else 1,
            most_reloads=self.pick(1, 2) if "sites" in self.on else 0,
            co2_g_per_km=250,
        )
        truck = replace(
            common,
            id="truck",
            capacity=(2_000, 14)[:dims],
            start_depot=1 if "depots" in self.on else 0,
            end_depot=0 if "depots" in self.on else None,
            cost_per_km=280,
            compartments=0,
            compartment_unit=1,
            profile="heavy" if "profiles" in self.on else "",
            carries=("clean",) if "carries" in self.on else None,
            sites=("tip",) if "sites" in self.on and self.pick(0, 1) else (),
        )
        return common, truck

    def _slices(self) -> tuple[Slice, ...]:
        return (Slice(0, 100), Slice(7 * HOUR, 130), Slice(9 * HOUR, self.pick(60, 110)), Slice(16 * HOUR, 173))

    def _profiles(self, n: int) -> tuple[Profile, ...]:
        metres = self._metres(n)
        slices = (Slice(0, 110), Slice(8 * HOUR, 140), Slice(10 * HOUR, 105)) if self.pick(0, 1) else ()
        return (Profile("heavy", metres, metres // 8, slices),)

    def _zones(self, count: int) -> tuple[Zone, ...]:
        closed = (Window(8 * HOUR, self.pick(9, 11) * HOUR), Window(12 * HOUR, 13 * HOUR))[: self.pick(1, 2)]
        return (
            Zone("old town", tuple(range(1, self.pick(1, count) + 1)), closed, ("van",) if self.pick(0, 1) else ()),
        )

    def _relations(self, tasks: list[Task]) -> tuple[Relation, ...]:
        free = [task.id for task in tasks if not task.group and not task.only and not task.never]
        return tuple(Relation(a, b) for a, b in pairwise(free[:2]))

    def _started(self, problem: CollectionProblem) -> tuple[Started, ...]:
        """Let a vehicle have begun with a task that it may serve, and keep another one."""
        kind = problem.vehicle_types[self.pick(0, 1)]
        seconds = {relation.second for relation in problem.relations}
        fit = [
            task.id
            for task in problem.tasks
            if not task.group
            and task.id not in seconds
            and kind.id not in task.never
            and (not task.only or kind.id in task.only)
            and (kind.carries is None or not task.goods or task.goods in kind.carries)
        ]
        departure_s = 60 * self.pick(420, 480) if self.pick(0, 1) else None
        return (Started(kind.id, 1, tuple(fit[:1]), departure_s, tuple(fit[1 : 1 + self.pick(0, 1)])),)
