"""A route as it is driven: what is done, and when the rest is to be expected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from takeback.operate.collection.ways import ways
from takeback.plan.collection.parts import Location, Matrix

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """When a stop was, or is expected to be: arrival, begin and end of service, seconds since midnight.

    `confirmed`: the end is what the driver said; the rest follows from what service takes.
    """

    stop: Facts
    arrival_s: int
    start_s: int
    departure_s: int
    confirmed: bool

    @property
    def late(self) -> bool:
        """Whether service begins after the end of the hours that were promised."""
        window = self.stop.get("window")
        return window is not None and self.start_s > window[1]


@dataclass(frozen=True, slots=True)
class Followed:
    """A route at a moment: `stops` in the order of their happening, the confirmed ones first; `fixed` of them, from the
    first, can no longer be changed: they are confirmed, or the vehicle is under way to them."""

    route: Facts
    stops: tuple[Expected, ...]
    fixed: int
    departure_s: int
    return_s: int
    started: bool


def follow(
    route: Facts,
    depot: Location,
    confirmed: Mapping[str, int],
    now_s: int,
    *,
    under_way: bool = True,
    until_s: int = 0,
    besides: Sequence[Facts] = (),
    gone: Collection[str] = (),
) -> Followed:
    """Return how a route goes on, from the moments (seconds since midnight) at which tasks were confirmed.

    Between neighbours of the plan it takes what the plan says, breaks on the way included; between others what the
    distance takes. `under_way`: the vehicle was dispatched, so that it left when the plan says. What it heads for by
    `until_s` (or by now) is fixed. `besides`: confirmed stops of other routes that this vehicle made after all; `gone`:
    tasks of this one that another vehicle made.
    """
    planned = [*(stop for stop in route["stops"] if stop["task"] not in gone), *besides]
    visited = sorted((stop for stop in planned if stop["task"] in confirmed), key=lambda s: confirmed[s["task"]])
    open_stops = [stop for stop in planned if stop["task"] not in confirmed]
    departure = min([route["departure_s"], *(_began(s, confirmed[s["task"]]) for s in visited[:1])])
    started = bool(visited) or (under_way and route["departure_s"] <= max(now_s, until_s))
    legs = _Legs(route, depot, besides)
    done = [_confirmed(stop, confirmed[stop["task"]]) for stop in visited]
    clock = confirmed[visited[-1]["task"]] if visited else route["departure_s"]
    here: Facts | None = visited[-1] if visited else None
    ahead: list[Expected] = []
    fixed = len(done)
    for stop in open_stops:
        if started and clock <= max(now_s, until_s):
            fixed = len(done) + len(ahead) + 1
        arrival = clock + legs.between(here, stop)
        start = max(arrival, _opens(stop))
        clock = start + stop["departure_s"] - _start(stop)
        if started and not ahead:
            clock = max(clock, now_s)  # not confirmed yet: it cannot have ended before now
        ahead.append(Expected(stop, arrival, start, clock, confirmed=False))
        here = stop
    back = clock + legs.between(here, None)
    return Followed(route, (*done, *ahead), fixed, departure, max(back, clock), started)


def _confirmed(stop: Facts, at_s: int) -> Expected:
    begin = _began(stop, at_s)
    return Expected(stop, begin, begin, at_s, confirmed=True)


def _began(stop: Facts, at_s: int) -> int:
    return at_s - (int(stop["departure_s"]) - _start(stop))


def _opens(stop: Facts) -> int:
    return int(stop["window"][0]) if stop.get("window") else 0


def _start(stop: Facts) -> int:
    """Return when service was planned to begin; plans of earlier releases say arrival and window only."""
    return int(stop.get("start_s", max(stop["arrival_s"], _opens(stop))))


class _Legs:
    """Seconds from stop to stop; None is the depot."""

    def __init__(self, route: Facts, depot: Location, besides: Sequence[Facts]) -> None:
        stops: Sequence[Facts] = route["stops"]
        self._index = {stop["task"]: k for k, stop in enumerate([*stops, *besides], start=1)}
        self._planned = {(k, k + 1): b["arrival_s"] - a["departure_s"] for k, (a, b) in _pairs(stops)}
        if stops:
            self._planned[0, 1] = stops[0]["arrival_s"] - route["departure_s"]
            self._planned[len(stops), 0] = route["return_s"] - stops[-1]["departure_s"]
        self._places = [depot, *map(place_of, stops), *map(place_of, besides)]

    def between(self, one: Facts | None, other: Facts | None) -> int:
        a, b = (0 if stop is None else self._index[stop["task"]] for stop in (one, other))
        return int(self._planned[a, b] if (a, b) in self._planned else self._others[a, b])

    @cached_property
    def _others(self) -> Matrix:
        """What the plan does not say; asked for when it is needed alone, for it may come from far."""
        return ways(self._places).duration_s


def place_of(stop: Facts) -> Location:
    """Return where a stop is, as sources of distances know it; plans of earlier releases do not say the code."""
    return Location(stop.get("partner", stop["order"]), stop["lat"], stop["lon"])


def _pairs(stops: Sequence[Facts]) -> list[tuple[int, tuple[Facts, Facts]]]:
    return list(enumerate(pairwise(stops), start=1))
