"""What a sequence of visits runs into."""

from __future__ import annotations

from enum import Enum


class Limit(Enum):
    """The rules of one route. What comes later in this order is met later: the vehicle came nearer to its goal."""

    VEHICLE = "vehicle"  # `only`, `never`
    GOODS = "goods"  # a class that the vehicle does not carry
    STARTED = "started"  # another vehicle's task, or not the stops that the route has begun with
    ALTERNATIVES = "alternatives"  # two tasks of one group, or a task twice
    RELATION = "relation"  # `first` is not served earlier on the route
    SITE = "site"  # a site that the vehicle may not visit
    RELOADS = "reloads"  # more visits to sites than allowed
    APART = "apart"  # classes that may not be together on a trip
    SUPPLY = "supply"  # deliveries on a trip that begins where nothing comes aboard
    LOAD = "load"
    COMPARTMENTS = "compartments"
    UNLOADING = "unloading"  # comes back loaded to a depot where nothing may be unloaded
    INTAKE = "intake"  # this route alone brings more than a site or depot takes
    WINDOW = "window"
    ZONE = "zone"
    BREAK = "break"
    SHIFT = "shift"
    DURATION = "duration"
    DISTANCE = "distance"


def never() -> bool:
    """Return False: there is time enough."""
    return False
