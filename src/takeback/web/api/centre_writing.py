"""Which command writes a record: that of its room where there are rules beyond its kind's, else the plain one.

A kind that only follows from work of its own (a payment, a booking, a score) is not written here at all.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Kind
from takeback.share.centre.records import Record

ELSEWHERE: Mapping[str, str] = {}
"""Kind -> the routes that write it instead."""


def create(connection: sa.Connection, who: CentreActor, what: Kind, facts: Facts) -> Record:
    """Put a new record; ``centre.written-elsewhere`` (409)."""
    _here(what.name)
    return records.create(connection, who, what.name, facts)


def change(connection: sa.Connection, who: CentreActor, old: Record, facts: Facts, *, version: int | None) -> Record:
    """Change a record; ``centre.written-elsewhere`` (409)."""
    _here(old.kind)
    return records.change(connection, who, old.id, facts, version=version)


def move(
    connection: sa.Connection,
    who: CentreActor,
    old: Record,
    state: str,
    *,
    facts: Facts | None,
    reason: str,
    version: int | None,
) -> Record:
    """Move a record on; ``centre.written-elsewhere`` (409)."""
    _here(old.kind)
    return records.move(connection, who, old.id, state, facts=facts, reason=reason, version=version)


def _here(kind: str) -> None:
    if (route := ELSEWHERE.get(kind)) is not None:
        raise Problem(
            "centre.written-elsewhere",
            msg("Records of this kind follow from work of their own and are not written directly."),
            found=kind,
            remedy=msg("Use {route}.", route=route),
            status=409,
        )
