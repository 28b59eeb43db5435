"""What comes out of a recycled pack weighs what went in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.demo.parameters import yangtze
from takeback.demo.recycling import outputs

P = yangtze()


@settings(max_examples=300, deadline=None)
@given(
    model=st.sampled_from(P.battery_models.rows),
    recycler=st.sampled_from(P.recyclers),
    mass_g=st.integers(0, 2_000_000),
)
def test_products_and_losses_are_the_pack(model, recycler, mass_g) -> None:
    """For any pack, recycler and mass, whole grams of products and losses sum to the pack, none negative."""
    products, losses = outputs(P, model, recycler, mass_g)
    assert sum(products.values()) + sum(losses.values()) == mass_g
    assert all(isinstance(g, int) and g > 0 for part in (products, losses) for g in part.values())


def test_recovery_follows_the_declared_rates() -> None:
    """Of the nickel of a pack the better recycler gives back 98 %, of lithium 90 %, to the gram."""
    model = next(m for m in P.battery_models.rows if m.chemistry == "NMC622")
    chemistry = P.chemistry("NMC622")
    mass_g = round(1000 * model.energy_kwh * chemistry.kg_per_kwh)
    products, losses = outputs(P, model, P.recyclers[0], mass_g)
    for element in ("Ni", "Li", "Co", "Cu"):
        contained = products[element] + losses[element]
        assert abs(contained - 1000 * model.energy_kwh * chemistry.content[element]) <= 1
        assert abs(products[element] - P.recyclers[0].recovery[element] * contained) <= 1
