"""Instances with time windows as Solomon (1987), Gehring and Homberger (1999), Wang and Chen (2012) lay them out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.formats.numbers import numbers, scaled, whole
from takeback.plan.collection.formats.reading import MOST_NODES, Floats, Measure, Reading
from takeback.plan.collection.formats.refusal import refusal
from takeback.plan.collection.formats.rounding import Plane, Rounding, euclidean, matrices
from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Task, VehicleType, Window

SOLOMON, WANG_CHEN = "Solomon VRPTW", "Wang-Chen VRPSPDTW"


class _Line(NamedTuple):
    line: int
    values: list[float]


def read_solomon(text: str, rounding: Rounding = Rounding.NONE) -> Reading:
    """Return the problem of a text with the columns x, y, demand, ready time, due date, service; or of Wang and Chen,
    with delivery and pickup demand in place of demand.

    Travel takes as long as it is far. With `Rounding.NONE` the fewest vehicles come first, then distance: a vehicle
    costs more than any distance that it can save (the longest leg out of every place). With another rounding only
    distance counts, as the DIMACS challenge has it. Raises `Problem`.
    """
    lines = text.splitlines()
    both = any("PDEMAND" in line.upper() for line in lines[:20])
    name = WANG_CHEN if both else SOLOMON
    vehicles, capacity, rows = _parts(lines, 8 if both else 7, name)
    places = np.array([row.values[1:3] for row in rows])
    exact = euclidean(places)
    distance, duration, scale = matrices(exact, rounding, timed=True)
    first = rounding is Rounding.NONE
    depot, *customers = (_task(k, row, both, scale, name) for k, row in enumerate(rows))
    (horizon,) = depot.windows
    fixed = _more_than_saved(exact) if first else 0
    vehicle = VehicleType(
        id="vehicle",
        count=vehicles,
        capacity=(capacity,),
        shift=horizon,
        cost_fixed=fixed * scale,
        cost_per_km=1_000,
    )
    problem = CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(len(rows))),
        distance_m=distance,
        duration_s=duration,
        tasks=tuple(customers),
        depots=(Depot("0", 0, horizon),),
        vehicle_types=(vehicle,),
        load_dimensions=("units",),
        name=next((line.strip() for line in lines if line.strip()), ""),
    )
    measure = Measure(Plane(places, rounding))
    return Reading(problem, name, measure, vehicles_max=vehicles, vehicles_first=first)


def _parts(lines: list[str], columns: int, name: str) -> tuple[int, int, list[_Line]]:
    """Return the number of vehicles, their capacity, and the rows of numbers: the depot's first."""
    fleet: tuple[int, int] | None = None
    customers: int | None = None
    rows: list[_Line] = []
    for line, content in enumerate(lines, 1):
        words = content.split()
        where = f"line {line}"
        if not words or not _begins_with_number(words[0]):
            continue
        if fleet is None:
            if len(words) not in {2, 3}:  # Wang and Chen write the number of customers first
                raise refusal(where, content.strip(), msg("the number of vehicles and their capacity"), name=name)
            *counted, vehicles, capacity = (whole(word, where, name=name) for word in words)
            fleet, customers = (vehicles, capacity), counted[0] if counted else None
            continue
        if len(words) != columns:
            found, expected = (msg("{columns} numbers", columns=k) for k in (len(words), columns))
            raise refusal(where, found, expected, name=name)
        rows.append(_Line(line, numbers(words, where, name=name)))
        if rows[-1].values[0] != len(rows) - 1:
            raise refusal(where, words[0], msg("customer number {number}", number=len(rows) - 1), name=name)
    if fleet is None or not rows:
        raise refusal("VEHICLE, CUSTOMER", None, msg("a row for the fleet and one for each customer"), name=name)
    if len(rows) > MOST_NODES:
        raise refusal("CUSTOMER", len(rows), msg("at most {most}", most=MOST_NODES), name=name)
    if customers is not None and len(rows) not in {customers, customers + 1}:  # some count the depot
        found, expected = (msg("{rows} rows", rows=k) for k in (len(rows), customers + 1))
        raise refusal("CUSTOMER", found, expected, name=name)
    return *fleet, rows


def _begins_with_number(word: str) -> bool:
    return word[0].isdigit() or word[0] in "-+."


def _task(k: int, row: _Line, both: bool, scale: int, name: str) -> Task:
    where = f"line {row.line}"
    brings = scaled(row.values[3], 1, where, name=name)
    takes = scaled(row.values[4], 1, where, name=name) if both else 0
    opens, closes, service = (scaled(value, scale, where, name=name) for value in row.values[-3:])
    if opens > closes:
        raise _backwards(where, row, name)
    return Task(str(k), k, delivery=(brings,), pickup=(takes,), windows=(Window(opens, closes),), service_s=service)


def _backwards(where: str, row: _Line, name: str) -> Problem:
    ready, due = row.values[-3:-1]
    return refusal(where, f"{ready:g} to {due:g}", msg("a due date that is not before the ready time"), name=name)


def _more_than_saved(exact: Floats) -> int:
    """Return more than one vehicle more can save: the lengths of the longest legs out of all places together."""
    return math.ceil(float(exact.max(axis=1).sum())) + 1
