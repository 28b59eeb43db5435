"""Problems cut into parts that are searched side by side, along lines that move from round to round.

A cut needs no coordinates: of two places far from each other, every route (or task, before there are routes) is nearer
to one or to the other, and the middle of that order is the line (as in a random-projection tree). Every other round
the parts are sectors around the depot instead (`takeback.plan.collection.sectors`). Parts keep whole routes, so a plan
stays a plan; routes along one edge are searched together once the next edges lie elsewhere (POPMUSIC: Taillard, Voß
2002; Queiroga, Sadykov, Uchoa 2021).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from takeback.plan.collection.found import Sequence, Visit
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.sectors import by_sectors

LARGEST_WHOLE = 600  # tasks above which a problem is searched in parts
PART = 250  # tasks of a part, about: larger ones improve more slowly, smaller ones hold too few routes to exchange
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Part:
    """A problem of some of the tasks; `tasks`: their indices in the whole; `start`: its routes, in its own indices."""

    problem: CollectionProblem
    tasks: Indices
    start: tuple[Sequence, ...]

    def whole(self, routes: Iterable[Sequence]) -> list[Sequence]:
        """Return routes of the part in the indices of the whole."""
        names = self.tasks.tolist()
        return [(kind, tuple(Visit(names[v.task], v.window) for v in visits)) for kind, visits in routes]


@dataclass(frozen=True, slots=True)
class Cut:
    """A part that is not cut out yet: its tasks (indices in the whole), its routes, its vehicles by type."""

    tasks: Indices
    routes: tuple[Sequence, ...]
    fleet: Counter[int]

    def part(self, problem: CollectionProblem) -> Part:
        """Return the part of `problem`."""
        return _part(problem, self.tasks, self.routes, self.fleet)


def task_parts(problem: CollectionProblem, count: int, seed: int) -> list[Part]:
    """Return parts of the tasks, without routes; vehicles are shared out by the number of tasks.

    Their number is a multiple of `count`, so that none of so many processes waits for the others.
    """
    rng = np.random.default_rng(seed)
    groups = [np.array([k]) for k in range(len(problem.tasks))]
    sets = [
        np.concatenate([groups[k] for k in part]) for part in _cut(problem, groups, part_count(problem, count), rng)
    ]
    shares = [len(tasks) / len(problem.tasks) for tasks in sets]
    return [
        _part(problem, tasks, (), Counter({k: int(v.count * share) for k, v in enumerate(problem.vehicle_types)}))
        for tasks, share in zip(sets, shares, strict=True)
    ]


def route_cuts(
    problem: CollectionProblem, routes: tuple[Sequence, ...], count: int, seed: int, *, sectors: bool = False
) -> list[Cut]:
    """Return cuts (see `task_parts`) of whole routes and of tasks left; vehicles that rest are shared out evenly.

    With `sectors` they are cut around the first depot instead of along lines.
    """
    served = {v.task for _, visits in routes for v in visits}
    left = [k for k in range(len(problem.tasks)) if k not in served]
    groups = [np.array([v.task for v in visits]) for _, visits in routes] + [np.array([k]) for k in left]
    cut = by_sectors if sectors else _cut
    sets = cut(problem, groups, part_count(problem, count), np.random.default_rng(seed))
    used = Counter(kind for kind, _ in routes)
    cuts = []
    for chosen in sets:
        own = tuple(routes[k] for k in chosen if k < len(routes))
        fleet = Counter(kind for kind, _ in own)
        for kind, vehicle in enumerate(problem.vehicle_types):
            fleet[kind] += (vehicle.count - used[kind]) // len(sets)
        cuts.append(Cut(np.sort(np.concatenate([groups[k] for k in chosen])), own, fleet))
    return cuts


def part_count(problem: CollectionProblem, count: int) -> int:
    """Return into how many parts a problem is cut: a multiple of `count`."""
    return count * max(1, round(len(problem.tasks) / (count * PART)))


def _cut(problem: CollectionProblem, groups: list[Indices], count: int, rng: np.random.Generator) -> list[Indices]:
    """Return `count` sets of groups (indices) with about equally many tasks, by cutting in two again and again."""
    places = np.array([task.location for task in problem.tasks])
    sizes = np.array([len(group) for group in groups])
    owner = np.repeat(np.arange(len(groups)), sizes)
    where = places[np.concatenate(groups)]

    def cut(chosen: Indices, many: int) -> list[Indices]:
        if many == 1 or len(chosen) < 2 * many:
            return [chosen]
        inside = np.isin(owner, chosen)
        one, two = _far_apart(problem, where[inside], rng)
        nearer = (problem.distance_m[one, where] - problem.distance_m[two, where]).astype(np.float64)
        key = np.bincount(owner, nearer, minlength=len(groups)) / sizes
        order = chosen[np.argsort(key[chosen], kind="stable")]
        filled = np.cumsum(sizes[order]) / sizes[order].sum()
        line = int(np.clip(np.searchsorted(filled, (many // 2) / many), 1, len(order) - 1))
        return cut(order[:line], many // 2) + cut(order[line:], many - many // 2)

    return cut(np.arange(len(groups)), count)


def _far_apart(problem: CollectionProblem, where: Indices, rng: np.random.Generator) -> tuple[int, int]:
    """Return two places far from each other: one drawn at random from the farther half, and the farthest from it."""
    seed = where[rng.integers(len(where))]
    away = problem.distance_m[seed, where]
    one = where[rng.choice(np.flatnonzero(away >= np.median(away)))]
    return int(one), int(where[problem.distance_m[one, where].argmax()])


def _part(problem: CollectionProblem, tasks: Indices, routes: tuple[Sequence, ...], fleet: Counter[int]) -> Part:
    """Return the problem of `tasks` with `fleet` vehicles of each type; its matrices hold its own places only."""
    depots = [depot.location for depot in problem.depots]
    kept = np.unique(np.array([problem.tasks[k].location for k in tasks.tolist()] + depots))
    place = {location: k for k, location in enumerate(kept.tolist())}
    distance, duration = _sub(problem.distance_m, kept), None
    if problem.duration_s is not problem.distance_m:
        duration = _sub(problem.duration_s, kept)
    index = {task: k for k, task in enumerate(tasks.tolist())}
    return Part(
        replace(
            problem,
            locations=tuple(problem.locations[k] for k in kept.tolist()),
            distance_m=distance,
            duration_s=distance if duration is None else duration,
            tasks=tuple(replace(problem.tasks[k], location=place[problem.tasks[k].location]) for k in tasks.tolist()),
            depots=tuple(replace(depot, location=place[depot.location]) for depot in problem.depots),
            vehicle_types=tuple(replace(v, count=fleet[k]) for k, v in enumerate(problem.vehicle_types)),
        ),
        tasks,
        tuple((kind, tuple(Visit(index[v.task], v.window) for v in visits)) for kind, visits in routes),
    )


def _sub(matrix: npt.NDArray[np.int64], kept: Indices) -> npt.NDArray[np.int64]:
    part = matrix[np.ix_(kept, kept)]
    part.flags.writeable = False
    return part
