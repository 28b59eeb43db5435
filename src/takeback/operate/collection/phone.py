"""What a driver's phone may do with the token of its route: see the route, and confirm its stops."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from takeback import store
from takeback.operate import clock
from takeback.operate.collection.accepting import plan_to_drive
from takeback.operate.collection.confirmations import ConfirmedStop, confirmed_stops
from takeback.operate.collection.confirming import Confirmation, confirm
from takeback.operate.collection.dispatching import DispatchedRoute, dispatched, dispatched_route
from takeback.operate.collection.progress import followed_routes, standing
from takeback.operate.collection.tokens import driver_of
from takeback.operate.identity.organisations import organisation


class PhoneItem(msgspec.Struct, frozen=True, kw_only=True):
    """A thing to be collected; `collected`: it was."""

    epc: str
    code: str
    product: str
    product_zh: str
    mass_g: int
    collected: bool


class PhoneStop(msgspec.Struct, frozen=True, kw_only=True):
    """A stop as the driver sees it; `stop` is the name to confirm it by, `expected` when one should be there."""

    stop: str
    order: str
    name: str
    name_zh: str
    lat: float
    lon: float
    goods: str
    promised_from: datetime | None
    promised_until: datetime | None
    planned: datetime
    expected: datetime
    late: bool
    mass_kg: int
    items: list[PhoneItem]
    confirmed: ConfirmedStop | None


class PhoneRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route as the driver's phone shows it: stops in the order to be driven, the confirmed ones first."""

    route_id: UUID
    plan_id: UUID
    organisation: str
    organisation_zh: str
    site: str
    site_zh: str
    lat: float
    lon: float
    day: date
    time_zone: str
    vehicle: str
    number: int
    driver: str | None
    plate: str | None
    broken: bool
    departure: datetime
    expected_return: datetime
    distance_m: int
    capacity_kg: int
    expires_at: datetime | None
    stops: list[PhoneStop]


_ITEMS = sa.text(
    """
    select i.epc, i.code, p.name as product, p.name_zh as product_zh, i.mass_g, i.stage <> 'ordered' as collected
    from item i join product p on p.id = i.product_id where i.epc = any(:epcs) order by i.key
    """
)


def route_for(token: str) -> PhoneRoute:
    """Return the route of a token as it goes now; ``collection.bad-route-token`` (404) for a token worth nothing."""
    driver = driver_of(token)
    with store.transaction(driver.org_id) as connection:
        return _route(connection, driver.org_id, driver.route_id)


def confirm_stop(token: str, said: Confirmation) -> ConfirmedStop:
    """Record what the driver says of a stop of his route; sent twice, it is recorded once. See `confirming.confirm`.

    Raises
    ------
    Problem
        ``collection.bad-route-token`` (404), and those of `confirm`.
    """
    driver = driver_of(token)
    with store.transaction(driver.org_id) as connection:
        return confirm(connection, driver, driver.route_id, said)


def _route(connection: sa.Connection, org: UUID, route_id: UUID) -> PhoneRoute:
    line = dispatched_route(connection, route_id, names=True)
    plan, home = plan_to_drive(connection, line.site_id, line.day), organisation(connection, org)
    midnight = datetime.combine(line.day, time(), ZoneInfo(home.time_zone))
    lines = {(one.vehicle, one.number): one for one in dispatched(connection, line.site_id, line.day)}
    said = standing(plan, lines, confirmed_stops(connection, line.site_id, line.day))
    around = {
        "route_id": route_id,
        "plan_id": plan["id"],
        "organisation": home.name,
        "organisation_zh": home.name_zh,
        "site": plan["site"],
        "site_zh": plan["site_zh"],
        "lat": plan["lat"],
        "lon": plan["lon"],
        "time_zone": home.time_zone,
        "broken": line.broken_at is not None,
        **{name: getattr(line, name) for name in ("day", "vehicle", "number", "driver", "plate", "expires_at")},
    }
    for followed in followed_routes(plan, lines, said, midnight, clock.now(connection, org)):
        if (followed.route["vehicle"], followed.route["number"]) != (line.vehicle, line.number):
            continue
        things = _things(connection, [epc for one in followed.stops for epc in one.stop["items"]])
        return PhoneRoute(
            **around,
            departure=midnight + timedelta(seconds=followed.departure_s),
            expected_return=midnight + timedelta(seconds=followed.return_s),
            distance_m=followed.route["distance_m"],
            capacity_kg=followed.route["capacity_kg"],
            stops=[_stop(one, things, said, midnight) for one in followed.stops],
        )
    return _empty(around, line, midnight)


def _empty(around: dict[str, Any], line: DispatchedRoute, midnight: datetime) -> PhoneRoute:
    """Return a route that has no stop any more."""
    return PhoneRoute(
        **around, departure=line.dispatched_at, expected_return=midnight, distance_m=0, capacity_kg=0, stops=[]
    )


def _stop(
    one: Any, things: Mapping[str, PhoneItem], said: Mapping[str, ConfirmedStop], midnight: datetime
) -> PhoneStop:
    stop = one.stop
    window = stop.get("window")
    return PhoneStop(
        stop=stop["task"],
        order=stop["order"],
        name=stop["name"],
        name_zh=stop["name_zh"],
        lat=stop["lat"],
        lon=stop["lon"],
        goods=stop.get("goods", ""),
        promised_from=midnight + timedelta(seconds=window[0]) if window else None,
        promised_until=midnight + timedelta(seconds=window[1]) if window else None,
        planned=midnight + timedelta(seconds=stop["arrival_s"]),
        expected=midnight + timedelta(seconds=one.arrival_s),
        late=one.late,
        mass_kg=stop["pickup_kg"],
        items=[things[epc] for epc in stop["items"] if epc in things],
        confirmed=said.get(stop["task"]),
    )


def _things(connection: sa.Connection, epcs: list[str]) -> dict[str, PhoneItem]:
    return {row.epc: PhoneItem(**row._mapping) for row in connection.execute(_ITEMS, {"epcs": epcs})}
