"""Tokens of pages that were given back (REST binding, `DELETE /nextPageToken/{token}`): they open no page any more."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.query.tokens import LIFETIME

_SPEND = sa.text(
    "insert into epcis_spent_token (org_id, digest, at) values (:org, :digest, :now) on conflict do nothing"
)
_CLEAN = sa.text("delete from epcis_spent_token where org_id = :org and at < :before")
_IS_SPENT = sa.text("select exists (select from epcis_spent_token where org_id = :org and digest = :digest)")


def spend(connection: sa.Connection, org: UUID, token: str) -> None:
    """Make a token worthless; tokens that have ended by themselves are forgotten."""
    now = datetime.now(UTC)
    connection.execute(_CLEAN, {"org": org, "before": now - 2 * LIFETIME})
    connection.execute(_SPEND, {"org": org, "digest": _digest(token), "now": now})


def require_unspent(connection: sa.Connection, org: UUID, token: str | None) -> None:
    """Raise ``epcis.query-parameter`` (400) for a token that was given back."""
    if token and connection.scalar(_IS_SPENT, {"org": org, "digest": _digest(token)}):
        raise Problem(
            "epcis.query-parameter",
            msg("The token was given back; it opens no page any more."),
            where="nextPageToken",
            found=token,
            remedy=msg("Ask again from the first page."),
            status=400,
        )


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
