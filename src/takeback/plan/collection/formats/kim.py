"""Commercial waste collection with landfills and a lunch break (Kim, Kim, Sahoo 2006)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from takeback.core.message import Message, msg
from takeback.plan.collection.formats.loads import dimension, in_units, load_units
from takeback.plan.collection.formats.numbers import number, whole
from takeback.plan.collection.formats.reading import MOST_NODES, Floats, Measure, Reading
from takeback.plan.collection.formats.refusal import refusal
from takeback.plan.collection.problem import (
    CollectionProblem,
    Depot,
    Location,
    Pause,
    Site,
    Task,
    VehicleType,
    Window,
)

NAME = "Kim waste collection"
FEET_PER_MILE = 5_280
LUNCH = 11 * 3_600, 12 * 3_600  # "lunch time should start between 11:00am and 12:00 pm"
DEPOT, STOP, LANDFILL = 0, 1, 2
HEAD = ("capacity", "yardage a day", "stops a day", "lunch", "speed")


class _Row(NamedTuple):
    line: int
    id: str
    x: float
    y: float
    window: Window
    service: int
    load: float
    kind: int


@dataclass(frozen=True, eq=False, slots=True)
class StreetMiles:
    """Lengths in miles along a street grid, between places in feet, (n, 2)."""

    places: Floats

    def __call__(self, a: int, b: int) -> float:
        """Return the length of the leg from `a` to `b`."""
        return float(np.abs(self.places[a] - self.places[b]).sum()) / FEET_PER_MILE


def read_kim(text: str) -> Reading:
    """Return the problem of a file of waste stops, landfills and a yard.

    Lengths are feet along a street grid (the files do not say how they measure), times the seconds that they take at
    the file's speed, rounded up. Vehicles leave the yard empty, unload at landfills as often as they like and must have
    done so when they come back; each takes lunch, beginning between 11:00 and 12:00. The fleet is free; the objective
    is the distance, whose measure is in miles. A problem has no rule for what a vehicle may collect and visit in a
    whole day: where that matters, its trips are fewer and smaller so that it is kept (see `_day`), or a note says that
    it is not. Raises `Problem` naming the line.
    """
    lines = [(k, line.split()) for k, line in enumerate(text.splitlines(), 1) if line.strip()]
    capacity, yardage, most_stops, lunch, speed = _head(lines)
    rows = _rows([line for line in lines[5:] if line[1][0][0].isdigit() or line[1][0][0] == "-"])
    places = np.array([(row.x, row.y) for row in rows])
    distance, duration = _travel(places, speed)
    stops = [(k, row) for k, row in enumerate(rows) if row.kind == STOP]
    loads = [row.load for _, row in stops]
    capacity, trips, notes = _day(capacity, yardage, loads)
    units = load_units([capacity, *loads], "loads", name=NAME)
    yard = next(k for k, row in enumerate(rows) if row.kind == DEPOT)
    shift = rows[yard].window
    vehicle = VehicleType(
        id="truck",
        count=len(stops),
        capacity=in_units([capacity], units),
        shift=shift,
        cost_per_km=1_000,
        breaks=(Pause(*LUNCH, lunch),) if lunch else (),
        most_reloads=trips,
    )
    problem = CollectionProblem(
        locations=tuple(Location(row.id) for row in rows),
        distance_m=distance,
        duration_s=duration,
        tasks=tuple(
            Task(row.id, k, pickup=in_units([row.load], units), windows=(row.window,), service_s=row.service)
            for k, row in stops
        ),
        depots=(Depot(rows[yard].id, yard, rows[yard].window, takes_load=False),),
        vehicle_types=(vehicle,),
        load_dimensions=(dimension(units, "cubic yards"),),
        sites=tuple(Site(row.id, k, row.window, row.service) for k, row in enumerate(rows) if row.kind == LANDFILL),
    )
    quickest = sum(sorted(row.service for _, row in stops)[: most_stops + 1])
    if len(stops) > most_stops and quickest <= shift.end_s - shift.start_s:
        notes = (*notes, msg("A vehicle may make {most} stops a day; the plan may make more", most=most_stops))
    return Reading(problem, NAME, Measure(StreetMiles(places)), notes=notes)


def _head(lines: list[tuple[int, list[str]]]) -> tuple[float, float, int, int, float]:
    """Return capacity, yardage and stops a day, seconds of lunch, miles an hour."""
    if len(lines) < len(HEAD):
        found = msg("{rows} rows", rows=len(lines))
        raise refusal("header", found, msg("{rows} rows", rows=len(HEAD)), name=NAME)
    values = [number(words[0], f"line {k}, {what}", name=NAME) for (k, words), what in zip(lines, HEAD, strict=False)]
    for (k, words), value, what in zip(lines, values, HEAD, strict=False):
        if value < 0 or (what == "speed" and not value) or (what in {"lunch", "stops a day"} and value % 1):
            raise refusal(f"line {k}, {what}", words[0], msg("a number above 0"), name=NAME)
    capacity, yardage, stops, lunch, speed = values
    return capacity, yardage, int(stops), int(lunch), speed


def _rows(lines: list[tuple[int, list[str]]]) -> list[_Row]:
    rows = [_row(k, words) for k, words in lines]
    yards = sum(row.kind == DEPOT for row in rows)
    if yards != 1:
        raise refusal("stop type", msg("{count} depots", count=yards), msg("one stop of type 0, the depot"), name=NAME)
    if len(rows) > MOST_NODES:
        raise refusal("stops", len(rows), msg("at most {most}", most=MOST_NODES), name=NAME)
    return rows


def _row(line: int, words: list[str]) -> _Row:
    if len(words) != 8:
        found, expected = (msg("{columns} numbers", columns=k) for k in (len(words), 8))
        raise refusal(f"line {line}", found, expected, name=NAME)

    def at(field: str) -> str:
        return f"line {line}, {field}"

    x, y = number(words[1], at("X"), name=NAME), number(words[2], at("Y"), name=NAME)
    window = Window(_clock(words[3], at("early time")), _clock(words[4], at("late time")))
    if window.start_s > window.end_s:
        expected = msg("a start of 0 or more and an end that is not before it")
        raise refusal(at("late time"), f"{words[3]} to {words[4]}", expected, name=NAME)
    kind = whole(words[7], at("stop type"), most=LANDFILL, name=NAME)
    service = whole(words[5], at("service time"), most=86_400, name=NAME)
    return _Row(line, words[0], x, y, window, service, number(words[6], at("load"), name=NAME), kind)


def _clock(word: str, where: str) -> int:
    """Return the seconds of a time written HHMM, leading zeros left out or not."""
    value = whole(word, where, most=2_400, name=NAME)
    if value % 100 > 59:
        raise refusal(where, word, msg("a time such as 0730 or 2400"), name=NAME)
    return value // 100 * 3_600 + value % 100 * 60


def _travel(places: Floats, speed: float) -> tuple[np.ndarray, np.ndarray]:
    x, y = places.T
    feet = np.abs(np.subtract.outer(x, x)) + np.abs(np.subtract.outer(y, y))
    seconds = feet * (3_600 / FEET_PER_MILE / speed)
    return np.rint(feet).astype(np.int64), np.ceil(seconds - 1e-6).astype(np.int64)


def _day(capacity: float, yardage: float, loads: list[float]) -> tuple[float, int, tuple[Message, ...]]:
    """Return the load of a trip, the trips of a day, and what to say of them, so that no day collects too much.

    As many trips as the yardage of a day needs at least share it evenly. Where a stop does not fit into such a trip
    the limit of the day is left out.
    """
    if sum(loads) <= yardage or not capacity:
        return capacity, len(loads), ()
    trips = math.ceil(yardage / capacity)
    share = math.floor(yardage / trips * 1_000) / 1_000 if trips else 0.0
    if share < max(loads):
        return capacity, len(loads), (msg("A vehicle may collect {most} a day; the plan may take more", most=yardage),)
    told = msg(
        "A trip takes at most {share} of {capacity}, so that no vehicle collects more than {most} a day",
        share=share,
        capacity=capacity,
        most=yardage,
    )
    return share, trips, (told,)
