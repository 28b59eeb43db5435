"""Accepting: of all plans of a site's day, one is driven."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock, plans
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.store import bulk


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """The plan that is driven on a site's day, who accepted it (the actor's name in the ledger) and when."""

    site_id: UUID
    day: date
    plan_id: UUID
    accepted_at: datetime
    accepted_by: str


_ACCEPTED = sa.text(
    "select site_id, day, plan_id, accepted_at, accepted_by from accepted_plan where site_id = :site and day = :day"
)
_LOCK = sa.text("select pg_advisory_xact_lock(:lock)")
_GONE = sa.text("select epc from item where epc = any(:epcs) and stage = 'ordered'")


def accept(connection: sa.Connection, author: Author, plan_id: UUID, *, instead_of: UUID | None = None) -> Accepted:
    """Accept a plan for its site and day; the others stay, to be compared.

    ``instead_of``: the accepted plan that it shall replace, which whoever asks has seen. Of two who accept at once the
    first wins, and the second is told. A day whose vehicles were dispatched is changed by `replan` alone.

    Raises
    ------
    Problem
        ``plans.unknown`` (404), ``collection.accepted-already`` (409), ``collection.dispatched-already`` (409),
        ``collection.plan-overtaken`` (409) when things that it fetches are no longer there to be fetched.
    """
    author.require("plan.dispatch")
    plan = plans.plan(connection, plan_id)
    lock_day(connection, author.org_id, plan["site_id"], plan["day"])
    before = accepted_plan(connection, plan["site_id"], plan["day"])
    if before is not None and before.plan_id == plan_id:
        return before
    if before is not None and before.plan_id != instead_of:
        raise Problem(
            "collection.accepted-already",
            msg("Another plan was accepted for this day."),
            found=before.plan_id,
            remedy=msg("Look at it, then say that yours shall stand instead of it."),
            status=409,
        )
    _refuse_dispatched(connection, plan)
    _refuse_overtaken(connection, plan)
    return record_acceptance(connection, author, plan, clock.now(connection, author.org_id))


def accepted_plan(connection: sa.Connection, site: UUID, day: date) -> Accepted | None:
    """Return which plan is accepted for a site's day, None when none is."""
    row = connection.execute(_ACCEPTED, {"site": site, "day": day}).one_or_none()
    return None if row is None else Accepted(**row._mapping)


def plan_to_drive(connection: sa.Connection, site: UUID, day: date) -> dict[str, Any]:
    """Return the accepted plan of a site's day, whole; ``collection.none-accepted`` (409) when there is none."""
    accepted = accepted_plan(connection, site, day)
    if accepted is None:
        raise Problem(
            "collection.none-accepted",
            msg("No plan was accepted for this day."),
            found=day.isoformat(),
            remedy=msg("Accept one of the plans of the day first."),
            status=409,
        )
    return plans.plan(connection, accepted.plan_id)


def lock_day(connection: sa.Connection, org: UUID, site: UUID, day: date) -> None:
    """Let nobody else change what is accepted, dispatched or driven on a site's day until the transaction ends."""
    name = sha256(f"collection\0{org}\0{site}\0{day.isoformat()}".encode()).digest()
    connection.execute(_LOCK, {"lock": int.from_bytes(name[:8], "big", signed=True)})


def record_acceptance(connection: sa.Connection, author: Author, plan: dict[str, Any], now: datetime) -> Accepted:
    """Append that a plan is driven from now on; the caller has locked the day and checked what must hold."""
    facts = {"plan_id": str(plan["id"]), "site_id": str(plan["site_id"]), "day": str(plan["day"]), "by": author.label}
    body = {"type": "takeback:PlanAccepted", "takeback:step": "plan accepted", "takeback:facts": facts}
    record(connection, author, [prove.Entry("takeback:PlanAccepted", body, now)])
    return Accepted(
        site_id=UUID(facts["site_id"]),
        day=date.fromisoformat(facts["day"]),
        plan_id=UUID(facts["plan_id"]),
        accepted_at=now,
        accepted_by=author.label,
    )


def _refuse_dispatched(connection: sa.Connection, plan: dict[str, Any]) -> None:
    where = {"site": plan["site_id"], "day": plan["day"]}
    if connection.scalar(_DISPATCHED, where):
        raise Problem(
            "collection.dispatched-already",
            msg("Vehicles of this day were dispatched already."),
            found=str(plan["day"]),
            remedy=msg("Plan the rest of the day anew instead: what is done or under way stays."),
            status=409,
        )


def _refuse_overtaken(connection: sa.Connection, plan: dict[str, Any]) -> None:
    wanted = {epc: stop["order"] for route in plan["routes"] for stop in route["stops"] for epc in stop["items"]}
    there = set(connection.scalars(_GONE, {"epcs": list(wanted)}))
    if gone := sorted({order for epc, order in wanted.items() if epc not in there}):
        raise Problem(
            "collection.plan-overtaken",
            msg("Things that this plan fetches are no longer there to be fetched."),
            where=", ".join(gone[:20]),
            found=len(gone),
            expected=msg("orders of which nothing was collected yet"),
            remedy=msg("Plan the day anew."),
            status=409,
        )


_DISPATCHED = sa.text("select count(*) from dispatched_route where site_id = :site and day = :day")


@projects("plan accepted")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    latest = {(f.body["takeback:facts"]["site_id"], f.body["takeback:facts"]["day"]): f for f in facts}
    rows = [
        (org, site, day, f.body["takeback:facts"]["plan_id"], f.event_time, f.body["takeback:facts"]["by"])
        for (site, day), f in latest.items()
    ]
    columns = ("org_id", "site_id", "day", "plan_id", "accepted_at", "accepted_by")
    renewed = "plan_id = excluded.plan_id, accepted_at = excluded.accepted_at, accepted_by = excluded.accepted_by"
    bulk.insert(
        connection, "accepted_plan", columns, rows, on_conflict=f"(org_id, site_id, day) do update set {renewed}"
    )
