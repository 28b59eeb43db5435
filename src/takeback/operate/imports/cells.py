"""What every file format gives: records of cells, each with its row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from takeback.core.problem import Problem

MOST_COLUMNS = 1000


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that cannot be a value at all, such as a formula: `found` as it stands there, and why not."""

    found: str
    problem: Problem


Cell: TypeAlias = "str | datetime | Refused"
"""Texts are as in the file; a number of a spreadsheet is its shortest text; a date of a spreadsheet has no zone."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `row` counts as people see it: lines of a table with its header as row 1, objects from 1.

    - `cells` stand in the order of the source's columns.
    - `inside`: in an object that holds a list, the place of the list's member, from 1.
    - `problem`: why the record could not be read, if so; it has no cells then.
    """

    row: int
    cells: Sequence[Cell]
    inside: int | None = None
    problem: Problem | None = None


class Source(Protocol):
    """A file that is open for reading, once, from its beginning."""

    def records(self) -> Iterator[Record]:
        """Yield what stands below the header; empty lines are left out. Raises `Problem` where the file ends badly."""

    def share(self) -> float:
        """Return how much of the file is read, 0 to 1."""

    def close(self) -> None:
        """Give back what is held."""
