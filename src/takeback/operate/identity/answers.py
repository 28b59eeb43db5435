"""Answers kept under an idempotency key, so that a request sent twice takes effect once.

The semantics of Stripe's `Idempotency-Key`: the answer is stored in the transaction of the effect, so that
either both are there or none; what was refused is not stored and may be tried again.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity.actor import Actor

KEPT = timedelta(days=7)


class Answer(msgspec.Struct, frozen=True):
    """What was answered; `body` None: the answer held a secret, which is not kept."""

    status: int
    body: bytes | None


def stored_answer(connection: sa.Connection, actor: Actor, key: str, request: bytes) -> Answer | None:
    """Return the answer that was given to this request before, None when it is new.

    Until the transaction ends nobody else can work under the same key. `request` is anything that tells one
    request from another (method, path, body).

    Raises
    ------
    Problem
        `request.in-flight` (409) while another transaction works on it; `request.key-reused` (422) when the
        key stands for another request.
    """
    row = {"org": actor.org_id, "caller": actor.label, "key": _checked(key)}
    if not connection.execute(_LOCK, {"lock": _lock(row)}).scalar_one():
        raise Problem("request.in-flight", msg("The same request is being worked on."), found=key, status=409)
    found = connection.execute(_FIND, row).one_or_none()
    if found is None:
        return None
    if not hmac.compare_digest(found.request_hash, sha256(request).digest()):
        raise Problem(
            "request.key-reused",
            msg("This idempotency key was used for another request."),
            where="Idempotency-Key",
            found=key,
            remedy=msg("Use a new key for each new request."),
        )
    return Answer(found.status, found.body)


def store_answer(connection: sa.Connection, actor: Actor, key: str, request: bytes, answer: Answer) -> None:
    """Keep an answer in the transaction of its effect; answers older than `KEPT` go."""
    connection.execute(_OLD, {"org": actor.org_id, "before": datetime.now(UTC) - KEPT})
    row = {
        "org": actor.org_id,
        "caller": actor.label,
        "key": key,
        "request_hash": sha256(request).digest(),
        "status": answer.status,
        "body": answer.body,
    }
    connection.execute(_INSERT, row)


def forget_answers(connection: sa.Connection, org_id: UUID, *, holding: str) -> None:
    """Throw away what kept answers say that hold a text: what is erased elsewhere does not stay in them.

    That there was an answer is still known: a repeated request is refused, never done twice.
    """
    connection.execute(_FORGET, {"org": org_id, "text": holding.encode()})


def _checked(key: str) -> str:
    if not 1 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise Problem(
            "request.bad-key",
            msg("This is no idempotency key."),
            where="Idempotency-Key",
            found=key,
            expected=msg("1 to {longest} printable ASCII characters", longest=255),
            status=400,
        )
    return key


def _lock(row: dict[str, object]) -> int:
    name = "\0".join(str(value) for value in row.values())
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)


_LOCK = sa.text("select pg_try_advisory_xact_lock(:lock)")
_FIND = sa.text("""
select request_hash, status, body from stored_answer
where org_id = :org and caller = :caller and key = :key
""")
_OLD = sa.text("delete from stored_answer where org_id = :org and stored_at < :before")
_FORGET = sa.text("""
with gone as (delete from stored_answer where org_id = :org and position(:text in body) > 0 returning *)
insert into stored_answer (org_id, caller, key, request_hash, status, body, stored_at)
select org_id, caller, key, request_hash, status, null, stored_at from gone
""")
_INSERT = sa.text("""
insert into stored_answer (org_id, caller, key, request_hash, status, body)
values (:org, :caller, :key, :request_hash, :status, :body)
""")
