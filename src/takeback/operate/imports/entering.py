"""From the values of a row to what the commands take: items of orders, and rows of master data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast
from uuid import UUID

import msgspec

from takeback.core.ids import uuid7
from takeback.core.items import item_key
from takeback.core.message import msg
from takeback.core.places import Place, in_china
from takeback.core.problem import Problem
from takeback.operate.imports.directory import Found
from takeback.operate.imports.fields import Entered, Mark, Setting, Values
from takeback.operate.imports.identity import identity_of
from takeback.operate.master import BatteryModel, Partner, Product, Site
from takeback.operate.spine.order import NewItem
from takeback.operate.words import Level, Provenance, Vertical

LARGEST_DIFFERENCE = 50  # between an announced mass and the catalogue's: beyond it the unit is wrong, not the scale
_OF_CATALOGUE = {
    "mass": msg("Where a row says no mass, that of the product is taken and marked as declared."),
    "value": msg("Where a row says no value, that of the product is taken and marked as declared."),
    "energy": msg("Where a row says no energy, that of the battery model is taken and marked as declared."),
}
EXISTING = "existing"  # where the row of the same code stands among the values, if there is one


def order_row(vertical: str) -> Callable[[Values, Setting], Entered]:
    """Return what makes items of orders for products of one vertical."""

    def enter(values: Values, setting: Setting) -> Entered:
        product: Found = values["product"]
        if product.row["vertical"] != vertical:
            raise _other_vertical(product.row["vertical"], vertical)
        head = _order_head(values, setting)
        item = _item(values, product, setting)
        marks: tuple[Mark, ...] = ()
        if item["epc"]:
            serial = values["serial"]
            marks = (Mark("serial", item["epc"], serial, item_key(item["epc"])), Mark("code", item["code"], serial))
        body = {"item": item, "reason": values.get("reason"), "gtin": product.row["gtin"]}
        return Entered(values["order"], head, body, (Mark("order", values["order"], values["order"]), *marks))

    return enter


def _order_head(values: Values, setting: Setting) -> Values:
    site = values.get("site") or setting.site
    if site is None:
        raise _missing("site", msg("The row does not say where its things shall go."))
    begin, end = values.get("window_begin"), values.get("window_end")
    if begin and end and end < begin:
        raise Problem(
            "import.window",
            msg("The end lies before the beginning."),
            where="window_end",
            expected=msg("a moment after {begin}", begin=begin.isoformat(" ", "minutes")),
        )
    partner = values.get("partner")
    if values.get("ordered_at") is None:
        text = msg("Where a row says no date, the order is dated now, {now}.", now=_clock(setting))
        setting.notes.setdefault("ordered_at", text)
    head = {
        "site": site.code,
        "site_id": site.id,
        "partner": partner.code if partner else None,
        "partner_id": partner.id if partner else None,
        "ordered_at": values.get("ordered_at") or setting.now,
        "window_begin": begin,
        "window_end": end,
    }
    builtins: Values = msgspec.to_builtins(head)
    return builtins


def _clock(setting: Setting) -> str:
    return setting.now.astimezone(setting.zone).isoformat(" ", "minutes")


def _item(values: Values, product: Found, setting: Setting) -> Values:
    row = product.row
    mass, value = _mass(values, product), values.get("value") or row["value_minor"]
    energy_wh = values.get("energy") or row["energy_wh"]
    if row["vertical"] == "batteries" and not energy_wh:
        raise _missing("energy", msg("The energy of this battery is not known: prices are per kWh."))
    serial = values.get("serial")
    epc, code = "", ""
    if serial is not None:
        found = _at(
            "serial",
            lambda: identity_of(serial, gtin=row["gtin"], company_prefix=setting.company_prefix, level=row["level"]),
        )
        epc, code = found.epc, found.code
    elif not row["gtin"] and not setting.company_prefix:
        raise _missing("serial", msg("Without a GTIN of the product or a company prefix, each thing needs its serial."))
    marks: dict[str, Provenance] = {"item": setting.provenance}
    for name in ("mass", "value", "energy"):
        if values.get(name) is not None:
            marks[name] = setting.provenance
        elif name != "energy" or row["vertical"] == "batteries":
            marks[name] = "declared"  # of the catalogue, not of this thing
            setting.notes.setdefault(name, _OF_CATALOGUE[name])
    item = NewItem(
        epc=epc,
        code=code,
        product_id=product.id,
        vertical=row["vertical"],
        level=row["level"],
        category=row["category"],
        size=energy_wh / 1000 if row["vertical"] == "batteries" else float(value),
        mass_g=mass,
        value_minor=value,
        currency=setting.currency,
        decay_per_day=row["decay_per_day"],
        provenance=marks,
    )
    builtins: Values = msgspec.to_builtins(item)
    return builtins


def _mass(values: Values, product: Found) -> int:
    said, usual = values.get("mass"), product.row["mass_g"]
    if said is None:
        if usual is None:
            raise _missing("mass", msg("Neither the row nor the product says what this weighs."))
        return int(usual)
    if usual is not None and not 1 / LARGEST_DIFFERENCE <= said / usual <= LARGEST_DIFFERENCE:
        raise Problem(
            "import.implausible-mass",
            msg("This mass does not fit the product."),
            where="mass",
            expected=msg("about {mass} kg, as {product} weighs", mass=f"{usual / 1000:g}", product=product.code),
            remedy=msg("Is the unit right? It is taken from the value, else from the header, else it is kilograms."),
        )
    return int(said)


def product_row(values: Values, setting: Setting) -> Entered:
    """Return a product, and the battery model of a battery."""
    old = _old(values)
    vertical, level = _kind_of(values, old)
    merged = _merged(values, old, ("name", "name_zh", "gtin", "category", "value_minor"), {"value_minor": "value"})
    mass = values.get("mass") or old.get("mass_g")
    decay = values.get("decay_per_day")
    product = Product(
        id=old.get("id") or uuid7(),
        code=values["code"],
        **{**merged, "name_zh": merged["name_zh"] or merged["name"]},
        vertical=vertical,
        level=level,
        mass_g=mass,
        currency=setting.currency,
        decay_per_day=decay if decay is not None else old.get("decay_per_day", 0.0),
        provenance=dict.fromkeys(("value", *(("mass",) if mass else ())), setting.provenance),
    )
    rows = {"product": msgspec.to_builtins(product)}
    if vertical == "batteries":
        rows["battery_model"] = msgspec.to_builtins(_model(values, old, product.id))
    return Entered(product.code, {}, rows, _marks(product.code, "gtin", product.gtin), known=bool(old))


def _kind_of(values: Values, old: Values) -> tuple[Vertical, Level]:
    """Return vertical and level; one follows from the other, and a chemistry or an energy makes it a battery."""
    level = values.get("level") or old.get("level")
    battery = level in {"pack", "module", "cell"} or any(values.get(name) for name in ("chemistry", "energy"))
    vertical = values.get("vertical") or old.get("vertical") or ("batteries" if battery else "returns")
    level = level or ("pack" if vertical == "batteries" else "unit")
    if (level == "unit") != (vertical == "returns"):
        raise Problem(
            "import.level",
            msg("Level and vertical do not go together."),
            where="level",
            found=level,
            expected=msg("unit for returns; pack, module or cell for batteries"),
        )
    return cast(Vertical, vertical), cast(Level, level)


def _model(values: Values, old: Values, product: UUID) -> BatteryModel:
    names = {"chemistry": "chemistry", "energy_wh": "energy", "rated_capacity_mah": "capacity"}
    known: Values = {ours: values.get(theirs) or old.get(ours) for ours, theirs in names.items()}
    for ours, theirs in names.items():
        if known[ours] is None:
            raise _missing(theirs, msg("A battery needs its chemistry, its rated energy and its rated capacity."))
    voltage_mv = round(1e6 * known["energy_wh"] / known["rated_capacity_mah"])
    return BatteryModel(product_id=product, **known, nominal_voltage_mv=old.get("nominal_voltage_mv") or voltage_mv)


def place_row(kind: type[Site] | type[Partner]) -> Callable[[Values, Setting], Entered]:
    """Return what makes sites or partners."""
    table = "site" if kind is Site else "partner"

    def enter(values: Values, setting: Setting) -> Entered:
        old = _old(values)
        merged = _merged(values, old, ("name", "name_zh", "kind", "gln"), {})
        place = _place(values, setting.country)
        more: Values = {"tenant_id": old.get("tenant_id")} if kind is Partner else {}
        row = kind(
            id=old.get("id") or uuid7(),
            code=values["code"],
            **{**merged, "name_zh": merged["name_zh"] or merged["name"]},
            lat=place.lat if place else old.get("lat"),
            lon=place.lon if place else old.get("lon"),
            provenance=setting.provenance,
            **more,
        )
        marks = _marks(row.code, "gln", row.gln)
        return Entered(row.code, {}, {table: msgspec.to_builtins(row)}, marks, known=bool(old))

    return enter


def _place(values: Values, country: str) -> Place | None:
    lat, lon = values.get("lat"), values.get("lon")
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        raise _missing("lat" if lat is None else "lon", msg("A place needs its latitude and its longitude."))
    if lat == lon == 0:
        raise _exchanged(msg("the place itself: this one lies in the Gulf of Guinea"))
    if country == "CN" and not in_china(lat, lon) and in_china(lon, lat):
        raise _exchanged(msg("a latitude, which is the smaller number in China"))
    grid = values.get("grid") or "wgs84"
    make = {"wgs84": Place, "gcj02": Place.from_gcj02, "bd09": Place.from_bd09}[grid]
    return _at("lat", lambda: make(lat, lon))  # type: ignore[no-any-return]


def _marks(code: str, field: str, number: str | None) -> tuple[Mark, ...]:
    mark = Mark("code", code, code)
    return (mark, Mark(field, number, number)) if number else (mark,)


def _old(values: Values) -> Values:
    existing = values.get(EXISTING)
    return existing.row if existing else {}


def _merged(values: Values, old: Values, names: Sequence[str], sources: dict[str, str]) -> dict[str, Any]:
    """Return what the row says; where it says nothing, what is known already."""
    said = {name: values.get(sources.get(name, name)) for name in names}
    return {name: old.get(name) if value is None else value for name, value in said.items()}


def _at(field: str, make: Callable[[], Any]) -> Any:
    try:
        return make()
    except Problem as problem:
        problem.where = field
        raise


def _missing(field: str, title: Any) -> Problem:
    return Problem("import.missing", title, where=field, expected=msg("a value"))


def _exchanged(expected: Any) -> Problem:
    return Problem(
        "import.exchanged-coordinates",
        msg("Latitude and longitude seem to be wrong."),
        where="lat",
        expected=expected,
        remedy=msg("Latitude and longitude may have been exchanged."),
    )


def _other_vertical(found: str, expected: str) -> Problem:
    return Problem(
        "import.other-vertical",
        msg("The product is not of the kind that this file holds."),
        where="product",
        found=found,
        expected=expected,
    )
