"""Planning as a job: started, watched while it searches, cancelled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.collection.calls import calls_of
from takeback.operate.collection.day_problem import counts_of, depot_of, fleet_of
from takeback.operate.collection.moments import midnight_of
from takeback.operate.collection.options import AS_IT_IS, PlanningOptions
from takeback.operate.identity import Actor
from takeback.operate.identity.organisations import organisation
from takeback.operate.values import wrong_text
from takeback.store import jobs

KIND = "collection.plan"
SHORTEST, USUAL, LONGEST = 1.0, 60.0, 3600.0  # seconds of a search
_CURVE = 240  # points that are kept of a curve


class CurvePoint(msgspec.Struct, frozen=True, kw_only=True):
    """The best objective (minor units) after so many seconds of search, at so many percent of its budget."""

    seconds: float
    percent: int
    cost: float | None
    bound: float | None = None


class Planning(msgspec.Struct, frozen=True, kw_only=True):
    """A plan being made, or made. Minor units and metres.

    - ``percent`` of the budget used; ``best_cost`` and ``distance_m`` of the best plan so far (metres: None while the
      search does not say), ``bound``; ``curve``: how the cost fell.
    - ``baseline_cost``, ``baseline_m``: the nearest-neighbour plan of the same day, to be beaten.
    - ``plan_id``: the plan, when it is made; ``problem`` (RFC 9457) when it failed.
    """

    job_id: UUID
    site_id: UUID
    day: date
    state: str
    percent: int
    seconds: float
    options: dict[str, Any]
    revises: UUID | None
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    tasks: int | None
    baseline_cost: int | None
    baseline_m: int | None
    best_cost: int | None
    bound: int | None
    distance_m: int | None
    curve: list[CurvePoint]
    plan_id: UUID | None
    cancel_requested: bool
    problem: dict[str, Any] | None


def start_planning(
    connection: sa.Connection,
    actor: Actor,
    site: UUID,
    day: date,
    *,
    seconds: float = USUAL,
    options: PlanningOptions = AS_IT_IS,
) -> UUID:
    """Ask for a plan of a site's day from the live orders; return the job's id, which will be the plan's id.

    Raises
    ------
    Problem
        ``identity.forbidden``, ``collection.no-site`` (404), ``collection.no-place``, ``collection.no-vehicles``,
        ``collection.no-orders`` (409), ``collection.bad-day``, ``collection.bad-seconds``, ``collection.bad-note``,
        ``collection.no-vehicle`` for a code that is none.
    """
    actor.require("plan.make")
    counts_of(fleet_of(connection, depot_of(connection, site)), options)
    return enqueue(connection, actor, site, day, seconds=seconds, options=options, revises=None)


def enqueue(
    connection: sa.Connection,
    actor: Actor,
    site: UUID,
    day: date,
    *,
    seconds: float,
    options: PlanningOptions,
    revises: UUID | None,
) -> UUID:
    """Write down what is asked for, and the job that does it."""
    if not SHORTEST <= seconds <= LONGEST:
        expected = msg("{low} to {high}", low=f"{SHORTEST:g}", high=f"{LONGEST:g}")
        title = msg("A search cannot last that long.")
        raise Problem("collection.bad-seconds", title, where="seconds", found=seconds, expected=expected)
    if options.note and (line := wrong_text(options.note)) is not None:
        raise Problem(
            "collection.bad-note",
            msg("This text cannot be taken."),
            where="options.note",
            found=ascii(options.note),
            expected=line,
        )
    if revises is None:
        _refuse_empty(connection, actor, site, day, options)
    title = msg("Plan of {day}", day=day.isoformat()) if revises is None else msg("Rest of {day}", day=day.isoformat())
    arguments = {"label": actor.label, "site": str(site), "day": day.isoformat()}
    job = jobs.enqueue(connection, actor.org_id, KIND, title, arguments, created_by=actor.user_id)
    row = {
        "org": actor.org_id,
        "job": job,
        "site": site,
        "day": day,
        "seconds": seconds,
        "options": msgspec.json.encode(options).decode(),
        "revises": revises,
        "now": datetime.now(UTC),
        "by": actor.label,
    }
    connection.execute(_INSERT, row)
    return job


def cancel_planning(connection: sa.Connection, actor: Actor, job: UUID) -> Planning:
    """Ask a search to stop; no plan comes of it. ``jobs.ended`` (409) when it has ended already."""
    actor.require("plan.make")
    planning(connection, job)
    if not jobs.cancel(connection, job):
        raise Problem("jobs.ended", msg("The job has ended already."), found=job, status=409)
    return planning(connection, job)


def planning(connection: sa.Connection, job: UUID) -> Planning:
    """Return how far a plan is; ``collection.no-planning`` (404) when there is no such job."""
    row = connection.execute(_ONE, {"job": job}).one_or_none()
    if row is None:
        raise Problem("collection.no-planning", msg("No such plan was asked for."), found=job, status=404)
    return _line(row)


def plannings(connection: sa.Connection, site: UUID, day: date) -> list[Planning]:
    """Return the plans that were asked for of a site's day, newest first."""
    return [_line(row) for row in connection.execute(_OF_DAY, {"site": site, "day": day})]


def note_start(connection: sa.Connection, job: UUID, *, tasks: int) -> None:
    """Write down what is to be planned."""
    connection.execute(_START, {"job": job, "tasks": tasks})


def note_baseline(connection: sa.Connection, job: UUID, *, cost: int, metres: int | None = None) -> None:
    """Write down the plan to beat, as far as it is known."""
    connection.execute(_BASELINE, {"job": job, "cost": cost, "metres": metres})


def note_curve(connection: sa.Connection, job: UUID, curve: list[CurvePoint], metres: int | None = None) -> None:
    """Write down how far a search is; a long curve is thinned."""
    step = -(-len(curve) // _CURVE)
    thin = curve[:: max(1, step)]
    kept = thin if not curve or thin[-1] is curve[-1] else [*thin, curve[-1]]
    last = kept[-1] if kept else None
    row = {
        "job": job,
        "curve": msgspec.json.encode(kept).decode(),
        "cost": round(last.cost) if last and last.cost is not None else None,
        "bound": round(last.bound) if last and last.bound is not None else None,
        "metres": metres,
    }
    connection.execute(_CURVE_OF, row)


def note_end(connection: sa.Connection, job: UUID, plan: UUID, *, cost: int, bound: int, metres: int) -> None:
    """Write down the plan that came of it, in the transaction that records it."""
    connection.execute(_END, {"job": job, "plan": plan, "cost": cost, "bound": bound, "metres": metres})


def _refuse_empty(connection: sa.Connection, actor: Actor, site: UUID, day: date, options: PlanningOptions) -> None:
    midnight = midnight_of(day, organisation(connection, actor.org_id).time_zone)
    calls = calls_of(connection, site, midnight + timedelta(days=1))
    if all(call.number in options.leave_out for call in calls):
        raise Problem(
            "collection.no-orders",
            msg("There is nothing to be fetched on this day."),
            found=day.isoformat(),
            expected=msg("an open collection order whose window has begun, of a partner with coordinates"),
            status=409,
        )


def _line(row: sa.Row[Any]) -> Planning:
    values = dict(row._mapping)
    done, total = values.pop("done"), values.pop("total")
    percent = 100 if values["plan_id"] else round(100 * done / total) if total else 0
    values["curve"] = msgspec.convert(values["curve"], list[CurvePoint])
    return Planning(percent=min(100, percent), **values)


_INSERT = sa.text(
    """
    insert into planning_run (org_id, job_id, site_id, day, seconds, options, revises, created_at, created_by)
    values (:org, :job, :site, :day, :seconds, :options, :revises, :now, :by)
    """
)
_START = sa.text("update planning_run set tasks = :tasks where job_id = :job")
_BASELINE = sa.text(
    "update planning_run set baseline_cost = :cost, baseline_m = coalesce(:metres, baseline_m) where job_id = :job"
)
_CURVE_OF = sa.text(
    """
    update planning_run set curve = :curve, best_cost = coalesce(:cost, best_cost), bound = coalesce(:bound, bound),
        distance_m = coalesce(:metres, distance_m) where job_id = :job
    """
)
_END = sa.text(
    "update planning_run set plan_id = :plan, best_cost = :cost, bound = :bound, distance_m = :metres "
    "where job_id = :job"
)
_SELECT = """
    select r.job_id, r.site_id, r.day, j.state, j.done, j.total, r.seconds, r.options, r.revises, r.created_at,
           r.created_by, j.finished_at, r.tasks, r.baseline_cost, r.baseline_m, r.best_cost, r.bound, r.distance_m,
           r.curve, r.plan_id, j.cancel_requested, j.problem
    from planning_run r join job j on j.id = r.job_id
"""
_ONE = sa.text(f"{_SELECT} where r.job_id = :job")
_OF_DAY = sa.text(f"{_SELECT} where r.site_id = :site and r.day = :day order by r.created_at desc, r.job_id desc")
