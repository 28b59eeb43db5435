"""The everyday trace: one recursive statement under row-level security."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.genealogy.order import Row, ordered
from takeback.prove.genealogy.result import Direction, Genealogy
from takeback.store.bulk import driver

LARGEST = 50_000
"""Rows of a walk (things and entries) beyond which a recall in memory is the right tool."""
DEEPEST = 1_000
_FILES = {"back": "reach.sql", "forward": "recall.sql"}
_SECONDS = 10
_SETTINGS = (
    b"savepoint walk",
    b"set local jit = off",
    b"set local plan_cache_mode = force_generic_plan",  # planning takes longer than walking
    f"set local statement_timeout = '{_SECONDS}s'".encode(),
)
ENDLESS = "infinity"


def walk(
    connection: sa.Connection,
    org: UUID,
    items: Iterable[int],
    *,
    direction: Direction,
    at: datetime | None = None,
    depth: int | None = None,
    largest: int = LARGEST,
) -> Genealogy:
    """Return what the things named by ``items`` were made of and hold (``back``) or went into (``forward``).

    An aggregation or association counts from its ADD until a later DELETE of the same parent and child, or of the
    parent with no children named (EPCIS 2.0, 7.4.3, 7.4.7); transformations count for ever; what was withdrawn never.
    ``at``: as things stood then; ``depth``: no farther than so many steps.

    Raises
    ------
    Problem
        ``trace.too-large`` when the walk has more than ``largest`` rows or takes longer than ten seconds.
    """
    rows = rows_of(connection, org, items, direction=direction, at=at, depth=depth, largest=largest)
    return ordered(rows, direction, at, depth, sorted(set(items)))


def rows_of(
    connection: sa.Connection,
    org: UUID,
    items: Iterable[int],
    *,
    direction: Direction,
    at: datetime | None = None,
    depth: int | None = None,
    largest: int = LARGEST,
) -> list[Row]:
    """Return the rows of a walk as `takeback.prove.genealogy.order.ordered` wants them; see :func:`walk`."""
    values = {
        "org": org,
        "seeds": sorted(set(items)),
        "at": ENDLESS if at is None else at.astimezone(UTC),
        "depth": DEEPEST if depth is None else depth,
        "step": 0 if depth is None else 1,
        "limit": largest + 1,
    }
    try:
        rows = _rows(driver(connection), _statement(direction), values)
    except psycopg.errors.QueryCanceled as error:
        raise too_large(largest) from error
    if len(rows) > largest:
        raise too_large(largest)
    return rows


def _rows(connection: psycopg.Connection[Any], statement: bytes, values: dict[str, Any]) -> list[Row]:
    """Run the statement in one round trip; the caller's settings are what they were afterwards."""
    try:
        with connection.pipeline():
            for setting in _SETTINGS:
                connection.execute(setting)
            return connection.execute(statement, values, prepare=True).fetchall()
    finally:
        connection.execute(b"rollback to savepoint walk")


def too_large(largest: int) -> Problem:
    """Return the problem of a trace that belongs into memory."""
    return Problem(
        "trace.too-large",
        msg("This trace reaches too much to be shown thing by thing."),
        expected=msg("at most {count} things and events", count=largest),
        remedy=msg("Ask for fewer steps (depth), or for a recall: it counts what it reaches, whatever the size."),
    )


@cache
def _statement(direction: Direction) -> bytes:
    return files("takeback.prove.genealogy").joinpath(_FILES[direction]).read_bytes()
