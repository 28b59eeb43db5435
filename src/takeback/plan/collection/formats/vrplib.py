"""Problems in the manner of TSPLIB: the VRPSPD files of the literature as LKH-3 has them (Helsgaun 2017)."""

from __future__ import annotations

import numpy as np

from takeback.core.message import msg
from takeback.plan.collection.formats.reading import Floats, Measure, Plane, Reading, Table
from takeback.plan.collection.formats.sections import Sections
from takeback.plan.collection.problem import (
    CollectionProblem,
    Depot,
    Location,
    Matrix,
    Task,
    VehicleType,
    Window,
)

EXACT_SCALE = 10_000  # units of a matrix entry in one unit of the coordinates of an EXACT_2D file
_MATRIX_TYPES = ("EXPLICIT", "EXACT_2D")


def read_vrpspd(text: str) -> CollectionProblem:
    """Return the problem of a VRPSPD file in the TSPLIB dialect of LKH-3 (Helsgaun 2017).

    Read are EXPLICIT full matrices (taken as they are) and EXACT_2D coordinates (Euclidean x `EXACT_SCALE`,
    rounded to integers; service times and the route limit DISTANCE, which includes service, likewise).
    The fleet is free (a vehicle a task), a kilometre costs 1 000 minor units: the objective is the distance in
    matrix units. Raises `Problem` naming section and line.
    """
    return read_lkh(text).problem


def read_lkh(text: str) -> Reading:
    """Return what a VRPSPD file says; its cost is the distance, of explicit matrices in units of 10 000."""
    file = Sections(text, "VRPSPD")
    n, capacity = file.integer("DIMENSION"), file.integer("CAPACITY")
    kind = file.header("EDGE_WEIGHT_TYPE")
    if kind not in _MATRIX_TYPES:
        raise file.refusal("EDGE_WEIGHT_TYPE", kind, msg("EXPLICIT or EXACT_2D"))
    scale = 1 if kind == "EXPLICIT" else EXACT_SCALE
    places = None if kind == "EXPLICIT" else np.array(file.table("NODE_COORD_SECTION", n, 3))[:, 1:]
    matrix = _explicit(file, n) if places is None else _euclidean(places)
    rows = file.table("PICKUP_AND_DELIVERY_SECTION", n, 7)
    depot = int(file.rows("DEPOT_SECTION")[0].words[0]) - 1
    limit = file.real("DISTANCE", 0.0)
    tasks = tuple(
        Task(str(k), k, delivery=(int(row[6]),), pickup=(int(row[5]),), service_s=round(row[4] * scale))
        for k, row in enumerate(rows)
        if k != depot
    )
    vehicle = VehicleType(
        id="vehicle",
        count=len(tasks),
        capacity=(capacity,),
        shift=Window(0, 2**40),
        max_duration_s=round(limit * scale) if limit else None,
        cost_per_km=1_000,
    )
    problem = CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(n)),
        distance_m=matrix,
        duration_s=matrix,
        tasks=tasks,
        depots=(Depot("depot", depot),),
        vehicle_types=(vehicle,),
        load_dimensions=("units",),
        name=file.headers.get("NAME", ""),
    )
    length = Table(matrix, EXACT_SCALE) if places is None else Plane(places)
    return Reading(problem, "VRPSPD", Measure(length))


def _explicit(file: Sections, n: int) -> Matrix:
    if file.header("EDGE_WEIGHT_FORMAT") != "FULL_MATRIX":
        raise file.refusal("EDGE_WEIGHT_FORMAT", file.header("EDGE_WEIGHT_FORMAT"), msg("FULL_MATRIX"))
    values = np.array(file.flat("EDGE_WEIGHT_SECTION", n * n), dtype=np.float64)
    if (values % 1).any():
        raise file.refusal("EDGE_WEIGHT_SECTION", float(values[values % 1 != 0][0]), msg("whole numbers"))
    return values.reshape(n, n).astype(np.int64)


def _euclidean(places: Floats) -> Matrix:
    exact = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    return np.asarray(np.rint(exact * EXACT_SCALE), dtype=np.int64)
