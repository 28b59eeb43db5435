"""Changing a day that runs: one pickup more, a vehicle that breaks down, the rest planned anew.

What is done or under way stays; of what was promised nothing becomes late that was not late already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove, store
from takeback.core.ids import uuid7
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.collection.accepting import lock_day, plan_to_drive, record_acceptance
from takeback.operate.collection.confirmations import confirmed_stops
from takeback.operate.collection.day_problem import counts_of, depot_of, fleet_of
from takeback.operate.collection.dispatching import DispatchedRoute, dispatched, dispatched_route
from takeback.operate.collection.moments import wrong_moment
from takeback.operate.collection.options import AS_IT_IS, PlanningOptions
from takeback.operate.collection.placing import Placed, Placing
from takeback.operate.collection.plan_day import record_plan
from takeback.operate.collection.plan_facts import proof_facts, unserved_facts
from takeback.operate.collection.planning import USUAL, Planning, enqueue, note_end
from takeback.operate.collection.progress import standing
from takeback.operate.collection.revised import revised_facts
from takeback.operate.collection.running import Name, Rest, broken_of, rest_of
from takeback.operate.identity import Actor
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.values import LONGEST_TEXT, wrong_text
from takeback.plan.collection.found import Routes
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.solution import CollectionSolution, Route
from takeback.store import bulk
from takeback.store.jobs import JobContext

__all__ = ["Placed", "Placing", "Revised", "breakdown", "insert_pickup", "replan", "work_on_rest"]

_TRIES = 3  # a search whose day has moved on meanwhile begins again
_SLACK = timedelta(seconds=60)  # for what comes after the search
_NO_ROOM = msg("It fits on no vehicle any more today: room, hours or what is aboard.")


class Revised(msgspec.Struct, frozen=True, kw_only=True):
    """The plan that is driven from now on, what went where, and the orders that found no place."""

    plan_id: UUID
    placed: list[Placed]
    left: list[str]


def insert_pickup(connection: sa.Connection, author: Author, site: UUID, day: date, order: str) -> Revised:
    """Put one order's pickup into the running plan, where it costs least, and drive that plan from now on.

    Raises
    ------
    Problem
        ``collection.none-accepted``, ``collection.planned-already`` (409), ``collection.no-order`` (404) for a number
        that is no open collection order of this site, ``collection.no-room`` (409) when it fits nowhere.
    """
    author.require("plan.make")
    lock_day(connection, author.org_id, site, day)
    now = clock.now(connection, author.org_id)
    rest = rest_of(connection, author.org_id, site, day, now=now, numbers=[order])
    _refuse_planned(rest, order)
    tasks = [call.task for call in rest.calls if call.number == order]
    if not tasks:
        title = msg("There is no open collection order of this number here.")
        raise Problem("collection.no-order", title, where="order", found=order, status=404)
    placing = Placing(rest)
    placed = [placing.place(task) for task in tasks]
    if None in placed:
        raise Problem("collection.no-room", _NO_ROOM, where="order", found=order, status=409)
    cause = {"kind": "insert", "order": order}
    left = [one for one in rest.plan["unserved"] if one["order"] != order]
    return _drive(connection, author, placing, [one for one in placed if one], left, cause, now)


def breakdown(
    connection: sa.Connection, author: Author, route: UUID, *, at: datetime | None = None, note: str = ""
) -> Revised:
    """Take a vehicle out of the running plan: what it had ahead goes to others, where it costs least.

    What it has aboard stays with it, as what it has done does. Orders that find no place are left, with the reason;
    `replan` may do better than this first help.

    Raises
    ------
    Problem
        ``collection.no-route`` (404), ``collection.broken-already`` (409), ``collection.none-accepted`` (409),
        ``collection.bad-breakdown`` for a moment that cannot be, or a note that cannot be taken.
    """
    author.require("plan.dispatch")
    line = dispatched_route(connection, route)
    lock_day(connection, author.org_id, line.site_id, line.day)
    if dispatched_route(connection, route).broken_at is not None:
        raise Problem("collection.broken-already", msg("The vehicle was reported already."), found=route, status=409)
    now = clock.now(connection, author.org_id)
    _check_breakdown(connection, author, line, at, note)
    _record_breakdown(connection, author, route, line.day, at or now, note)
    rest = rest_of(connection, author.org_id, line.site_id, line.day, now=max(now, at or now))
    placing = Placing(rest)
    homeless = [one.stop["task"] for rig in rest.rigs if rig.broken for one in rig.ahead]
    placed = {task: placing.place(task) for task in homeless if rest.index(task) is not None}
    left = [*rest.plan["unserved"], *(_left(rest, task) for task, where in placed.items() if where is None)]
    cause = {"kind": "breakdown", "vehicle": line.vehicle, "number": line.number, "route_id": str(route)}
    return _drive(connection, author, placing, [one for one in placed.values() if one], left, cause, now)


def replan(
    connection: sa.Connection,
    actor: Actor,
    site: UUID,
    day: date,
    *,
    seconds: float = USUAL,
    options: PlanningOptions = AS_IT_IS,
) -> UUID:
    """Ask for the rest of a running day to be planned anew; return the job's id. The plan it finds is driven at once.

    What is done, and what vehicles will be under way to when the search ends, stays as it is.

    Raises
    ------
    Problem
        ``collection.none-accepted`` (409), ``collection.bad-seconds``, ``collection.bad-note``,
        ``collection.no-vehicle`` for a code that is none.
    """
    actor.require("plan.make")
    actor.require("plan.dispatch")
    plan = plan_to_drive(connection, site, day)
    counts_of(fleet_of(connection, depot_of(connection, site)), options)
    return enqueue(connection, actor, site, day, seconds=seconds, options=options, revises=plan["id"])


Search = Callable[[JobContext, Planning, CollectionProblem, Routes], CollectionSolution]


def work_on_rest(context: JobContext, author: Author, asked: Planning, search: Search) -> UUID:
    """Plan the rest of a day and drive it; return the plan's id.

    Raises
    ------
    Problem
        ``collection.nothing-left`` (409); ``collection.moved-on`` (409) when drivers were quicker, several times.
    """
    options = msgspec.convert(asked.options, PlanningOptions)
    for _ in range(_TRIES):
        with store.transaction(context.org) as connection:
            now = clock.now(connection, context.org)
            ahead = timedelta() if options.iterations else timedelta(seconds=asked.seconds) + _SLACK
            where = (connection, context.org, asked.site_id, asked.day)
            rest = rest_of(*where, now=now, ahead=ahead, whole_day=True, options=options)
        if not rest.calls:
            title = msg("Nothing of this day is left to be planned.")
            raise Problem("collection.nothing-left", title, found=asked.day.isoformat(), status=409)
        solution = search(context, asked, rest.problem, rest.as_it_is)
        with store.transaction(context.org) as connection:
            lock_day(connection, context.org, asked.site_id, asked.day)
            if _still(connection, rest):
                return _drive_found(connection, author, context.id, rest, solution, options)
    raise Problem(
        "collection.moved-on",
        msg("The day moved on while its rest was planned, several times."),
        found=asked.day.isoformat(),
        remedy=msg("Give the search less time."),
        status=409,
    )


def _refuse_planned(rest: Rest, order: str) -> None:
    if any(one.stop["order"] == order for rig in rest.rigs for one in rig.followed.stops):
        title = msg("The plan has this order already.")
        raise Problem("collection.planned-already", title, where="order", found=order, status=409)


def _left(rest: Rest, task: str, reason: Message = _NO_ROOM) -> dict[str, Any]:
    call = next(call for call in rest.calls if call.task == task)
    place = {"name": call.name, "name_zh": call.name_zh}
    why = {"kind": "no-room", "msgid": reason.msgid, "params": {}}
    return {"order": call.number, **place, "task": task, **why}


def _drive(
    connection: sa.Connection,
    author: Author,
    placing: Placing,
    placed: list[Placed],
    left: Sequence[dict[str, Any]],
    cause: dict[str, Any],
    now: datetime,
) -> Revised:
    """Record the changed plan, and that it is driven."""
    plan_id = uuid7()
    facts = revised_facts(placing.rest, plan_id, placing.routes, left, cause=cause, made_by=author.label)
    record_plan(connection, author, facts, now)
    record_acceptance(connection, author, facts, now)
    return Revised(plan_id=plan_id, placed=placed, left=[one["task"] for one in left if "task" in one])


def _still(connection: sa.Connection, rest: Rest) -> bool:
    """Tell whether the day is still as the search took it: the same plan, vehicles, and nothing done but what is
    fixed."""
    site, day = rest.plan["site_id"], rest.plan["day"]
    if plan_to_drive(connection, site, day)["id"] != rest.plan["id"]:
        return False
    lines = {(line.vehicle, line.number): line for line in dispatched(connection, site, day)}
    if broken_of(lines.values()) != rest.broken:
        return False
    done = standing(rest.plan, lines, confirmed_stops(connection, site, day)).keys()
    return done - rest.said.keys() <= rest.fixed


def _drive_found(
    connection: sa.Connection,
    author: Author,
    plan_id: UUID,
    rest: Rest,
    solution: CollectionSolution,
    options: PlanningOptions,
) -> UUID:
    routes: dict[Name, Route | None] = {rig.name: None for rig in rest.rigs}
    names = {rig.id: rig.name for rig in rest.rigs}
    for route in solution.plan.routes:
        kind = route.vehicle_type
        routes[names[kind] if kind in names else (kind, rest.spare[kind][route.vehicle - 1])] = route
    calls = {call.task: call for call in rest.calls}
    left = unserved_facts([one for one in solution.plan.unserved if one.task in calls], calls)
    now = clock.now(connection, author.org_id)
    facts = revised_facts(
        rest, plan_id, routes, left, cause={"kind": "replan"}, made_by=author.label, note=options.note
    )
    named = {one["task"] for one in left}
    lost = sum(task.prize or 0 for task in rest.problem.tasks if task.id in named)
    objective = facts["cost_minor"] + lost
    bound = max(0, objective - (solution.objective - solution.bound))
    gap = (objective - bound) / objective if objective else 0.0
    facts["proof"] = proof_facts(solution) | {"objective": objective, "bound": bound, "gap": gap}
    record_plan(connection, author, facts, now)
    record_acceptance(connection, author, facts, now)
    note_end(connection, plan_id, plan_id, cost=objective, bound=bound, metres=facts["distance_m"])
    return plan_id


def _check_breakdown(
    connection: sa.Connection, author: Author, line: DispatchedRoute, at: datetime | None, note: str
) -> None:
    errors = []
    if at is not None and (hours := wrong_moment(connection, author.org_id, line, at)) is not None:
        wrong = msg("This cannot have happened then.")
        errors.append(Problem("collection.bad-value", wrong, where="at", found=at.isoformat(), expected=hours))
    if note and (text := wrong_text(note, LONGEST_TEXT)) is not None:
        wrong = msg("This text cannot be taken.")
        errors.append(Problem("collection.bad-value", wrong, where="note", found=ascii(note), expected=text))
    if errors:
        raise Problem("collection.bad-breakdown", msg("The breakdown cannot be reported so."), errors=errors)


def _record_breakdown(
    connection: sa.Connection, author: Author, route: UUID, day: date, at: datetime, note: str
) -> None:
    facts = {"route_id": str(route), "day": day.isoformat(), "note": note or None, "by": author.label}
    body = {"type": "takeback:BrokenDown", "takeback:step": "broken down", "takeback:facts": facts}
    record(connection, author, [prove.Entry("takeback:BrokenDown", body, at)])


@projects("broken down")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    rows = {fact.body["takeback:facts"]["route_id"]: fact.event_time for fact in facts}
    bulk.update(
        connection,
        "dispatched_route",
        ("org_id", "id"),
        ("broken_at",),
        [(org, UUID(route), at) for route, at in rows.items()],
    )
