"""Dispatching: routes of the accepted plan get their drivers and vehicles, and each a link for the driver's phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback import prove
from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.collection.accepting import lock_day, plan_to_drive
from takeback.operate.collection.tokens import end_of, new_route_token, revoke_route_tokens
from takeback.operate.identity.organisations import organisation
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.values import LONGEST_CODE, wrong_text
from takeback.prove.erasure import joined
from takeback.prove.personal import MARK
from takeback.store import bulk

Line = Annotated[str, Meta(min_length=1, max_length=LONGEST_CODE)]


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """Who drives a route and with which vehicle: `vehicle` and `number` name the route of the accepted plan.

    `driver` is a person's name: it is kept apart from the ledger and can be erased. `plate`: the registration.
    """

    vehicle: Line
    number: int = 1
    driver: Line | None = None
    plate: Line | None = None


class DispatchedRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route on the road. `expires_at`: until when its phone may send, None when it has no valid link.

    `driver` is None when there is none, or the name was erased, or whoever asks may not see it.
    """

    id: UUID
    site_id: UUID
    day: date
    vehicle: str
    number: int
    driver: str | None
    plate: str | None
    dispatched_at: datetime
    broken_at: datetime | None
    expires_at: datetime | None


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """A route and the token of its phone, which is shown now and never again."""

    route: DispatchedRoute
    token: str


_ROUTES = sa.text(
    """
    select r.id, r.site_id, r.day, r.vehicle, r.number, r.driver, r.plate, r.dispatched_at, r.broken_at,
           (select max(t.expires_at) from route_token t
            where t.route_id = r.id and t.revoked_at is null and t.expires_at > :now) as expires_at
    from dispatched_route r where (cast(:site as uuid) is null or r.site_id = :site and r.day = :day)
      and (cast(:route as uuid) is null or r.id = :route)
    order by r.vehicle, r.number
    """
)


def dispatch(
    connection: sa.Connection, author: Author, site: UUID, day: date, assignments: Sequence[Assignment]
) -> list[Phone]:
    """Send routes of the accepted plan on their way; return each with the token of its phone.

    A route that was dispatched before gets its new driver and a new token; the former one is worth nothing then.

    Raises
    ------
    Problem
        ``collection.none-accepted`` (409); ``collection.bad-assignment`` with one error for each that names no route of
        the plan, names one twice, or has a text that cannot be taken.
    """
    author.require("plan.dispatch")
    lock_day(connection, author.org_id, site, day)
    plan = plan_to_drive(connection, site, day)
    _check(plan, assignments)
    known = {(route.vehicle, route.number): route.id for route in dispatched(connection, site, day)}
    now = clock.now(connection, author.org_id)
    ids = [known.get((one.vehicle, one.number)) or uuid7() for one in assignments]
    entries = [_entry(author, plan, one, route, now) for one, route in zip(assignments, ids, strict=True)]
    record(connection, author, entries)
    until = end_of(day, organisation(connection, author.org_id).time_zone)
    tokens = [new_route_token(connection, author, route, until) for route in ids]
    lines = {line.id: line for line in dispatched(connection, site, day, names=True)}
    return [Phone(route=lines[route], token=token) for route, token in zip(ids, tokens, strict=True)]


def dispatched(connection: sa.Connection, site: UUID, day: date, *, names: bool = False) -> list[DispatchedRoute]:
    """Return the routes of a site's day that were dispatched; with `names` the drivers', for those who may see them."""
    rows = connection.execute(_ROUTES, {"site": site, "day": day, "route": None, "now": datetime.now(UTC)}).all()
    return _lines(connection, rows, names=names)


def dispatched_route(connection: sa.Connection, route: UUID, *, names: bool = False) -> DispatchedRoute:
    """Return one dispatched route; ``collection.no-route`` (404) when there is none."""
    row = {"site": None, "day": None, "route": route, "now": datetime.now(UTC)}
    rows = connection.execute(_ROUTES, row).all()
    if not rows:
        raise Problem("collection.no-route", msg("There is no such route."), found=route, status=404)
    return _lines(connection, rows, names=names)[0]


def renew_phone(connection: sa.Connection, author: Author, route: UUID) -> Phone:
    """Give a route's phone a new token, as when it was lost; the former one is worth nothing now."""
    author.require("plan.dispatch")
    line = dispatched_route(connection, route)
    lock_day(connection, author.org_id, line.site_id, line.day)  # of two at once the later token is the one
    until = end_of(line.day, organisation(connection, author.org_id).time_zone)
    token = new_route_token(connection, author, route, until)
    return Phone(route=dispatched_route(connection, route, names=True), token=token)


def revoke_phone(connection: sa.Connection, author: Author, route: UUID) -> None:
    """Make a route's token worthless.

    Raises
    ------
    Problem
        ``collection.no-route`` (404), ``collection.no-phone`` (409) when it has none that is worth anything.
    """
    author.require("plan.dispatch")
    line = dispatched_route(connection, route)
    lock_day(connection, author.org_id, line.site_id, line.day)
    if not revoke_route_tokens(connection, [route]):
        raise Problem("collection.no-phone", msg("The route has no valid link."), found=route, status=409)


def _check(plan: dict[str, Any], assignments: Sequence[Assignment]) -> None:
    errors: list[Problem] = []
    known, seen = {(route["vehicle"], route["number"]) for route in plan["routes"]}, set()
    for place, one in enumerate(assignments):
        name = (one.vehicle, one.number)
        if name not in known or name in seen:
            title = msg("The plan has no such route.") if name not in known else msg("The route is named twice.")
            errors.append(_bad(f"/{place}", title, f"{one.vehicle} {one.number}"))
        seen.add(name)
        for field, text in (("driver", one.driver), ("plate", one.plate)):
            if text is not None and (expected := wrong_text(text, LONGEST_CODE)) is not None:
                errors.append(_bad(f"/{place}/{field}", msg("This text cannot be taken."), ascii(text), expected))
    if not assignments:
        errors.append(_bad("", msg("This list is empty."), None, msg("at least one")))
    if errors:
        raise Problem("collection.bad-assignment", msg("The routes cannot be dispatched so."), errors=errors)


def _bad(where: str, title: Any, found: object, expected: Any = None) -> Problem:
    return Problem("collection.bad-value", title, where=where, found=found, expected=expected)


def _entry(author: Author, plan: dict[str, Any], one: Assignment, route: UUID, now: datetime) -> prove.Entry:
    facts: dict[str, Any] = {
        "id": str(route),
        "plan_id": str(plan["id"]),
        "site_id": str(plan["site_id"]),
        "day": str(plan["day"]),
        "vehicle": one.vehicle,
        "number": one.number,
        "plate": one.plate,
        "by": author.label,
    }
    if one.driver is not None:
        facts["driver"] = {MARK: {"name": one.driver}}
    body = {"type": "takeback:Dispatched", "takeback:step": "dispatched", "takeback:facts": facts}
    return prove.Entry("takeback:Dispatched", body, now)


def _lines(connection: sa.Connection, rows: Sequence[sa.Row[Any]], *, names: bool) -> list[DispatchedRoute]:
    found = [dict(row._mapping) for row in rows]
    marks = [{MARK: row["driver"]} if row["driver"] and names else {} for row in found]
    org = connection.scalar(_ORG) if names else None
    known = joined(connection, org, marks) if org is not None else marks
    shown = [mark.get(MARK) for mark in known]
    return [
        DispatchedRoute(**{**row, "driver": mark["name"] if isinstance(mark, dict) else None})
        for row, mark in zip(found, shown, strict=True)
    ]


_ORG = sa.text("select nullif(current_setting('takeback.org', true), '')::uuid")
_ROW = ("org_id", "id", "site_id", "day", "vehicle", "number", "driver", "plate", "dispatched_at", "dispatched_by")


@projects("dispatched")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    latest = {fact.body["takeback:facts"]["id"]: fact for fact in facts}
    changes = ", ".join(f"{name} = excluded.{name}" for name in _ROW[2:])
    rows = [(org, *_row(fact)) for fact in latest.values()]
    bulk.insert(
        connection,
        "dispatched_route",
        (*_ROW, "broken_at"),
        [(*row, None) for row in rows],
        on_conflict=f"(org_id, id) do update set {changes}, broken_at = null",
    )


def _row(fact: Fact) -> tuple[object, ...]:
    said = fact.body["takeback:facts"]
    driver = said.get("driver", {}).get(MARK)
    names = ("id", "site_id", "day", "vehicle", "number")
    return (*(said[name] for name in names), driver, said["plate"], fact.event_time, said["by"])
