"""A plan as it is stored, as the views of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs

from takeback.core.items import item_key
from takeback.core.message import Message, msg
from takeback.web.console.formats import money_of
from takeback.web.console.phrases import phrase
from takeback.web.console.views import CostPart, Rest, Route, Stop, Text, Unserved
from takeback.web.frame import Frame

KG_CO2_PER_KM = 0.62  # where a plan does not say: rigid lorry of 7.5 to 12 t, average load (near DEFRA 2024)
_KINDS = {"fixed": "vehicle", "distance": "distance", "time": "time", "overtime": "overtime"}
"""Kinds of cost in a plan -> their names in the console, in the order in which they are shown."""
_AMOUNT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?: [A-Z]{3})?$")
_STRAIGHT = re.compile(r"haversine x ([\d.]+), (\d+) km/h")


def midnight_of(plan: Mapping[str, Any], zone: str) -> datetime:
    """Return the moment from which a plan counts its seconds."""
    return datetime.combine(plan["day"], time(), ZoneInfo(zone))


def routes_of(around: Frame, plan: Mapping[str, Any]) -> tuple[Route, ...]:
    """Return the routes of a plan, numbered from 1 in its order."""
    midnight = midnight_of(plan, around.shell.timezone)
    return tuple(_route(around, plan, route, number, midnight) for number, route in enumerate(plan["routes"], 1))


def _route(around: Frame, plan: Mapping[str, Any], route: Mapping[str, Any], number: int, midnight: datetime) -> Route:
    def at(seconds: int) -> datetime:
        return midnight + timedelta(seconds=seconds)

    depot = depot_of(around, plan)
    calls = tuple(joined([_call(around, stop, midnight) for stop in route["stops"]]))
    load = calls[-1].load_kg if calls else 0.0
    begin = Stop(**depot, arrive=at(route["departure_s"]), leave=at(route["departure_s"]))
    end = Stop(**depot, arrive=at(route["return_s"]), leave=at(route["return_s"]), mass_kg=-load)
    km = route["distance_m"] / 1000
    return Route(
        number=number,
        vehicle=vehicle_name(route),
        capacity_kg=route["capacity_kg"],
        capacity_places=route.get("capacity_places"),
        km=km,
        stops=(begin, *calls, end),
        cost=around.money(route["cost_minor"]) if "cost_minor" in route else None,
        parts=cost_parts(around, route.get("cost_split") or {}),
        co2_kg=route["co2_g"] / 1000 if "co2_g" in route else km * KG_CO2_PER_KM,
        rests=tuple(Rest(begin=at(rest[1]), end=at(rest[2])) for rest in route.get("breaks", ())),
    )


def depot_of(around: Frame, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a route's first and last stop have in common."""
    name = around.name(plan["site"], plan["site_zh"])
    return {"name": name, "lat": plan["lat"], "lon": plan["lon"], "kind": "depot"}


def vehicle_name(route: Mapping[str, Any]) -> Text:
    """Return what people call the vehicle of a route."""
    return phrase(f"{route['vehicle']} {route['number']}")


def cost_parts(around: Frame, split: Mapping[str, int]) -> tuple[CostPart, ...]:
    """Return the parts of a cost that there are."""
    return tuple(
        CostPart(kind=name, amount=around.money(split[kind])) for kind, name in _KINDS.items() if split.get(kind)
    )


def _call(around: Frame, stop: Mapping[str, Any], midnight: datetime) -> Stop:
    def at(seconds: int) -> datetime:
        return midnight + timedelta(seconds=seconds)

    window = stop.get("window")
    start = stop.get("start_s", max(stop["arrival_s"], window[0]) if window else stop["arrival_s"])
    return Stop(
        name=around.name(stop["name"], stop["name_zh"]),
        lat=stop["lat"],
        lon=stop["lon"],
        kind="pickup",
        arrive=at(stop["arrival_s"]),
        begin=at(start),
        leave=at(stop["departure_s"]),
        mass_kg=stop["pickup_kg"],
        load_kg=stop["load_kg"],
        load_places=stop.get("load_places"),
        items=len(stop["items"]),
        opens=at(window[0]) if window else None,
        closes=at(window[1]) if window else None,
        orders=(stop["order"],),
        things=tuple(f"{item_key(epc):016x}" for epc in stop["items"]),
    )


def joined(calls: Sequence[Stop]) -> Iterator[Stop]:
    """Yield the stops of a route, what is fetched at one place in one visit as one of them."""
    for _, visit in groupby(calls, key=lambda stop: (stop.name, stop.lat, stop.lon)):
        parts = list(visit)
        yield structs.replace(
            parts[-1],
            arrive=parts[0].arrive,
            begin=parts[0].begin,
            mass_kg=sum(part.mass_kg for part in parts),
            items=sum(part.items for part in parts),
            opens=max((part.opens for part in parts if part.opens), default=None),
            closes=min((part.closes for part in parts if part.closes), default=None),
            orders=tuple(dict.fromkeys(order for part in parts for order in part.orders)),
            things=tuple(thing for part in parts for thing in part.things),
        )


def unserved_of(around: Frame, plan: Mapping[str, Any]) -> tuple[Unserved, ...]:
    """Return what a plan leaves, with the reason."""
    return tuple(
        Unserved(
            name=left["order"],
            place=around.name(left["name"], left["name_zh"]) if "name" in left else "",
            reason=_reason(around, left),
        )
        for left in plan["unserved"]
    )


def _reason(around: Frame, said: Mapping[str, Any]) -> Message:
    """Return a message that is stored, those within it, too."""
    params = _amounts(around, said["params"])
    return Message(said["msgid"], {name: _value(around, value) for name, value in params.items()})


def _value(around: Frame, value: object) -> object:
    if isinstance(value, dict) and value.keys() == {"msgid", "params"}:
        return _reason(around, value)
    return value


def _amounts(around: Frame, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a reason says with its amounts as money: the planner writes them as numbers of yuan, euros, …"""
    amounts = {name for name in ("extra", "prize") if _AMOUNT.match(str(params.get(name, "")))}
    return {**params, **{name: money_of(float(str(params[name]).split()[0]), around.currency) for name in amounts}}


def provenance_of(plan: Mapping[str, Any]) -> Text:
    """Return where the distances of a plan come from, in words."""
    said = str(plan.get("provenance") or "")
    if found := _STRAIGHT.search(said):
        return msg("straight line x {factor}, {speed} km/h: an estimate", factor=found[1], speed=found[2])
    return said
