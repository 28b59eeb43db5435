"""Problems in the manner of TSPLIB: VRPLIB, the dialect of PyVRP's instances, and that of LKH-3 (Helsgaun 2017)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from takeback.core.message import msg
from takeback.plan.collection.formats.fleets import SECTIONS as FLEET_SECTIONS
from takeback.plan.collection.formats.fleets import Fleet, fleet, measure, name, vehicle_types
from takeback.plan.collection.formats.loads import dimension, in_units, load_units
from takeback.plan.collection.formats.numbers import whole
from takeback.plan.collection.formats.reading import MOST_NODES, Reading, Table
from takeback.plan.collection.formats.rounding import EXACT_SCALE, Rounding
from takeback.plan.collection.formats.sections import Sections
from takeback.plan.collection.formats.weights import Weights, weights
from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Matrix, Site, Task, Window

__all__ = ["EXACT_SCALE", "read_vrplib", "read_vrpspd"]

VRPSPD, VRPLIB = "VRPSPD", "VRPLIB"
PAIRS = "PICKUP_AND_DELIVERY_SECTION"
AMOUNTS = frozenset({"VRPSPD", "VRPSPDTW", "VRPMPD", "VRPMPDTW", "MVRPB", "VRPB"})  # of which rows hold amounts
KNOWN = {
    *FLEET_SECTIONS,
    PAIRS,
    "NODE_COORD_SECTION",
    "EDGE_WEIGHT_SECTION",
    "DEPOT_SECTION",
    "DEMAND_SECTION",
    "LINEHAUL_SECTION",
    "BACKHAUL_SECTION",
    "TIME_WINDOW_SECTION",
    "SERVICE_TIME_SECTION",
    "PRIZE_SECTION",
    "RELEASE_TIME_SECTION",
    "MUTUALLY_EXCLUSIVE_GROUP_SECTION",
    "DISPLAY_DATA_SECTION",
}
LIMITS = ("DISTANCE", "VEHICLES_MAX_DURATION")
HEADERS = {
    *(section.removesuffix("_SECTION") for section in FLEET_SECTIONS),
    *("NAME", "COMMENT", "TYPE", "DIMENSION", "CAPACITY", "VEHICLES", "DISTANCE", "SERVICE_TIME"),
    *("EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE", "EDGE_DATA_FORMAT", "DISPLAY_DATA_TYPE"),
}
FOREVER = 2**40
BARRED = 2**30
ALWAYS = 10_000_000  # LKH's end of a window that is none


class Node(NamedTuple):
    """What a file says of a node, in its own units."""

    delivery: tuple[float, ...]
    pickup: tuple[float, ...]
    window: tuple[float, float] | None
    service: float
    prize: float


def read_vrpspd(text: str) -> CollectionProblem:
    """Return the problem of a VRPSPD file in the TSPLIB dialect of LKH-3; see `read_vrplib`.

    Explicit whole numbers are taken as they are, EXACT_2D coordinates become Euclidean lengths x `EXACT_SCALE`. The
    fleet is free (a vehicle a task), a kilometre costs 1 000 minor units: the objective is the distance in matrix
    units. Raises `Problem` naming section and line.
    """
    return read_vrplib(text).problem


def read_vrplib(text: str, rounding: Rounding | None = None) -> Reading:
    """Return what a VRPLIB file says. Ids of tasks are CVRPLIB's: the number of the node less 1.

    - Lengths: EXPLICIT in every triangle, EUC_2D (nearest; cut after one decimal for VRPTW, PCVRPTW and MTVRPTW, real
      numbers for several depots and mixed fleets), EXACT_2D (real numbers), CEIL_2D, FLOOR_2D; or as `rounding` says.
      Travel takes as long as it is far.
    - DISTANCE is the longest route, service included; VEHICLES limits the fleet except in VRPSPD, which has none.
    - TYPE VRPB: each route brings before it takes, and brings something; legs against that are longer than any plan.
    - The windows of a VRPSPD file count where its TYPE has TW in it.

    Loads with decimals are put in whole units. Explicit VRPSPD matrices with legs of 100 000 and more count
    ten-thousandths of the set's unit where the capacity is as large (Dethloff's). Raises `Problem` naming
    section and line.
    """
    file = Sections(text, VRPSPD if PAIRS in text else VRPLIB)
    _known(file)
    n = file.integer("DIMENSION", least=1, most=MOST_NODES)
    nodes, depots = _nodes(file, n), _depots(file, n)
    limited = any(file.real(key, 0.0) for key in LIMITS) or f"{LIMITS[1]}_SECTION" in file.sections
    timed = limited or any(node.window for node in nodes)
    lengths = weights(file, n, rounding, timed=timed)
    ordered = file.headers.get("TYPE", "").upper() == "VRPB"
    if ordered:
        lengths = _in_order(lengths, nodes)
    vehicles = fleet(file, n, depots, len(nodes[0].delivery), free=PAIRS in file.sections)
    loads = [load for node in nodes for load in (*node.delivery, *node.pickup)]
    units = load_units([*loads, *(c for kind, _ in vehicles.kinds for c in kind.capacity)], "loads", name=file.name)
    tasks = _tasks(file, nodes, depots, vehicles, lengths, units)
    windows = {depot: _window(nodes[depot], lengths.scale) for depot in depots}
    shifts = {depot: window or Window(0, FOREVER) for depot, window in windows.items()}
    reloads = sorted({node for kind, _ in vehicles.kinds for node in kind.reload})
    problem = CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(n)),
        distance_m=lengths.distance,
        duration_s=lengths.duration,
        tasks=tasks,
        depots=tuple(Depot(str(depot), depot, windows[depot]) for depot in depots),
        vehicle_types=vehicle_types(vehicles, lengths, units, depots, shifts),
        load_dimensions=_dimensions(nodes, units),
        sites=tuple(Site(str(node), node, windows[node], supplies=True) for node in reloads),
        name=file.headers.get("NAME", ""),
    )
    prizes = {task.id: nodes[task.location].prize for task in tasks if task.prize is not None}
    notes = tuple(msg("{header} of the file is not used", header=key) for key in file.headers if key not in HEADERS)
    return Reading(problem, file.name, measure(vehicles, lengths, prizes), vehicles_max=vehicles.most, notes=notes)


def _known(file: Sections) -> None:
    for section, rows in file.sections.items():
        if section not in KNOWN:
            raise file.refusal(section, msg("a section"), msg("none that Takeback does not know"))
        if section == "RELEASE_TIME_SECTION" and any(row.words[-1] not in {"0", "0.0"} for row in rows):
            raise file.refusal(section, msg("release times"), msg("goods that are there when the day begins"))


def _nodes(file: Sections, n: int) -> list[Node]:
    if PAIRS in file.sections:
        return [_pair(file, k, row) for k, row in enumerate(file.numbered(PAIRS, n, 6))]
    brought = next((one for one in ("DEMAND_SECTION", "LINEHAUL_SECTION") if one in file.sections), None)
    delivery = file.numbered(brought, n) if brought else [[0.0]] * n
    delivery, pickup = _backhauls(file, n, delivery)
    windows = file.numbered("TIME_WINDOW_SECTION", n, 2) if "TIME_WINDOW_SECTION" in file.sections else None
    service = file.numbered("SERVICE_TIME_SECTION", n, 1) if "SERVICE_TIME_SECTION" in file.sections else None
    prizes = file.numbered("PRIZE_SECTION", n, 1) if "PRIZE_SECTION" in file.sections else None
    same = file.real("SERVICE_TIME", 0.0)
    dims = len(delivery[0])
    for section, table in ((brought, delivery), ("BACKHAUL_SECTION", pickup or [])):
        if any(len(row) != dims for row in table):
            raise file.refusal(str(section), msg("rows of different lengths"), msg("as many loads in each row"))
    return [
        Node(
            delivery=tuple(delivery[k]),
            pickup=tuple(pickup[k]) if pickup else (0.0,) * dims,
            window=_hours(file, "TIME_WINDOW_SECTION", k, *windows[k]) if windows else None,
            service=_at_least_0(file, "SERVICE_TIME_SECTION", service[k][0]) if service else same,
            prize=_at_least_0(file, "PRIZE_SECTION", prizes[k][0]) if prizes else 0.0,
        )
        for k in range(n)
    ]


def _backhauls(file: Sections, n: int, demand: list[list[float]]) -> tuple[list[list[float]], list[list[float]] | None]:
    """Return what is brought and taken: BACKHAUL_SECTION holds amounts or, ended by -1 as in LKH, numbers of nodes."""
    section = "BACKHAUL_SECTION"
    words = [word for row in file.sections.get(section, []) for word in row.words]
    if not words:
        return demand, None
    if words[-1] != "-1":
        return demand, file.numbered(section, n)
    nodes = {whole(word, section, least=1, most=n, name=file.name) - 1 for word in words[:-1]}
    zeros = [[0.0] * len(row) for row in demand]
    brought = [zeros[k] if k in nodes else row for k, row in enumerate(demand)]
    return brought, [row if k in nodes else zeros[k] for k, row in enumerate(demand)]


def _pair(file: Sections, k: int, row: list[float]) -> Node:
    demand, opens, closes, service, pickup, delivery = row
    if demand and file.headers.get("TYPE", "").upper() not in AMOUNTS:
        expected = msg("0 in the second column: pairs of pickup and delivery are not read")
        raise file.refusal(f"{PAIRS}, node {k + 1}", demand, expected)
    timed = "TW" in file.headers.get("TYPE", "").upper() and (opens > 0 or closes < ALWAYS)
    window = _hours(file, PAIRS, k, opens, closes) if timed else None
    return Node((delivery,), (pickup,), window, _at_least_0(file, PAIRS, service), 0.0)


def _hours(file: Sections, section: str, k: int, opens: float, closes: float) -> tuple[float, float]:
    if not 0 <= opens <= closes:
        expected = msg("a start of 0 or more and an end that is not before it")
        raise file.refusal(f"{section}, node {k + 1}", f"{opens:g} to {closes:g}", expected)
    return opens, closes


def _at_least_0(file: Sections, section: str, value: float) -> float:
    if value < 0:
        raise file.refusal(section, value, msg("0 or more"))
    return value


def _depots(file: Sections, n: int) -> list[int]:
    words = [word for row in file.sections.get("DEPOT_SECTION", []) for word in row.words if word != "-1"]
    if not words:
        return [0]
    if len(set(words)) < len(words) or any(not word.isdecimal() or not 1 <= int(word) <= n for word in words):
        expected = msg("numbers of nodes, 1 to {last}, each once", last=n)
        raise file.refusal("DEPOT_SECTION", " ".join(words), expected)
    return [int(word) - 1 for word in words]


def _window(node: Node, scale: int) -> Window | None:
    """Return the window in units: no wider than in the file."""
    if node.window is None:
        return None
    start, end = np.ceil(node.window[0] * scale - 1e-6), np.floor(node.window[1] * scale + 1e-6)
    return Window(int(start), max(int(start), int(end)))


def _tasks(
    file: Sections, nodes: list[Node], depots: list[int], vehicles: Fleet, lengths: Weights, units: int
) -> tuple[Task, ...]:
    groups = _groups(file, len(nodes), depots)
    kinds = [(name(vehicles, k), kind.allowed) for k, (kind, _) in enumerate(vehicles.kinds)]
    restricted = any(allowed is not None for _, allowed in kinds)
    tasks = []
    for k, node in enumerate(nodes):
        if k in depots:
            continue
        window, group = _window(node, lengths.scale), groups.get(k, "")
        only = tuple(one for one, allowed in kinds if allowed is None or k in allowed) if restricted else ()
        if restricted and not only:
            raise file.refusal("VEHICLES_ALLOWED_CLIENTS_SECTION", k + 1, msg("a vehicle for each customer"))
        tasks.append(
            Task(
                str(k),
                k,
                delivery=in_units(node.delivery, units),
                pickup=in_units(node.pickup, units),
                windows=(window,) if window else (),
                service_s=round(node.service * lengths.scale),
                prize=round(node.prize * lengths.scale) if node.prize and not group else None,
                group=group,
                only=() if len(only) == len(kinds) else only,
            )
        )
    return tuple(tasks)


def _groups(file: Sections, n: int, depots: list[int]) -> dict[int, str]:
    """Return the group of each node that has alternatives: rows list a group's nodes or, older, each node's group."""
    groups: dict[int, str] = {}
    section = "MUTUALLY_EXCLUSIVE_GROUP_SECTION"
    rows = len(file.sections.get(section, ()))
    listed = file.numbered(section, rows) if rows else []
    if rows == n and all(len(row) == 1 for row in listed) and len({row[0] for row in listed}) < n:
        of_node: dict[float, list[float]] = {}
        for place, (group,) in enumerate(listed, 1):
            of_node.setdefault(group, []).append(place)
        listed = list(of_node.values())
    for number, row in enumerate(listed, 1):
        if len(row) < 2:
            continue
        for node in row:
            member = int(node) - 1
            if node != member + 1 or not 0 <= member < n or member in depots or member in groups:
                raise file.refusal(section, node, msg("customers, each in one group"))
            groups[member] = str(number)
    return groups


def _dimensions(nodes: list[Node], units: int) -> tuple[str, ...]:
    dims = len(nodes[0].delivery)
    return (dimension(units),) if dims == 1 else tuple(dimension(units, f"load {k + 1}") for k in range(dims))


def _in_order(lengths: Weights, nodes: list[Node]) -> Weights:
    """Return lengths in which a leg that VRPB forbids is longer than all others of a plan together.

    Forbidden are legs from home to a backhaul and from a backhaul to a linehaul. They count as long in the cost, too.
    """
    backhaul = np.array([any(node.pickup) for node in nodes])
    linehaul = np.array([any(node.delivery) for node in nodes])
    home = ~(backhaul | linehaul)
    matrix: Matrix = lengths.distance.copy()
    barred = np.outer(home, backhaul) | np.outer(backhaul, linehaul)
    matrix[barred] = min(int(lengths.distance.max(axis=1).sum()), BARRED) + 1
    np.fill_diagonal(matrix, 0)
    return lengths._replace(distance=matrix, duration=matrix, length=Table(matrix, lengths.scale))
