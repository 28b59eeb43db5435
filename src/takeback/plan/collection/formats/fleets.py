"""The vehicles of a VRPLIB file: all alike, or one row a vehicle, made into types of equal ones."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from takeback.core.message import msg
from takeback.plan.collection.formats.loads import in_units
from takeback.plan.collection.formats.reading import Measure
from takeback.plan.collection.formats.sections import Sections
from takeback.plan.collection.formats.weights import Weights
from takeback.plan.collection.problem import VehicleType, Window

MOST_VEHICLES = 100_000
SECTIONS = (
    "CAPACITY_SECTION",
    "VEHICLES_DEPOT_SECTION",
    "VEHICLES_MAX_DISTANCE_SECTION",
    "VEHICLES_MAX_DURATION_SECTION",
    "VEHICLES_FIXED_COST_SECTION",
    "VEHICLES_UNIT_DISTANCE_COST_SECTION",
    "VEHICLES_ALLOWED_CLIENTS_SECTION",
    "VEHICLES_RELOAD_DEPOT_SECTION",
    "VEHICLES_MAX_RELOADS_SECTION",
)
DEPOTS_SAID = {"VEHICLES_DEPOT_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION"}  # without the first: from the first depot


class Kind(NamedTuple):
    """What a row of each section says of one vehicle; nodes are numbered from 0."""

    capacity: tuple[float, ...]
    depot: int
    distance: float | None
    duration: float | None
    fixed: float
    each: float
    allowed: tuple[int, ...] | None
    reload: tuple[int, ...]
    reloads: int


class Fleet(NamedTuple):
    """Each kind with how many there are and whether the file limits them, in the order of the file."""

    kinds: tuple[tuple[Kind, int], ...]
    most: int | None


def fleet(file: Sections, n: int, depots: list[int], dimensions: int, *, free: bool) -> Fleet:
    """Return the vehicles of a file with `n` nodes; `free`: as many as there are customers. Raises `Problem`.

    Of several depots a free fleet has as many at each; of a limited one the file says where each vehicle starts.
    """
    customers = n - len(depots)
    most = None if free or "VEHICLES" not in file.headers else file.integer("VEHICLES")
    rows = any(section in file.sections for section in SECTIONS)
    if len(depots) > 1 and most is not None and not DEPOTS_SAID & file.sections.keys():
        expected = msg("a row a vehicle with the node of the depot where it starts")
        raise file.refusal("VEHICLES_DEPOT_SECTION", None, expected)
    if not rows:
        count = customers if most is None else min(most, customers)
        kind = _kind(file, {}, n, depots, dimensions, customers)
        return Fleet(tuple((kind._replace(depot=depot), count) for depot in depots), most)
    if most is None or most > MOST_VEHICLES:
        expected = msg("at most {most}, a row a vehicle in each section", most=MOST_VEHICLES)
        raise file.refusal("VEHICLES", most, expected)
    tables = {section: file.numbered(section, most) for section in SECTIONS if section in file.sections}
    kinds = Counter(
        _kind(file, {name: table[k] for name, table in tables.items()}, n, depots, dimensions, customers)
        for k in range(most)
    )
    return Fleet(tuple(kinds.items()), most)


def vehicle_types(
    fleet: Fleet, weights: Weights, units: int, depots: list[int], shifts: dict[int, Window]
) -> tuple[VehicleType, ...]:
    """Return the vehicle types in whole units; `shifts` by depot."""
    scale = weights.scale

    def limit(value: float | None) -> int | None:
        return None if value is None else int(value * scale + 1e-6)

    return tuple(
        VehicleType(
            id=name(fleet, k),
            count=count,
            capacity=in_units(kind.capacity, units),
            start_depot=depots.index(kind.depot),
            shift=shifts[kind.depot],
            max_duration_s=limit(kind.duration),
            max_distance_m=limit(kind.distance),
            cost_fixed=round(kind.fixed * scale),
            cost_per_km=round(kind.each * 1_000),
            most_reloads=kind.reloads if kind.reload else 0,
            sites=tuple(str(node) for node in kind.reload),
        )
        for k, (kind, count) in enumerate(fleet.kinds)
    )


def name(fleet: Fleet, k: int) -> str:
    """Return the id of the k-th vehicle type."""
    return "vehicle" if len(fleet.kinds) == 1 else f"vehicle {k + 1}"


def measure(fleet: Fleet, weights: Weights, prizes: dict[str, float]) -> Measure:
    """Return the set's own cost of these vehicles."""
    return Measure(
        weights.length,
        fixed={name(fleet, k): kind.fixed for k, (kind, _) in enumerate(fleet.kinds)},
        each={name(fleet, k): kind.each for k, (kind, _) in enumerate(fleet.kinds)},
        prizes=prizes,
    )


def _kind(
    file: Sections, rows: dict[str, list[float]], n: int, depots: list[int], dimensions: int, customers: int
) -> Kind:
    def one(key: str) -> float | None:
        row = rows.get(f"{key}_SECTION")
        if row is None:
            return file.real(key) if file.headers.get(key) else None
        if len(row) != 1 or row[0] < 0:
            raise file.refusal(f"{key}_SECTION", row, msg("one number, 0 or more, for each vehicle"))
        return row[0]

    def nodes(key: str) -> tuple[int, ...] | None:
        row = rows.get(f"{key}_SECTION")
        if row is None:
            return None
        if any(node != int(node) or not 1 <= node <= n for node in row):
            raise file.refusal(f"{key}_SECTION", row, msg("numbers of nodes, 1 to {last}", last=n))
        return tuple(int(node) - 1 for node in row)

    (depot,) = nodes("VEHICLES_DEPOT") or (depots[0],)
    reload = nodes("VEHICLES_RELOAD_DEPOT") or ()
    for key, node in (("VEHICLES_DEPOT", depot), *(("VEHICLES_RELOAD_DEPOT", node) for node in reload)):
        if node not in depots:
            raise file.refusal(f"{key}_SECTION", node + 1, msg("a node of the DEPOT_SECTION"))
    allowed = nodes("VEHICLES_ALLOWED_CLIENTS")
    reloads = one("VEHICLES_MAX_RELOADS")  # a trip that serves nobody is none
    each = one("VEHICLES_UNIT_DISTANCE_COST")
    longest = one("VEHICLES_MAX_DURATION")
    return Kind(
        capacity=_capacity(file, rows, dimensions),
        depot=depot,
        distance=one("VEHICLES_MAX_DISTANCE"),
        duration=longest if longest is not None else (file.real("DISTANCE", 0.0) or None),
        fixed=one("VEHICLES_FIXED_COST") or 0.0,
        each=1.0 if each is None else each,
        allowed=None if allowed is None or len(set(allowed)) == customers else allowed,
        reload=reload,
        reloads=customers if reloads is None else int(min(reloads, customers)),
    )


def _capacity(file: Sections, rows: dict[str, list[float]], dimensions: int) -> tuple[float, ...]:
    row = rows.get("CAPACITY_SECTION")
    if row is None:
        row = [file.real("CAPACITY")] * (1 if "CAPACITY" in file.headers or dimensions else 0)
    if len(row) != dimensions:
        expected = msg("{columns} numbers", columns=dimensions)
        raise file.refusal("CAPACITY", msg("{columns} numbers", columns=len(row)), expected)
    return tuple(row)
