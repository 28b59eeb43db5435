"""Master data: sites, partners, products, battery models, prices, outlets, resources. Registered as facts, kept as
projections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback import prove
from takeback.operate.ledger import Author, record
from takeback.operate.master_check import check
from takeback.operate.projection import Fact, projects
from takeback.operate.words import LARGEST, MOST, Decay, Level, Provenance, Vertical, Worth
from takeback.store import bulk

Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
WholeGrams = Annotated[int, Meta(ge=1, le=MOST)]
Count = Annotated[int, Meta(ge=1, le=LARGEST)]
Amount = Annotated[float, Meta(ge=0, le=MOST)]
Place = Annotated[int, Meta(ge=0, le=32_767)]
Natural = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Cost = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Seconds = Annotated[int, Meta(ge=0, le=7 * 86_400)]


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A place of ours where things are kept or worked on. Coordinates are WGS84 degrees."""

    id: UUID
    code: str
    name: str
    name_zh: str
    kind: str
    gln: str | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    provenance: Provenance = "real"


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody we collect from or deliver to; ``tenant_id`` names the organisation when it signs in here itself."""

    id: UUID
    code: str
    name: str
    name_zh: str
    kind: str
    gln: str | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    tenant_id: UUID | None = None
    provenance: Provenance = "real"


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of thing that comes back. ``mass_g`` grams, ``value_minor`` the undamaged value, ``decay_per_day`` of
    value."""

    id: UUID
    code: str
    gtin: str | None = None
    name: str
    name_zh: str
    vertical: Vertical
    level: Level
    category: str
    mass_g: WholeGrams | None = None
    value_minor: Worth
    currency: str
    decay_per_day: Decay
    provenance: dict[str, Provenance]


class BatteryModel(msgspec.Struct, frozen=True, kw_only=True):
    """What a battery product is made of: chemistry, rated energy (Wh), rated capacity (mAh), nominal voltage (mV)."""

    product_id: UUID
    chemistry: str
    energy_wh: Count
    rated_capacity_mah: Count
    nominal_voltage_mv: Count | None = None


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What a disposition brings for a category in a condition (see `takeback.plan.disposition.problem.Terms`).

    ``price`` and ``size_cost`` are minor units per unit of item size, ``cost`` minor units per item, ``load`` what an
    item takes of the outlet's resource, ``days`` from the decision until the money is there.
    """

    vertical: Vertical
    category: str
    condition: str
    disposition: str
    price: Amount
    price_sd: Amount
    decay_per_day: Amount
    days: Amount
    cost: Amount
    size_cost: Amount = 0.0
    load: Amount = 1.0
    currency: str
    source: str


class Outlet(msgspec.Struct, frozen=True, kw_only=True):
    """A disposition that is open to a vertical, its place in lists, and the scarce thing it uses."""

    vertical: Vertical
    disposition: str
    place: Place
    resource: str | None = None


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """Something scarce, in ``unit`` a day: bench minutes, places, kilograms of a line."""

    vertical: Vertical
    name: str
    per_day: Amount
    unit: str
    source: str


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A class of condition that prices distinguish, best first; ``value`` is its state of health where it has one."""

    vertical: Vertical
    name: str
    place: Place
    value: Amount | None = None


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """What keeping an item undecided costs (minor units a day), and how long it may last (days)."""

    vertical: Vertical
    cost_per_day: Amount
    longest_days: Amount


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """A break that a driver must take: it begins between two moments (seconds since midnight), and its length."""

    start_s: Seconds
    end_s: Seconds
    duration_s: Seconds


class Vehicle(msgspec.Struct, frozen=True, kw_only=True):
    """Equal vehicles of a site: how many, kilograms each, shift (seconds since midnight), costs in minor units.

    ``adr``: equipped and certified for damaged lithium batteries; ``carries``: the classes of goods it may carry, None
    = all; ``pallet_places``, ``max_duration_s`` of a route: None = no limit. ``max_overtime_s`` may be driven on top of
    that, at ``cost_per_overtime_hour`` more. ``co2_g_per_km``: a rigid lorry of 7.5 to 12 t without other knowledge.
    """

    id: UUID
    code: str
    site_id: UUID
    count: Natural
    capacity_kg: Natural
    shift_begin_s: Seconds
    shift_end_s: Seconds
    cost_fixed: Cost
    cost_per_km: Cost
    cost_per_hour: Cost
    adr: bool = False
    carries: list[str] | None = None
    pallet_places: Natural | None = None
    max_duration_s: Annotated[int, Meta(ge=1, le=7 * 86_400)] | None = None
    max_overtime_s: Seconds = 0
    cost_per_overtime_hour: Cost = 0
    breaks: list[Break] = []
    co2_g_per_km: Annotated[int, Meta(ge=0, le=1_000_000)] = 620


class Corner(msgspec.Struct, frozen=True, kw_only=True):
    """A corner of a zone, WGS84 degrees."""

    lat: Latitude
    lon: Longitude


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """Hours of each day, in seconds since midnight."""

    start_s: Seconds
    end_s: Seconds


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a town that is closed to lorries at times: no stop within it may be served in the hours ``closed``.

    ``ring``: its corners in order, the last joined to the first; ``passes``: codes of vehicles that are let in all the
    same.
    """

    id: UUID
    code: str
    name: str
    name_zh: str
    ring: Annotated[list[Corner], Meta(min_length=3, max_length=500)]
    closed: Annotated[list[Hours], Meta(min_length=1, max_length=24)]
    passes: Annotated[list[str], Meta(max_length=200)] = []


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the static rule that decisions are measured against: what a category of a grade gets, in order."""

    vertical: Vertical
    category: str
    grade: str
    preferences: list[str]


Row = (
    Site
    | Partner
    | Product
    | BatteryModel
    | Price
    | Outlet
    | Resource
    | Condition
    | Holding
    | Vehicle
    | Zone
    | RuleLine
)

_TABLES: dict[type[Any], tuple[str, str]] = {
    Site: ("site", "(org_id, id)"),
    Partner: ("partner", "(org_id, id)"),
    Product: ("product", "(org_id, id)"),
    BatteryModel: ("battery_model", "(org_id, product_id)"),
    Price: ("price", "(org_id, vertical, category, condition, disposition)"),
    Outlet: ("outlet", "(org_id, vertical, disposition)"),
    Resource: ("resource", "(org_id, vertical, name)"),
    Condition: ("condition", "(org_id, vertical, name)"),
    Holding: ("holding", "(org_id, vertical)"),
    Vehicle: ("vehicle", "(org_id, id)"),
    Zone: ("zone", "(org_id, id)"),
    RuleLine: ("static_rule", "(org_id, vertical, category, grade)"),
}
BY_NAME = {table: (kind, conflict) for kind, (table, conflict) in _TABLES.items()}


def register(connection: sa.Connection, author: Author, rows: Sequence[Row], *, at: datetime | None = None) -> None:
    """Register or correct master data; ``rows`` may mix kinds, a later row of the same key replaces an earlier one.

    Raises
    ------
    Problem
        Those of `master_check.check`; nothing is changed then.
    """
    author.require("master.edit")
    moment = at or datetime.now(UTC)
    by_table = {table: [row for row in rows if isinstance(row, kind)] for kind, (table, _) in _TABLES.items()}
    check(connection, {table: found for table, found in by_table.items() if found})
    entries = []
    for table, found in by_table.items():
        if found:
            body = {
                "type": "takeback:Registered",
                "takeback:step": "registered",
                "subject": table,
                "rows": msgspec.to_builtins(found),
            }
            entries.append(prove.Entry("takeback:Registered", body, moment))
    record(connection, author, entries)


@projects("registered")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    for fact in facts:
        kind, conflict = BY_NAME[fact.body["subject"]]
        fields = msgspec.structs.fields(kind)
        names = [f.name for f in fields]
        changes = ", ".join(f"{n} = excluded.{n}" for n in names)
        key = conflict.strip("()").replace("org_id, ", "").split(", ")
        latest = {tuple(row[k] for k in key): row for row in fact.body["rows"]}
        rows = [[org, *(_stored(_said(row, field)) for field in fields)] for row in latest.values()]
        bulk.insert(
            connection,
            fact.body["subject"],
            ["org_id", *names],
            rows,
            on_conflict=f"{conflict} do update set {changes}",
        )


def _said(row: dict[str, Any], field: msgspec.structs.FieldInfo) -> Any:
    """Return what an entry says of a field; entries of earlier releases lack the fields that came later."""
    if field.name in row:
        return row[field.name]
    return field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default


def _stored(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value
