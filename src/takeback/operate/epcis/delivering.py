"""The oldest delivery of a subscription sent, and what came of it written down.

The row stays locked while the request is under way: a worker that dies lets go of it, and another one sends again. So
a receiver may see a delivery twice, never an event in two deliveries: the header Takeback-Delivery and the document's
id name the delivery.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.ids import uuid7
from takeback.core.problem import Problem
from takeback.core.times import moment_text
from takeback.operate.epcis.destination import read_destination
from takeback.operate.epcis.results import shown
from takeback.operate.epcis.sending import Answered, send
from takeback.operate.epcis.signature import HEADER, signature
from takeback.operate.identity import Actor
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.query import Query
from takeback.prove.epcis.query.candidates import Search
from takeback.prove.epcis.query.master import NOTHING
from takeback.prove.epcis.writing import json_document
from takeback.prove.numbers import number_of

MOST_ATTEMPTS = 24  # with the pauses below about half a day
LONGEST_PAUSE = timedelta(hours=1)
_TOO_LARGE, _GONE = 413, 410
Step = Literal["sent", "later", "nothing"]

_SUBSCRIPTION = sa.text(
    """
    select id, query_name, dest, token, epc_format, batch from epcis_subscription
    where org_id = :org and id = :id and rests is null for update skip locked
    """
)
_HEAD = sa.text(
    """
    select id, number, entries, created_at, attempts, next_try_at from epcis_delivery
    where org_id = :org and subscription_id = :id and state = 'waiting' order by number, id limit 1
    """
)
_DONE = sa.text(
    """
    update epcis_delivery set state = 'delivered', attempts = attempts + 1, delivered_at = :now, status = :status,
        reason = null
    where org_id = :org and id = :delivery
    """
)
_NOTIFIED = sa.text("update epcis_subscription set last_notified_at = :now where org_id = :org and id = :id")
_AGAIN = sa.text(
    """
    update epcis_delivery set state = :state, attempts = attempts + 1, status = :status, reason = :reason,
        next_try_at = :next
    where org_id = :org and id = :delivery
    """
)
_REST = sa.text("update epcis_subscription set rests = :reason where org_id = :org and id = :id")
_HALVE = sa.text(
    "update epcis_delivery set entries = :entries, next_try_at = :now where org_id = :org and id = :delivery"
)
_OTHER_HALF = sa.text(
    f"""
    insert into epcis_delivery (org_id, id, subscription_id, number, entries, created_at, state, next_try_at)
    values (:org, :other, :id, {number_of(":org", ":first")}, :rest, :now, 'waiting', :now)
    """
)
_BATCH = sa.text("update epcis_subscription set batch = :batch where org_id = :org and id = :id")


@dataclass(frozen=True, slots=True)
class _Task:
    """A delivery that is at hand, with its subscription, in an open transaction that has locked them."""

    connection: sa.Connection
    org: UUID
    to: sa.Row[Any]
    what: sa.Row[Any]
    now: datetime

    def run(self, statement: sa.TextClause, **more: Any) -> None:
        names = {"org": self.org, "id": self.to.id, "delivery": self.what.id, "now": self.now}
        self.connection.execute(statement, {**names, **more})


def deliver(
    connection: sa.Connection, org: UUID, subscription: UUID, hosts: tuple[str, ...], *, now: datetime | None = None
) -> Step:
    """Send the oldest delivery that waits, if its time has come, in the caller's transaction.

    "sent": there may be another one; "later": it is to be tried again; "nothing" waits, or another worker is at it.
    """
    now = now or datetime.now(UTC)
    to = connection.execute(_SUBSCRIPTION, {"org": org, "id": subscription}).one_or_none()
    what = connection.execute(_HEAD, {"org": org, "id": subscription}).one_or_none() if to else None
    if to is None or what is None:
        return "nothing"
    if what.next_try_at > now:
        return "later"
    task = _Task(connection, org, to, what, now)
    return _settle(task, _send(task, hosts))


def document(connection: sa.Connection, org: UUID, to: Any, what: Any) -> bytes:
    """Return the query document of a delivery: the same bytes at each attempt."""
    found = Search(connection, org, Query(), NOTHING, 1).by_ids(list(what.entries))
    events = shown(connection, _nobody(org), found)
    about = Document("query", [], id=f"urn:uuid:{what.id}", query_name=to.query_name, subscription_id=str(to.id))
    return msgspec.json.encode(
        json_document(events, epc_format=to.epc_format, about=about, created=moment_text(what.created_at))
    )


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 1 s, 2 s, 4 s ... an hour."""
    return min(timedelta(seconds=2 ** min(attempts, 20)), LONGEST_PAUSE)


def _nobody(org: UUID) -> Actor:
    """Return who sees events that go out: nobody with rights, so personal data stays a digest."""
    return Actor(org_id=org, permissions=frozenset())


def _send(task: _Task, hosts: tuple[str, ...]) -> Answered:
    try:
        destination = read_destination(task.to.dest, hosts)
    except Problem as problem:  # allowed once, and no longer
        return Answered(_GONE, str(problem.title))
    body = document(task.connection, task.org, task.to, task.what)
    return send(destination, hosts, body, _headers(task, body))


def _headers(task: _Task, body: bytes) -> Mapping[str, str]:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "takeback",
        "GS1-EPCIS-Version": "2.0.0",
        "GS1-CBV-Version": "2.0.0",
        "GS1-EPC-Format": str(task.to.epc_format),
        "Takeback-Delivery": str(task.what.id),
        "Takeback-Attempt": str(task.what.attempts + 1),
    }
    if task.to.token:
        headers[HEADER] = signature(task.to.token, int(task.now.timestamp()), body)
    return headers


def _settle(task: _Task, answered: Answered) -> Step:
    if answered.status is not None and 200 <= answered.status < 300:
        task.run(_DONE, status=answered.status)
        task.run(_NOTIFIED)
        return "sent"
    if answered.status == _TOO_LARGE and len(task.what.entries) > 1:
        return _halve(task)
    attempts = task.what.attempts + 1
    given_up = attempts >= MOST_ATTEMPTS or answered.status == _GONE
    state, later = ("failed" if given_up else "waiting"), task.now + pause(task.what.attempts)
    task.run(_AGAIN, state=state, status=answered.status, reason=answered.reason, next=later)
    if given_up:
        task.run(_REST, reason=f"given up after {attempts} attempts: {answered.reason}")
        return "nothing"
    return "later"


def _halve(task: _Task) -> Step:
    """Make two deliveries of one, as a receiver asks for that cannot take so much at once."""
    entries = list(task.what.entries)
    middle = len(entries) // 2
    task.run(_HALVE, entries=entries[:middle])
    task.run(_OTHER_HALF, other=uuid7(), first=entries[middle], rest=entries[middle:])
    task.run(_BATCH, batch=middle)
    return "sent"
