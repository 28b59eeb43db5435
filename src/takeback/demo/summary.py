"""What a driven world came to: things by stage and disposition, value against rule and oracle, kilometres, mass,
proof."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import sqlalchemy as sa

from takeback import store
from takeback.demo.docket import docket
from takeback.demo.flow import Flow
from takeback.demo.flow import read as read_flow
from takeback.demo.oracle import oracle
from takeback.demo.payoff import Payoff
from takeback.demo.rule import Rule, apply
from takeback.demo.script import Script
from takeback.operate import accounts
from takeback.prove.checkpoint import LogKey
from takeback.prove.verify import verify_log, verify_party


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Money in minor units, over the items decided; percentages positive = better; None = not measured.

    ``km_baseline``: the habit of fetching each order on its first day, nearest first. ``km_same_stops``: the plans' own
    stops, nearest first.
    """

    items: int
    by_stage: dict[str, int]
    by_disposition: dict[str, int]
    decided: int
    value_minor: int
    rule_minor: int | None
    oracle_minor: int | None
    value_vs_rule_pct: float | None
    value_vs_oracle_pct: float | None
    km: float
    km_baseline: float
    km_vs_baseline_pct: float | None
    km_same_stops: float
    km_vs_same_stops_pct: float | None
    mass_closed: bool
    verified: bool
    entries: int
    findings: list[str]


_STAGES = sa.text("select stage, sum(items) as items from stage_total where items > 0 group by stage")
_DISPOSITIONS = sa.text(
    "select disposition, sum(items) as items from stage_total where disposition <> '' and items > 0 group by 1"
)
_KM = sa.text(
    """
    select coalesce(sum(distance_m), 0) as ours, coalesce(sum(baseline_m), 0) as habit,
           coalesce(sum(same_stops_m), 0) as same_stops
    from plan
    """
)


def summarise(script: Script, payoffs: dict[str, Payoff], rules: dict[str, Rule], key: LogKey) -> Summary:
    """Return the summary of the operator's world; the other tenants' masses and entries are verified as well."""
    operator = script.operator.org_id
    flows = {
        "batteries": read_flow(operator, "batteries", script.world.packs.epc.tolist(), script.first),
        "returns": read_flow(operator, "returns", script.world.parcels.epc.tolist(), script.first),
    }
    values = [
        _values(script, flow, payoffs[vertical], rules.get(vertical), vertical) for vertical, flow in flows.items()
    ]
    ours, rule, best, decided = (_sum(column) for column in zip(*values, strict=True))
    with store.transaction(operator) as connection:
        stages = {row.stage: int(row.items) for row in connection.execute(_STAGES)}
        dispositions = {row.disposition: int(row.items) for row in connection.execute(_DISPOSITIONS)}
        km = connection.execute(_KM).one()
    closed, verified = _checked(script, key)
    return Summary(
        items=sum(stages.values()),
        by_stage=stages,
        by_disposition=dispositions,
        decided=int(decided or 0),
        value_minor=int(ours or 0),
        rule_minor=rule,
        oracle_minor=best,
        value_vs_rule_pct=_percent(ours, rule),
        value_vs_oracle_pct=_percent(ours, best),
        km=float(km.ours) / 1000,
        km_baseline=float(km.habit) / 1000,
        km_vs_baseline_pct=_saved(km.ours, km.habit),
        km_same_stops=float(km.same_stops) / 1000,
        km_vs_same_stops_pct=_saved(km.ours, km.same_stops),
        mass_closed=closed,
        **verified,
    )


def _saved(ours: float, other: float) -> float | None:
    return 100 * (1 - float(ours) / float(other)) if other else None


def _values(
    script: Script, flow: Flow, payoff: Payoff, rule: Rule | None, vertical: str
) -> tuple[int, int | None, int | None, int]:
    """Return what our decisions, the static rule's and a clairvoyant's bring for the same items, and their number."""
    market, grades = (
        (script.batteries, script.battery_grades) if vertical == "batteries" else (script.goods, script.goods_grades)
    )
    rows = np.flatnonzero(flow.decided_day >= 0)
    option = np.array([market.options.index(flow.option[r]) for r in rows.tolist()], dtype=np.int64)
    ours = int(payoff.of(option, flow.decided_day[rows], rows).sum())
    papers = docket(script.world, market, grades)
    by_rule = None
    if rule is not None:
        chosen = apply(rule, papers)
        by_rule = int(payoff.of(chosen[rows], papers.ready_day[rows], rows).sum())
    best = oracle(papers, payoff)
    return ours, by_rule, int(best.values[rows].sum()), len(rows)


def _checked(script: Script, key: LogKey) -> tuple[bool, dict[str, Any]]:
    closed, entries = True, 0
    with store.transaction(script.operator.org_id) as connection:
        result = verify_log(connection, key.origin, key.public)
    for org in _orgs(script):
        with store.transaction(org) as connection:
            closed &= all(balance.closed for balance in accounts.balances(connection))
            verify_party(connection, org, result)
    entries = result.entries
    return closed, {"verified": result.verified, "entries": entries, "findings": result.findings[:20]}


def _orgs(script: Script) -> list[UUID]:
    return [actor.org_id for actor in script.cast.actors.values()]


def _sum(column: tuple[int | None, ...]) -> int | None:
    return None if any(part is None for part in column) else sum(part for part in column if part is not None)


def _percent(ours: int | None, other: int | None) -> float | None:
    return None if ours is None or not other else 100 * (ours - other) / abs(other)
