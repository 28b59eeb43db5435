"""Neutral names: made with a secret of the call, different for every reader, derivable by none of them."""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Iterable
from secrets import token_bytes
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem

_SECRET = sa.text("select secret from centre_call_secret where call_id = :call")
_NEW = sa.text("""
    insert into centre_call_secret (org_id, call_id, secret)
    values (cast(nullif(current_setting('takeback.org', true), '') as uuid), :call, :secret) on conflict do nothing
""")


def make_secret(connection: sa.Connection, call_id: UUID) -> None:
    """Give a new call its secret. It stands beside the ledger, so that no entry leads from a name to a record."""
    connection.execute(_NEW, {"call": call_id, "secret": token_bytes(32)})


class Names:
    """The neutral names of one call's records for one reader."""

    def __init__(self, connection: sa.Connection, call_id: UUID, reader: UUID) -> None:
        secret = connection.execute(_SECRET, {"call": call_id}).scalar_one_or_none()
        if secret is None:
            raise Problem("centre.no-record", msg("There is no such record in this centre."), found=call_id, status=404)
        self._secret, self._reader = bytes(secret), reader

    def of(self, record_id: UUID) -> str:
        """Return 16 letters and digits that stand for a record. Sorted by them, records are shuffled by reader."""
        mixed = hmac.digest(self._secret, self._reader.bytes + record_id.bytes, "sha256")
        return b32encode(mixed[:10]).decode().lower()

    def find(self, name: str, record_ids: Iterable[UUID]) -> UUID:
        """Return the record among `record_ids` that `name` stands for; ``centre.no-record`` (404)."""
        for record_id in record_ids:
            if hmac.compare_digest(self.of(record_id), name.lower()):
                return record_id
        raise Problem("centre.no-record", msg("There is no such record in this centre."), found=name, status=404)


def shuffled(
    connection: sa.Connection, call_id: UUID, ids: Iterable[UUID], *, within: UUID | None = None
) -> list[UUID]:
    """Return ids in an order that follows nothing but the call's secret; `within`: another order for each proposal."""
    return sorted(ids, key=Names(connection, call_id, within or call_id).of)
