"""What a day of collection is: places, tasks, depots and vehicles.

The vehicle routing problem with simultaneous pickup and delivery and time windows (VRPSPDTW: Dethloff 2001;
Liu, Tang, Yao 2021), with a mixed fleet, several load dimensions, alternative windows and optional tasks.
Whether the day can be served at all is asked in `explain`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from takeback.core.problem import Problem
from takeback.plan.collection.parts import (
    ALL_DAY,
    Depot,
    Loads,
    Location,
    Matrix,
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
from takeback.plan.collection.wellformed import ill_formed, matrix, mistakes, profile_matrices

__all__ = [
    "ALL_DAY",
    "CollectionProblem",
    "Depot",
    "Loads",
    "Location",
    "Matrix",
    "Pause",
    "Profile",
    "Relation",
    "Site",
    "Slice",
    "Started",
    "Task",
    "VehicleType",
    "Window",
    "Zone",
    "ill_formed",
]

LARGEST = 2**31  # metres or seconds of one leg: sums of a whole day's costs stay within 64 bits


@dataclass(frozen=True, eq=False, slots=True)
class CollectionProblem:
    """A day, or several, to plan. Objective: cost of the routes plus prizes lost, minor units of `currency`.

    - `distance_m`, `duration_s`: (n, n) travel between the n `locations`, integers >= 0 without holes;
      need be neither symmetric nor metric. Arrays are copied and made read-only.
    - `load_dimensions`: names with units ("kg", "m3", "pallet places"), in the order of the load vectors.
    - `slices`: how much longer travel takes by the hour, for vehicles without a profile of their own; `profiles` of
      others. A hole in a profile's matrices is a leg closed to its vehicles; it becomes 2^31 in both.
    - `sites`: where vehicles may unload on their way; `zones`: places that are closed at times.
    - `apart`: pairs of classes of goods that are never on one trip together, whatever the order.
    - `relations` of order between tasks; `started`: vehicles whose routes have begun or are promised.

    A route is one or more trips: from the start depot, from site to site, to the end depot. Load rules hold on each
    trip, at every moment of it. A leg that begins at a moment t takes its normal time D stretched by the slices it
    runs through: in a slice of p percent, a seconds of the clock cover floor(100 a / p) of D, and the rest r takes
    ceil(r p / 100).

    A vehicle drives on as soon as it may: from a stop it leaves when service, and a break taken there, are over. A
    break begins at that moment or at the beginning of its window, whichever is later. Service begins on arrival, or
    later at the first moment at which a window of the task and the zones of its place allow it to begin.

    A route costs its fixed part plus (18 x cost_per_km x metres + 5 x cost_per_hour x seconds + 5 x
    cost_per_overtime_hour x seconds of overtime) / 18 000, rounded up to a whole minor unit. Raises `Problem` with
    every ill-formed part.
    """

    locations: tuple[Location, ...]
    distance_m: Matrix
    duration_s: Matrix
    tasks: tuple[Task, ...]
    depots: tuple[Depot, ...]
    vehicle_types: tuple[VehicleType, ...]
    load_dimensions: tuple[str, ...] = ()
    currency: str = ""
    name: str = field(default="", compare=False)
    slices: tuple[Slice, ...] = ()
    profiles: tuple[Profile, ...] = ()
    sites: tuple[Site, ...] = ()
    zones: tuple[Zone, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    relations: tuple[Relation, ...] = ()
    started: tuple[Started, ...] = ()

    def __post_init__(self) -> None:
        errors: list[Problem] = []
        n = len(self.locations)
        for field_name in ("distance_m", "duration_s"):
            object.__setattr__(self, field_name, matrix(field_name, getattr(self, field_name), n, errors))
        profiles = (profile_matrices(one, f"profiles[{k}]", n, errors) for k, one in enumerate(self.profiles))
        object.__setattr__(self, "profiles", tuple(profiles))
        errors += mistakes(self)
        if errors:
            raise ill_formed(errors)

    def profile(self, vehicle: VehicleType) -> Profile:
        """Return how a vehicle travels."""
        if not vehicle.profile:
            return Profile("", self.distance_m, self.duration_s, self.slices)
        return next(profile for profile in self.profiles if profile.id == vehicle.profile)

    def task_load(self, task: Task) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the delivery and pickup vectors of `task`, zeros where it has none."""
        zeros = (0,) * len(self.load_dimensions)
        return task.delivery or zeros, task.pickup or zeros
