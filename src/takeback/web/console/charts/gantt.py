"""The vehicles' day in bars: driving, waiting, serving, unloading, breaks; the windows promised as marks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from takeback.web.console.charts.routes import DayScale
from takeback.web.console.charts.svg import el, pct, picture
from takeback.web.console.views.plan import Route, Stop
from takeback.web.console.vocabulary import word

ROW, BAR, TOP, GAP = 40, 15, 12, 0.022


class Bar(NamedTuple):
    """A stretch of a vehicle's day; `call`: the number of the stop it belongs to, 0 at a depot."""

    kind: str
    begin: datetime
    end: datetime
    call: int


def bars(route: Route) -> Iterator[Bar]:
    """Yield what a vehicle does from leaving to return, without gaps; what takes no time is left out."""
    clock, call = route.start, 0
    for stop in route.stops[1:]:
        call += stop.kind != "depot"
        number = call if stop.kind != "depot" else 0
        yield from _way(route, clock, stop.arrive, number)
        for kind, begin, end in (("wait", stop.arrive, stop.starts), (_service(stop), stop.starts, stop.leave)):
            if end > begin:
                yield Bar(kind, begin, end, number)
        clock = max(clock, stop.leave)


def _way(route: Route, begin: datetime, end: datetime, call: int) -> Iterator[Bar]:
    """Yield the way to a stop: the breaks that are taken before it, waiting for them, then the drive."""
    clock = begin
    for rest in route.rests:
        if begin <= rest.begin < end:
            if rest.begin > clock:
                yield Bar("wait", clock, rest.begin, call)
            yield Bar("break", rest.begin, rest.end, call)
            clock = rest.end
    if end > clock:
        yield Bar("drive", clock, end, call)


def _service(stop: Stop) -> str:
    return "unload" if stop.kind in {"site", "depot"} else "serve"


def gantt_row(route: Route, scale: DayScale) -> Markup:
    """Return one vehicle's day. Stops are numbered where the numbers fit; windows lie under their bars."""
    grid = [el("line", x1=pct(scale.at(h)), x2=pct(scale.at(h)), y1=0, y2=ROW, class_="grid") for h in scale.hours()]
    f = scale.f
    said = f"{f.say(route.vehicle)}: {f.when(route.start, scale.zone, 'time')}–{f.when(route.end, scale.zone, 'time')}"
    return picture(
        *grid,
        *(_window(route, number, stop, scale) for number, stop in enumerate(route.calls, 1) if stop.closes),
        *(_bar(route, bar, scale) for bar in bars(route)),
        *_numbers(route, scale),
        height=ROW,
        title=said,
        class_=f"chart gantt route-{(route.number - 1) % 8 + 1}",
    )


def _bar(route: Route, bar: Bar, scale: DayScale) -> Markup:
    low = bar.kind in {"drive", "wait"}
    height = 3 if low else BAR
    f, zone = scale.f, scale.zone
    said = f"{f.say(word('bar', bar.kind))} {f.when(bar.begin, zone, 'time')}–{f.when(bar.end, zone, 'time')}"
    return el(
        "rect",
        el("title", said),
        x=pct(scale.at(bar.begin)),
        width=pct(max(0.0015, scale.at(bar.end) - scale.at(bar.begin))),
        y=TOP + (BAR - height) / 2,
        height=height,
        rx=1 if low else 2.5,
        class_=f"bar-{bar.kind}",
        data_stop=f"{route.number}-{bar.call}" if bar.call and not low else None,
    )


def _window(route: Route, number: int, stop: Stop, scale: DayScale) -> Markup:
    """Return a window as a bracket under the bar, cut at the ends of the day shown."""
    opens = max(0.0, scale.at(stop.opens)) if stop.opens else 0.0
    closes = min(1.0, scale.at(stop.closes)) if stop.closes else 1.0
    y = TOP + BAR + 5
    marks = [el("line", x1=pct(opens), x2=pct(closes), y1=y, y2=y)]
    for at, inside in ((opens, opens > 0), (closes, closes < 1)):
        if inside:
            marks.append(el("line", x1=pct(at), x2=pct(at), y1=y - 3, y2=y + 3))
    late = " late" if stop.late else ""
    return el("g", *marks, class_="window" + late, data_window=f"{route.number}-{number}")


def _numbers(route: Route, scale: DayScale) -> list[Markup]:
    drawn, last = [], -1.0
    for number, stop in enumerate(route.calls, 1):
        at = (scale.at(stop.starts) + scale.at(stop.leave)) / 2
        if at - last < GAP:
            continue
        late = " late" if stop.late else ""
        drawn.append(el("text", number, x=pct(at), y=TOP - 3, class_="number" + late))
        last = at
    return drawn
