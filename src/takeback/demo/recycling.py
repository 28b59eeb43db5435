"""What comes out of a recycled pack, in whole grams: recovered elements, everything else a named loss. Nothing
vanishes."""

from __future__ import annotations

from takeback.core.money import Money
from takeback.demo.parameters import BatteryModel, Parameters, Recycler

Grams = dict[str, int]


def outputs(parameters: Parameters, model: BatteryModel, recycler: Recycler, mass_g: int) -> tuple[Grams, Grams]:
    """Return products and losses of a pack that weighs ``mass_g``; together exactly ``mass_g``.

    The contents of a new pack of the model (kg per kWh) are scaled to the mass on the scale; what the table does not
    name (casing, cooling, electronics) leaves as sorted scrap.
    """
    chemistry = parameters.chemistry(model.chemistry)
    shares = {name: kg / chemistry.kg_per_kwh for name, kg in chemistry.content.items() if kg > 0}
    shares["casing and electronics"] = max(0.0, 1 - sum(shares.values()))
    names = list(shares)
    # The largest-remainder split of money serves grams as well: parts of a whole number, their sum exact.
    parts = Money(mass_g, "CNY").split([shares[name] for name in names])
    products: Grams = {}
    losses: Grams = {}
    for name, part in zip(names, parts, strict=True):
        rate = 1.0 if name == "casing and electronics" else recycler.recovery.get(name, 0.0)
        won = int(part.minor * rate)
        products |= {name: won} if won else {}
        losses |= {name: part.minor - won} if part.minor - won else {}
    return products, losses
