"""Drive a world through the real commands, day by day, with progress; an interrupted drive goes on where it was."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from takeback import store
from takeback.core.message import Message, msg
from takeback.demo import flow as flows
from takeback.demo.calendar import moment
from takeback.demo.cast import register_partner_tenant, register_world
from takeback.demo.flow import Flow
from takeback.demo.packs import Shipped, buyer_of, drive_packs
from takeback.demo.parameters import Parameters
from takeback.demo.parcels import drive_parcels
from takeback.demo.partners import drive_partner
from takeback.demo.payoff import Payoff
from takeback.demo.rule import Rule
from takeback.demo.script import Script
from takeback.operate.foresee import foresee

OnDay = Callable[[int, int, Message], None]


def prepare(parameters: Parameters, script: Script, rules: dict[str, Rule]) -> None:
    """Register the master data of all tenants, once."""
    at = moment(script.first, 0, 0)
    with store.transaction(script.operator.org_id) as connection:
        if connection.scalar(sa.text("select count(*) from site")):
            return
        register_world(connection, script.cast, parameters, rules, at)
    for o in parameters.organisations:
        if o.tenant and o.role in {"second_life_maker", "recycler"}:
            with store.transaction(script.cast.actors[o.slug].org_id) as connection:
                register_partner_tenant(connection, script.cast, parameters, o.slug, at)


def drive(script: Script, payoffs: dict[str, Payoff], on_day: OnDay, *, days: int | None = None) -> None:
    """Drive the world to its end (or ``days`` days); ``payoffs`` are what carried-out dispositions bring (hidden
    truth)."""
    operator, world = script.operator.org_id, script.world
    packs = flows.read(operator, "batteries", world.packs.epc.tolist(), script.first)
    parcels = flows.read(operator, "returns", world.parcels.epc.tolist(), script.first)
    shipped = _on_the_way(script, packs)
    last = script.days if days is None else min(days, script.days)
    for day in range(_next_day(script, packs, parcels), last):
        on_day(day, last, msg("Day {day} of {days}", day=day + 1, days=last))
        with store.transaction(operator) as connection:
            drive_parcels(connection, script, parcels, payoffs["returns"], day)
            shipped += drive_packs(connection, script, packs, payoffs["batteries"], day)
            if day % 7 == 0:
                foresee(connection, script.operator, moment(script.first, day, 23))
        for slug in sorted({s.slug for s in shipped}):
            with store.transaction(script.cast.actors[slug].org_id) as connection:
                drive_partner(connection, script, slug, shipped, day)
    on_day(last, last, msg("All days driven"))


def _next_day(script: Script, packs: Flow, parcels: Flow) -> int:
    """Return the first day that is not driven yet: a day is one transaction, so it is there whole or not at all."""
    days = [
        int(world.requested_day[flow.stage > flows.NEW].max(initial=-1))
        for world, flow in ((script.world.packs, packs), (script.world.parcels, parcels))
    ]
    return max(days) + 1


def _on_the_way(script: Script, packs: Flow) -> list[Shipped]:
    """Return what was shipped to other tenants before, with the day it left."""
    days = dict(zip(script.batteries.options, script.batteries.days.tolist(), strict=True))
    masses = script.seen.packs.weighed_mass_g
    return [
        Shipped(row, slug, int(packs.decided_day[row] + days[packs.option[row]]), int(masses[row]))
        for row in packs.at("recovered").tolist()
        if (slug := buyer_of(script, packs.option[row])) is not None
    ]
