"""Work that takes longer than all vehicles together may be out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

import numpy as np
import numpy.typing as npt

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.explain.words import span
from takeback.plan.collection.problem import CollectionProblem, Profile, VehicleType


def too_long(problem: CollectionProblem, told: Collection[str]) -> Iterator[Problem]:
    """Yield an error where service and the shortest way to each required task are more than all shifts together.

    Groups, waiting, breaks and ways home are left out, so that whatever is told is certain.
    """
    tasks = [task for task in problem.tasks if task.prize is None and not task.group and task.id not in told]
    vehicles = [vehicle for vehicle in problem.vehicle_types if vehicle.count]
    if not tasks or not vehicles:
        return
    here = [task.location for task in tasks]
    service = sum(task.service_s for task in tasks)
    most = sum(vehicle.count * _longest(vehicle) for vehicle in vehicles)
    start = problem.depots[vehicles[0].start_depot].location
    if service + int(problem.profile(vehicles[0]).duration_s[start, here].sum()) <= most:
        return  # the shortest ways are no longer than those from a depot: most days end here
    needed = service + int(_nearest(problem, vehicles)[here].sum())
    if needed > most:
        yield Problem(
            "collection.fleet-too-short",
            msg("The tasks that must be served take longer than all vehicles together may be out"),
            where="vehicle_types",
            found=span(needed),
            expected=msg("at most {time}", time=span(most)),
            remedy=msg(
                "Add vehicles or shifts for {time} more, or give tasks a prize so that they may wait for another day.",
                time=span(needed - most),
            ),
        )


def _longest(vehicle: VehicleType) -> int:
    """Return the seconds that one vehicle may be out."""
    shift = vehicle.shift.end_s - vehicle.shift.start_s
    return shift if vehicle.max_duration_s is None else min(shift, vehicle.max_duration_s + vehicle.max_overtime_s)


def _nearest(problem: CollectionProblem, vehicles: list[VehicleType]) -> npt.NDArray[np.int64]:
    """Return the least seconds of the last leg to each location; 0 where several parts share it."""
    profiles = {vehicle.profile: problem.profile(vehicle) for vehicle in vehicles}
    used = Counter(part.location for kind in (problem.tasks, problem.depots, problem.sites) for part in kind)
    places = sorted(used)
    nearest = np.zeros(len(problem.locations), dtype=np.int64)
    if len(places) > 1:
        nearest[places] = np.min([_columns(profile, places) for profile in profiles.values()], axis=0)
    nearest[[place for place, parts in used.items() if parts > 1]] = 0
    return nearest


def _columns(profile: Profile, places: list[int]) -> npt.NDArray[np.int64]:
    """Return the shortest leg to each of `places` from another one, at the quickest hour."""
    legs = profile.duration_s[np.ix_(places, places)]
    np.fill_diagonal(legs, np.iinfo(np.int64).max)
    quickest = min((one.percent for one in profile.slices), default=100)
    shortest: npt.NDArray[np.int64] = legs.min(axis=0) * min(100, quickest) // 100
    return shortest
