"""Subscriptions to named queries: whoever subscribes gets each event that matches once, in batches, at a webhook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.core.times import parse_moment
from takeback.operate.epcis.destination import read_destination
from takeback.operate.epcis.named_queries import NamedQuery, named_query
from takeback.operate.epcis.schedule import controls, read_schedule
from takeback.operate.identity import Actor
from takeback.prove.epcis.spelling import LINK, EpcFormat
from takeback.prove.numbers import number_of

BATCH = 100  # events of one delivery
LONGEST_TOKEN = 1000
_FIELDS = frozenset({"dest", "signatureToken", "schedule", "stream", "reportIfEmpty", "initialRecordTime"})
_INSERT = sa.text(
    """
    insert into epcis_subscription
        (org_id, id, query_name, dest, token, schedule, report_if_empty, initial_record_time, epc_format, created_at,
         created_by, cursor, batch, next_run)
    values (:org, :id, :query_name, :dest, :token, cast(:schedule as json), :report_if_empty, :initial_record_time,
        :epc_format, :created_at, :created_by, :cursor, :batch, :next_run)
    """
)
_COLUMNS = (
    "id, query_name, dest, schedule, report_if_empty, initial_record_time, epc_format, created_at, last_notified_at, "
    "next_run, rests, (select d.created_at from epcis_delivery d where d.org_id = epcis_subscription.org_id "
    "and d.subscription_id = epcis_subscription.id order by d.number desc, d.id desc limit 1) as last_run"
)
_ONE = sa.text(f"select {_COLUMNS} from epcis_subscription where org_id = :org and query_name = :name and id = :id")
_PAGE = sa.text(
    f"""
    select {_COLUMNS} from epcis_subscription where org_id = :org and query_name = :name and id > :after
    order by id limit :count
    """
)
_DELETE = sa.text("delete from epcis_subscription where org_id = :org and query_name = :name and id = :id returning id")
_NOW_AT = sa.text("select coalesce(max(number + count - 1), 0) from number_run where org_id = :org")
_SINCE = sa.text(f"select min({number_of()}) - 1 from entry e where e.org_id = :org and e.record_time >= :since")
_FIRST = UUID(int=0)


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription, without the secret token.

    ``rests``: why nothing is sent any more; None: all is well. ``last_run``: when the newest delivery was made of the
    ledger, as long as deliveries are kept.
    """

    id: UUID
    query_name: str
    dest: str
    schedule: dict[str, Any] | None
    report_if_empty: bool
    initial_record_time: datetime | None
    epc_format: str
    created_at: datetime
    last_notified_at: datetime | None
    next_run: datetime | None
    rests: str | None
    last_run: datetime | None

    @property
    def min_record_time(self) -> datetime:
        """No event that is still to come was recorded before it (REST binding, GS1-Query-Min-Record-Time)."""
        return self.last_run or self.initial_record_time or self.created_at


def subscribe(
    connection: sa.Connection,
    actor: Actor,
    name: str,
    body: object,
    *,
    hosts: tuple[str, ...],
    epc_format: EpcFormat = LINK,
) -> Subscription:
    """Subscribe to a named query as the standard's JSON object says; ``hosts`` are those that may be reached.

    Raises
    ------
    Problem
        ``epcis.no-query`` (404), ``epcis.subscription-controls`` (400).
    """
    actor.require("epcis.subscribe")
    query, fields, now = named_query(connection, actor, name), _fields(body), datetime.now(UTC)
    _require_whole(query)
    since, schedule = _since(fields), fields.get("schedule")
    row = {
        "org": actor.org_id,
        "id": uuid7(),
        "query_name": name,
        "dest": fields["dest"],
        "token": fields.get("signatureToken"),
        "schedule": None if schedule is None else msgspec.json.encode(schedule).decode(),
        "report_if_empty": fields.get("reportIfEmpty", False),
        "initial_record_time": since,
        "epc_format": epc_format,
        "created_at": now,
        "created_by": actor.label,
        "cursor": _cursor(connection, actor, since),
        "batch": BATCH,
        "next_run": None if schedule is None else read_schedule(schedule).next(now),
    }
    read_destination(fields["dest"], hosts)
    connection.execute(_INSERT, row)
    return subscription(connection, actor, name, row["id"])


def subscription(connection: sa.Connection, actor: Actor, name: str, identifier: UUID) -> Subscription:
    """Return a subscription. Raises ``epcis.no-query`` or ``epcis.no-subscription`` (404)."""
    named_query(connection, actor, name)
    row = connection.execute(_ONE, {"org": actor.org_id, "name": name, "id": identifier}).one_or_none()
    if row is None:
        raise unknown(identifier)
    return Subscription(**row._mapping)


def subscriptions(
    connection: sa.Connection, actor: Actor, name: str, *, after: UUID | None, count: int
) -> list[Subscription]:
    """Return the subscriptions to a query, oldest first. Raises ``epcis.no-query`` (404)."""
    named_query(connection, actor, name)
    asked = {"org": actor.org_id, "name": name, "after": after or _FIRST, "count": count}
    return [Subscription(**row._mapping) for row in connection.execute(_PAGE, asked)]


def unsubscribe(connection: sa.Connection, actor: Actor, name: str, identifier: UUID) -> None:
    """End a subscription; what waits to be delivered is forgotten. Raises ``epcis.no-subscription`` (404)."""
    actor.require("epcis.subscribe")
    named_query(connection, actor, name)
    if connection.execute(_DELETE, {"org": actor.org_id, "name": name, "id": identifier}).first() is None:
        raise unknown(identifier)


def unknown(identifier: object) -> Problem:
    """Return the problem of a subscription that is not there (404)."""
    return Problem("epcis.no-subscription", msg("There is no such subscription."), found=identifier, status=404)


def _fields(body: object) -> dict[str, Any]:
    if not isinstance(body, Mapping):
        raise controls("", body, msg("an object with dest, and schedule or stream"))
    if further := sorted(set(map(str, body)) - _FIELDS):
        raise controls(f"/{further[0]}", body.get(further[0]), ", ".join(sorted(_FIELDS)))
    if (body.get("stream") is True) == ("schedule" in body) or body.get("stream", True) is not True:
        raise controls("/stream", body.get("stream"), msg('either a schedule or "stream": true'))
    token = body.get("signatureToken")
    if token is not None and not (isinstance(token, str) and 0 < len(token) <= LONGEST_TOKEN and "\0" not in token):
        raise controls("/signatureToken", None, msg("a text of 1 to {count} characters", count=LONGEST_TOKEN))
    if not isinstance(body.get("reportIfEmpty", False), bool):
        raise controls("/reportIfEmpty", body["reportIfEmpty"], "true, false")
    if "schedule" in body:
        read_schedule(body["schedule"])
    return {"dest": None, **body}


def _since(fields: Mapping[str, Any]) -> datetime | None:
    text = fields.get("initialRecordTime")
    if text is None:
        return None
    if not isinstance(text, str):
        raise controls("/initialRecordTime", text, msg("a date and time with its offset"))
    try:
        return parse_moment(text).astimezone(UTC)
    except (Problem, OverflowError):
        raise controls("/initialRecordTime", text, msg("a date and time with its offset")) from None


def _cursor(connection: sa.Connection, actor: Actor, since: datetime | None) -> int:
    """Return the running number of the last entry that is not reported any more."""
    asked = {"org": actor.org_id, "since": since}
    found = None if since is None else connection.scalar(_SINCE, asked)
    return int((connection.scalar(_NOW_AT, asked) if found is None else found) or 0)


def _require_whole(query: NamedQuery) -> None:
    """Refuse a query that limits its result: a subscription reports each event once, however many there are."""
    for name in ("eventCountLimit", "maxEventCount"):
        if name in query.query:
            raise controls("query", name, msg("a query without eventCountLimit and maxEventCount"))
