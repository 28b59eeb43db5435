"""The tables that every export shows: stops in their order, routes with their costs, tasks left with their reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message, Translate, msg
from takeback.plan.collection.figures import cost_split, emissions
from takeback.plan.collection.problem import CollectionProblem, Location
from takeback.plan.collection.solution import CollectionSolution, Plan, Route, Stop

Cell = str | int | float | Message | None
Answer = CollectionSolution | Plan
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the names of the columns, and rows of as many cells."""

    title: Message
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def said(self, gettext: Translate | None) -> Table:
        """Return the table with every message as a text in the language of `gettext`."""
        rows = tuple(tuple(said(cell, gettext) for cell in row) for row in self.rows)
        return Table(self.title, tuple(said(cell, gettext) for cell in self.header), rows)


def said(cell: Cell, gettext: Translate | None) -> Cell:
    """Return a message as a text in the language of `gettext`, anything else as it is."""
    if isinstance(cell, Message):
        return cell.translated(gettext) if gettext else str(cell)
    return cell


def plan_of(answer: Answer) -> Plan:
    """Return the plan of an answer."""
    return answer.plan if isinstance(answer, CollectionSolution) else answer


def clock(seconds: int, day: date | None = None) -> str:
    """Return a moment: `08:30`, `1+08:30` a day later, or `2026-11-25 08:30` where the day is known."""
    days, rest = divmod(seconds, DAY)
    time = f"{rest // 3600:02}:{rest % 3600 // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")
    if day is not None and days < 366:
        return f"{day + timedelta(days=days):%Y-%m-%d} {time}"
    return f"{days}+{time}" if days else time


def moment(seconds: int, day: date) -> datetime:
    """Return the moment on the clocks of the place, without a zone."""
    return datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)


def money(problem: CollectionProblem, minor: int) -> int | float:
    """Return an amount in the currency's own unit; as it is where the problem has no currency."""
    decimals = CURRENCIES.get(problem.currency, 0)
    return round(minor / 10**decimals, decimals) if decimals else minor


def stops(problem: CollectionProblem, answer: Answer, day: date | None = None) -> Table:
    """Return a row for each depot, stop, site and break, in the order of the routes."""
    names = problem.load_dimensions
    header = (
        msg("route"),
        msg("vehicle"),
        msg("number"),
        msg("what"),
        msg("task or site"),
        msg("place"),
        msg("latitude"),
        msg("longitude"),
        msg("arrives"),
        msg("begins"),
        msg("leaves"),
        *(msg("{load} brought", load=name) for name in names),
        *(msg("{load} taken", load=name) for name in names),
        *(msg("{load} aboard", load=name) for name in names),
    )
    rows = [row for number, route in enumerate(plan_of(answer).routes, 1) for row in _way(problem, number, route, day)]
    return Table(msg("Stops"), header, tuple(rows))


def routes(problem: CollectionProblem, answer: Answer, day: date | None = None) -> Table:
    """Return a row for each route: its vehicle, times, kilometres, what its cost is made of, CO2."""
    header = (
        msg("route"),
        msg("vehicle"),
        msg("stops"),
        msg("leaves"),
        msg("returns"),
        msg("hours"),
        msg("km"),
        msg("cost of the vehicle"),
        msg("cost of distance"),
        msg("cost of time"),
        msg("cost of overtime"),
        msg("cost"),
        msg("currency"),
        msg("kg CO2"),
    )
    plan = plan_of(answer)
    splits, carbon = cost_split(problem, plan)["routes"], emissions(problem, plan)["routes"]
    rows = [
        (
            number,
            vehicle_name(route),
            sum(1 for stop in route.stops if not stop.site),
            clock(route.departure_s, day),
            clock(route.return_s, day),
            round(route.duration_s / 3600, 2),
            round(route.distance_m / 1000, 3),
            *(money(problem, split[part]) for part in ("fixed", "distance", "time", "overtime", "cost")),
            problem.currency,
            gases["grams"] / 1000,
        )
        for number, (route, split, gases) in enumerate(zip(plan.routes, splits, carbon, strict=True), 1)  # type: ignore[call-overload]
    ]
    return Table(msg("Routes"), header, tuple(rows))


def unserved(problem: CollectionProblem, answer: Answer) -> Table:
    """Return a row for each task left: where it is, what kind of reason, and the reason in words."""
    places = {task.id: problem.locations[task.location] for task in problem.tasks}
    rows = [
        (one.task, spot.id, _degrees(spot.lat), _degrees(spot.lon), one.kind, one.reason)
        for one in plan_of(answer).unserved
        for spot in [places[one.task]]
    ]
    header = (msg("task"), msg("place"), msg("latitude"), msg("longitude"), msg("kind"), msg("reason"))
    return Table(msg("Left out"), header, tuple(rows))


def vehicle_name(route: Route) -> str:
    """Return what people call the vehicle of a route: `van 2`."""
    return f"{route.vehicle_type} {route.vehicle}"


def ends(problem: CollectionProblem, route: Route) -> tuple[int, int]:
    """Return the indices of the depots where a route begins and ends."""
    vehicle = next(one for one in problem.vehicle_types if one.id == route.vehicle_type)
    return vehicle.start_depot, vehicle.last_depot


def place(problem: CollectionProblem, stop: Stop) -> Location:
    """Return the place of a stop."""
    if stop.site:
        return problem.locations[next(site.location for site in problem.sites if site.id == stop.site)]
    return problem.locations[next(task.location for task in problem.tasks if task.id == stop.task)]


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, 7)  # centimetres


def _way(problem: CollectionProblem, number: int, route: Route, day: date | None) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of one route: the depot, stops with the breaks between them, the depot again."""
    tasks = {task.id: task for task in problem.tasks}
    sites = {site.id: site for site in problem.sites}
    first, last = (problem.depots[depot] for depot in ends(problem, route))
    none: Sequence[Cell] = [None] * len(problem.load_dimensions)
    head: tuple[Cell, ...] = (number, vehicle_name(route))

    def where(location: int) -> tuple[Cell, ...]:
        spot = problem.locations[location]
        return spot.id, _degrees(spot.lat), _degrees(spot.lon)

    def breaks(after: int) -> Iterator[tuple[Cell, ...]]:
        for one in route.breaks:
            if one.after == after:
                begins, over = clock(one.start_s, day), clock(one.end_s, day)
                yield (*head, None, msg("break"), None, None, None, None, None, begins, over, *none, *none, *none)

    leaves = clock(route.departure_s, day)
    yield (*head, 0, msg("depot"), first.id, *where(first.location), None, None, leaves, *none, *none, *route.load)
    yield from breaks(0)
    for order, stop in enumerate(route.stops, 1):
        times = clock(stop.arrival_s, day), clock(stop.start_s, day), clock(stop.departure_s, day)
        if stop.site:
            what: tuple[Cell, ...] = (msg("site"), stop.site, *where(sites[stop.site].location))
            loads: tuple[Sequence[Cell], Sequence[Cell]] = none, none
        else:
            what = (msg("stop"), stop.task, *where(tasks[stop.task].location))
            loads = problem.task_load(tasks[stop.task])
        yield (*head, order, *what, *times, *loads[0], *loads[1], *stop.load)
        yield from breaks(order)
    arrives = clock(route.return_s, day)
    order = len(route.stops) + 1
    yield (*head, order, msg("depot"), last.id, *where(last.location), arrives, None, None, *none, *none, *none)
