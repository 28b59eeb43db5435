"""Instances of JD.com with simultaneous delivery and pickup and time windows (Liu, Tang, Yao 2021)."""

from __future__ import annotations

import numpy as np

from takeback.core.message import msg
from takeback.plan.collection.formats.numbers import LARGEST, numbers, scaled, whole
from takeback.plan.collection.formats.reading import MOST_NODES, Measure, Reading, Table
from takeback.plan.collection.formats.sections import Sections
from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Matrix, Task, VehicleType, Window

NAME = "JD.com VRPSPDTW"
LOAD_UNITS = 1_000_000  # demands have six decimals
COST_UNITS = 1_000  # minor units in one unit of cost
MINUTE = 60


def read_jd(text: str) -> Reading:
    """Return the problem of a file of JD.com: rows `number, delivery, pickup, opens, closes, service`, then arcs.

    Lengths are metres, times minutes in the file and seconds in the problem; loads are millionths of the file's unit.
    A vehicle costs DISPATCHINGCOST, a metre UNITCOST: in minor units of a thousandth, 300 000 a vehicle and 14 a metre,
    so the objective divided by `COST_UNITS` is the set's cost to the last digit. Raises `Problem`.
    """
    file = Sections(text, NAME)
    n = file.integer("DIMENSION", least=1, most=MOST_NODES)
    nodes = _nodes(file, n)
    metres, seconds = _arcs(file, n)
    fixed, each = file.real("DISPATCHINGCOST"), file.real("UNITCOST")
    depot = _depot(file, n)
    horizon = _window(file, nodes[depot], depot)
    vehicles = file.integer("VEHICLES")
    tasks = tuple(_task(file, k, row) for k, row in enumerate(nodes) if k != depot)
    vehicle = VehicleType(
        id="vehicle",
        count=min(vehicles, len(tasks)),
        capacity=(scaled(file.real("CAPACITY"), LOAD_UNITS, "CAPACITY", name=NAME),),
        shift=horizon,
        cost_fixed=scaled(fixed, COST_UNITS, "DISPATCHINGCOST", name=NAME),
        cost_per_km=scaled(each, COST_UNITS * 1_000, "UNITCOST", name=NAME),
    )
    problem = CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(n)),
        distance_m=metres,
        duration_s=seconds,
        tasks=tasks,
        depots=(Depot(str(depot), depot, horizon),),
        vehicle_types=(vehicle,),
        load_dimensions=("units / 1 000 000",),
        name=file.headers.get("NAME", ""),
    )
    measure = Measure(Table(metres), fixed={"vehicle": fixed}, each={"vehicle": each})
    return Reading(problem, NAME, measure, vehicles_max=vehicles)


def _nodes(file: Sections, n: int) -> list[list[float]]:
    """Return a row for each node, in the order of their numbers from 0: delivery, pickup, opens, closes, service."""
    nodes: dict[int, list[float]] = {}
    for line, words in file.rows("NODE_SECTION"):
        where = f"NODE_SECTION, line {line}"
        if len(words) != 6:
            expected = msg("number, delivery, pickup, opens, closes, service")
            raise file.refusal(where, msg("{columns} numbers", columns=len(words)), expected)
        number, *row = numbers(words, where, name=NAME)
        if number in nodes or number != int(number) or not 0 <= number < n:
            raise file.refusal(where, words[0], msg("each number from 0 to {last} once", last=n - 1))
        nodes[int(number)] = row
    if len(nodes) != n:
        found, expected = (msg("{rows} rows", rows=k) for k in (len(nodes), n))
        raise file.refusal("NODE_SECTION", found, expected)
    return [nodes[k] for k in range(n)]


def _arcs(file: Sections, n: int) -> tuple[Matrix, Matrix]:
    """Return metres and seconds of each arc; an arc that is not there or there twice is told."""
    rows = file.rows("DISTANCETIME_SECTION")
    if len(rows) != n * (n - 1):
        found, expected = (msg("{rows} rows", rows=k) for k in (len(rows), n * (n - 1)))
        raise file.refusal("DISTANCETIME_SECTION", found, expected)
    fast = _arcs_at_once([row.words for row in rows], n)
    if fast is not None:
        return fast
    metres, seconds = (np.full((n, n), -1, dtype=np.int64) for _ in range(2))
    for line, words in rows:
        where = f"DISTANCETIME_SECTION, line {line}"
        if len(words) != 4:
            raise file.refusal(where, msg("{columns} numbers", columns=len(words)), msg("from, to, metres, minutes"))
        a, b, metre = (whole(word, where, name=NAME) for word in words[:3])
        if a >= n or b >= n or a == b or metres[a, b] >= 0:
            raise file.refusal(where, f"{a}, {b}", msg("each pair of nodes from 0 to {last} once", last=n - 1))
        metres[a, b] = metre
        seconds[a, b] = scaled(numbers(words[3:], where, name=NAME)[0], MINUTE, where, name=NAME)
    np.fill_diagonal(metres, 0)
    np.fill_diagonal(seconds, 0)
    return metres, seconds


def _arcs_at_once(rows: list[list[str]], n: int) -> tuple[Matrix, Matrix] | None:
    """Return metres and seconds where nothing is wrong with any row; None else: then they are read one by one."""
    if any(len(row) != 4 for row in rows):
        return None
    try:
        values = np.array([float(word) for row in rows for word in row], dtype=np.float64).reshape(-1, 4)
    except ValueError:
        return None
    values[:, 3] *= MINUTE
    if not (np.isfinite(values).all() and (values == np.rint(values)).all() and (values >= 0).all()):
        return None
    if (values[:, :2] >= n).any() or (values[:, 2:] > LARGEST).any():
        return None
    arcs = values.astype(np.int64)
    if len(np.unique(arcs[:, 0] * n + arcs[:, 1])) != len(arcs) or (arcs[:, 0] == arcs[:, 1]).any():
        return None
    metres, seconds = (np.zeros((n, n), dtype=np.int64) for _ in range(2))
    metres[arcs[:, 0], arcs[:, 1]] = arcs[:, 2]
    seconds[arcs[:, 0], arcs[:, 1]] = arcs[:, 3]
    return metres, seconds


def _depot(file: Sections, n: int) -> int:
    rows = file.sections.get("DEPOT_SECTION", [])
    if not rows:
        return 0
    depot = whole(rows[0].words[0], f"DEPOT_SECTION, line {rows[0].line}", name=NAME)
    if depot >= n:
        raise file.refusal("DEPOT_SECTION", depot, msg("a number from 0 to {last}", last=n - 1))
    return depot


def _task(file: Sections, k: int, row: list[float]) -> Task:
    where = f"NODE_SECTION, node {k}"
    delivery, pickup = (scaled(value, LOAD_UNITS, where, name=NAME) for value in row[:2])
    window = _window(file, row, k)
    service = scaled(row[4], MINUTE, where, name=NAME)
    return Task(str(k), k, delivery=(delivery,), pickup=(pickup,), windows=(window,), service_s=service)


def _window(file: Sections, row: list[float], k: int) -> Window:
    opens, closes = (scaled(value, MINUTE, f"NODE_SECTION, node {k}", name=NAME) for value in row[2:4])
    if opens > closes:
        raise file.refusal(f"NODE_SECTION, node {k}", f"{row[2]:g} to {row[3]:g}", msg("an end that is not before it"))
    return Window(opens, closes)
