"""Glass collection with flexible compartments (Henke, Speranza, Wäscher 2015)."""

from __future__ import annotations

import numpy as np

from takeback.core.message import msg
from takeback.plan.collection.formats.loads import dimension, in_units, load_units
from takeback.plan.collection.formats.reading import MOST_NODES, Measure, Reading
from takeback.plan.collection.formats.rounding import Plane, Rounding, euclidean, matrices
from takeback.plan.collection.formats.sections import Sections
from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Task, VehicleType, Window

NAME = "Henke MCVRP"
STEPS = 10  # a compartment's size goes in tenths of the capacity; the files do not say it
MOST_PRODUCTS = 100


def read_henke(text: str, rounding: Rounding | None = None, *, steps: int = STEPS) -> Reading:
    """Return the problem of a `.dat` file: supplies of several products, each kept apart in its own compartment.

    A place has a task for each product that it supplies (`3 product 2`), since several vehicles may come. Each product
    is a class of goods; a vehicle has COMPARTMENTS of them at most, whose sizes go in `steps` of its capacity. Lengths
    are Euclidean and real numbers unless `rounding` says otherwise. Raises `Problem` naming section and line.
    """
    file = Sections(text, NAME)
    n = file.integer("DIMENSION", least=1, most=MOST_NODES)
    products = file.integer("PRODUCT TYPES", least=1, most=MOST_PRODUCTS)
    compartments = file.integer("COMPARTMENTS", least=1, most=MOST_PRODUCTS)
    vehicles = file.integer("VEHICLES")
    places = np.array(file.numbered("NODE_COORD_SECTION", n, 2), dtype=np.float64)
    supplies = file.numbered("DEMAND_SECTION", n, products)
    capacity = file.real("CAPACITY")
    units = load_units([*(load for row in supplies for load in row), capacity], "DEMAND_SECTION", name=NAME)
    if not capacity * units / steps >= 1 or capacity * units % steps:
        raise file.refusal("CAPACITY", capacity, msg("a number that {steps} compartment steps divide", steps=steps))
    how = rounding or Rounding.NONE
    distance, duration, _ = matrices(euclidean(places), how, timed=False)
    depot = _depot(file, n)
    tasks = tuple(
        Task(f"{k} product {p + 1}", k, pickup=in_units([load], units), goods=f"product {p + 1}")
        for k, row in enumerate(supplies)
        if k != depot
        for p, load in enumerate(row)
        if load
    )
    vehicle = VehicleType(
        id="vehicle",
        count=min(vehicles, len(tasks)),
        capacity=in_units([capacity], units),
        shift=Window(0, 2**40),
        cost_per_km=1_000,
        compartments=compartments,
        compartment_unit=round(capacity * units / steps),
    )
    problem = CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(n)),
        distance_m=distance,
        duration_s=duration,
        tasks=tasks,
        depots=(Depot(str(depot), depot),),
        vehicle_types=(vehicle,),
        load_dimensions=(dimension(units),),
        name=file.headers.get("NAME", ""),
    )
    return Reading(problem, NAME, Measure(Plane(places, how)), vehicles_max=vehicles)


def _depot(file: Sections, n: int) -> int:
    rows = file.sections.get("DEPOT_SECTION", [])
    word = rows[0].words[0] if rows else "1"
    if not word.isdecimal() or not 1 <= int(word) <= n:
        raise file.refusal("DEPOT_SECTION", word, msg("a number from 1 to {last}", last=n))
    return int(word) - 1
