"""What is asked: points that fill, the days ahead, and the fleet of a day.

Periodic prize-collecting with fill forecasts, as used for the underground containers of Groningen (Wouda et al. 2024,
arXiv 2409.13386): there 251 km a day became 146 at unchanged service.
"""

from __future__ import annotations

from dataclasses import dataclass

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.collection.parts import (
    Depot,
    Loads,
    Location,
    Matrix,
    Profile,
    Site,
    Slice,
    VehicleType,
    Window,
    Zone,
)
from takeback.plan.collection.problem import CollectionProblem, ill_formed

MOST_DAYS = 8  # every set of days is weighed for every point: 2^8


@dataclass(frozen=True, slots=True)
class Point:
    """A bin, locker or consolidation point that fills.

    - `level` now (the morning of the first day), in units of its own (litres, kilograms, pieces), known to `level_sd`.
    - `inflow`, `inflow_sd`: expected inflow of each day of the horizon, its standard deviation; days are independent.
    - `capacity`: above it the point overflows. `overflow_cost`: minor units for each day on which it does.
    - `visit_cost`: what emptying it usually costs, minor units; None = estimated from the map (`costs.usual`).
    - `load`: what a full point puts on the vehicle, one integer for each load dimension.
    - `service_s` of emptying it, within `windows` of the day (empty = at any time).
    - `goods`, `only`, `never`: what it holds and which vehicles may fetch it, as a collection task has them.
    """

    id: str
    location: int
    level: float
    inflow: tuple[float, ...]
    capacity: float
    overflow_cost: int
    level_sd: float = 0.0
    inflow_sd: tuple[float, ...] = ()
    visit_cost: int | None = None
    load: Loads = ()
    service_s: int = 0
    windows: tuple[Window, ...] = ()
    goods: str = ""
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class SelectionProblem:
    """Points, days and fleet. A point is emptied in the morning, before the inflow of that day.

    Objective, minor units: for every point and day, `overflow_cost` x the probability that the point is above its
    capacity that evening; for every point, its visit cost x the share of its capacity that is expected to be full at
    the end of the horizon (at most 1: what a later day will have to do); for every day, the estimated cost of
    fetching the points chosen for it (`search.day_cost`).

    - `days` of the horizon, 1 to 8, the first is 0; nobody drives on `closed_days`.
    - `distance_m`, `duration_s`, `locations`, `depots`, `vehicle_types`, `load_dimensions`, `currency`, `sites`,
      `zones`, `slices`, `profiles`, `apart`: as a collection problem has them. Every vehicle may drive on every day.
      The estimate of a day takes the matrices for all of them and knows no windows, zones or hours: the routing engine
      does.

    Raises `Problem` with every ill-formed part.
    """

    locations: tuple[Location, ...]
    distance_m: Matrix
    duration_s: Matrix
    points: tuple[Point, ...]
    depots: tuple[Depot, ...]
    vehicle_types: tuple[VehicleType, ...]
    days: int
    closed_days: tuple[int, ...] = ()
    load_dimensions: tuple[str, ...] = ()
    currency: str = ""
    sites: tuple[Site, ...] = ()
    zones: tuple[Zone, ...] = ()
    slices: tuple[Slice, ...] = ()
    profiles: tuple[Profile, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        errors = [
            *_bad_horizon(self),
            *(error for k, point in enumerate(self.points) for error in _bad(self, k, point)),
        ]
        if not self.depots or not any(vehicle.count for vehicle in self.vehicle_types):
            errors.append(_wrong("vehicle_types", 0, msg("a depot, and at least one vehicle")))
        seen: set[str] = set()
        for k, point in enumerate(self.points):
            if point.id in seen:
                errors.append(_wrong(f"points[{k}].id", point.id, msg("an id that no other point has")))
            seen.add(point.id)
        if errors:
            raise ill_formed(errors)
        made = self.empty_day()  # checks matrices, depots and vehicles
        object.__setattr__(self, "distance_m", made.distance_m)
        object.__setattr__(self, "duration_s", made.duration_s)

    def empty_day(self) -> CollectionProblem:
        """Return the collection problem of a day on which nothing is fetched."""
        return CollectionProblem(
            locations=self.locations,
            distance_m=self.distance_m,
            duration_s=self.duration_s,
            tasks=(),
            depots=self.depots,
            vehicle_types=self.vehicle_types,
            load_dimensions=self.load_dimensions,
            currency=self.currency,
            sites=self.sites,
            zones=self.zones,
            slices=self.slices,
            profiles=self.profiles,
            apart=self.apart,
        )


def _bad_horizon(problem: SelectionProblem) -> list[Problem]:
    errors = []
    if not 1 <= problem.days <= MOST_DAYS:
        errors.append(_wrong("days", problem.days, msg("1 to {most} days", most=MOST_DAYS)))
    if any(not 0 <= day < problem.days for day in problem.closed_days):
        errors.append(_wrong("closed_days", list(problem.closed_days), msg("days of the horizon, the first is 0")))
    return errors


def _bad(problem: SelectionProblem, k: int, point: Point) -> list[Problem]:
    """Return an error for each value of a point that makes no sense."""
    where = f"points[{k}] ({point.id})"
    errors = []
    if not 0 <= point.location < len(problem.locations):
        errors.append(_wrong(f"{where}.location", point.location, msg("an index of the locations")))
    if len(point.inflow) != problem.days:
        errors.append(_wrong(f"{where}.inflow", len(point.inflow), msg("{days} numbers, one a day", days=problem.days)))
    if point.inflow_sd and len(point.inflow_sd) != problem.days:
        found = len(point.inflow_sd)
        errors.append(_wrong(f"{where}.inflow_sd", found, msg("{days} numbers, one a day", days=problem.days)))
    if not 0 < point.capacity < float("inf"):
        errors.append(_wrong(f"{where}.capacity", point.capacity, msg("above 0")))
    if len(point.load) not in (0, len(problem.load_dimensions)):
        errors.append(_wrong(f"{where}.load", list(point.load), msg("one number for each load dimension")))
    numbers = {"level": point.level, "level_sd": point.level_sd, "overflow_cost": point.overflow_cost}
    numbers |= {"service_s": point.service_s, "visit_cost": point.visit_cost or 0}
    numbers |= {f"inflow[{d}]": value for d, value in enumerate(point.inflow)}
    numbers |= {f"inflow_sd[{d}]": value for d, value in enumerate(point.inflow_sd)}
    numbers |= {f"load[{d}]": value for d, value in enumerate(point.load)}
    return errors + [
        _wrong(f"{where}.{name}", value, msg("0 or more"))
        for name, value in numbers.items()
        if not 0 <= value < float("inf")
    ]


def _wrong(where: str, found: object, expected: Message) -> Problem:
    return Problem(
        "selection.bad-value",
        msg("A value of the selection problem makes no sense"),
        where=where,
        found=found,
        expected=expected,
    )
