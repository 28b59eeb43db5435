"""Figures of a centre: what a report says, each with the records and ledger entries that it rests on.

A room offers its figures by one function:

    @figures_of("projects")
    def figures(connection: sa.Connection, year: int) -> list[Figure]: ...

A figure other than zero (and not None) without evidence is a defect: `unproven` finds it.

What everybody gets names no record that some reader of reports may not see (`veiled`); only who shows evidence record
by record, and looks at each kind's permission, asks for figures with `bare=True`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message
from takeback.share.centre.kinds import kind_named
from takeback.share.centre.records import TITLE_ZH, Record, title_zh
from takeback.share.centre.roles import PERMISSIONS

BLIND = "proposal.run"
"""The permission to read what a blind review is about."""

NOBODY = UUID(int=0)
"""Instead of the id of a record that is counted and not named."""

_KINDS = sa.text(f"select id, kind, {TITLE_ZH} as title_zh from centre_record where id = any(:ids)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that a figure rests on, and the entry of the ledger that said so. The title names no person.

    `title_zh`: the title in Chinese, where it has one. Where the record is not to be named its id is `NOBODY`; where
    its entry is not to be told that is 0.
    """

    record_id: UUID
    entry_id: int
    title: str
    title_zh: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one year.

    - `code`: dotted, the room first, for ever the same: `results.papers`;
    - `unit`: `count`, `people`, `h`, `kg`, `kgCO2e`, `%`, ..., or an ISO 4217 code: `value` is in minor units then;
    - `value`: None where it is not known, or hidden because the group is smaller than 5;
    - `note`: what a reader must know beside it.
    """

    code: str
    label: Message
    unit: str
    value: int | float | None
    year: int
    evidence: tuple[Evidence, ...] = ()
    note: Message | None = None


FiguresOf = Callable[[sa.Connection, int], list[Figure]]
_rooms: dict[str, FiguresOf] = {}


def figures_of(room: str) -> Callable[[FiguresOf], FiguresOf]:
    """Declare the function below as the one that gives a room's figures of a year."""

    def register(function: FiguresOf) -> FiguresOf:
        if room in _rooms:
            raise ValueError(f"the figures of {room} are declared twice")
        _rooms[room] = function
        return function

    return register


def rooms() -> list[str]:
    """Return the rooms that offer figures, in the order in which they were declared."""
    return [*_rooms]


def figures_in(connection: sa.Connection, room: str, year: int, *, bare: bool = False) -> list[Figure]:
    """Return the figures of one room, veiled unless `bare`; raises ``KeyError``."""
    found = _rooms[room](connection, year)
    return found if bare else veiled(connection, found)


def all_figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the figures of all rooms of a year, room by room, veiled."""
    return veiled(connection, [figure for room in _rooms for figure in figures_in(connection, room, year, bare=True)])


def veiled(connection: sa.Connection, figures: Sequence[Figure]) -> list[Figure]:
    """Return figures whose evidence says no more than all readers of reports may see.

    A record of a kind that some may not read is counted by its entry, without its id and title; of the kinds of a
    blind review not even the entry is told: it would say when a proposal or a review came.
    """
    ids = [*{one.record_id for figure in figures for one in figure.evidence}]
    known = {row.id: row for row in connection.execute(_KINDS, {"ids": ids})} if ids else {}
    return [
        replace(figure, evidence=tuple(_veil(one, known.get(one.record_id)) for one in figure.evidence))
        for figure in figures
    ]


def _veil(one: Evidence, row: sa.Row[Any] | None) -> Evidence:
    if row is None:
        return one
    reading = kind_named(row.kind).read
    if reading == BLIND:
        return Evidence(NOBODY, 0, one.title)
    seen = PERMISSIONS["report.read"] <= PERMISSIONS[reading]
    return replace(one, title_zh=row.title_zh) if seen else Evidence(NOBODY, one.entry_id, row.kind)


def records_behind(figure: Figure) -> int:
    """Return how many records a figure rests on; of those that are not named each piece counts as one."""
    named = {one.record_id for one in figure.evidence if one.record_id != NOBODY}
    return len(named) + sum(1 for one in figure.evidence if one.record_id == NOBODY)


def proof(records: Iterable[Record]) -> tuple[Evidence, ...]:
    """Return records as evidence: each with the entry that says how it stands now."""
    return tuple(Evidence(one.id, one.entry_id, one.title, title_zh(one)) for one in records)


def unproven(figures: Iterable[Figure]) -> list[str]:
    """Return the codes of figures other than zero that rest on nothing: a defect of the room that gives them."""
    return [figure.code for figure in figures if figure.value and not figure.evidence]
