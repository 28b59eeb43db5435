"""Small worlds for tests: fewer packs and parcels than the built-in one, lines cut in proportion."""

from __future__ import annotations

from functools import cache

import msgspec

from takeback.demo.battery_market import battery_market
from takeback.demo.docket import Docket, docket
from takeback.demo.generate import generate
from takeback.demo.goods_market import goods_market
from takeback.demo.grades import battery_grades, goods_grades
from takeback.demo.market import Market
from takeback.demo.parameters import Parameters, yangtze
from takeback.demo.payoff import Payoff, battery_payoff, goods_payoff
from takeback.demo.soh import measure
from takeback.demo.world import Made, Observations, World

PACKS, PARCELS = 400, 1500


@cache
def small_parameters() -> Parameters:
    """Return the built-in world at a fifth of the packs and a thirteenth of the parcels, with lines to match."""
    p = yangtze()
    share = PACKS / p.world.packs
    lines = p.battery_lines
    replace = msgspec.structs.replace
    return replace(
        p,
        world=replace(p.world, packs=PACKS, parcels=PARCELS),
        battery_lines=replace(
            lines,
            reuse_packs=1.0,
            remanufacture_hours=8.0,
            repurpose_kwh=lines.repurpose_kwh * share,
            recycle_liantan_kg=lines.recycle_liantan_kg * share,
        ),
        goods_lines=replace(p.goods_lines, open_box_places=2, refurbish_minutes=55, parts_minutes=15),
    )


@cache
def made(seed: int) -> Made:
    """Return the small world of that seed."""
    return generate(small_parameters(), seed)


def goods_docket(world: World, seen: Observations) -> Docket:
    """Return the docket of the parcels."""
    return docket(world, goods_market(world.parameters), goods_grades(world, seen))


def battery_docket(world: World, seen: Observations) -> Docket:
    """Return the docket of the packs."""
    return docket(world, battery_market(world.parameters), battery_grades(world, seen, *measure(world, seen)))


@cache
def papers(vertical: str, seed: int) -> tuple[Docket, Payoff]:
    """Return docket and payoff of one vertical of a small world."""
    it = made(seed)
    if vertical == "returns":
        return goods_docket(it.world, it.observations), goods_payoff(it.world, it.truth.parcels)
    return battery_docket(it.world, it.observations), battery_payoff(it.world, it.truth.packs)


def markets() -> tuple[Market, Market]:
    """Return the small world's two markets."""
    return goods_market(small_parameters()), battery_market(small_parameters())
