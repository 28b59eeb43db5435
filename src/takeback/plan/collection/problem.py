"""What a day of collection is: places, tasks, depots and vehicles.

The vehicle routing problem with simultaneous pickup and delivery and time windows (VRPSPDTW: Dethloff 2001;
Liu, Tang, Yao 2021), with a mixed fleet, several load dimensions, alternative windows and optional tasks.
Whether the day can be served at all is asked in `explain`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from takeback.core.message import Message, msg
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
      others.
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
        for field_name in ("distance_m", "duration_s"):
            matrix = _matrix(field_name, getattr(self, field_name), len(self.locations), errors)
            object.__setattr__(self, field_name, matrix)
        errors += _unknown_or_twice(self)
        errors += _bad_numbers(self)
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


def ill_formed(errors: Sequence[Problem]) -> Problem:
    """Return the one problem that sums up `errors`; a single one stands for itself."""
    if len(errors) == 1:
        return errors[0]
    return Problem(
        "collection.ill-formed",
        msg("The collection problem has {count} mistakes", count=len(errors)),
        errors=errors,
    )


def _matrix(name: str, given: npt.ArrayLike, n: int, errors: list[Problem]) -> Matrix:
    """Return `given` as a read-only (n, n) integer matrix; what is wrong with it goes into `errors`."""
    try:
        values = np.array(given, dtype=np.float64)  # exact up to 2^53; None becomes nan
    except (TypeError, ValueError):
        errors.append(_flaw(name, "ragged", name, None, msg("rows of equal length, numbers only")))
        return np.zeros((n, n), dtype=np.int64)
    if values.shape != (n, n):
        shape = " x ".join(map(str, values.shape))
        errors.append(_flaw(name, "shape", name, shape, msg("{n} x {n}, one row a location", n=n)))
        return np.zeros((n, n), dtype=np.int64)
    for kind, wrong, expected in (
        ("hole", ~np.isfinite(values), msg("a number for every pair of locations")),
        ("negative", values < 0, msg("0 or more")),
        ("fraction", np.rint(values) != values, msg("a whole number")),
        ("too-large", values > LARGEST, msg("at most {largest}", largest=LARGEST)),
        ("diagonal", (np.eye(n) > 0) & (values > 0), msg("0 from a location to itself")),
    ):
        if wrong.any():
            i, j = (int(k[0]) for k in np.nonzero(wrong))
            errors.append(_flaw(name, kind, f"{name}[{i}, {j}]", float(values[i, j]), expected))
            return np.zeros((n, n), dtype=np.int64)
    matrix = values.astype(np.int64)
    matrix.flags.writeable = False
    return matrix


def _flaw(name: str, kind: str, where: str, found: object, expected: Message) -> Problem:
    return Problem(
        f"collection.matrix-{kind}",
        msg("The matrix {name} is not a complete table of travel between the locations", name=name),
        where=where,
        found=found,
        expected=expected,
    )


def _unknown_or_twice(problem: CollectionProblem) -> list[Problem]:
    """Return an error for each id given twice and each index that points nowhere."""
    errors: list[Problem] = []
    for kind, ids in (
        ("locations", [location.id for location in problem.locations]),
        ("tasks", [task.id for task in problem.tasks]),
        ("depots", [depot.id for depot in problem.depots]),
        ("vehicle_types", [vehicle.id for vehicle in problem.vehicle_types]),
    ):
        first = {name: k for k, name in reversed(list(enumerate(ids)))}
        errors += [
            _wrong(f"{kind}[{k}].id", name, msg("an id that no other one of its kind has"))
            for k, name in enumerate(ids)
            if first[name] != k
        ]
    n, d = len(problem.locations), len(problem.depots)
    pointers = [(f"tasks[{k}].location", task.location, n) for k, task in enumerate(problem.tasks)]
    pointers += [(f"depots[{k}].location", depot.location, n) for k, depot in enumerate(problem.depots)]
    for k, vehicle in enumerate(problem.vehicle_types):
        pointers.append((f"vehicle_types[{k}].start_depot", vehicle.start_depot, d))
        pointers.append((f"vehicle_types[{k}].end_depot", vehicle.last_depot, d))
    return errors + [
        _wrong(where, index, msg("an index from 0 to {last}", last=size - 1))
        for where, index, size in pointers
        if not 0 <= index < size
    ]


def _bad_numbers(problem: CollectionProblem) -> list[Problem]:
    """Return an error for each load vector of the wrong length, negative amount and impossible window."""
    errors: list[Problem] = []
    dims = len(problem.load_dimensions)
    for k, task in enumerate(problem.tasks):
        where = f"tasks[{k}]"
        errors += _bad_vector(f"{where}.delivery", task.delivery, dims, may_be_empty=True)
        errors += _bad_vector(f"{where}.pickup", task.pickup, dims, may_be_empty=True)
        errors += _negatives(where, service_s=task.service_s, prize=task.prize)
        for w, window in enumerate(task.windows):
            errors += _bad_window(f"{where}.windows[{w}]", window)
    for k, depot in enumerate(problem.depots):
        if depot.window is not None:
            errors += _bad_window(f"depots[{k}].window", depot.window)
    for k, vehicle in enumerate(problem.vehicle_types):
        where = f"vehicle_types[{k}]"
        errors += _bad_vector(f"{where}.capacity", vehicle.capacity, dims, may_be_empty=False)
        errors += _bad_window(f"{where}.shift", vehicle.shift)
        errors += _negatives(
            where,
            count=vehicle.count,
            max_duration_s=vehicle.max_duration_s,
            max_distance_m=vehicle.max_distance_m,
            cost_fixed=vehicle.cost_fixed,
            cost_per_km=vehicle.cost_per_km,
            cost_per_hour=vehicle.cost_per_hour,
        )
    return errors


def _bad_vector(where: str, vector: tuple[int, ...], dims: int, *, may_be_empty: bool) -> list[Problem]:
    if may_be_empty and not vector:
        return []
    if len(vector) != dims:
        expected = msg("{dims} numbers, one for each load dimension", dims=dims)
        return [_wrong(where, list(vector), expected)]
    return [_wrong(f"{where}[{k}]", v, msg("0 or more")) for k, v in enumerate(vector) if v < 0]


def _bad_window(where: str, window: Window) -> list[Problem]:
    if 0 <= window.start_s <= window.end_s:
        return []
    return [_wrong(where, list(window), msg("a start of 0 or more and an end that is not before it"))]


def _negatives(where: str, **numbers: int | None) -> list[Problem]:
    return [
        _wrong(f"{where}.{name}", value, msg("0 or more"))
        for name, value in numbers.items()
        if value is not None and value < 0
    ]


def _wrong(where: str, found: object, expected: Message) -> Problem:
    return Problem(
        "collection.bad-value",
        msg("A value of the collection problem makes no sense"),
        where=where,
        found=found,
        expected=expected,
    )
