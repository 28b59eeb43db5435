"""Worlds: reproducible, plausible, with right identifiers."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date

import numpy as np
import pytest

from takeback.core import gbt34014, identifiers
from takeback.demo.generate import generate
from takeback.demo.parameters import yangtze
from tests.demo.worlds import PACKS, PARCELS, made, small_parameters


def arrays(thing: object) -> list[np.ndarray]:
    """Return all columns of nested dataclasses, in order."""
    if isinstance(thing, np.ndarray):
        return [thing]
    if is_dataclass(thing):
        return [array for field in fields(thing) for array in arrays(getattr(thing, field.name))]
    return []


def test_a_seed_is_a_world() -> None:
    """The same seed gives the same world, readings and truth to the last bit; another seed gives another."""
    again, other = generate(small_parameters(), 5), generate(small_parameters(), 6)
    same = [np.array_equal(a, b) for a, b in zip(arrays(made(5)), arrays(again), strict=True)]
    assert all(same) and len(same) > 30
    assert not np.array_equal(again.truth.packs.soh, other.truth.packs.soh)
    assert not np.array_equal(again.world.parcels.product, other.world.parcels.product)


def test_what_an_item_is_does_not_depend_on_how_many_there_are() -> None:
    """The first items of a longer world have the same hidden condition and readings: each item has its own draws."""
    p = small_parameters()
    few, many = generate(p, 3, packs=40, parcels=60), generate(p, 3, packs=80, parcels=90)
    assert np.array_equal(few.truth.packs.price_noise, many.truth.packs.price_noise[:40])
    assert np.array_equal(few.observations.parcels.variant, many.observations.parcels.variant[:60])
    assert np.array_equal(few.world.parcels.product, many.world.parcels.product[:60])


def test_days_are_in_order_and_within_the_world() -> None:
    """Things are requested before they are fetched and fetched before they are opened, within the world's days."""
    w, p = made(1).world, small_parameters()
    k, x = w.packs, w.parcels
    assert (len(k), len(x)) == (PACKS, PARCELS)
    assert (k.requested_day >= 0).all() and (k.requested_day <= k.window_open_day).all()
    assert (k.window_open_day <= k.window_close_day).all() and (k.window_close_day < p.world.days).all()
    assert (x.requested_day >= 0).all() and (x.requested_day <= x.dropped_day).all()
    assert (x.dropped_day <= x.ready_day).all() and (x.ready_day < p.world.days).all()
    sunday = (p.world.start.weekday() + k.ready_day) % 7 == 6
    assert not sunday.any(), "packs are not fetched on Sundays"


def test_the_festival_shows() -> None:
    """Around the peak day at least half as many parcels again come as in the first weeks."""
    p = yangtze()
    ready = generate(p, 2, packs=10).world.parcels.ready_day
    peak = p.parcel_arrivals.peak_day
    assert (np.abs(ready - peak) <= 3).sum() / 7 > 1.5 * (ready < 28).sum() / 28


def test_identifiers_are_read_by_everybody() -> None:
    """Codes parse to themselves, are unique, and a pack's code tells its chemistry and date of manufacture."""
    w, p = made(1).world, small_parameters()
    epcs = [*w.packs.epc.tolist(), *w.parcels.epc.tolist()]
    assert len(set(epcs)) == len(epcs) and len(set(w.packs.gbt_code.tolist())) == PACKS
    for epc in epcs[::37]:
        assert identifiers.parse(epc).uri == epc
    for row in range(0, PACKS, 11):
        code = gbt34014.parse(str(w.packs.gbt_code[row]))
        chemistry = p.battery_models.rows[w.packs.model[row]].chemistry
        assert code.battery_type == ("LFP" if chemistry == "LFP" else "NMC/NCA")
        assert code.likely_made == w.packs.made_on[row].item()
        assert isinstance(code.likely_made, date) and code.likely_made < p.world.start


def test_announced_and_weighed_masses_differ_as_declared() -> None:
    """Scales err by parts of a per cent, holders by some per cent, and an empty parcel is far too light."""
    it = made(1)
    off = np.log(it.world.parcels.announced_mass_g / it.observations.parcels.weighed_mass_g)
    full = ~it.truth.parcels.empty
    assert 0.03 < off[full].std() < 0.05 and (off[~full] > 1).all()
    scale = it.observations.packs.weighed_mass_g / it.truth.packs.mass_g - 1
    assert np.abs(scale).max() < 0.03


@pytest.mark.parametrize(("packs", "parcels"), [(0, 5), (5, 0), (0, 0)])
def test_a_world_may_lack_one_side(packs: int, parcels: int) -> None:
    """No packs, no parcels or neither is a world too."""
    it = generate(small_parameters(), 1, packs=packs, parcels=parcels)
    assert (len(it.world.packs), len(it.world.parcels)) == (packs, parcels)
