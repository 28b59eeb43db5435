"""Waste collection over several days with intermediate facilities (Taverna, Tilk: pvrpif-instances)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
import numpy as np

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.collection.formats.loads import dimension, in_units, load_units
from takeback.plan.collection.formats.reading import MOST_NODES, Floats, Measure, Reading, Table
from takeback.plan.collection.formats.refusal import refusal
from takeback.plan.collection.formats.schemes import Day, choose
from takeback.plan.collection.problem import (
    CollectionProblem,
    Depot,
    Location,
    Site,
    Task,
    VehicleType,
    Window,
)

NAME = "PVRPIF"
DAY, MINUTE = 86_400, 60
MOST_DAYS, MOST_VEHICLES, LARGEST, LEAST = 31, 1_000, 1e6, 1e-6
DAYS_CHOSEN = msg("Customers with several visits have their days chosen beforehand; the search does not change them")


class _Info(msgspec.Struct, rename="camel"):
    num_vehicles: int
    max_duration: float
    max_capacity: float
    planning_horizon: int


class _Properties(msgspec.Struct):
    id: int
    type: Literal["depot", "customer", "intermediateFacility"]
    frequency: float = 0.0
    demand: float = 0.0
    service: float = 0.0


class _Geometry(msgspec.Struct):
    coordinates: tuple[float, float]


class _Feature(msgspec.Struct):
    properties: _Properties
    geometry: _Geometry | None = None


class _File(msgspec.Struct):
    info: _Info
    features: list[_Feature]
    duration: list[list[float]]


def read_pvrpif(text: str, schemes: Mapping[str, Sequence[int]] | None = None) -> Reading:
    """Return the problem of a GeoJSON file: visits of customers on several days, facilities on the way, minutes.

    Each day has its own vehicle type, each visit its own task (`7 day 2`). A customer of one visit has a task a day, of
    which one is made. One of several visits goes by a scheme, days at equal distances (of 4 days: the first and
    third, or the second and fourth): `schemes` gives its days, from 0, by customer; without any, neighbours get the
    same days as far as no day has too much (see `schemes.choose`). Vehicles come back empty. The objective is the
    minutes of travel, one minor unit each. Raises `Problem` naming the path.
    """
    file = _decoded(text)
    horizon = file.info.planning_horizon
    n = len(file.features)
    minutes = _minutes(file, n)
    depot, customers, facilities = _by_type(file)
    units = load_units([file.info.max_capacity, *(one.demand for one in customers)], "$.features", name=NAME)
    visits = _visits(file, minutes, customers, schemes or {})
    known = len({tuple(feature.geometry.coordinates) for feature in file.features if feature.geometry}) > 1
    vehicles = tuple(
        VehicleType(
            id=f"day {day + 1}",
            count=file.info.num_vehicles,
            capacity=in_units([file.info.max_capacity], units),
            shift=Window(day * DAY, day * DAY + DAY - 1),
            max_duration_s=int(file.info.max_duration * MINUTE),
            cost_per_km=1_000,
            most_reloads=len(customers),
        )
        for day in range(horizon)
    )
    problem = CollectionProblem(
        locations=tuple(_location(feature, known) for feature in file.features),
        distance_m=minutes.astype(np.int64),
        duration_s=np.rint(minutes * MINUTE).astype(np.int64),
        tasks=tuple(_task(one, day, days, units) for one in customers for days in [visits[one.id]] for day in days),
        depots=(Depot(str(depot.id), depot.id, takes_load=False),),
        vehicle_types=vehicles,
        load_dimensions=(dimension(units),),
        sites=tuple(Site(str(one.id), one.id, service_s=round(one.service * MINUTE)) for one in facilities),
    )
    several = any(1 < one.frequency < horizon for one in customers) and schemes is None
    notes: tuple[Message, ...] = (DAYS_CHOSEN,) if several else ()
    return Reading(problem, NAME, Measure(Table(minutes)), vehicles_max=file.info.num_vehicles * horizon, notes=notes)


def _decoded(text: str) -> _File:
    try:
        file = msgspec.json.decode(text, type=_File)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise refusal("$", str(error), msg("a GeoJSON file with info, features and duration"), name=NAME) from error
    info = file.info
    for field, value, most in (
        ("planningHorizon", info.planning_horizon, MOST_DAYS),
        ("numVehicles", info.num_vehicles, MOST_VEHICLES),
        ("maxDuration", info.max_duration, DAY // MINUTE),
        ("maxCapacity", info.max_capacity, LARGEST),
    ):
        if not LEAST <= value <= most:
            raise _wrong(f"$.info.{field}", value, msg("above 0, at most {most}", most=most))
    return file


def _by_type(file: _File) -> tuple[_Properties, list[_Properties], list[_Properties]]:
    for k, feature in enumerate(file.features):
        one = feature.properties
        if one.id != k:
            raise _wrong(f"$.features[{k}].properties.id", one.id, msg("{number}, the place in the list", number=k))
        for field, value in (("demand", one.demand), ("service", one.service)):
            if not 0 <= value <= LARGEST:
                raise _wrong(f"$.features[{k}].properties.{field}", value, msg("0 or more"))
    kinds = {
        kind: [feature.properties for feature in file.features if feature.properties.type == kind]
        for kind in ("depot", "customer", "intermediateFacility")
    }
    if len(kinds["depot"]) != 1:
        raise _wrong("$.features", msg("{count} depots", count=len(kinds["depot"])), msg("one depot"))
    return kinds["depot"][0], kinds["customer"], kinds["intermediateFacility"]


def _minutes(file: _File, n: int) -> Floats:
    if n > MOST_NODES:
        raise _wrong("$.features", n, msg("at most {most}", most=MOST_NODES))
    if len(file.duration) != n or any(len(row) != n for row in file.duration):
        raise _wrong(
            "$.duration", msg("{rows} rows", rows=len(file.duration)), msg("{n} x {n}, one row a location", n=n)
        )
    minutes = np.array(file.duration, dtype=np.float64)
    if not np.all((minutes >= 0) & (minutes <= LARGEST) & (minutes == np.rint(minutes))):
        row = int(np.nonzero(~((minutes >= 0) & (minutes <= LARGEST) & (minutes == np.rint(minutes))))[0][0])
        raise _wrong(f"$.duration[{row}]", msg("a bad number"), msg("whole minutes, 0 or more"))
    np.fill_diagonal(minutes, 0.0)
    return minutes


def _visits(
    file: _File, minutes: Floats, customers: list[_Properties], given: Mapping[str, Sequence[int]]
) -> dict[int, tuple[int, ...]]:
    """Return the days of each customer; all days where it is visited once, on any of them."""
    horizon = file.info.planning_horizon
    options = {one.id: _options(one, horizon) for one in customers}
    days = {one.id: tuple(range(horizon)) for one in customers}
    for name, chosen in given.items():
        known = options.get(int(name)) if name.isdecimal() else None
        if known is None or len(known[0]) == 1:
            continue
        if tuple(chosen) not in known:
            raise _wrong(f"schemes[{name}]", list(chosen), msg("one of {options}", options=known))
        days[int(name)] = tuple(chosen)
    if given:
        return days
    several = {one: some for one, some in options.items() if len(some[0]) > 1}
    load = {one.id: one.demand for one in customers}
    service = {one.id: one.service for one in customers}
    return days | choose(_day(file, minutes, customers), several, load, service)


def _options(one: _Properties, horizon: int) -> list[tuple[int, ...]]:
    """Return the sets of days at equal distances on which a customer may be visited."""
    times = one.frequency
    if times < 1 or times != int(times) or horizon % int(times):
        expected = msg("a number of visits that divides the {days} days", days=horizon)
        raise _wrong(f"$.features[{one.id}].properties.frequency", times, expected)
    step = horizon // int(times)
    return [tuple(range(first, horizon, step)) for first in range(step)]


def _day(file: _File, minutes: Floats, customers: list[_Properties]) -> Day:
    """Return what each day has; a trip's end takes the way to the nearest facility and back, on average."""
    kinds: dict[str, list[int]] = {feature.properties.type: [] for feature in file.features}
    for feature in file.features:
        kinds[feature.properties.type].append(feature.properties.id)
    places, sites = [one.id for one in customers], kinds.get("intermediateFacility", [])
    ways = minutes[np.ix_(places, sites)].min(axis=1) if places and sites else np.zeros(1)
    info = file.info
    available = info.num_vehicles * info.max_duration
    return Day(minutes, kinds["depot"][0], available, float(ways.mean()), info.max_capacity)


def _task(one: _Properties, day: int, days: tuple[int, ...], units: int) -> Task:
    alternatives = one.frequency == 1 and len(days) > 1
    return Task(
        id=f"{one.id} day {day + 1}",
        location=one.id,
        pickup=in_units([one.demand], units),
        service_s=round(one.service * MINUTE),
        group=str(one.id) if alternatives else "",
        only=(f"day {day + 1}",),
    )


def _location(feature: _Feature, known: bool) -> Location:
    lon, lat = feature.geometry.coordinates if feature.geometry and known else (None, None)
    return Location(str(feature.properties.id), lat, lon)


def _wrong(where: str, found: object, expected: Message) -> Problem:
    return refusal(where, found, expected, name=NAME)
