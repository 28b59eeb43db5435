"""What decisions really bring: whole minor units, by hidden truth alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from takeback.demo.payoff import battery_payoff, goods_payoff
from takeback.demo.world import Flags
from tests.demo.worlds import made, papers, small_parameters


def test_value_is_whole_and_falls_while_waiting() -> None:
    """Every realised value is an integer, and no item gains by waiting where its gross price is positive."""
    for vertical in ("returns", "batteries"):
        docket, payoff = papers(vertical, 1)
        rng = np.random.default_rng(1)
        option = rng.integers(0, len(docket.market.options), len(docket))
        now, later = payoff.of(option, docket.ready_day), payoff.of(option, docket.ready_day + 5)
        assert now.dtype == np.int64 and (later <= now).all()
        assert np.array_equal(now, payoff.table()[np.arange(len(docket)), option])


def test_value_depends_on_the_hidden_grade_only() -> None:
    """Another true grade changes the value, another observed grade does not."""
    it = made(1)
    better = replace(it.truth.parcels, grade=np.zeros_like(it.truth.parcels.grade))
    was, now = goods_payoff(it.world, it.truth.parcels).table(), goods_payoff(it.world, better).table()
    restock = small_parameters().goods_economics.options.index("restock")
    worse = (it.truth.parcels.grade > 0) & ~it.truth.parcels.empty
    assert (now[worse, restock] > was[worse, restock]).all()


def test_an_empty_parcel_brings_nothing() -> None:
    """Whatever is done with an empty parcel costs money."""
    it = made(1)
    table = goods_payoff(it.world, it.truth.parcels).table()
    assert it.truth.parcels.empty.any() and (table[it.truth.parcels.empty] <= 0).all()


def test_remanufacturing_needs_ninety_per_cent_and_even_cells() -> None:
    """A nickel pack at 95 % with even cells is best remanufactured; at 89 %, or uneven, no pack is."""
    it, p = made(1), small_parameters()
    n, options = len(it.world.packs), p.battery_economics.options
    flat = replace(it.truth.packs, price_noise=np.ones_like(it.truth.packs.price_noise))

    nickel = np.array([m.chemistry != "LFP" for m in p.battery_models.rows])[it.world.packs.model]

    def remanufactured(soh: float, fault: int) -> Flags:
        truth = replace(flat, soh=np.full(n, soh), fault=np.full(n, fault))
        best = battery_payoff(it.world, truth).table().argmax(axis=1)
        chosen: Flags = best == options.index("remanufacture")
        return chosen

    assert remanufactured(0.95, 0)[nickel].all()
    assert not remanufactured(0.89, 0).any() and not remanufactured(0.95, 1).any()


def test_a_critical_pack_is_recycled_or_costs_dearly() -> None:
    """Every option but recycling loses at least 25,000 yuan on a critical pack."""
    it, p = made(1), small_parameters()
    critical = it.truth.packs.fault == 3
    table = battery_payoff(it.world, it.truth.packs).table()[critical]
    for column, option in enumerate(p.battery_economics.options):
        assert (table[:, column] < -2_500_000).all() != option.startswith("recycle")


def test_recycling_lfp_loses_money_and_nickel_earns_it() -> None:
    """Without price noise an LFP pack costs its owner money at both recyclers, a nickel pack brings some."""
    it, p = made(1), small_parameters()
    flat = replace(it.truth.packs, price_noise=np.ones_like(it.truth.packs.price_noise))
    table = battery_payoff(it.world, flat).table()[:, -2:]
    lfp = np.array([m.chemistry == "LFP" for m in p.battery_models.rows])[it.world.packs.model]
    assert (table[lfp] < 0).all() and (table[~lfp] > 0).all()


def test_expected_terms_and_truth_agree_on_average() -> None:
    """Over all packs, realised values average to what the market's terms say of their true condition."""
    docket, payoff = papers("batteries", 2)
    market, truth = docket.market, made(2).truth.packs
    assert market.condition_value is not None
    names = small_parameters().pack_condition.faults
    labels = [name.split(" ")[0] for name in market.conditions]
    health = np.where([label == "critical" for label in labels], -9.0, market.condition_value)
    condition = np.empty(len(docket), dtype=np.int64)
    for row, (soh, fault) in enumerate(zip(truth.soh.tolist(), truth.fault.tolist(), strict=True)):
        same = np.array([label == names[fault] for label in labels])
        condition[row] = np.where(same, np.abs(health - soh), np.inf).argmin()
    size = docket.size[:, None]
    cell = (docket.category, condition)
    fall = np.exp(-market.decay_per_day[docket.category][:, None] * market.days)
    expected = size * (market.price[cell] * fall - market.size_cost[cell]) - market.cost[cell]
    realised = payoff.table()
    sound = truth.fault == 0
    gap = np.abs(expected[sound].mean(axis=0) - realised[sound].mean(axis=0)) / np.abs(realised[sound]).mean(axis=0)
    assert (gap < 0.05).all()
