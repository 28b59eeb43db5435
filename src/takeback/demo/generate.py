"""Make a world: who returns what, where and when, what it really is, and what one would read on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from takeback.core.places import haversine_matrix_m
from takeback.demo import keys
from takeback.demo.checklists import VARIANTS
from takeback.demo.draws import daily, log_normal, pick, stream
from takeback.demo.parameters import Parameters, Row
from takeback.demo.pulses import voltages
from takeback.demo.world import (
    Dates,
    Flags,
    Floats,
    Ints,
    LabPacks,
    Made,
    Observations,
    PackObservations,
    Packs,
    PackTruth,
    ParcelObservations,
    Parcels,
    ParcelTruth,
    Texts,
    Truth,
    World,
)


def generate(parameters: Parameters, seed: int = 0, *, packs: int | None = None, parcels: int | None = None) -> Made:
    """Return the world of that seed; `packs` and `parcels` replace the numbers of the file."""
    p = parameters
    from_dealer, pack_rows = _packs(p, seed, p.world.packs if packs is None else packs)
    parcel_rows = _parcels(p, seed, p.world.parcels if parcels is None else parcels)
    truth = Truth(_pack_truth(p, seed, pack_rows, from_dealer), _parcel_truth(p, seed, parcel_rows))
    parcel_rows = replace(parcel_rows, reason=_reasons(p, seed, truth.parcels))
    seen = Observations(
        _pack_readings(p, seed, pack_rows, truth.packs),
        _parcel_readings(p, seed, truth.parcels),
        _laboratory(p, seed),
    )
    return Made(World(p, seed, pack_rows, parcel_rows), seen, truth)


def _weekday_weights(parameters: Parameters, weekday: tuple[float, ...]) -> Floats:
    first = parameters.world.start.weekday()
    return np.array([weekday[(first + d) % 7] for d in range(parameters.world.days)])


def _sites(parameters: Parameters, kind: str) -> Ints:
    return np.flatnonzero([site.kind == kind for site in parameters.sites.rows])


def _packs(p: Parameters, seed: int, n: int) -> tuple[Flags, Packs]:
    a, rng = p.pack_arrivals, stream(seed, "packs")
    working = _weekday_weights(p, a.weekday)
    ready = daily(working * np.linspace(1.0, 1.0 + a.growth, p.world.days), n, rng)
    u = stream(seed, "pack").random((n, 6))
    dealer = u[:, 0] < a.dealer_share
    sites = [
        kind[(u[:, 1] * len(kind)).astype(np.int64)] for kind in (_sites(p, "dealer"), _sites(p, "collection_point"))
    ]
    model = pick(np.array([m.share for m in p.battery_models.rows]), u[:, 2])
    lead = 1 + (u[:, 3] * 3).astype(np.int64)
    span = np.array(a.window_days)[pick(np.array(a.window_share), u[:, 4])] - 1
    c = p.pack_condition
    age = _by_source(dealer, c.dealer_age_years, c.collector_age_years, _normal(u[:, 5]))
    noise = np.exp(a.mass_noise * stream(seed, "pack mass").standard_normal(n))
    announced = np.rint(_model_mass_g(p)[model] * noise).astype(np.int64)
    made_on = _made_on(p.world.start, ready, age)
    return dealer, Packs(
        epc=_pack_epcs(p, seed, n),
        gbt_code=_gbt_codes(p, seed, model, made_on),
        model=model,
        site=np.where(dealer, *sites),
        requested_day=np.maximum(ready - lead, 0),
        window_open_day=ready,
        window_close_day=np.minimum(_later(working > 0, ready, span), p.world.days - 1),
        ready_day=ready,
        announced_mass_g=np.where(u[:, 3] > 0.9, np.rint(announced / 5000).astype(np.int64) * 5000, announced),
        made_on=made_on,
    )


def _by_source(dealer: Flags, one: Row, two: Row, z: Floats) -> Floats:
    return np.where(dealer, one[0] + one[1] * z, two[0] + two[1] * z)


def _normal(uniform: Floats) -> Floats:
    """Return near-normal numbers from uniform ones (logistic quantile, same standard deviation)."""
    clipped = np.clip(uniform, 1e-4, 1 - 1e-4)
    quantile: Floats = np.log(clipped / (1 - clipped)) * np.sqrt(3.0) / np.pi
    return quantile


def _model_mass_g(p: Parameters) -> Floats:
    return np.array([1000 * m.energy_kwh * p.chemistry(m.chemistry).kg_per_kwh for m in p.battery_models.rows])


def _later(working: Flags, day: Ints, span: Ints) -> Ints:
    """Return the day that lies `span` working days after `day`, or the last one of the world."""
    days = np.flatnonzero(working)
    at = np.searchsorted(days, day) + span
    later: Ints = days[np.minimum(at, len(days) - 1)]
    return later


def _made_on(start: date, ready: Ints, age_years: Floats) -> Dates:
    days = np.rint(np.maximum(age_years, 0.5) * 365.25).astype(np.int64)
    return np.maximum(np.datetime64(start) + ready - days, np.datetime64("2011-01-01")).astype("datetime64[D]")


def _pack_epcs(p: Parameters, seed: int, n: int) -> Texts:
    operator = next(o for o in p.organisations if o.role == "operator")
    return np.array([keys.asset(operator.prefix, f"P{seed:03d}{i:06d}") for i in range(n)], dtype=np.str_)


def _gbt_codes(p: Parameters, seed: int, model: Ints, made_on: Dates) -> Texts:
    models = p.battery_models.rows
    types = [p.chemistry(m.chemistry).gbt_type for m in models]
    codes = [
        keys.gbt_34014(models[m].maker, types[m], models[m].specification, made, (seed % 90) * 100_000 + i + 1)
        for i, (m, made) in enumerate(zip(model.tolist(), made_on.tolist(), strict=True))
    ]
    return np.array(codes, dtype=np.str_)


def _pack_truth(p: Parameters, seed: int, packs: Packs, dealer: Flags) -> PackTruth:
    c, n, rng = p.pack_condition, len(packs), stream(seed, "pack truth")
    draws = rng.standard_normal((n, 2))
    low, high = c.soh_limits
    soh = np.clip(_by_source(dealer, c.dealer_soh, c.collector_soh, draws[:, 0]), low, high)
    shares = np.where(dealer[:, None], np.array(c.dealer_faults), np.array(c.collector_faults))
    mass = _model_mass_g(p)[packs.model] * np.exp(0.01 * draws[:, 1])
    e = p.battery_economics
    return PackTruth(
        soh=soh,
        fault=pick(shares, stream(seed, "pack fault").random(n)),
        mass_g=np.rint(mass).astype(np.int64),
        price_noise=log_normal(stream(seed, "pack price"), e.price_sd, (n, len(e.options))),
    )


def _pack_readings(p: Parameters, seed: int, packs: Packs, truth: PackTruth) -> PackObservations:
    n = len(packs)
    shares = np.array(p.pack_condition.fault_confusion)[truth.fault]
    scale = np.exp(p.pack_arrivals.scale_noise * stream(seed, "pack scale").standard_normal(n))
    return PackObservations(
        voltages=voltages(p, packs.model, truth.soh, stream(seed, "pulses")),
        fault=pick(shares, stream(seed, "tester").random(n)),
        weighed_mass_g=np.rint(truth.mass_g * scale).astype(np.int64),
    )


def _laboratory(p: Parameters, seed: int) -> LabPacks:
    each = p.pulse.lab_packs_per_model
    model = np.repeat(np.arange(len(p.battery_models.rows)), each)
    low, high = p.pulse.lab_soh
    soh = low + (high - low) * stream(seed, "lab soh").random(len(model))
    return LabPacks(model, soh, voltages(p, model, soh, stream(seed, "lab pulses")))


def _parcels(p: Parameters, seed: int, n: int) -> Parcels:
    a, products = p.parcel_arrivals, p.products.rows
    ready = daily(_weekday_weights(p, a.weekday) * _peak(p), n, stream(seed, "parcels"))
    u = stream(seed, "parcel").random((n, 5))
    names = [c.name for c in p.categories]
    category_of = np.array([names.index(x.category) for x in products])
    product = pick(_product_shares(p, category_of), u[:, 0])
    shop = _sites(p, "parcel_shop")[pick(_shop_weights(p), u[:, 1])]
    transit = np.array(a.transit_days)[pick(np.array(a.transit_share), u[:, 2])]
    mass = np.array([x.mass_g for x in products])[product]
    volume = np.array([x.volume_cm3 for x in products])[product]
    noise = np.exp(a.mass_noise * stream(seed, "parcel mass").standard_normal(n))
    return Parcels(
        epc=_parcel_epcs(p, seed, product),
        product=product,
        category=category_of[product],
        shop=shop,
        centre=_nearest_centre(p)[shop],
        requested_day=np.maximum(ready - transit, 0),
        dropped_day=np.maximum(ready - np.maximum(transit - 1, 1), 0),
        ready_day=ready,
        announced_mass_g=np.maximum(np.rint(mass * noise), 1).astype(np.int64),
        volume_cm3=np.rint(volume * (0.9 + 0.2 * u[:, 3])).astype(np.int64),
        value_minor=np.rint(np.array([x.value_cny for x in products])[product] * 100).astype(np.int64),
        reason=np.zeros(n, dtype=np.int64),
    )


def _peak(p: Parameters) -> Floats:
    a = p.parcel_arrivals
    away = np.abs(np.arange(p.world.days) - a.peak_day) / a.peak_half_width
    return 1.0 + (a.peak_factor - 1.0) * np.maximum(0.0, 1.0 - away)


def _product_shares(p: Parameters, category_of: Ints) -> Floats:
    weight = np.array([x.weight for x in p.products.rows])
    share = np.array([c.share for c in p.categories])
    chance: Floats = share[category_of] * weight / np.bincount(category_of, weight)[category_of]
    return chance


def _shop_weights(p: Parameters) -> Floats:
    shops = [p.sites.rows[i].city for i in _sites(p, "parcel_shop")]
    people = {city.name: city.people_m for city in p.cities.rows}
    return np.array([people[city] / shops.count(city) for city in shops])


def _nearest_centre(p: Parameters) -> Ints:
    """Return for each site the row of the return centre nearest to it."""
    centres = _sites(p, "return_centre")
    lat, lon = (np.array([getattr(site, name) for site in p.sites.rows]) for name in ("lat", "lon"))
    away = haversine_matrix_m(lat, lon, lat[centres], lon[centres])
    nearest: Ints = centres[away.argmin(axis=1)]
    return nearest


def _parcel_epcs(p: Parameters, seed: int, product: Ints) -> Texts:
    shop = next(o for o in p.organisations if o.role == "web_shop")
    stems = [keys.serialised(keys.gtin(shop.prefix, x.item_reference), ["R"])[0] for x in p.products.rows]
    return np.array([f"{stems[x]}{seed:03d}{i:07d}" for i, x in enumerate(product.tolist())], dtype=np.str_)


def _parcel_truth(p: Parameters, seed: int, parcels: Parcels) -> ParcelTruth:
    n, e = len(parcels), p.goods_economics
    u = stream(seed, "parcel truth").random((n, 2))
    grade = pick(np.array([c.grades for c in p.categories])[parcels.category], u[:, 0])
    empty = u[:, 1] < p.parcel_arrivals.empty_share
    real = np.array([x.mass_g for x in p.products.rows])[parcels.product]
    mass = np.where(empty, np.maximum(real // 10, 20), real)
    noise = log_normal(stream(seed, "parcel price"), e.price_sd, (n, len(e.options)))
    return ParcelTruth(np.where(empty, len(p.inspection.grades) - 1, grade), empty, mass, noise)


def _reasons(p: Parameters, seed: int, truth: ParcelTruth) -> Ints:
    """Return what each customer says: he knows the condition, and tells something of it."""
    return pick(np.array(p.return_reasons.by_grade)[truth.grade], stream(seed, "reasons").random(len(truth.grade)))


def _parcel_readings(p: Parameters, seed: int, truth: ParcelTruth) -> ParcelObservations:
    n = len(truth.grade)
    shares = np.array(p.inspection.confusion)[truth.grade]
    seen = pick(shares, stream(seed, "inspector").random(n))
    scale = np.exp(p.parcel_arrivals.scale_noise * stream(seed, "parcel scale").standard_normal(n))
    return ParcelObservations(
        grade=np.where(truth.empty, len(p.inspection.grades) - 1, seen),
        variant=stream(seed, "findings").integers(0, VARIANTS, n),
        weighed_mass_g=np.maximum(np.rint(truth.mass_g * scale), 1).astype(np.int64),
    )
