"""The one way to change the world: append, project and seal in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from takeback import prove
from takeback.operate.projection import Fact, project
from takeback.prove.personal import keep, redact


class Author(Protocol):
    """Whoever acts: the organisation, and the name that the ledger keeps."""

    @property
    def org_id(self) -> UUID:
        """The organisation acted for."""

    @property
    def label(self) -> str:
        """The actor's name in the ledger: an id, never a person's name."""

    def require(self, permission: str) -> None:
        """Raise the problem ``identity.forbidden`` when the actor lacks ``permission``."""


def record(connection: sa.Connection, author: Author, entries: Sequence[prove.Entry]) -> list[int]:
    """Append ``entries``, update the projections and queue the leaves; return the entries' ids.

    What a body marks as personal goes beside the ledger; projections see its digest alone, so that they can be rebuilt.
    """
    taken = [redact(_plain(entry.body)) for entry in entries]
    redacted = [_with(entry, body) if some else entry for entry, (body, some) in zip(entries, taken, strict=True)]
    appended = prove.append(connection, author.org_id, redacted, actor=author.label)
    beside = [(a.id, one) for a, (_, some) in zip(appended, taken, strict=True) for one in some]
    keep(connection, author.org_id, beside)
    facts = [Fact(a.id, a.kind, a.entry.event_time, _plain(a.body)) for a in appended]
    project(connection, author.org_id, facts)
    prove.seal(connection, author.org_id, appended)
    return [a.id for a in appended]


def _with(entry: prove.Entry, body: dict[str, Any]) -> prove.Entry:
    return prove.Entry(entry.kind, body, entry.event_time, entry.items, entry.captured)


def _plain(body: Any) -> dict[str, Any]:
    return dict(body)
