"""The cast of a world: organisations that sign in, their people, and the master data that each of them registers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import sqlalchemy as sa

from takeback import store
from takeback.core.ids import uuid7
from takeback.core.problem import Problem
from takeback.demo.battery_market import battery_market, pack_mass_kg
from takeback.demo.goods_market import goods_market
from takeback.demo.keys import gln, gtin
from takeback.demo.market import Market
from takeback.demo.parameters import Organisation, Parameters, Site
from takeback.demo.rule import Rule
from takeback.operate import identity, master
from takeback.operate.identity import Actor, Kind, OrganisationFields, system_actor

NAMES = UUID("6c1d7f7e-6f0e-5d0a-9d43-9d2a51c7b1a4")  # the name space of this world's ids
PASSWORD = "takeback-demo"  # noqa: S105 - of an invented world on one's own machine, shown on the sign-in page
ZONE = "Asia/Shanghai"
PEOPLE: tuple[tuple[str, str, identity.Role], ...] = (
    ("lin", "Lin Wei", "owner"),
    ("mei", "Mei Hua", "manager"),
    ("zhou", "Zhou Yan", "operator"),
    ("ada", "Ada Song", "auditor"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: the tenants' actors by slug; ids of sites and products follow from their names (`named`)."""

    actors: dict[str, Actor]
    operator: str


def named(*parts: str) -> UUID:
    """Return the id of a thing of this world: the same name gives the same id, on every machine."""
    return uuid5(NAMES, "/".join(parts))


def engage(parameters: Parameters) -> Cast:
    """Create the tenants and their people where they do not exist yet; return their actors."""
    operator = next(o.slug for o in parameters.organisations if o.role == "operator")
    tenants = [o for o in parameters.organisations if o.tenant]
    actors = {o.slug: system_actor(_organisation(o, parameters.world.currency, o.slug == operator)) for o in tenants}
    return Cast(actors, operator)


def _organisation(member: Organisation, currency: str, everyone: bool) -> UUID:
    """Return the id of a tenant; a new one gets an owner, the operator colleagues of every role."""
    try:
        with store.admin() as connection:
            return identity.organisation_by_slug(connection, member.slug).id
    except Problem:
        pass
    people = [_person(nick, name, member.slug) for nick, name, _ in (PEOPLE if everyone else PEOPLE[:1])]
    fields = OrganisationFields(
        slug=member.slug,
        kind=_kind(member.kind),
        name=member.name,
        name_zh=member.zh,
        country="CN",
        company_prefix=member.prefix,
        time_zone=ZONE,
        currency=currency,
    )
    org = uuid7()
    with store.transaction(org) as connection:
        identity.create_organisation(connection, org, fields, owner_id=people[0])
        connection.execute(sa.text("update organisation set simulated = true where id = :id"), {"id": org})
        for person, (_, _, role) in zip(people[1:], PEOPLE[1:], strict=False):
            identity.add_member(connection, system_actor(org), person, role)
    return org


def _kind(text: str) -> Kind:
    """Return the kind of an organisation that a world file names."""
    return next(kind for kind in identity.KINDS if kind == text)


def _person(nick: str, name: str, slug: str) -> UUID:
    email = f"{nick}@{slug}.example"
    with store.admin() as connection:
        known = identity.find_user(connection, email)
        return (
            known.id
            if known
            else identity.create_user(connection, email=email, display_name=name, password=PASSWORD).id
        )


def register_world(
    connection: sa.Connection, cast: Cast, parameters: Parameters, rules: dict[str, Rule], at: datetime
) -> None:
    """Register the operator's master data: places, partners, products, vehicles, prices and the static rules."""
    operator = cast.actors[cast.operator]
    rows: list[master.Row] = [*_sites(parameters, cast.operator), *_partners(cast, parameters)]
    rows += [*pack_products(parameters), *_goods(parameters), *_vehicles(parameters, cast.operator)]
    for market in (goods_market(parameters), battery_market(parameters)):
        rows += market_rows(market, parameters.world.name)
        if market.vertical in rules:
            rows += _rule_rows(market, rules[market.vertical])
    master.register(connection, operator, rows, at=at)


def register_partner_tenant(
    connection: sa.Connection, cast: Cast, parameters: Parameters, slug: str, at: datetime
) -> None:
    """Register what a second-life maker or a recycler needs: its works, the operator as partner, the pack models."""
    own = parameters.organisation(cast.operator)
    partner = master.Partner(
        id=named(slug, "partner", own.slug),
        code=own.slug,
        name=own.name,
        name_zh=own.zh,
        kind="operator",
        tenant_id=cast.actors[cast.operator].org_id,
        provenance="simulated",
    )
    rows: list[master.Row] = [*_sites(parameters, slug), partner, *pack_products(parameters, slug)]
    master.register(connection, cast.actors[slug], rows, at=at)


def site_id(site: Site) -> UUID:
    """Return the id of a site or partner place."""
    return named(site.organisation, "site", str(site.reference))


def place_uri(parameters: Parameters, site: Site) -> str:
    """Return the canonical Digital Link of a place (GLN)."""
    return f"https://id.gs1.org/414/{gln(parameters.organisation(site.organisation).prefix, site.reference)}"


def _sites(p: Parameters, slug: str) -> list[master.Row]:
    return [
        master.Site(
            id=site_id(s),
            code=f"{slug}-{s.reference}",
            name=s.name,
            name_zh=s.zh,
            kind=s.kind,
            gln=gln(p.organisation(slug).prefix, s.reference),
            lat=s.lat,
            lon=s.lon,
            provenance="simulated",
        )
        for s in p.sites.rows
        if s.organisation == slug
    ]


def _partners(cast: Cast, p: Parameters) -> list[master.Row]:
    own = cast.operator
    places: list[master.Row] = [
        master.Partner(
            id=site_id(s),
            code=f"{s.organisation}-{s.reference}",
            name=s.name,
            name_zh=s.zh,
            kind=s.kind,
            gln=gln(p.organisation(s.organisation).prefix, s.reference),
            lat=s.lat,
            lon=s.lon,
            provenance="simulated",
        )
        for s in p.sites.rows
        if s.organisation != own and not p.organisation(s.organisation).tenant
    ]
    for o in p.organisations:
        if o.slug != own and o.kind == "enterprise" and (o.tenant or o.role == "web_shop"):
            tenant = cast.actors[o.slug].org_id if o.slug in cast.actors else None
            places.append(
                master.Partner(
                    id=named(own, "partner", o.slug),
                    code=o.slug,
                    name=o.name,
                    name_zh=o.zh,
                    kind=o.role,
                    tenant_id=tenant,
                    provenance="simulated",
                )
            )
    return places


def pack_products(p: Parameters, slug: str = "") -> list[master.Row]:
    """Return the pack models as products of the operator, or of another tenant."""
    rows: list[master.Row] = []
    decay = p.battery_economics.decay_per_week / 7
    prefix = next(o.prefix for o in p.organisations if o.role == "dealer")
    for m in p.battery_models.rows:
        value = round(100 * p.chemistry(m.chemistry).new_price_cny_per_kwh * m.energy_kwh * 0.5)
        product = named(slug, "pack", m.name)
        rows.append(
            master.Product(
                id=product,
                code=m.name,
                gtin=gtin(prefix, m.item_reference),
                name=f"{m.name}, {m.chemistry} {m.energy_kwh:g} kWh",
                name_zh=f"{m.zh}，{m.chemistry} {m.energy_kwh:g} kWh",
                vertical="batteries",
                level="pack",
                category=m.name,
                mass_g=round(1000 * pack_mass_kg(p, m)),
                value_minor=value,
                currency=p.world.currency,
                decay_per_day=decay,
                provenance={"mass": "simulated", "value": "simulated"},
            )
        )
        rows.append(
            master.BatteryModel(
                product_id=product,
                chemistry=m.chemistry,
                energy_wh=round(1000 * m.energy_kwh),
                rated_capacity_mah=round(1000 * m.rated_ah),
                nominal_voltage_mv=round(1e6 * m.energy_kwh / m.rated_ah),
            )
        )
    return rows


def _goods(p: Parameters) -> list[master.Row]:
    prefix = next(o.prefix for o in p.organisations if o.role == "web_shop")
    decay = {c.name: c.decay_per_week / 7 for c in p.categories}
    return [
        master.Product(
            id=named("goods", x.name),
            code=f"P{x.item_reference}",
            gtin=gtin(prefix, x.item_reference),
            name=x.name,
            name_zh=x.zh,
            vertical="returns",
            level="unit",
            category=x.category,
            mass_g=x.mass_g,
            value_minor=round(100 * x.value_cny),
            currency=p.world.currency,
            decay_per_day=decay[x.category],
            provenance={"mass": "simulated", "value": "simulated"},
        )
        for x in p.products.rows
    ]


def _vehicles(p: Parameters, slug: str) -> list[master.Row]:
    v = p.vehicles
    centre = next(s for s in p.sites.rows if s.organisation == slug and s.kind == "test_centre")
    return [
        master.Vehicle(
            id=named(slug, "truck"),
            code="truck",
            site_id=site_id(centre),
            count=12,
            capacity_kg=v.truck_kg,
            shift_begin_s=round(3600 * v.shift_start_h),
            shift_end_s=round(3600 * v.shift_end_h),
            cost_fixed=30_000,
            cost_per_km=420,
            cost_per_hour=9_000,
        )
    ]


def market_rows(market: Market, world: str) -> list[master.Row]:
    """Return a market as master data: conditions, outlets, scarce lines, prices, cost of waiting."""
    m, vertical = market, market.vertical
    value = m.condition_value
    rows: list[master.Row] = [
        master.Condition(vertical=vertical, name=name, place=g, value=None if value is None else float(value[g]))
        for g, name in enumerate(m.conditions)
    ]
    rows += [
        master.Outlet(vertical=vertical, disposition=option, place=d, resource=m.resource[d])
        for d, option in enumerate(m.options)
    ]
    rows += [
        master.Resource(vertical=vertical, name=line.name, per_day=line.per_day, unit=line.unit, source=world)
        for line in m.lines
    ]
    rows.append(master.Holding(vertical=vertical, cost_per_day=m.storage, longest_days=m.longest_hold_days))
    for c, category in enumerate(m.categories):
        rows += [
            master.Price(
                vertical=vertical,
                category=category,
                condition=condition,
                disposition=option,
                price=float(m.price[c, g, d]),
                price_sd=m.price_sd,
                decay_per_day=float(m.decay_per_day[c]),
                days=float(m.days[d]),
                cost=float(m.cost[c, g, d]),
                size_cost=float(m.size_cost[c, g, d]),
                load=float(m.load[c, d]),
                currency=m.currency,
                source=world,
            )
            for g, condition in enumerate(m.conditions)
            for d, option in enumerate(m.options)
            if m.allowed[c, d]
        ]
    return rows


def _rule_rows(market: Market, rule: Rule) -> list[master.Row]:
    """Return the static rule line by line: what a category of a grade gets, in order."""
    rows: list[master.Row] = []
    for cell, order in zip(rule.cells, rule.order.tolist(), strict=True):
        category, _, grade = cell.rpartition(", ")
        preferences = [rule.options[option] for option in order if option >= 0]
        rows.append(master.RuleLine(vertical=market.vertical, category=category, grade=grade, preferences=preferences))
    return rows


def accounts(parameters: Parameters) -> Sequence[dict[str, str]]:
    """Return the accounts that the sign-in page of a demo world offers."""
    shown = []
    for o in parameters.organisations:
        if o.tenant:
            people = PEOPLE if o.role == "operator" else PEOPLE[:1]
            shown += [
                {
                    "email": f"{nick}@{o.slug}.example",
                    "password": PASSWORD,
                    "organisation": o.name,
                    "organisation_zh": o.zh,
                    "role": role,
                }
                for nick, _, role in people
            ]
    return shown
