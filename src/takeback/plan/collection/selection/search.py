"""Annealing over the days of all points, compiled: which set of days each point is emptied on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TOO_MANY = 4.0  # a vehicle that there is not costs so many times a vehicle, and the points it would fetch


@njit(cache=True)
def tree(way: Floats, way_s: Floats, members: Ints, count: int) -> tuple[float, float]:
    """Return cost and seconds of the minimum spanning tree (Prim) over the depot 0 and `count` members."""
    best, best_s = np.empty(count), np.empty(count)
    done = np.zeros(count, dtype=np.bool_)
    for k in range(count):
        best[k], best_s[k] = way[0, members[k]], way_s[0, members[k]]
    cost, seconds = 0.0, 0.0
    for _ in range(count):
        nearest = -1
        for k in range(count):
            if not done[k] and (nearest < 0 or best[k] < best[nearest]):
                nearest = k
        done[nearest] = True
        cost += best[nearest]
        seconds += best_s[nearest]
        for k in range(count):
            step = way[members[nearest], members[k]]
            if not done[k] and step < best[k]:
                best[k], best_s[k] = step, way_s[members[nearest], members[k]]
    return cost, seconds


@njit(cache=True)
def day_cost(
    sets: Ints, day: int, load: Floats, way: Floats, way_s: Floats, service: Floats, service_s: Floats, fleet: Floats
) -> float:
    """Return the estimated cost of a day, minor units.

    `load` (n, 2^H, H): share of a vehicle that each point takes. `fleet`: vehicles, fixed cost, shift in seconds,
    stretch of a tour over its tree.
    """
    members = np.empty(len(sets), dtype=np.int64)
    count, loaded, served, served_s, depot, depot_s = 0, 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(len(sets)):
        if sets[k] >> day & 1:
            members[count] = k + 1
            count += 1
            loaded += load[k, sets[k], day]
            served += service[k]
            served_s += service_s[k]
            depot += way[0, k + 1]
            depot_s += way_s[0, k + 1]
    if count == 0:
        return 0.0
    cost, seconds = tree(way, way_s, members, count)
    by_load = np.ceil(loaded - 1e-9)
    by_time = np.ceil((seconds * fleet[3] + served_s) / fleet[2] - 1e-9)
    used = max(1.0, by_load, by_time)
    more = (used - 1) * 2 * depot / count
    total: float = cost * fleet[3] + served + more + used * fleet[1]
    if used > fleet[0]:
        total += (used - fleet[0]) * TOO_MANY * (total / used)
    return total


@njit(cache=True)
def anneal(
    sets: Ints, own: Floats, load: Floats, way: Floats, way_s: Floats, service: Floats, service_s: Floats,
    fleet: Floats, iterations: int, warm: float, cold: float, seed: int,
) -> float:  # fmt: skip
    """Improve `sets` in place; return their objective.

    `own` (n, 2^H): what a point costs by itself, inf where a set has closed days. An iteration gives one point other
    days, or moves all visits of a day to another or away. Worse ones are taken by chance, less and less (from `warm` to
    `cold` minor units).
    """
    np.random.seed(seed)
    n, days = len(sets), load.shape[2]
    of_day = np.array([day_cost(sets, d, load, way, way_s, service, service_s, fleet) for d in range(days)])
    now = of_day.sum()
    for k in range(n):
        now += own[k, sets[k]]
    best, best_sets = now, sets.copy()
    trial, trial_days = sets.copy(), of_day.copy()
    for step in range(iterations):
        heat = warm * (cold / warm) ** (step / iterations)
        _propose(trial, own, days)
        changed, value = 0, 0.0
        for k in range(n):
            changed |= trial[k] ^ sets[k]
            value += own[k, trial[k]]
        if np.isfinite(value):
            for d in range(days):
                if changed >> d & 1 or _reload(trial, sets, d):
                    trial_days[d] = day_cost(trial, d, load, way, way_s, service, service_s, fleet)
            value += trial_days.sum()
        if np.isfinite(value) and (value <= now or np.random.random() < np.exp((now - value) / heat)):
            sets[:], of_day[:], now = trial, trial_days, value
            if now < best:
                best, best_sets[:] = now, sets
        else:
            trial[:], trial_days[:] = sets, of_day
    sets[:] = best_sets
    return float(best)


@njit(cache=True)
def _propose(trial: Ints, own: Floats, days: int) -> None:
    """Give one point another day or other days, now and then move a whole day."""
    if days > 1 and np.random.random() < 0.02:
        _move_day(trial, own, days)
        return
    k = np.random.randint(len(trial))
    if np.random.random() < 0.5:
        trial[k] ^= 1 << np.random.randint(days)
    else:
        trial[k] = np.random.randint(own.shape[1])


@njit(cache=True)
def _reload(trial: Ints, sets: Ints, day: int) -> bool:
    """Whether a visit of a day fetches another load than before, because an earlier one came or went."""
    for k in range(len(sets)):  # noqa: SIM110 -- compiled
        if trial[k] != sets[k] and trial[k] >> day & 1:
            return True
    return False


@njit(cache=True)
def _move_day(trial: Ints, own: Floats, days: int) -> None:
    """Move all visits of a day to another day, or (the same day drawn twice) leave them out."""
    source, target = np.random.randint(days), np.random.randint(days)
    for k in range(len(trial)):
        if trial[k] >> source & 1:
            moved = trial[k] & ~(1 << source)
            if source != target:
                moved |= 1 << target
            if np.isfinite(own[k, moved]):
                trial[k] = moved


@njit(cache=True)
def worths(
    sets: Ints, own: Floats, load: Floats, way: Floats, way_s: Floats, service: Floats, service_s: Floats, fleet: Floats
) -> Floats:
    """Return what emptying each point on each day is worth (n, H), the others' days as they are.

    The best that can be done with a point without that day, less the best with it; travel of the day itself left out.
    """
    n, choices, days = len(sets), own.shape[1], load.shape[2]
    worth, trial = np.zeros((n, days)), sets.copy()
    travel = np.zeros((choices, days))
    for k in range(n):
        trial[k] = 0
        for d in range(days):
            travel[0, d] = day_cost(trial, d, load, way, way_s, service, service_s, fleet)
        for chosen in range(1, choices):
            trial[k] = chosen
            for d in range(days):
                travel[chosen, d] = travel[0, d]
                if chosen >> d & 1 and np.isfinite(own[k, chosen]):
                    travel[chosen, d] = day_cost(trial, d, load, way, way_s, service, service_s, fleet)
        trial[k] = sets[k]
        for d in range(days):
            without, with_it = np.inf, np.inf
            for chosen in range(choices):
                value = own[k, chosen] + travel[chosen].sum() - travel[chosen, d]
                if chosen >> d & 1:
                    with_it = min(with_it, value)
                else:
                    without = min(without, value)
            worth[k, d] = max(0.0, without - with_it) if np.isfinite(with_it) else 0.0
    return worth
