"""The routing problem of a day, made of live orders and the site's vehicles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.collection.calls import Call
from takeback.operate.collection.options import AS_IT_IS, PlanningOptions
from takeback.operate.collection.ways import ways
from takeback.operate.collection.zones import zones_of
from takeback.operate.distances import Travel
from takeback.operate.words import DAMAGED, GOODS
from takeback.plan.collection.parts import Pause
from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Task, VehicleType, Window

SERVICE_S = 15 * 60  # a stop: papers, strapping, loading (assumption)
SERVICE_PER_ITEM_S = 4 * 60
MUST = 50_000_000  # minor units: what leaving an order on the last day of its window costs, so that it never pays
PATIENCE = 0.25
"""An order that may wait is left for another day when it costs more than this share of a round trip of its own: then a
later day, with a neighbour on the way, is likely to fetch it for less."""
KG, PLACES = "kg", "pallet places"
_VEHICLES = sa.text("select * from vehicle where site_id = :site order by code")
_SITE = sa.text("select id, code, name, name_zh, lat, lon from site where id = :site")


def depot_of(connection: sa.Connection, site: UUID) -> sa.Row[Any]:
    """Return a site as the depot of its vehicles.

    Raises
    ------
    Problem
        ``collection.no-site`` (404), ``collection.no-place``.
    """
    depot = connection.execute(_SITE, {"site": site}).one_or_none()
    if depot is None:
        raise Problem("collection.no-site", msg("There is no such site."), found=site, status=404)
    if depot.lat is None:
        title, remedy = msg("The site has no coordinates."), msg("Enter where it is.")
        raise Problem("collection.no-place", title, where=depot.code, remedy=remedy)
    return depot


def fleet_of(connection: sa.Connection, depot: sa.Row[Any]) -> Sequence[sa.Row[Any]]:
    """Return the vehicles of a site as they are registered; ``collection.no-vehicles`` when there are none."""
    vehicles = connection.execute(_VEHICLES, {"site": depot.id}).all()
    if not vehicles:
        title, remedy = msg("The site has no vehicles."), msg("Enter its vehicles first.")
        raise Problem("collection.no-vehicles", title, where=depot.code, remedy=remedy)
    return vehicles


def day_problem(
    connection: sa.Connection,
    depot: sa.Row[Any],
    calls: Sequence[Call],
    midnight: datetime,
    options: PlanningOptions = AS_IT_IS,
) -> tuple[CollectionProblem, str]:
    """Return the problem of the calls of a day, and where its distances come from.

    Load is counted in kilograms, and in pallet places where all vehicles of the site say how many they have. Goods have
    classes where one vehicle may not carry all of them, or damaged batteries must be kept apart.

    Raises
    ------
    Problem
        ``collection.no-vehicles``, ``collection.no-vehicle`` for a code that is none.
    """
    vehicles = fleet_of(connection, depot)
    way = ways([Location(depot.code, depot.lat, depot.lon), *(call.place for call in calls)])
    places = (
        Location(depot.code, depot.lat, depot.lon),
        *(Location(call.task, call.lat, call.lon) for call in calls),
    )
    classes, dimensions = classes_of(vehicles, calls), dimensions_of(vehicles)
    problem = CollectionProblem(
        locations=places,
        distance_m=way.distance_m,
        duration_s=way.duration_s,
        tasks=tuple(
            task_of(call, place, midnight, dimensions, classes, prize_of(call, midnight, options, way, vehicles, place))
            for place, call in enumerate(calls, start=1)
        ),
        depots=(Depot(depot.code, 0),),
        vehicle_types=tuple(
            vehicle_of(row, dimensions, classes, count)
            for row, count in zip(vehicles, counts_of(vehicles, options), strict=True)
        ),
        load_dimensions=dimensions,
        apart=apart_of(classes),
        zones=zones_of(connection, places, 1, {row.code: (row.code,) for row in vehicles}),
    )
    return problem, way.provenance


def classes_of(vehicles: Sequence[sa.Row[Any]], calls: Sequence[Call]) -> tuple[str, ...]:
    """Return the classes of goods of a day; empty where nothing hangs on them."""
    classes = sorted({call.goods for call in calls})
    told = DAMAGED in classes or any(row.carries is not None for row in vehicles)
    return tuple(classes) if told else ()


def apart_of(classes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the classes of goods that never go together: damaged batteries with any other."""
    return tuple((DAMAGED, other) for other in classes if other != DAMAGED and DAMAGED in classes)


def dimensions_of(vehicles: Sequence[sa.Row[Any]]) -> tuple[str, ...]:
    """Return what load is counted in."""
    return (KG, PLACES) if all(row.pallet_places is not None for row in vehicles) else (KG,)


def load_of(call: Call, dimensions: Sequence[str]) -> tuple[int, ...]:
    """Return what a call weighs, rounded up to whole kilograms, and the pallet places that it takes."""
    return (-(-call.mass_g // 1000), call.places)[: len(dimensions)]


def prize_of(
    call: Call,
    midnight: datetime,
    options: PlanningOptions,
    way: Travel,
    vehicles: Sequence[sa.Row[Any]],
    place: int,
) -> int:
    """Return what leaving a call for another day costs (minor units), by the days that it has left."""
    last_day = call.window_end is None or call.window_end < midnight + timedelta(days=1)
    if last_day or options.everything or call.number in options.must:
        return MUST
    metres = int(way.distance_m[0, place] + way.distance_m[place, 0])
    own_trip = metres / 1000 * float(min(row.cost_per_km for row in vehicles))
    return 1 + round(PATIENCE * own_trip)


def task_of(
    call: Call, place: int, midnight: datetime, dimensions: Sequence[str], classes: Sequence[str], prize: int
) -> Task:
    """Return the task of a call at the place (index) where it is."""
    return Task(
        id=call.task,
        location=place,
        pickup=load_of(call, dimensions),
        windows=_windows(call, midnight),
        service_s=SERVICE_S + SERVICE_PER_ITEM_S * call.items,
        prize=prize,
        goods=call.goods if classes else "",
    )


def _windows(call: Call, midnight: datetime) -> tuple[Window, ...]:
    """Return the hours of the day promised, of several days the same on each.

    Hours that pass midnight are one span: not before it begins, not after it ends; once it has ended, any hour will do.
    """
    if call.window_begin is None or call.window_end is None:
        return ()
    begin, end = (call.window_begin.astimezone(midnight.tzinfo), call.window_end.astimezone(midnight.tzinfo))
    first, last = (moment.hour * 3600 + moment.minute * 60 for moment in (begin, end))
    if first < last:
        return (Window(first, last),)
    first, last = (round((moment - midnight).total_seconds()) for moment in (begin, end))
    return (Window(max(0, first), last),) if last > max(0, first) else ()


def vehicle_of(row: sa.Row[Any], dimensions: Sequence[str], classes: Sequence[str], count: int) -> VehicleType:
    """Return a vehicle as it is registered. Without equipment and certificate it carries no damaged batteries."""
    allowed = set(GOODS if row.carries is None else row.carries) - (set() if row.adr else {DAMAGED})
    return VehicleType(
        id=row.code,
        count=count,
        capacity=(row.capacity_kg, row.pallet_places or 0)[: len(dimensions)],
        shift=Window(row.shift_begin_s, row.shift_end_s),
        max_duration_s=row.max_duration_s,
        cost_fixed=row.cost_fixed,
        cost_per_km=row.cost_per_km,
        cost_per_hour=row.cost_per_hour,
        max_overtime_s=row.max_overtime_s if row.max_duration_s is not None else 0,
        cost_per_overtime_hour=row.cost_per_overtime_hour,
        breaks=tuple(Pause(one["start_s"], one["end_s"], one["duration_s"]) for one in row.breaks),
        carries=tuple(sorted(allowed & set(classes))) if classes else None,
        co2_g_per_km=row.co2_g_per_km,
    )


def counts_of(vehicles: Sequence[sa.Row[Any]], options: PlanningOptions) -> list[int]:
    """Return how many vehicles of each type there are that day; ``collection.no-vehicle`` for a code that is none."""
    if unknown := sorted(options.vehicles.keys() - {row.code for row in vehicles}):
        title, expected = msg("The site has no such vehicle."), ", ".join(row.code for row in vehicles)
        raise Problem("collection.no-vehicle", title, where="vehicles", found=unknown[0], expected=expected)
    return [min(row._mapping["count"], options.vehicles.get(row.code, row._mapping["count"])) for row in vehicles]
