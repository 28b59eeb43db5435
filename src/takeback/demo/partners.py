"""The other tenants: what the operator shipped arrives with them, and becomes storage or raw material."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from takeback.demo.calendar import moment
from takeback.demo.cast import named, place_uri, site_id
from takeback.demo.packs import Shipped
from takeback.demo.parameters import Site
from takeback.demo.parcels import SIMULATED
from takeback.demo.recycling import outputs
from takeback.demo.script import Script
from takeback.operate.identity import Actor
from takeback.operate.spine.decide import Decision, Option, decide
from takeback.operate.spine.grade import Grading, grade
from takeback.operate.spine.order import NewItem, NewOrder, order
from takeback.operate.spine.receive import Receipt, Received, receive
from takeback.operate.spine.recover import Recovery, recover

ARRIVES_AFTER = 2
DONE_AFTER = 9
_STAGES = sa.text("select code, stage, mass_g from item where stage <> 'recovered'")


def drive_partner(connection: sa.Connection, script: Script, slug: str, shipped: Sequence[Shipped], day: int) -> None:
    """Drive one day of a tenant: arrivals of what was shipped two days ago, output of what came in a week before."""
    actor = script.cast.actors[slug]
    standing = {row.code: (row.stage, row.mass_g) for row in connection.execute(_STAGES)}
    arriving = [s for s in shipped if s.slug == slug and s.day + ARRIVES_AFTER == day]
    done = [s for s in shipped if s.slug == slug and s.day + DONE_AFTER == day and _code(script, s) in standing]
    if arriving:
        _arrive(connection, script, actor, slug, arriving, day)
    if done:
        _finish(connection, script, actor, slug, done, day)


def _code(script: Script, shipped: Shipped) -> str:
    return str(script.world.packs.gbt_code[shipped.row])


def _epc(script: Script, shipped: Shipped) -> str:
    return str(script.world.packs.epc[shipped.row])


def _works(script: Script, slug: str) -> Site:
    return next(s for s in script.parameters.sites.rows if s.organisation == slug)


def _disposition(slug: str, script: Script) -> str:
    return "repurpose" if script.parameters.organisation(slug).role == "second_life_maker" else "recycle"


def _arrive(
    connection: sa.Connection, script: Script, actor: Actor, slug: str, arriving: Sequence[Shipped], day: int
) -> None:
    works, batteries = _works(script, slug), script.batteries
    operator = script.cast.operator
    items = [
        NewItem(
            epc=_epc(script, s),
            code=_code(script, s),
            vertical="batteries",
            level="pack",
            product_id=named(slug, "pack", script.parameters.battery_models.rows[script.world.packs.model[s.row]].name),
            category=script.parameters.battery_models.rows[script.world.packs.model[s.row]].name,
            size=script.parameters.battery_models.rows[script.world.packs.model[s.row]].energy_kwh,
            mass_g=s.mass_g,
            value_minor=0,
            currency=batteries.currency,
            decay_per_day=float(batteries.decay_per_day[0]),
            provenance=SIMULATED,
        )
        for s in arriving
    ]
    opened = NewOrder(
        id=named(slug, "delivery", str(day)),
        number=f"D-{day + 1:03d}",
        kind="collection",
        site_id=site_id(works),
        partner_id=named(slug, "partner", operator),
        ordered_at=moment(script.first, day, 6),
        items=items,
        provenance="simulated",
    )
    order(connection, actor, [opened])
    place = place_uri(script.parameters, works)
    lines = [Received(epc=_epc(script, s), mass_g=s.mass_g, provenance="simulated") for s in arriving]
    at = moment(script.first, day, 14)
    receive(connection, actor, [Receipt(site_id=site_id(works), place=place, at=at, lines=lines, station="gate")])
    grade(
        connection,
        actor,
        [
            Grading(
                epc=_epc(script, s),
                at=moment(script.first, day, 16),
                place=place,
                grade=_entry_grade(script, s),
                method="incoming inspection",
                originator="gate",
                provenance="simulated",
                value_minor=0,
            )
            for s in arriving
        ],
    )


def _entry_grade(script: Script, shipped: Shipped) -> str:
    grades = script.battery_grades
    return str(grades.names[grades.grade[shipped.row]])


def _finish(
    connection: sa.Connection, script: Script, actor: Actor, slug: str, done: Sequence[Shipped], day: int
) -> None:
    p, place, disposition = (
        script.parameters,
        place_uri(script.parameters, _works(script, slug)),
        _disposition(slug, script),
    )
    only = [Option(disposition=disposition, expected_minor=0, low_minor=0, high_minor=0)]
    decide(
        connection,
        actor,
        [
            Decision(
                epc=_epc(script, s),
                at=moment(script.first, day, 6),
                disposition=disposition,
                expected_minor=0,
                low_minor=0,
                high_minor=0,
                options=only,
                why=[],
                by_kind="rule",
                by_name="house rule",
            )
            for s in done
        ],
    )
    recycler = next((r for r in p.recyclers if r.organisation == slug), None)
    recoveries = []
    for s in done:
        model = p.battery_models.rows[script.world.packs.model[s.row]]
        products, losses = outputs(p, model, recycler, s.mass_g) if recycler else ({"stationary storage": s.mass_g}, {})
        recoveries.append(
            Recovery(
                epc=_epc(script, s),
                at=moment(script.first, day, 15),
                place=place,
                realised_minor=0,
                outputs=products,
                losses=losses,
                counts=False,
            )
        )
    recover(connection, actor, recoveries)
