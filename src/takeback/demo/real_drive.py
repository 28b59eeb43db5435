"""Real returns and real retired cells through the same loop. What the files lack enters as declared assumptions,
marked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa
from scipy.special import ndtr

from takeback import store
from takeback.core.ids import uuid7
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.demo.cast import PASSWORD, market_rows, named
from takeback.demo.market import Market
from takeback.demo.real import (
    Assumptions,
    RealCells,
    RealReturns,
    assumptions,
    cells_market,
    read_cells,
    read_returns,
    returns_market,
)
from takeback.operate import accounts, identity, master
from takeback.operate.decisions.accept import accept
from takeback.operate.decisions.propose import propose
from takeback.operate.identity import Actor, OrganisationFields, system_actor
from takeback.operate.spine.grade import Grading, Statement, grade
from takeback.operate.spine.order import NewItem, NewOrder, order
from takeback.operate.spine.receive import Receipt, Received, receive
from takeback.operate.spine.recover import Recovery, recover
from takeback.operate.words import Provenance
from takeback.prove.checkpoint import LogKey
from takeback.prove.sequencer import sequence_all
from takeback.prove.verify import verify_log, verify_party

OnStep = Callable[[int, int, Message], None]
SHARE_80 = 1.2816
SHOP, STATION = "real-returns", "real-cells"


class RealSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the real things. Realised values rest on declared prices: they are counted nowhere."""

    returns: int
    cells: int
    by_stage: dict[str, int]
    by_disposition: dict[str, int]
    soh_error_points: float | None
    mass_closed: bool
    verified: bool
    findings: list[str]


def fill_real(home: Path, data: Path, on_step: OnStep, *, rows: int | None = None) -> RealSummary:
    """Drive ``rows`` real returns (default 5,000) and the retired cells of ``data`` through the real commands.

    What is there already is not entered again. Raises ``demo.no-data`` where the folder does not hold the data.
    """
    declared = assumptions()
    returns, cells = read_returns(data, declared, rows=rows), read_cells(data, declared, rows=rows)
    shop = _organisation(SHOP, "Online retail, real returns", "在线零售（真实退货）", "GB", declared.returns.currency)
    station = _organisation(STATION, "PulseBat, real cells", "PulseBat（真实退役电芯）", "CN", declared.cells.currency)
    _returns(shop, returns, declared, on_step)
    on_step(9, 10, msg("Retired cells"))
    _cells(station, cells, declared)
    key = LogKey.kept_in(home)
    sequence_all(key)
    on_step(10, 10, msg("All real things driven"))
    return _summary((shop, station), len(returns), cells, key)


def _organisation(slug: str, name: str, name_zh: str, country: str, currency: str) -> Actor:
    try:
        with store.admin() as connection:
            return system_actor(identity.organisation_by_slug(connection, slug).id)
    except Problem:
        org = uuid7()
    email = f"lin@{slug}.example"
    with store.admin() as connection:
        owner = identity.create_user(connection, email=email, display_name="Lin Wei", password=PASSWORD).id
    fields = OrganisationFields(
        slug=slug, kind="enterprise", name=name, name_zh=name_zh, country=country, time_zone="UTC", currency=currency
    )
    with store.transaction(org) as connection:
        identity.create_organisation(connection, org, fields, owner_id=owner)
        # The clock of a replay stands at its last event, as in a simulated world.
        connection.execute(sa.text("update organisation set simulated = true where id = :id"), {"id": org})
    return system_actor(org)


def _returns(shop: Actor, returns: RealReturns, declared: Assumptions, on_step: OnStep) -> None:
    market = returns_market(declared)
    at = returns.returned_at.astype("datetime64[s]").astype(object)
    weeks = np.array([(moment.date() - timedelta(days=moment.weekday())).toordinal() for moment in at])
    done = set(_known(shop))
    fresh = [row for row in range(len(returns)) if str(returns.epc[row]) not in done]
    if not done:
        _register(shop, _return_masters(returns, declared, market), _utc(at[0]))
    for place, week in enumerate(sorted({int(weeks[row]) for row in fresh})):
        rows = [row for row in fresh if weeks[row] == week]
        on_step(place * 9 // 60, 10, msg("Real returns, week {week}", week=place + 1))
        with store.transaction(shop.org_id) as connection:
            _return_week(connection, shop, returns, declared, market, rows)


def _return_masters(returns: RealReturns, declared: Assumptions, market: Market) -> list[master.Row]:
    a = declared.returns
    site = master.Site(
        id=named(SHOP, "desk"),
        code="desk",
        name="Returns desk",
        name_zh="退货台",
        kind="return_centre",
        provenance="declared",
    )
    rows: list[master.Row] = [site, *market_rows(market, a.prices_source)]
    seen: set[str] = set()
    for row in range(len(returns)):
        sku = str(returns.sku[row])
        if sku not in seen:
            seen.add(sku)
            piece = int(returns.quantity[row]) or 1
            rows.append(
                master.Product(
                    id=named(SHOP, "sku", sku),
                    code=sku,
                    name=str(returns.description[row]),
                    name_zh=str(returns.description[row]),
                    vertical="returns",
                    level="unit",
                    category=a.category,
                    mass_g=max(1, int(returns.mass_g[row]) // piece),
                    value_minor=int(returns.value_minor[row]) // piece,
                    currency=a.currency,
                    decay_per_day=a.decay_per_week / 7,
                    provenance={"mass": "declared", "value": "real", "category": "declared"},
                )
            )
    return rows


def _return_week(
    connection: sa.Connection, shop: Actor, returns: RealReturns, declared: Assumptions, market: Market, rows: list[int]
) -> None:
    a = declared.returns
    shares = {name: share for name, share in zip(market.conditions, a.grades, strict=True) if share > 0}
    end = max(_utc(returns.returned_at[row]) for row in rows)
    orders, lines, gradings = [], [], []
    for row in rows:
        epc, value = str(returns.epc[row]), max(1, int(returns.value_minor[row]))
        code, when = f"{returns.order[row]}-{returns.sku[row]}-{row}", _utc(returns.returned_at[row])
        item = NewItem(
            epc=epc,
            code=code,
            product_id=named(SHOP, "sku", str(returns.sku[row])),
            vertical="returns",
            level="unit",
            category=a.category,
            size=float(value),
            mass_g=int(returns.mass_g[row]),
            value_minor=value,
            currency=a.currency,
            decay_per_day=a.decay_per_week / 7,
            provenance=_marks(returns.marks),
        )
        orders.append(
            NewOrder(
                id=named(SHOP, code),
                number=code,
                kind="return",
                site_id=named(SHOP, "desk"),
                ordered_at=when,
                items=[item],
            )
        )
        lines.append(Received(epc=epc, mass_g=int(returns.mass_g[row]), provenance="declared"))
        gradings.append(
            Grading(
                epc=epc,
                at=end,
                place=_place(SHOP),
                grade="not inspected",
                method="shares of a category, declared",
                originator="assumption",
                provenance="declared",
                value_minor=value,
                belief=shares,
            )
        )
    order(connection, shop, orders)
    desk = Receipt(site_id=named(SHOP, "desk"), place=_place(SHOP), at=end, lines=lines, station="desk")
    receive(connection, shop, [desk])
    grade(connection, shop, gradings)
    _decide_and_recover(connection, shop, "returns", end, market, days=5)


def _cells(station: Actor, cells: RealCells, declared: Assumptions) -> None:
    market, done = cells_market(declared), set(_known(station))
    now = datetime.combine(datetime.now(UTC).date(), time(9), UTC)
    rows = [row for row in range(len(cells)) if str(cells.epc[row]) not in done]
    if not done:
        _register(station, _cell_masters(declared, market), now)
    if not rows:
        return
    orders, lines, gradings = [], [], []
    for row in rows:
        kind = declared.cells.types[int(cells.type_of[row])]
        epc, code = str(cells.epc[row]), f"{kind.folder}/{cells.identifier[row]}"
        item = NewItem(
            epc=epc,
            code=code,
            product_id=named(STATION, "type", kind.cell_type),
            vertical="batteries",
            level="cell",
            category=kind.cell_type,
            size=float(cells.energy_wh[row]) / 1000,
            mass_g=int(cells.mass_g[row]),
            value_minor=round(100 * declared.cells.price_cny_per_kwh * float(cells.energy_wh[row]) / 1000),
            currency=declared.cells.currency,
            decay_per_day=declared.cells.decay_per_week / 7,
            provenance=_marks(cells.marks),
        )
        orders.append(
            NewOrder(
                id=named(STATION, code),
                number=code,
                kind="collection",
                site_id=named(STATION, "bench"),
                ordered_at=now,
                items=[item],
            )
        )
        lines.append(Received(epc=epc, mass_g=int(cells.mass_g[row]), provenance="declared"))
        gradings.append(_cell_grading(cells, market, row, epc, now, item.value_minor))
    with store.transaction(station.org_id) as connection:
        order(connection, station, orders)
        bench = Receipt(site_id=named(STATION, "bench"), place=_place(STATION), at=now, lines=lines, station="bench")
        receive(connection, station, [bench])
        grade(connection, station, gradings)
        _decide_and_recover(connection, station, "batteries", now, market, days=0)


def _cell_masters(declared: Assumptions, market: Market) -> list[master.Row]:
    a = declared.cells
    site = master.Site(
        id=named(STATION, "bench"),
        code="bench",
        name="Test bench",
        name_zh="检测台",
        kind="test_centre",
        provenance="declared",
    )
    rows: list[master.Row] = [site, *market_rows(market, a.prices_source)]
    rows += [
        master.Product(
            id=named(STATION, "type", kind.cell_type),
            code=kind.cell_type,
            name=f"{kind.cathode} cell, {kind.folder}",
            name_zh=f"{kind.cathode} 电芯，{kind.folder}",
            vertical="batteries",
            level="cell",
            category=kind.cell_type,
            mass_g=kind.mass_g,
            value_minor=0,
            currency=a.currency,
            decay_per_day=a.decay_per_week / 7,
            provenance={"mass": "declared"},
        )
        for kind in a.types
    ]
    return rows


def _cell_grading(cells: RealCells, market: Market, row: int, epc: str, at: datetime, value: int) -> Grading:
    estimate, sd = float(cells.estimate[row]), float(cells.estimate_sd[row])
    belief = _belief(market, estimate, sd)
    letter = "ABCDE"[int(np.searchsorted([-0.9, -0.8, -0.7, -0.6], -estimate))]
    measured = Statement(
        property="capacity",
        value=round(float(cells.capacity_ah[row]), 4),
        unit="Ah",
        method="full capacity test",
        originator="PulseBat",
        provenance="real",
    )
    voltage = Statement(
        property="open_circuit_voltage",
        value=round(float(cells.voltages[row, 0]), 4),
        unit="V",
        method="before the 5 s pulse",
        originator="PulseBat",
        provenance="real",
    )
    half = SHARE_80 * sd
    return Grading(
        epc=epc,
        at=at,
        place=_place(STATION),
        grade=letter,
        method="5 s pulse, ridge, cell not seen before",
        originator="grading engine",
        provenance="estimated",
        value_minor=value,
        soh=round(estimate, 4),
        soh_low=round(estimate - half, 4),
        soh_high=round(estimate + half, 4),
        belief=belief,
        statements=[measured, voltage],
    )


def _belief(market: Market, estimate: float, sd: float) -> dict[str, float]:
    """Return the probabilities of the condition classes around an estimate."""
    middles = market.condition_value
    assert middles is not None  # noqa: S101 - the cells' market has them
    edges = np.concatenate([[-np.inf], (middles[1:] + middles[:-1]) / 2, [np.inf]])
    shares = np.diff(ndtr((edges - estimate) / sd))
    return {name: round(float(s), 6) for name, s in zip(market.conditions, shares, strict=True) if s > 1e-4}


def _decide_and_recover(
    connection: sa.Connection, actor: Actor, vertical: str, at: datetime, market: Market, *, days: int
) -> None:
    """Decide what is graded, and carry out what was decided long enough ago, at declared prices that count nowhere."""
    units = {line.name: line.per_day * max(1, days) for line in market.lines}
    if (proposal := propose(connection, vertical, now=at, available=units)) is not None:
        accept(connection, actor, proposal)
    lead = dict(zip(market.options, market.days.tolist(), strict=True))
    rows = connection.execute(_DECIDED).all()
    due = [row for row in rows if row.at + timedelta(days=lead[row.disposition]) <= at]
    if due:
        recover(
            connection,
            actor,
            [
                Recovery(epc=r.epc, at=at, place=_place("real"), realised_minor=r.expected_minor, counts=False)
                for r in due
            ],
        )


_DECIDED = sa.text(
    """
    select i.epc, i.disposition, d.at, d.expected_minor from item i
    join decision d on d.item_key = i.key where i.stage = 'decided' order by d.at, i.key
    """
)


def _register(actor: Actor, rows: list[master.Row], at: datetime) -> None:
    with store.transaction(actor.org_id) as connection:
        master.register(connection, actor, rows, at=at)


def _known(actor: Actor) -> list[str]:
    with store.transaction(actor.org_id) as connection:
        return list(connection.scalars(sa.text("select epc from item")))


def _marks(marks: Any) -> dict[str, Provenance]:
    fields: dict[str, Provenance] = {
        "mass": marks.get("mass_g", "declared"),
        "value": marks.get("value_minor", "declared"),
    }
    return {**fields, "item": "real"}


def _place(slug: str) -> str:
    return f"urn:takeback:declared-place:{slug}"


def _utc(moment: Any) -> datetime:
    if isinstance(moment, np.datetime64):
        moment = moment.astype("datetime64[s]").astype(object)
    found: datetime = moment.replace(tzinfo=UTC)
    return found


def _summary(actors: tuple[Actor, ...], returns: int, cells: RealCells, key: LogKey) -> RealSummary:
    stages: dict[str, int] = {}
    dispositions: dict[str, int] = {}
    closed = True
    with store.admin() as connection:
        result = verify_log(connection, key.origin, key.public)
    for actor in actors:
        with store.transaction(actor.org_id) as connection:
            _count(connection, "stage", stages)
            _count(connection, "disposition", dispositions)
            closed &= all(balance.closed for balance in accounts.balances(connection))
            verify_party(connection, actor.org_id, result)
    error = float(np.abs(cells.estimate - cells.soh).mean() * 100) if len(cells) else None
    return RealSummary(
        returns=returns,
        cells=len(cells),
        by_stage=stages,
        by_disposition=dispositions,
        soh_error_points=None if error is None else round(error, 2),
        mass_closed=closed,
        verified=result.verified,
        findings=result.findings[:20],
    )


def _count(connection: sa.Connection, column: str, counts: dict[str, int]) -> None:
    query = sa.text(f"select {column}, sum(items) as n from stage_total where {column} <> '' and items > 0 group by 1")
    for name, number in connection.execute(query):
        counts[name] = counts.get(name, 0) + int(number)
