"""A world's parameters: one TOML file, a source for every number, read into frozen structs."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from takeback.core.message import msg
from takeback.core.problem import Problem

Row = tuple[float, ...]
Table = tuple[Row, ...]


class _Sourced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of numbers and where they come from. Without `source` the file is refused."""

    source: str


class Frame(_Sourced, frozen=True):
    """The size of the world. `start`: day 0; `days`: simulated days; `packs`, `parcels`: how many items come back."""

    name: str
    zh: str
    start: date
    days: int
    packs: int
    parcels: int
    currency: str


class City(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A city: WGS84 degrees and `people_m`, millions of people (weight of its parcels)."""

    name: str
    zh: str
    lat: float
    lon: float
    people_m: float


class Cities(_Sourced, frozen=True):
    """All cities of the world."""

    rows: tuple[City, ...]


class Organisation(_Sourced, frozen=True):
    """A member of the cast. `prefix`: GS1 company prefix of 7 digits; `tenant`: signs in, else a partner record."""

    slug: str
    name: str
    zh: str
    kind: str
    role: str
    tenant: bool
    prefix: str


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place where things are handed over; `reference`: location reference of its GLN."""

    kind: str
    organisation: str
    city: str
    reference: int
    name: str
    zh: str
    lat: float
    lon: float


class Sites(_Sourced, frozen=True):
    """All sites of the world."""

    rows: tuple[Site, ...]


class ParcelArrivals(_Sourced, frozen=True):
    """When parcels come: weight of each weekday (Monday first), a triangular peak, days from request to dock."""

    weekday: Row
    peak_day: int
    peak_half_width: int
    peak_factor: float
    transit_days: tuple[int, ...]
    transit_share: Row
    empty_share: float
    mass_noise: float
    scale_noise: float


class PackArrivals(_Sourced, frozen=True):
    """When packs come: weekday weights, linear growth, share from dealers, length of the pick-up window."""

    weekday: Row
    growth: float
    dealer_share: float
    window_days: tuple[int, ...]
    window_share: Row
    mass_noise: float
    scale_noise: float


class Vehicles(_Sourced, frozen=True):
    """The fleets: a class 9 truck for packs and a van for parcels; minutes at a stop, speed and road factor."""

    truck_kg: int
    truck_packs: int
    van_kg: int
    van_litres: int
    shift_start_h: float
    shift_end_h: float
    pack_service_min: float
    parcel_service_min: float
    speed_kmh: float
    circuity: float


class Chemistry(_Sourced, frozen=True):
    """A cathode chemistry: open-circuit voltage over charge, pack mass and content per kWh, prices per kWh in yuan."""

    name: str
    gbt_type: str
    ocv_soc: Row
    ocv_v: Row
    kg_per_kwh: float
    content: dict[str, float]
    new_price_cny_per_kwh: float
    repurposed_price_cny_per_kwh: float


class BatteryModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pack model; `maker` and `specification` are fields of its GB/T 34014 code, `item_reference` of its GTIN."""

    name: str
    zh: str
    maker: str
    specification: str
    item_reference: int
    chemistry: str
    energy_kwh: float
    rated_ah: float
    series_cells: int
    format: str
    share: float


class BatteryModels(_Sourced, frozen=True):
    """All pack models."""

    rows: tuple[BatteryModel, ...]


class PackCondition(_Sourced, frozen=True):
    """The hidden condition of packs by where they come from (mean, standard deviation), and how well it is seen.

    `fault_confusion[true][seen]`; `grade_floor`: least measured state of health of each grade.
    """

    faults: tuple[str, ...]
    dealer_soh: Row
    collector_soh: Row
    soh_limits: Row
    dealer_age_years: Row
    collector_age_years: Row
    dealer_faults: Row
    collector_faults: Row
    fault_confusion: Table
    grade_floor: dict[str, float]


class Pulse(_Sourced, frozen=True):
    """The pulse test and the two-RC circuit behind it; resistances in volts per 1C, growth per unit of fade."""

    soc: Row
    c_rates: Row
    pulse_s: float
    rest_s: float
    tau_s: Row
    r0_c_ohm: float
    r1_c_ohm: float
    r2_c_ohm: float
    r0_growth: float
    r1_growth: float
    r2_growth: float
    scatter: Row
    soc_noise: float
    voltage_noise_v: float
    lab_packs_per_model: int
    lab_soh: Row


class FaultEffect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a fault leaves of each price, and what it adds to the work."""

    reuse: float
    remanufacture: float
    repurpose: float
    extra_cost_cny_per_kwh: float


class BatteryEconomics(_Sourced, frozen=True):
    """What a pack brings: shares of the price at the knots `soh`, costs, time and noise; lists follow `options`."""

    options: tuple[str, ...]
    soh: Row
    reuse_share_of_new: Row
    remanufacture_share_of_new: Row
    repurpose_share_of_price: Row
    reuse_claim_cny_per_kwh: float
    reuse_cost_cny_per_kwh: float
    remanufacture_cost_cny_per_kwh: float
    repurpose_cost_cny_per_kwh: float
    uneven: FaultEffect
    module: FaultEffect
    critical_incident_cny: float
    handling_cny: Row
    transport_cny_per_t: Row
    days_to_money: tuple[int, ...]
    decay_per_week: float
    price_sd: float
    storage_cny_per_day: float
    longest_hold_days: int


class BatteryLines(_Sourced, frozen=True):
    """What the lines take on a working day; the other recycler takes all that comes."""

    reuse_packs: float
    remanufacture_hours: float
    remanufacture_hours_per_pack: Row
    repurpose_kwh: float
    recycle_liantan_kg: float


class Recycler(_Sourced, frozen=True):
    """A recycler: share recovered and share of the metal price paid for each element, and its fee per tonne of pack."""

    organisation: str
    option: str
    recovery: dict[str, float]
    payable: dict[str, float]
    treatment_cny_per_t: float


class Metals(_Sourced, frozen=True):
    """Metal prices in yuan per kilogram contained."""

    cny_per_kg: dict[str, float]


class Category(_Sourced, frozen=True):
    """A category of goods: share of parcels, true grades, decay, bench minutes and price factors by disposition."""

    name: str
    zh: str
    share: float
    grades: Row
    decay_per_week: float
    refurbish_minutes: float
    parts_minutes: float
    open_box: float
    refurbish: float
    liquidate: float
    parts: float


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product: list price, mass and volume of one packed unit; `weight` = how often it comes back in its category."""

    name: str
    zh: str
    category: str
    item_reference: int
    value_cny: float
    mass_g: int
    volume_cm3: int
    weight: float


class Products(_Sourced, frozen=True):
    """All products."""

    rows: tuple[Product, ...]


class Inspection(_Sourced, frozen=True):
    """How well an inspector sees the grade: `confusion[true][seen]`."""

    grades: tuple[str, ...]
    confusion: Table


class ReturnReasons(_Sourced, frozen=True):
    """What customers say: `by_grade[true grade][reason]`, how often each of `names` is given."""

    names: tuple[str, ...]
    zh: tuple[str, ...]
    by_grade: Table


class GoodsEconomics(_Sourced, frozen=True):
    """What goods bring: `price[grade][option]` and `penalty[grade][option]` as shares of the list price."""

    options: tuple[str, ...]
    price: Table
    penalty: Table
    handling_cny: Row
    labour_cny_per_minute: float
    transport_cny_per_kg: Row
    days_to_money: tuple[int, ...]
    price_sd: float
    storage_cny_per_day: float
    longest_hold_days: int


class GoodsLines(_Sourced, frozen=True):
    """What the lines take in a day."""

    open_box_places: float
    refurbish_minutes: float
    parts_minutes: float


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that defines a world, apart from the seed."""

    world: Frame
    cities: Cities
    organisations: tuple[Organisation, ...]
    sites: Sites
    parcel_arrivals: ParcelArrivals
    pack_arrivals: PackArrivals
    vehicles: Vehicles
    chemistries: tuple[Chemistry, ...]
    battery_models: BatteryModels
    pack_condition: PackCondition
    pulse: Pulse
    battery_economics: BatteryEconomics
    battery_lines: BatteryLines
    recyclers: tuple[Recycler, ...]
    metals: Metals
    categories: tuple[Category, ...]
    products: Products
    inspection: Inspection
    return_reasons: ReturnReasons
    goods_economics: GoodsEconomics
    goods_lines: GoodsLines

    def chemistry(self, name: str) -> Chemistry:
        """Return the chemistry of that name."""
        return next(c for c in self.chemistries if c.name == name)

    def organisation(self, slug: str) -> Organisation:
        """Return the member of the cast with that slug."""
        return next(o for o in self.organisations if o.slug == slug)


def load(path: Path) -> Parameters:
    """Return the parameters in a TOML file; a `Problem` (`demo.bad-world`) tells the place of a mistake in it."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Parameters)
    except OSError as error:
        raise Problem(
            "demo.no-world", msg("The world file cannot be read"), where=str(path), found=str(error)
        ) from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        title = msg("The world file has a mistake")
        raise Problem("demo.bad-world", title, where=path.name, found=str(error)) from None


@cache
def yangtze() -> Parameters:
    """Return the parameters of the built-in world."""
    return load(Path(str(files("takeback.demo").joinpath("worlds/yangtze.toml"))))
