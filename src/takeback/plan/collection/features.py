"""What a problem asks for, and which engine can say it.

| feature                                   | pyvrp | ruin | lns |
|-------------------------------------------|-------|------|-----|
| loads, windows, prizes, mixed fleet       | yes   | yes  | yes |
| several windows a task, groups            | yes   | no   | yes |
| only, never, carries                      | yes   | no   | yes |
| profiles, overtime                        | yes   | no   | yes |
| limit of metres                           | yes   | no   | yes |
| hours that cost, or a limit, with windows | yes   | no   | yes |
| sites, zones, slices, breaks, relations   | no    | no   | yes |
| apart, compartments, started              | no    | no   | yes |
| intake limits, depots that take no load   | no    | no   | yes |

`lns` says all; the other two are faster at what they can say. Limits that several routes share (fleet, groups,
intake) are also kept by the master problem, see `master`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from takeback.plan.collection.problem import CollectionProblem


class Feature(Enum):
    """Something that a problem asks for beyond loads, one window a task, prizes and a mixed fleet."""

    CHOICE = "several windows, groups"
    ALLOWED = "only, never, carries"
    PROFILES = "profiles"
    OVERTIME = "overtime"
    DISTANCE = "limit of metres"
    WAITING = "hours that cost, or a limit of duration, with windows"
    SITES = "sites"
    ZONES = "zones"
    SLICES = "slices"
    BREAKS = "breaks"
    RELATIONS = "relations"
    APART = "apart"
    COMPARTMENTS = "compartments"
    STARTED = "started"
    INTAKE = "intake, depots that take no load"


PYVRP = frozenset(
    {Feature.CHOICE, Feature.ALLOWED, Feature.PROFILES, Feature.OVERTIME, Feature.DISTANCE, Feature.WAITING}
)
RUIN: frozenset[Feature] = frozenset()


def features(problem: CollectionProblem) -> frozenset[Feature]:
    """Return what `problem` asks for."""
    return frozenset(feature for feature, asks in _ASKS.items() if asks(problem))


def _waits(problem: CollectionProblem) -> bool:
    """Return whether waiting may cost something: then the latest departure matters, not only the earliest."""
    timed = any(task.windows for task in problem.tasks)
    return timed and any(v.cost_per_hour or v.max_duration_s is not None for v in problem.vehicle_types)


def _slices(problem: CollectionProblem) -> bool:
    return bool(problem.slices) or any(profile.slices for profile in problem.profiles)


_ASKS: dict[Feature, Callable[[CollectionProblem], bool]] = {
    Feature.CHOICE: lambda p: any(len(task.windows) > 1 or task.group for task in p.tasks),
    Feature.ALLOWED: lambda p: (
        any(task.only or task.never for task in p.tasks) or any(v.carries is not None for v in p.vehicle_types)
    ),
    Feature.PROFILES: lambda p: any(v.profile for v in p.vehicle_types),
    Feature.OVERTIME: lambda p: any(v.max_overtime_s for v in p.vehicle_types),
    Feature.DISTANCE: lambda p: any(v.max_distance_m is not None for v in p.vehicle_types),
    Feature.WAITING: _waits,
    Feature.SITES: lambda p: bool(p.sites) and any(v.most_reloads for v in p.vehicle_types),
    Feature.ZONES: lambda p: any(zone.closed for zone in p.zones),
    Feature.SLICES: _slices,
    Feature.BREAKS: lambda p: any(v.breaks for v in p.vehicle_types),
    Feature.RELATIONS: lambda p: bool(p.relations),
    Feature.APART: lambda p: bool(p.apart),
    Feature.COMPARTMENTS: lambda p: any(v.compartments for v in p.vehicle_types),
    Feature.STARTED: lambda p: bool(p.started),
    Feature.INTAKE: lambda p: any(depot.intake or not depot.takes_load for depot in p.depots),
}
