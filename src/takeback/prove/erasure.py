"""Personal data read back for those who may see it, and erased for good; the ledger stays whole and says so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.entry import Entry
from takeback.prove.ledger import append, seal
from takeback.prove.personal import ERASED, digests, name_of, restored

_READ = sa.text("select digest, content from personal where org_id = :org and digest = any(:digests)")
_ERASE = sa.text("delete from personal where org_id = :org and entry_id = any(:entries) returning digest, entry_id")
_ITEMS = sa.text("select distinct unnest(thing_keys) from entry where org_id = :org and id = any(:entries)")


def joined(connection: sa.Connection, org: UUID, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return redacted bodies with their personal data put back, as far as it has not been erased.

    Who may see it is the caller's to know.
    """
    plain = [dict(body) for body in bodies]
    wanted = [digest for body in plain for digest in digests(body)]
    if not wanted:
        return plain
    rows = connection.execute(_READ, {"org": org, "digests": wanted})
    contents = {bytes(row.digest): json.loads(bytes(row.content)) for row in rows}
    return [restored(body, contents) for body in plain]


def erase(
    connection: sa.Connection, org: UUID, entries: Iterable[int], *, actor: str, at: datetime, ground: str
) -> int:
    """Erase the personal data of entries and record that in the ledger; return how many objects are gone.

    The record says when, by whom and on which legal ground (a provision, as "GDPR Art. 17(1)(b)"), and by digests,
    which say nothing any more, which objects; never what stood in them. Backups keep them until they expire.
    Call it last in a transaction, as `takeback.prove.seal`.

    Raises
    ------
    Problem
        ``ledger.nothing-personal`` when the entries have, or have left, no personal data.
    """
    rows = connection.execute(_ERASE, {"org": org, "entries": list(entries)}).all()
    if not rows:
        title = msg("These entries hold no personal data, or it has been erased already.")
        raise Problem("ledger.nothing-personal", title, status=404)
    touched = sorted({row.entry_id for row in rows})
    body = {
        "takeback:erased": {
            "entries": touched,
            "digests": sorted(name_of(bytes(row.digest)) for row in rows),
            "by": actor,
            "ground": ground,
        }
    }
    items = connection.scalars(_ITEMS, {"org": org, "entries": touched}).all()
    seal(connection, org, append(connection, org, [Entry(ERASED, body, at, list(items))], actor=actor))
    return len(rows)
