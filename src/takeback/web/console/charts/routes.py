"""The day of the vehicles: loads along each route, and a sketch of the routes for paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from markupsafe import Markup

from takeback.core.message import msg
from takeback.web.console.charts.svg import el, pct, picture, points, stretched
from takeback.web.console.formats import Formats
from takeback.web.console.views.plan import Landmark, Route, Stop

ROW, TEXT_GAP, MOST_HOURS = 56, 0.028, 5
_PLACES = msg("pallet places")


class HasRoutes(Protocol):
    """A page that shows routes on a day, and names around them on a map."""

    @property
    def routes(self) -> Sequence[Route]: ...

    @property
    def landmarks(self) -> Sequence[Landmark]: ...


class DayScale:
    """The hours all routes of a plan share."""

    def __init__(self, plan: HasRoutes, zone: str, f: Formats) -> None:
        begin = min((route.start for route in plan.routes), default=None)
        end = max((route.end for route in plan.routes), default=None)
        self.begin = _hour(begin) if begin else None
        self.end = _hour(end) + timedelta(hours=1) if end else None
        self.zone, self.f = zone, f

    def at(self, moment: datetime) -> float:
        if self.begin is None or self.end is None:
            return 0.0
        return (moment - self.begin) / (self.end - self.begin)

    def hours(self) -> list[datetime]:
        """Whole hours inside the day, at most six of them."""
        if self.begin is None or self.end is None:
            return []
        hours = round((self.end - self.begin) / timedelta(hours=1))
        step = max(1, -(-hours // MOST_HOURS))
        return [self.begin + timedelta(hours=n) for n in range(0, hours + 1, step)]


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def load_row(route: Route, scale: DayScale) -> Markup:
    """Return what a vehicle carries through its day; the dashed line is what it may carry.

    Where pallet places are counted, too, a line says how full they are: of both, the dashed line is the limit.
    """
    top = max(route.capacity_kg, route.peak_kg) or 1
    steps = _steps(route, scale, [stop.load_kg / top for stop in route.stops])
    limit = 100 - 88 * route.capacity_kg / top
    drawn = [
        el("polygon", points=points(steps), class_="load"),
        el("line", x1=0, x2=100, y1=limit, y2=limit, class_="limit"),
    ]
    if route.capacity_places:
        share = route.capacity_kg / top / route.capacity_places
        places = _steps(route, scale, [(stop.load_places or 0) * share for stop in route.stops])
        drawn.append(el("polyline", points=points(places), class_="places"))
    area = stretched(
        *drawn,
        y=0,
        height=ROW,
    )
    grid = [el("line", x1=pct(scale.at(h)), x2=pct(scale.at(h)), y1=0, y2=ROW, class_="grid") for h in scale.hours()]
    said = f"{scale.f.say(route.vehicle)}: {scale.f.kg(route.peak_kg)} / {scale.f.kg(route.capacity_kg)}"
    if route.capacity_places:
        said += f" · {scale.f.say(_PLACES)}: {route.peak_places} / {route.capacity_places}"
    return picture(
        *grid,
        area,
        *_numbers(route, scale),
        height=ROW,
        title=said,
        class_=f"chart loads route-{_colour(route)}",
    )


def _steps(route: Route, scale: DayScale, loads: Sequence[float]) -> list[tuple[float, float]]:
    """Return the corners of a line that is as high as a load (share of the height), stop by stop."""
    steps, before = [(100 * scale.at(route.start), 100.0)], loads[0]
    for stop, load in zip(route.stops, loads, strict=True):
        at = 100 * scale.at(stop.arrive)
        steps += [(at, 100 - 88 * before), (at, 100 - 88 * load)]
        before = load
    return [*steps, (steps[-1][0], 100.0)]


def _numbers(route: Route, scale: DayScale) -> list[Markup]:
    """The stops' numbers where they fit; ticks for all."""
    drawn, last = [], -1.0
    for number, stop in enumerate(route.calls, 1):
        at = scale.at(stop.arrive)
        late = " late" if stop.late else ""
        drawn.append(el("line", x1=pct(at), x2=pct(at), y1=ROW - 5, y2=ROW, class_="stop" + late))
        if at - last >= TEXT_GAP:
            drawn.append(el("text", number, x=pct(at), y=ROW - 8, class_="number" + late))
            last = at
    return drawn


def hour_axis(scale: DayScale) -> Markup:
    """Return the hours above the rows."""
    marks = []
    for hour in scale.hours():
        at = scale.at(hour)
        side = " start" if at < 0.02 else " end" if at > 0.98 else ""
        marks.append(el("text", scale.f.when(hour, scale.zone, "time"), x=pct(at), y=12, class_="tick" + side))
    return el("svg", *marks, class_="chart axis", width="100%", height=16, aria_hidden="true")


def sketch(plan: HasRoutes) -> Markup:
    """Return the routes alone, drawn to scale; in place of the map in print and where there is no WebGL."""
    stops = [stop for route in plan.routes for stop in route.stops]
    if not stops:
        return Markup("")
    middle = math.cos(math.radians(sum(stop.lat for stop in stops) / len(stops)))
    xs, ys = [stop.lon * middle for stop in stops], [-stop.lat for stop in stops]
    size = max(max(xs) - min(xs), (max(ys) - min(ys)) * 1.6) or 1

    def place(lat: float, lon: float) -> tuple[float, float]:
        x = 500 + 900 * (lon * middle - (max(xs) + min(xs)) / 2) / size
        return x, 312 + 900 * (-lat - (max(ys) + min(ys)) / 2) / size

    drawn = []
    for route in plan.routes:
        path = points(place(stop.lat, stop.lon) for stop in route.stops)
        dots = [el("circle", cx=x, cy=y, r=7) for x, y in (place(stop.lat, stop.lon) for stop in route.calls)]
        drawn.append(el("g", el("polyline", points=path), *dots, class_=f"route-{_colour(route)}"))
    depot = place(plan.routes[0].stops[0].lat, plan.routes[0].stops[0].lon)
    drawn.append(el("rect", x=depot[0] - 9, y=depot[1] - 9, width=18, height=18, rx=4, class_="depot"))
    return el("svg", *drawn, class_="sketch", viewBox="0 0 1000 625", aria_hidden="true")


def _colour(route: Route) -> int:
    return (route.number - 1) % 8 + 1


def map_data(plan: HasRoutes, f: Formats) -> dict[str, object]:
    """Return what the map element draws: for each route its colour and its stops, longitude first."""
    return {
        "routes": [
            {"number": route.number, "colour": _colour(route), "stops": [_mapped(stop, f) for stop in route.stops]}
            for route in plan.routes
        ],
        "landmarks": [{"name": str(f.say(mark.name)), "at": [mark.lon, mark.lat]} for mark in plan.landmarks],
    }


def _mapped(stop: Stop, f: Formats) -> dict[str, object]:
    """Return a stop for the map; `state` where a driver or the clock has something to say."""
    state = "failed" if stop.failed else "done" if stop.done else "late" if stop.late else ""
    mapped: dict[str, object] = {"at": [stop.lon, stop.lat], "kind": stop.kind, "name": str(f.say(stop.name))}
    return {**mapped, "state": state} if state else mapped
