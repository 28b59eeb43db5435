"""Rows of new events written before their party's turn: captures of one party write at the same time.

In its turn a capture sees the lives that the one before has left. Most of its rows need no such sight: entries, their
things and marks. They are written before, under a savepoint; in the turn it is asked whether any of the events came
in between, and only then all is taken back and done again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.prove.entry import Appended
from takeback.prove.epcis.ready import Ready
from takeback.prove.epcis.replays import Place, Replays, came_since, count_of
from takeback.prove.ledger import allocate, write
from takeback.store import bulk

# All that a capture asks are single rows by key. A planner without statistics of a young table would scan it whole.
_BY_INDEX = sa.text(
    """
    set local enable_seqscan = off; set local enable_hashjoin = off;
    set local enable_mergejoin = off; set local jit = off
    """
)
NOBODY = "0"
"""The id of no transaction."""
_WRITER = "select xmin::text from entry where id = %s"  # a savepoint writes under an id of its own


class Ahead(msgspec.Struct, frozen=True):
    """What was written before the turn: ``places`` of all events, ``fresh`` those that are new, ``appended`` these.

    ``since``: the party's number up to which it is known that none of them was in the ledger; ``writer``: the id of
    the transaction under which the rows stand.
    """

    places: Sequence[Place]
    fresh: Sequence[int]
    appended: Sequence[Appended]
    declared: bool
    since: int
    writer: str


def write_ahead(
    connection: sa.Connection, org: UUID, ready: Ready, *, actor: str, order: AbstractContextManager[None] | None = None
) -> Ahead:
    """Write what is new of ``ready``; within ``order`` the ids are taken, which say what came first."""
    connection.execute(_BY_INDEX)
    since = count_of(connection, org)
    seen = Replays(connection, ready.bodies, ready.prepared)
    places = seen.places(ready.prepared)
    fresh = [number for number, place in enumerate(places) if place.new]
    with order or nullcontext():
        given = allocate(connection, len(fresh))
    run = bulk.driver(connection).execute
    run("savepoint ahead")
    appended = write(connection, org, ready.rows.only(fresh), given, actor=actor) if fresh else []
    writer = run(_WRITER, (appended[0].id,)).fetchall()[0][0] if appended else NOBODY
    return Ahead(places, fresh, appended, seen.declared, since, writer)


def still_new(connection: sa.Connection, org: UUID, ready: Ready, ahead: Ahead) -> bool:
    """Whether none of the events came since, in the party's turn; if any did, all that was written is taken back."""
    run = bulk.driver(connection).execute
    if came_since(connection, org, ready.bodies, ready.prepared, ahead.since):
        run("rollback to savepoint ahead")
        return False
    run("release savepoint ahead")
    return True
