"""Writes a collection problem as plain arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.lns.arrays import (
    CAPACITY,
    CLOSES,
    DELIVERY,
    FIRST_AT,
    FIXED,
    GOODS,
    GROUP,
    LOSS,
    MUST,
    NEVER,
    OPENS,
    PAUSE_AT,
    PINNED,
    PLACE,
    SALT,
    SECOND_AT,
    SERVICE,
    SITE,
    Flags,
    Floats,
    Ints,
    Rules,
)
from takeback.plan.collection.problem import CollectionProblem, Started, VehicleType, Window
from takeback.plan.collection.times import open_hours, opened

NEIGHBOURS = 60
MOST_CLASSES = 62  # of goods that matter: they are bits of one number
ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Code:
    """The arrays of a problem, and what is needed to read a solution: the type of each slot, and of started
    vehicles the slot's first nodes and when it left (-1 = at any time)."""

    rules: Rules
    kinds: list[int]
    prefixes: dict[int, list[int]]
    leaves: dict[int, int]
    groups: int


def encode(problem: CollectionProblem) -> Code:
    """Return `problem` as arrays. Raises `Problem` where too many classes of goods matter."""
    return _Encoder(problem).code()


class _Encoder:
    def __init__(self, problem: CollectionProblem) -> None:
        self.problem = problem
        self.n, self.k = len(problem.tasks), len(problem.load_dimensions)
        self.index = {task.id: i for i, task in enumerate(problem.tasks)}
        self.kinds = {vehicle.id: i for i, vehicle in enumerate(problem.vehicle_types)}
        self.slots = self._slots()
        self.copies = self._copies()
        self.r = len(self.slots)
        self.inner = self.n + len(self.copies)
        self.nodes = self.inner + 2 * self.r
        self.goods = self._goods()
        self.slot_of = {(kind, number): s for s, (kind, number) in enumerate(self.slots) if number}

    def code(self) -> Code:
        """Return the arrays."""
        groups = sorted({task.group for task in self.problem.tasks if task.group})
        prefixes = {self.slot_of[self._vehicle(one)]: self._prefix(one.stops) for one in self.problem.started}
        leaves = {
            self.slot_of[self._vehicle(one)]: -1 if one.departure_s is None else one.departure_s
            for one in self.problem.started
        }
        kinds = [kind for kind, _ in self.slots]
        return Code(self._rules(groups, prefixes), kinds, prefixes, leaves, len(groups))

    def _vehicle(self, one: Started) -> tuple[int, int]:
        return self.kinds[one.vehicle_type], one.vehicle

    def _slots(self) -> list[tuple[int, int]]:
        """Return (type, number) of each vehicle that may drive; number 0 = any that has not started."""
        slots = [(self.kinds[one.vehicle_type], one.vehicle) for one in self.problem.started]
        for kind, vehicle in enumerate(self.problem.vehicle_types):
            begun = sum(1 for k, _ in slots if k == kind)
            slots += [(kind, 0)] * min(vehicle.count - begun, self.n)
        return sorted(slots, key=lambda slot: slot[0])

    def _copies(self) -> list[int]:
        """Return the site of each copy: as many as may be visited at once."""
        copies = []
        for s, site in enumerate(self.problem.sites):
            visits = sum(
                min(v.count, self.n + len(self.problem.started)) * v.most_reloads
                for v in self.problem.vehicle_types
                if not v.sites or site.id in v.sites
            )
            begun = sum(one.stops.count(site.id) for one in self.problem.started)
            copies += [s] * (min(visits, self.n) + begun)
        return copies

    def _goods(self) -> dict[str, int]:
        """Return a number for each class of goods that some rule of a trip asks for."""
        apart = {name for pair in self.problem.apart for name in pair}
        if any(vehicle.compartments for vehicle in self.problem.vehicle_types):
            apart |= {task.goods for task in self.problem.tasks}
        if len(apart) > MOST_CLASSES:
            raise Problem(
                "collection.too-many-goods",
                msg("More classes of goods must be kept apart than can be planned"),
                where="apart",
                found=len(apart),
                expected=msg("at most {most} classes", most=MOST_CLASSES),
                remedy=msg("Join classes that may stand together."),
            )
        return {name: k for k, name in enumerate(sorted(apart))}

    def _prefix(self, stops: Iterable[str]) -> list[int]:
        """Return the nodes of the stops; sites as -1 - site, to be given a copy later."""
        site = {one.id: -1 - s for s, one in enumerate(self.problem.sites)}
        return [self.index[name] if name in self.index else site[name] for name in stops]

    def _hours(self) -> tuple[list[list[Window]], list[int]]:
        """Return when service may begin at each node, one list a node for each set of closed zones; and the sets."""
        zones, tasks, sites = self.problem.zones, self.problem.tasks, self.problem.sites
        shut = [tuple(v.id not in zone.passes for zone in zones) for v in self.problem.vehicle_types]
        classes = sorted(set(shut))
        things = [(t.windows, t.service_s, t.location) for t in tasks]
        things += [((s.window,) if s.window else (), s.service_s, s.location) for s in (sites[c] for c in self.copies)]
        inside = [frozenset(zone.locations) for zone in zones]
        hours = []
        for matters in classes:
            for windows, service, place in things:
                shut_here = [m and place in where for m, where in zip(matters, inside, strict=True)]
                matter = [zone for zone, closed_here in zip(zones, shut_here, strict=True) if closed_here]
                closed = [window for zone in matter for window in zone.closed]
                hours.append(opened(windows or (Window(0, NEVER),), closed, service))
        return hours, [classes.index(one) for one in shut]

    def _rules(self, groups: list[str], prefixes: dict[int, list[int]]) -> Rules:
        problem, vehicles = self.problem, self.problem.vehicle_types
        names = sorted({v.profile for v in vehicles})
        profiles = [problem.profile(next(v for v in vehicles if v.profile == name)) for name in names]
        hours, zone_class = self._hours()
        more = _More()
        relations = [(self.index[x.first], self.index[x.second]) for x in problem.relations]
        firsts = more.lists([sorted(a for a, b in relations if b == i) for i in range(self.n)])
        seconds = more.lists([sorted(b for a, b in relations if a == i) for i in range(self.n)])
        pauses = [sorted(v.breaks, key=lambda one: (one.end_s, one.start_s, one.duration_s)) for v in vehicles]
        pause_at = more.lists([[x for pause in one for x in pause] for one in pauses])
        hours_at = more.indexed([[min(x, NEVER) for window in one for x in window] for one in hours])
        slices_at = more.indexed([[x for one in sorted(profile.slices) for x in one] for profile in profiles])
        places = [site.intake for site in problem.sites] + [depot.intake for depot in problem.depots]
        opens = [open_hours(problem, v) for v in vehicles]
        usable = [v for v in vehicles if v.count]
        rich = bool(
            problem.started or problem.relations or any(places) or problem.zones
            or any(len(one) > 1 for one in hours) or any(profile.slices for profile in profiles)
            or any(v.breaks or v.compartments or v.most_reloads for v in usable)
        )  # fmt: skip
        distance = _stacked([profile.distance_m for profile in profiles])
        duration = _stacked([profile.duration_s for profile in profiles])
        profile_of = [names.index(v.profile) for v in vehicles]
        depot = problem.depots[vehicles[0].start_depot].location
        return Rules(
            n=self.n,
            k=self.k,
            r=self.r,
            kinds=len(vehicles),
            sites=len(problem.sites),
            places=len(places),
            classes=len(self.goods),
            first_start=self.inner,
            pickup=DELIVERY + self.k,
            rich=rich,
            timed=self._timed(opens, duration, usable),
            has_intake=any(places),
            related=bool(relations),
            hours_at=hours_at,
            foes_at=more.add(self._foes()),
            supplies_at=more.add([int(site.supplies) for site in problem.sites]),
            intake_at=more.add([x for one in places for x in (one or (NEVER,) * self.k)]),
            slices_at=slices_at,
            node=self._nodes(hours, opens, groups, prefixes, firsts, seconds),
            kind=self._kinds(opens, profile_of, zone_class, pause_at),
            more=_ints(more.numbers),
            allowed=self._allowed(),
            distance=distance,
            duration=duration,
            near=self._near(distance[0], duration[0]),
            keys=self._keys(distance[0], depot),
        )

    def _allowed(self) -> Flags:
        problem = self.problem
        promised = {name for one in problem.started for name in (*one.stops, *one.keeps)}
        groups = {t.group for t in problem.tasks if t.id in promised and t.group}
        rivals = [t.group in groups and t.id not in promised for t in problem.tasks]
        may = [not rivals[i] and _may(problem, v, i) for v in problem.vehicle_types for i in range(self.n)]
        return np.array(may, bool).reshape(-1, self.n)

    def _foes(self) -> list[int]:
        foes = [0] * len(self.goods)
        for a, b in self.problem.apart:
            foes[self.goods[a]] |= 1 << self.goods[b]
            foes[self.goods[b]] |= 1 << self.goods[a]
        return foes

    def _nodes(
        self,
        hours: list[list[Window]],
        opens: list[tuple[Window, Window]],
        groups: list[str],
        prefixes: dict[int, list[int]],
        firsts: list[int],
        seconds: list[int],
    ) -> Ints:
        """Return the table of nodes."""
        problem, n, sites = self.problem, self.n, [self.problem.sites[c] for c in self.copies]
        vehicles = [problem.vehicle_types[kind] for kind, _ in self.slots]
        table = np.full((self.nodes, DELIVERY + 2 * self.k), -1, np.int64)
        table[:, [SERVICE, FIXED, LOSS, MUST]] = 0
        table[:, DELIVERY:] = 0
        table[:, PLACE] = (
            [t.location for t in problem.tasks] + [site.location for site in sites]
            + [problem.depots[v.start_depot].location for v in vehicles]
            + [problem.depots[v.last_depot].location for v in vehicles]
        )  # fmt: skip
        table[: self.inner, SERVICE] = [t.service_s for t in problem.tasks] + [site.service_s for site in sites]
        ends = [opens[kind][0] for kind, _ in self.slots] + [opens[kind][1] for kind, _ in self.slots]
        simple = [one[0] if one else Window(1, 0) for one in hours[: self.inner]] + ends
        table[:, [OPENS, CLOSES]] = [(w.start_s, min(w.end_s, NEVER)) for w in simple]
        table[n : self.inner, SITE] = self.copies
        tasks = table[:n]
        tasks[:, GOODS] = [self.goods.get(t.goods, -1) for t in problem.tasks]
        tasks[:, GROUP] = [groups.index(t.group) if t.group else -1 for t in problem.tasks]
        tasks[:, LOSS] = [t.prize or 0 for t in problem.tasks]
        tasks[:, MUST] = [t.prize is None for t in problem.tasks]
        tasks[:, DELIVERY:] = _ints([sum(problem.task_load(t), ()) for t in problem.tasks]).reshape(n, -1)
        tasks[:, SALT] = np.random.default_rng(0).integers(1, 2**58, n)
        table[: n + 1, FIRST_AT], table[: n + 1, SECOND_AT] = firsts, seconds
        for one in problem.started:
            for name in (*one.stops, *one.keeps):
                if name in self.index:
                    table[self.index[name], PINNED] = self.slot_of[self._vehicle(one)]
        tasks[tasks[:, PINNED] >= 0, MUST] = 1  # what is begun or promised is no choice, whatever its prize
        tasks[np.isin(tasks[:, GROUP], tasks[(tasks[:, PINNED] >= 0) & (tasks[:, GROUP] >= 0), GROUP]), MUST] = 1
        table[[node for prefix in prefixes.values() for node in prefix if node >= 0], FIXED] = 1
        return table

    def _kinds(
        self, opens: list[tuple[Window, Window]], profile_of: list[int], zone_class: list[int], pause_at: list[int]
    ) -> Ints:
        """Return the table of vehicle types, with one more row."""
        problem, vehicles = self.problem, self.problem.vehicle_types
        table = np.zeros((len(vehicles) + 1, CAPACITY + self.k + len(problem.sites)), np.int64)
        for row, v in enumerate(vehicles):
            first, last = opens[row]
            table[row] = [
                first.start_s, min(first.end_s, NEVER), last.start_s, min(last.end_s, NEVER),
                NEVER if v.max_duration_s is None else v.max_duration_s, v.max_overtime_s,
                NEVER if v.max_distance_m is None else v.max_distance_m,
                v.cost_fixed, 18 * v.cost_per_km, 5 * v.cost_per_hour, 5 * v.cost_per_overtime_hour,
                profile_of[row], zone_class[row], v.compartments, v.compartment_unit, v.most_reloads,
                problem.depots[v.last_depot].takes_load, len(problem.sites) + v.last_depot,
                problem.depots[v.start_depot].location, problem.depots[v.last_depot].location, 0, *v.capacity,
                *(not v.sites or site.id in v.sites for site in problem.sites),
            ]  # fmt: skip
        table[:, PAUSE_AT] = pause_at
        return table

    def _timed(self, opens: list[tuple[Window, Window]], duration: Ints, usable: list[VehicleType]) -> bool:
        """Return whether time can bind or costs anything."""
        if any(t.windows for t in self.problem.tasks):
            return True
        if any(v.max_duration_s is not None or v.cost_per_hour or v.cost_per_overtime_hour for v in usable):
            return True
        longest = int(duration.max(axis=2).sum(axis=1).max(initial=0)) + sum(t.service_s for t in self.problem.tasks)
        return any(last.end_s < first.start_s + longest or last.start_s > first.start_s for first, last in opens)

    def _near(self, metres: Ints, seconds: Ints) -> Ints:
        """Return the (n, neighbours) nearest tasks of each by the cost of travel, whichever way is cheaper."""
        count = min(NEIGHBOURS, self.n - 1)
        near = np.zeros((self.n, max(0, count)), np.int64)
        if count <= 0:
            return near
        km = max((v.cost_per_km for v in self.problem.vehicle_types), default=0) or 1
        hour = max(v.cost_per_hour for v in self.problem.vehicle_types)
        places = np.array([task.location for task in self.problem.tasks])
        for start in range(0, self.n, ROWS_AT_ONCE):
            rows = slice(start, min(self.n, start + ROWS_AT_ONCE))
            there, back = np.ix_(places[rows], places), np.ix_(places, places[rows])
            cost = 18.0 * km * np.minimum(metres[there], metres[back].T) + 5.0 * hour * seconds[there]
            cost[np.arange(len(cost)), np.arange(rows.start, rows.stop)] = np.inf
            nearest = np.argpartition(cost, count - 1, axis=1)[:, :count]
            by_cost = np.argsort(np.take_along_axis(cost, nearest, axis=1), axis=1, kind="stable")
            near[rows] = np.take_along_axis(nearest, by_cost, axis=1)
        return near

    def _keys(self, metres: Ints, depot: int) -> Floats:
        """Return what tasks are put back by: large loads, far ones, near ones, short, early and late hours first."""
        tasks = self.problem.tasks
        loads = np.array([self.problem.task_load(t) for t in tasks], np.float64).reshape(self.n, 2, self.k)
        size = loads.sum(axis=1)
        share = (size / np.maximum(size.mean(axis=0), 1e-9)).sum(axis=1) if self.n and self.k else np.zeros(self.n)
        far = np.array([metres[depot, t.location] for t in tasks], np.float64)
        orders = [-share, -far, far]
        if any(t.windows for t in tasks):
            length = [sum(w.end_s - w.start_s for w in t.windows) if t.windows else NEVER for t in tasks]
            start = [min((w.start_s for w in t.windows), default=0) for t in tasks]
            end = [-max((w.end_s for w in t.windows), default=NEVER) for t in tasks]
            orders += [np.array(x, np.float64) for x in (length, start, end)]
        return np.array(orders).reshape(len(orders), self.n)


def _may(problem: CollectionProblem, vehicle: VehicleType, i: int) -> bool:
    """Return whether a vehicle type may serve a task at all."""
    task = problem.tasks[i]
    if (task.only and vehicle.id not in task.only) or vehicle.id in task.never:
        return False
    if task.goods and vehicle.carries is not None and task.goods not in vehicle.carries:
        return False
    delivery, pickup = problem.task_load(task)
    if any(max(d, p) > c for d, p, c in zip(delivery, pickup, vehicle.capacity, strict=True)):
        return False
    return vehicle.most_reloads > 0 or problem.depots[vehicle.last_depot].takes_load or not any(pickup)


class _More:
    """Lists of different lengths, one behind the other."""

    def __init__(self) -> None:
        self.numbers: list[int] = [0]

    def add(self, numbers: Sequence[int]) -> int:
        """Add one list; return where it begins."""
        self.numbers += numbers
        return len(self.numbers) - len(numbers)

    def lists(self, lists: Sequence[Sequence[int]]) -> list[int]:
        """Add lists; return where each begins, and where the last one ends."""
        return [*(self.add(one) for one in lists), len(self.numbers)]

    def indexed(self, lists: Sequence[Sequence[int]]) -> int:
        """Add lists and then the index of where each begins and the last one ends; return where the index is."""
        return self.add(self.lists(lists))


def _ints(values: object) -> Ints:
    return np.array(values, np.int64)


def _stacked(matrices: list[Ints]) -> Ints:
    """Return the matrices one behind the other, read-only as a single one is, so that one compiled form serves."""
    stacked = np.stack(matrices) if len(matrices) > 1 else matrices[0][None]
    stacked.flags.writeable = False
    return stacked
