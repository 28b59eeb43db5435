"""The market for returned packs: price over state of health and fault, metals at the recyclers, five options."""

from __future__ import annotations

import numpy as np

from takeback.demo.market import Line, Market
from takeback.demo.parameters import BatteryModel, Parameters
from takeback.demo.world import Floats, Ints

MINOR = 100.0
STEP = 0.02
LOWEST = 0.50
NONE, UNEVEN, MODULE, CRITICAL = range(4)
_LINES = {
    "reuse": "reuse buyers",
    "remanufacture": "remanufacturing bay",
    "repurpose": "repurposing line",
    "recycle_liantan": "Liantan works",
}


def soh_classes() -> Floats:
    """Return the middles of the state-of-health classes: 2 points wide, all below 52 % in the first."""
    return np.arange(LOWEST + STEP / 2, 1.0, STEP)


def conditions(parameters: Parameters) -> tuple[tuple[str, ...], Floats, Ints]:
    """Return the condition classes: name, state of health, fault. Critical packs are one class."""
    soh, faults = soh_classes(), parameters.pack_condition.faults
    named = [(f"{faults[f]} {100 * s:.0f} %", s, f) for f in (NONE, UNEVEN, MODULE) for s in soh]
    named.append((faults[CRITICAL], float(soh.mean()), CRITICAL))
    names, health, fault = zip(*named, strict=True)
    return names, np.array(health), np.array(fault)


def battery_market(parameters: Parameters) -> Market:
    """Return the market of the world's packs. An item's size is its rated energy in kWh; categories are the models."""
    p, e = parameters, parameters.battery_economics
    names, health, fault = conditions(p)
    models = p.battery_models.rows
    parts = [amounts(p, np.full(len(health), m), health, fault) for m in range(len(models))]
    price, size_cost, cost = (np.stack([part[k] for part in parts]) for k in range(3))
    lines = p.battery_lines
    return Market(
        vertical="batteries",
        categories=tuple(m.name for m in models),
        conditions=names,
        options=e.options,
        resource=tuple(_LINES.get(option) for option in e.options),
        lines=(
            Line("reuse buyers", lines.reuse_packs, "packs"),
            Line("remanufacturing bay", lines.remanufacture_hours, "hours"),
            Line("repurposing line", lines.repurpose_kwh, "kWh"),
            Line("Liantan works", lines.recycle_liantan_kg, "kg"),
        ),
        price=price,
        size_cost=size_cost,
        cost=cost,
        load=np.array([_load(p, m) for m in models]),
        decay_per_day=np.full(len(models), e.decay_per_week / 7),
        days=np.array(e.days_to_money, dtype=np.float64),
        price_sd=e.price_sd,
        allowed=np.ones((len(models), len(e.options)), dtype=np.bool_),
        storage=e.storage_cny_per_day * MINOR,
        longest_hold_days=e.longest_hold_days,
        currency=p.world.currency,
        condition_value=health,
    )


def pack_mass_kg(parameters: Parameters, model: BatteryModel) -> float:
    """Return the mass of a new pack of the model."""
    return model.energy_kwh * parameters.chemistry(model.chemistry).kg_per_kwh


def amounts(parameters: Parameters, model: Ints, soh: Floats, fault: Ints) -> tuple[Floats, Floats, Floats]:
    """Return price and processing cost per rated kWh and cost per pack, each (n, options), minor units.

    For packs of these models whose true state of health is `soh` and true fault `fault`.
    """
    p, e = parameters, parameters.battery_economics
    tables = _per_model(p)
    price, work = np.zeros((len(model), len(e.options))), np.zeros((len(model), len(e.options)))
    effect = {UNEVEN: e.uneven, MODULE: e.module}
    shares = {"reuse": e.reuse_share_of_new, "remanufacture": e.remanufacture_share_of_new}
    costs = {
        "reuse": e.reuse_cost_cny_per_kwh + np.where(soh < 0.8, e.reuse_claim_cny_per_kwh, 0.0),
        "remanufacture": np.full(len(soh), e.remanufacture_cost_cny_per_kwh),
        "repurpose": np.full(len(soh), e.repurpose_cost_cny_per_kwh),
    }
    for d, option in enumerate(e.options):
        if option in costs:
            share = np.interp(soh, e.soh, shares.get(option, e.repurpose_share_of_price))
            base = tables["repurposed" if option == "repurpose" else "new"][model]
            price[:, d], work[:, d] = base * share, costs[option]
            for kind, change in effect.items():
                price[fault == kind, d] *= getattr(change, option)
                work[fault == kind, d] += change.extra_cost_cny_per_kwh
            price[fault == CRITICAL, d] = 0.0
        else:
            price[:, d], work[:, d] = tables[f"metal {option}"][model], tables[f"treatment {option}"][model]
    recycled = np.array([o not in costs for o in e.options])
    incident = np.where((fault == CRITICAL)[:, None] & ~recycled, e.critical_incident_cny, 0.0)
    per_pack = np.array(e.handling_cny) + tables["tonnes"][model][:, None] * np.array(e.transport_cny_per_t) + incident
    return MINOR * price, MINOR * work, MINOR * per_pack


def _per_model(p: Parameters) -> dict[str, Floats]:
    """Return columns over the battery models: prices per kWh, metal value and fee per kWh at each recycler, tonnes."""
    models = p.battery_models.rows
    chemistries = [p.chemistry(m.chemistry) for m in models]
    columns = {
        "new": [c.new_price_cny_per_kwh for c in chemistries],
        "repurposed": [c.repurposed_price_cny_per_kwh for c in chemistries],
        "tonnes": [pack_mass_kg(p, m) / 1000 for m in models],
    }
    for r in p.recyclers:
        columns[f"metal {r.option}"] = [
            sum(c.content[element] * share * p.metals.cny_per_kg[element] for element, share in r.payable.items())
            for c in chemistries
        ]
        columns[f"treatment {r.option}"] = [r.treatment_cny_per_t * c.kg_per_kwh / 1000 for c in chemistries]
    return {name: np.array(values) for name, values in columns.items()}


def _load(p: Parameters, model: BatteryModel) -> list[float]:
    first, per_kwh = p.battery_lines.remanufacture_hours_per_pack
    kg = pack_mass_kg(p, model)
    each = {"reuse": 1.0, "remanufacture": first + per_kwh * model.energy_kwh, "repurpose": model.energy_kwh}
    return [each.get(option, kg) for option in p.battery_economics.options]
