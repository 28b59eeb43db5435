"""Figures of a centre: what a report says, each with the records and ledger entries that it rests on.

A room offers its figures by one function:

    @figures_of("projects")
    def figures(connection: sa.Connection, year: int) -> list[Figure]: ...

A figure other than zero (and not None) without evidence is a defect: `unproven` finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message
from takeback.share.centre.records import Record


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that a figure rests on, and the entry of the ledger that said so. The title names no person."""

    record_id: UUID
    entry_id: int
    title: str


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


def figures_in(connection: sa.Connection, room: str, year: int) -> list[Figure]:
    """Return the figures of one room; raises ``KeyError``."""
    return _rooms[room](connection, year)


def all_figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the figures of all rooms of a year, room by room."""
    return [figure for room in _rooms for figure in figures_in(connection, room, year)]


def proof(records: Iterable[Record]) -> tuple[Evidence, ...]:
    """Return records as evidence: each with the entry that says how it stands now."""
    return tuple(Evidence(record.id, record.entry_id, record.title) for record in records)


def unproven(figures: Iterable[Figure]) -> list[str]:
    """Return the codes of figures other than zero that rest on nothing: a defect of the room that gives them."""
    return [figure.code for figure in figures if figure.value and not figure.evidence]
