"""A day of the battery side: ordered, planned, fetched, received, tested, decided, shipped on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa

from takeback.demo.calendar import moment
from takeback.demo.cast import ZONE, named, place_uri, site_id
from takeback.demo.flow import NEW, Flow
from takeback.demo.parameters import Site
from takeback.demo.parcels import SIMULATED
from takeback.demo.payoff import Payoff
from takeback.demo.script import Script, belief_of, worth
from takeback.operate.collection.plan_day import PlannedDay, plan_day
from takeback.operate.decisions.accept import accept
from takeback.operate.decisions.propose import propose
from takeback.operate.spine.collect import Collection, collect
from takeback.operate.spine.grade import Grading, Statement, grade
from takeback.operate.spine.order import NewItem, NewOrder, order
from takeback.operate.spine.receive import Receipt, Received, receive
from takeback.operate.spine.recover import Recovery, recover
from takeback.plan.doors import Budget

ITERATIONS = 250
STATIONS = 3
SHARE_80 = 1.2816  # half width of an 80 % interval in standard errors


class Shipped(NamedTuple):
    """A pack that left for another party on a day."""

    row: int
    slug: str
    day: int
    mass_g: int


def drive_packs(connection: sa.Connection, script: Script, flow: Flow, payoff: Payoff, day: int) -> list[Shipped]:
    """Drive one day through the real commands, in the caller's transaction; return what was shipped to other
    parties."""
    shipped = _recover(connection, script, flow, payoff, day)
    _order(connection, script, flow, day)
    if script.works(day):
        _fetch(connection, script, flow, day)
        _test(connection, script, flow, day)
        _decide(connection, script, flow, day)
    return shipped


def test_centre(script: Script) -> Site:
    """Return the operator's test centre."""
    return next(s for s in script.parameters.sites.rows if s.kind == "test_centre")


def _order(connection: sa.Connection, script: Script, flow: Flow, day: int) -> None:
    w, p = script.world.packs, script.parameters
    rows = np.flatnonzero((w.requested_day == day) & (flow.stage == NEW)).tolist()
    orders = []
    for place, row in enumerate(rows):
        model = p.battery_models.rows[w.model[row]]
        value = worth(script.batteries, script.battery_grades.belief.mean(axis=0), int(w.model[row]), model.energy_kwh)
        item = NewItem(
            epc=str(w.epc[row]),
            code=str(w.gbt_code[row]),
            product_id=named("", "pack", model.name),
            vertical="batteries",
            level="pack",
            category=model.name,
            size=model.energy_kwh,
            mass_g=int(w.announced_mass_g[row]),
            value_minor=value,
            currency=script.batteries.currency,
            decay_per_day=float(script.batteries.decay_per_day[w.model[row]]),
            provenance=SIMULATED,
        )
        orders.append(
            NewOrder(
                id=named("pack order", str(row)),
                number=f"CO-{row + 1:05d}",
                kind="collection",
                site_id=site_id(test_centre(script)),
                partner_id=site_id(p.sites.rows[w.site[row]]),
                ordered_at=moment(script.first, day, 0, 5 + place * 5),
                window_begin=moment(script.first, int(w.window_open_day[row]), round(p.vehicles.shift_start_h)),
                window_end=moment(script.first, int(w.window_close_day[row]), round(p.vehicles.shift_end_h)),
                items=[item],
                provenance="simulated",
            )
        )
    if orders:
        order(connection, script.operator, orders)
        flow.move(rows, "ordered")


def _fetch(connection: sa.Connection, script: Script, flow: Flow, day: int) -> None:
    """Plan the day, drive it, and weigh what arrives."""
    planned = plan_day(
        connection,
        script.operator,
        site_id(test_centre(script)),
        script.first + timedelta(days=day),
        zone=ZONE,
        now=moment(script.first, day, 7, 30),
        budget=Budget(iterations=ITERATIONS),
        seed=day,
    )
    if planned is None:
        return
    midnight = moment(script.first, day, 0)
    fetched = [epc for route in planned.routes for stop in route["stops"] for epc in stop["items"]]
    if fetched:
        collect(connection, script.operator, _stops(script, planned, midnight))
        _receive(connection, script, flow, planned, midnight)
        flow.move((flow.row_of[epc] for epc in fetched), "received")


def _stops(script: Script, planned: PlannedDay, midnight: datetime) -> list[Collection]:
    by_id = {str(site_id(s)): s for s in script.parameters.sites.rows}
    return [
        Collection(
            epcs=stop["items"],
            at=midnight + timedelta(seconds=stop["departure_s"]),
            place=place_uri(script.parameters, by_id[stop["partner_id"]]),
            carrier=f"{route['vehicle']} {route['number']}",
            plan_id=planned.id,
        )
        for route in planned.routes
        for stop in route["stops"]
    ]


def _receive(connection: sa.Connection, script: Script, flow: Flow, planned: PlannedDay, midnight: datetime) -> None:
    centre, scale = test_centre(script), script.seen.packs.weighed_mass_g
    receive(
        connection,
        script.operator,
        [
            Receipt(
                site_id=site_id(centre),
                place=place_uri(script.parameters, centre),
                at=midnight + timedelta(seconds=route["return_s"]),
                station=f"bay {1 + number % 4}",
                lines=[
                    Received(epc=epc, mass_g=int(scale[flow.row_of[epc]]), provenance="simulated")
                    for stop in route["stops"]
                    for epc in stop["items"]
                ],
            )
            for number, route in enumerate(planned.routes)
        ],
    )


def _test(connection: sa.Connection, script: Script, flow: Flow, day: int) -> None:
    w, p, grades = script.world.packs, script.parameters, script.battery_grades
    place = place_uri(p, test_centre(script))
    rows = flow.at("received").tolist()
    gradings = []
    for number, row in enumerate(rows):
        soh, half = float(script.soh[row]), SHARE_80 * float(script.soh_sd[row])
        model = p.battery_models.rows[w.model[row]]
        fault = p.pack_condition.faults[script.seen.packs.fault[row]]
        station = f"station {1 + row % STATIONS}"
        gradings.append(
            Grading(
                epc=flow.epcs[row],
                at=moment(script.first, day, 20, number * 100 / len(rows)),
                place=place,
                grade=grades.names[grades.grade[row]],
                method="5 s pulse, ridge",
                originator=station,
                provenance="simulated",
                value_minor=worth(script.batteries, grades.belief[row], int(w.model[row]), model.energy_kwh),
                soh=round(soh, 4),
                soh_low=round(soh - half, 4),
                soh_high=round(soh + half, 4),
                belief=belief_of(grades, script.batteries.conditions, row),
                statements=[
                    Statement(
                        property="fault",
                        text=fault,
                        method="visual and insulation test",
                        originator=station,
                        provenance="simulated",
                    ),
                    Statement(
                        property="open_circuit_voltage",
                        value=round(float(script.seen.packs.voltages[row, 0]), 4),
                        unit="V",
                        method="cell mean before the pulse",
                        originator=station,
                        provenance="simulated",
                    ),
                ],
            )
        )
    if gradings:
        grade(connection, script.operator, gradings)
        flow.move(rows, "graded")


def _decide(connection: sa.Connection, script: Script, flow: Flow, day: int) -> None:
    proposal = propose(connection, "batteries", now=moment(script.first, day, 22))
    if proposal is None:
        return
    accept(connection, script.operator, proposal)
    for place, item in enumerate(proposal.items):
        choice = int(proposal.solution.choice[place])
        if choice != proposal.problem.hold_column:
            row = flow.row_of[item.epc]
            flow.option[row] = proposal.problem.options[choice].name
            flow.decided_day[row] = day
            flow.move([row], "decided")


def buyer_of(script: Script, option: str) -> str | None:
    """Return the slug of the tenant that takes packs of a disposition, None where a buyer outside does."""
    if option.startswith("recycle_"):
        return next(r.organisation for r in script.parameters.recyclers if r.option == option)
    roles = {"repurpose": "second_life_maker"}
    return next((o.slug for o in script.parameters.organisations if o.role == roles.get(option)), None)


def _recover(connection: sa.Connection, script: Script, flow: Flow, payoff: Payoff, day: int) -> list[Shipped]:
    p, options = script.parameters, script.batteries.options
    decided = flow.at("decided")
    column = np.array([options.index(flow.option[r]) for r in decided.tolist()], dtype=np.int64)
    due = flow.decided_day[decided] + script.batteries.days[column] <= day if len(decided) else np.zeros(0, dtype=bool)
    rows, column = decided[due], column[due]
    if not len(rows):
        return []
    net = payoff.of(column, flow.decided_day[rows], rows)
    cost = np.rint(payoff.fixed[rows, column]).astype(np.int64)
    place = place_uri(p, test_centre(script))
    buyers = [buyer_of(script, flow.option[r]) for r in rows.tolist()]
    recoveries = [
        Recovery(
            epc=flow.epcs[r],
            at=moment(script.first, day, 7, n * 50 / len(rows)),
            place=place,
            realised_minor=int(net[n] + cost[n]),
            cost_minor=int(cost[n]),
            partner_id=script.partner(buyer) if buyer else None,
        )
        for n, (r, buyer) in enumerate(zip(rows.tolist(), buyers, strict=True))
    ]
    recover(connection, script.operator, recoveries)
    flow.move(rows, "recovered")
    masses = script.seen.packs.weighed_mass_g
    return [Shipped(r, b, day, int(masses[r])) for r, b in zip(rows.tolist(), buyers, strict=True) if b]
