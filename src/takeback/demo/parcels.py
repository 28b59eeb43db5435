"""A day of the parcel side: ordered, dropped, received, inspected, decided, carried out."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa

from takeback.demo.calendar import moment
from takeback.demo.cast import named, place_uri, site_id
from takeback.demo.flow import NEW, Flow
from takeback.demo.payoff import Payoff
from takeback.demo.script import Script, belief_of, worth
from takeback.operate.decisions.accept import accept
from takeback.operate.decisions.propose import propose
from takeback.operate.spine.collect import Collection, collect
from takeback.operate.spine.grade import Grading, grade
from takeback.operate.spine.order import NewItem, NewOrder, order
from takeback.operate.spine.receive import Receipt, Received, receive
from takeback.operate.spine.recover import Recovery, recover
from takeback.operate.words import Provenance

INSPECTORS = 6
SIMULATED: dict[str, Provenance] = {"mass": "simulated", "value": "simulated", "item": "simulated"}


def drive_parcels(connection: sa.Connection, script: Script, flow: Flow, payoff: Payoff, day: int) -> None:
    """Drive one day through the real commands, in the caller's transaction."""
    _recover(connection, script, flow, payoff, day)
    _order(connection, script, flow, day)
    _drop(connection, script, flow, day)
    _receive(connection, script, flow, day)
    _inspect(connection, script, flow, day)
    _decide(connection, script, flow, day)


def code_of(row: int) -> str:
    """Return the label on a parcel."""
    return f"R{row + 1:06d}"


def _order(connection: sa.Connection, script: Script, flow: Flow, day: int) -> None:
    w, p = script.world.parcels, script.parameters
    rows = np.flatnonzero((w.requested_day == day) & (flow.stage == NEW))
    orders = []
    for place, row in enumerate(rows.tolist()):
        product = p.products.rows[w.product[row]]
        item = NewItem(
            epc=str(w.epc[row]),
            code=code_of(row),
            product_id=named("goods", product.name),
            vertical="returns",
            level="unit",
            category=product.category,
            size=float(w.value_minor[row]),
            mass_g=int(w.announced_mass_g[row]),
            value_minor=int(w.value_minor[row]),
            currency=script.goods.currency,
            decay_per_day=float(script.goods.decay_per_day[w.category[row]]),
            provenance=SIMULATED,
        )
        orders.append(
            NewOrder(
                id=named("parcel", str(row)),
                number=f"RO-{row + 1:06d}",
                kind="return",
                site_id=site_id(p.sites.rows[w.centre[row]]),
                partner_id=site_id(p.sites.rows[w.shop[row]]),
                ordered_at=moment(script.first, day, 0, 5 + place * 400 / max(1, len(rows))),
                reason=p.return_reasons.names[w.reason[row]],
                items=[item],
                provenance="simulated",
            )
        )
    if orders:
        order(connection, script.operator, orders)
        flow.move(rows, "ordered")


def _drop(connection: sa.Connection, script: Script, flow: Flow, day: int) -> None:
    """Parcels are dropped at a parcel shop: one collection a shop and day."""
    w, p = script.world.parcels, script.parameters
    due = flow.at("ordered")
    due = due[w.dropped_day[due] <= day]
    collections = []
    for shop in np.unique(w.shop[due]).tolist():
        rows = due[w.shop[due] == shop]
        site = p.sites.rows[shop]
        collections.append(
            Collection(
                epcs=[flow.epcs[r] for r in rows.tolist()],
                at=moment(script.first, day, 18, shop % 60),
                place=place_uri(p, site),
                carrier="parcel carrier",
            )
        )
    if collections:
        collect(connection, script.operator, collections)
        flow.move(due, "collected")


def _receive(connection: sa.Connection, script: Script, flow: Flow, day: int) -> None:
    w, seen, p = script.world.parcels, script.seen.parcels, script.parameters
    due = flow.at("collected")
    due = due[w.ready_day[due] <= day]
    receipts = []
    for centre in np.unique(w.centre[due]).tolist():
        site = p.sites.rows[centre]
        rows = due[w.centre[due] == centre].tolist()
        for start in range(0, len(rows), 60):
            lines = [
                Received(epc=flow.epcs[r], mass_g=max(1, int(seen.weighed_mass_g[r])), provenance="simulated")
                for r in rows[start : start + 60]
            ]
            receipts.append(
                Receipt(
                    site_id=site_id(site),
                    place=place_uri(p, site),
                    at=moment(script.first, day, 19, start / 60),
                    lines=lines,
                    station=f"dock {1 + start // 60 % 4}",
                )
            )
    if receipts:
        receive(connection, script.operator, receipts)
        flow.move(due, "received")


def _inspect(connection: sa.Connection, script: Script, flow: Flow, day: int) -> None:
    w, p, grades = script.world.parcels, script.parameters, script.goods_grades
    rows = flow.at("received").tolist()
    gradings = []
    for place, row in enumerate(rows):
        category = int(w.category[row])
        gradings.append(
            Grading(
                epc=flow.epcs[row],
                at=moment(script.first, day, 20, place * 100 / max(1, len(rows))),
                place=place_uri(p, p.sites.rows[w.centre[row]]),
                grade=grades.names[grades.grade[row]],
                method="checklist",
                originator=f"inspector {1 + row % INSPECTORS}",
                provenance="simulated",
                value_minor=worth(script.goods, grades.belief[row], category, float(w.value_minor[row])),
                belief=belief_of(grades, script.goods.conditions, row),
            )
        )
    if gradings:
        grade(connection, script.operator, gradings)
        flow.move(rows, "graded")


def _decide(connection: sa.Connection, script: Script, flow: Flow, day: int) -> None:
    proposal = propose(connection, "returns", now=moment(script.first, day, 22))
    if proposal is None:
        return
    values = script.world.parcels.value_minor
    refunds = {item.epc: int(values[flow.row_of[item.epc]]) for item in proposal.items}
    accept(connection, script.operator, proposal, refunds=refunds)
    for place, item in enumerate(proposal.items):
        choice = int(proposal.solution.choice[place])
        if choice != proposal.problem.hold_column:
            row = flow.row_of[item.epc]
            flow.option[row] = proposal.problem.options[choice].name
            flow.decided_day[row] = day
            flow.move([row], "decided")


def _recover(connection: sa.Connection, script: Script, flow: Flow, payoff: Payoff, day: int) -> None:
    """What was decided long enough ago is carried out; what it brings is the world's hidden answer."""
    w, p, options = script.world.parcels, script.parameters, script.goods.options
    decided = flow.at("decided")
    column = np.array([options.index(flow.option[r]) for r in decided.tolist()], dtype=np.int64)
    due = flow.decided_day[decided] + script.goods.days[column] <= day if len(decided) else np.zeros(0, dtype=bool)
    rows, column = decided[due], column[due]
    if not len(rows):
        return
    net = payoff.of(column, flow.decided_day[rows], rows)
    cost = np.rint(payoff.fixed[rows, column]).astype(np.int64)
    recoveries = [
        Recovery(
            epc=flow.epcs[r],
            at=moment(script.first, day, 7, n * 100 / len(rows)),
            place=place_uri(p, p.sites.rows[w.centre[r]]),
            realised_minor=int(net[n] + cost[n]),
            cost_minor=int(cost[n]),
        )
        for n, r in enumerate(rows.tolist())
    ]
    recover(connection, script.operator, recoveries)
    flow.move(rows, "recovered")
