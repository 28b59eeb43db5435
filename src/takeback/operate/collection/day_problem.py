"""The routing problem of a day, made of live orders and the site's vehicles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.places import Place
from takeback.core.problem import Problem
from takeback.operate.distances import Travel, travel
from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Task, VehicleType, Window

SERVICE_S = 15 * 60  # a stop: papers, strapping, loading (assumption)
SERVICE_PER_ITEM_S = 4 * 60
MUST = 50_000_000  # minor units: what leaving an order on the last day of its window costs, so that it never pays
PATIENCE = 0.25
"""An order that may wait is left for another day when it costs more than this share of a round trip of its own: then a
later day, with a neighbour on the way, is likely to fetch it for less."""
_VEHICLES = sa.text("select * from vehicle where site_id = :site order by code")


def day_problem(
    connection: sa.Connection, depot: sa.Row[Any], orders: Sequence[sa.Row[Any]], midnight: datetime
) -> tuple[CollectionProblem, str]:
    """Return the problem of the orders of a day, and where its distances come from.

    Raises
    ------
    Problem
        ``collection.no-vehicles``, ``collection.no-place``.
    """
    vehicles = connection.execute(_VEHICLES, {"site": depot.id}).all()
    if not vehicles:
        raise Problem(
            "collection.no-vehicles",
            msg("The site has no vehicles."),
            where=depot.code,
            remedy=msg("Enter its vehicles first."),
        )
    if depot.lat is None:
        raise Problem(
            "collection.no-place",
            msg("The site has no coordinates."),
            where=depot.code,
            remedy=msg("Enter where it is."),
        )
    places = [Place(depot.lat, depot.lon), *(Place(o.lat, o.lon) for o in orders)]
    way = travel(places)
    locations = [
        Location(depot.code, depot.lat, depot.lon),
        *(Location(o.number, o.lat, o.lon) for o in orders),
    ]
    problem = CollectionProblem(
        locations=tuple(locations),
        distance_m=way.distance_m,
        duration_s=way.duration_s,
        tasks=tuple(
            _task(order, place, midnight, _own_trip(way, vehicles, place))
            for place, order in enumerate(orders, start=1)
        ),
        depots=(Depot(depot.code, 0),),
        vehicle_types=tuple(_vehicle(row) for row in vehicles),
        load_dimensions=("kg",),
    )
    return problem, way.provenance


def _own_trip(way: Travel, vehicles: Sequence[sa.Row[Any]], place: int) -> float:
    """Return what driving to a place and back costs, in minor units, by the cheapest kilometre."""
    metres = int(way.distance_m[0, place] + way.distance_m[place, 0])
    return metres / 1000 * float(min(row.cost_per_km for row in vehicles))


def _task(order: sa.Row[Any], place: int, midnight: datetime, own_trip: float) -> Task:
    last_day = order.window_end is None or order.window_end < midnight + timedelta(days=1)
    return Task(
        id=order.number,
        location=place,
        pickup=(-(-int(order.mass_g) // 1000),),
        windows=_windows(order, midnight),
        service_s=SERVICE_S + SERVICE_PER_ITEM_S * order.items,
        prize=MUST if last_day else 1 + round(PATIENCE * own_trip),
    )


def _windows(order: sa.Row[Any], midnight: datetime) -> tuple[Window, ...]:
    """Return the hours of the day promised; an order late already may be fetched at any hour."""
    if order.window_begin is None or order.window_end is None:
        return ()
    begin, end = (
        order.window_begin.astimezone(midnight.tzinfo),
        order.window_end.astimezone(midnight.tzinfo),
    )
    first, last = (moment.hour * 3600 + moment.minute * 60 for moment in (begin, end))
    return (Window(first, last),) if first < last else ()


def _vehicle(row: sa.Row[Any]) -> VehicleType:
    return VehicleType(
        id=row.code,
        count=row._mapping["count"],
        capacity=(row.capacity_kg,),
        shift=Window(row.shift_begin_s, row.shift_end_s),
        cost_fixed=row.cost_fixed,
        cost_per_km=row.cost_per_km,
        cost_per_hour=row.cost_per_hour,
    )
