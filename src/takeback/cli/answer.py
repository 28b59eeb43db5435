"""What a command answers: data for programs, a text or a table for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from rich.table import Table

Shown: TypeAlias = "str | Table"
"""One part of what people read."""

WIDE = 160  # characters of a line where the output is no terminal


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found out.

    - `data`: printed by `--json` as one document; structs, dates and UUIDs are allowed in it.
    - `shown`: what people read, in order: sentences and tables.
    - `exit_code`: other than 0 where the answer itself is bad news, as a failed verification.
    """

    data: object
    shown: Sequence[Shown]
    exit_code: int = 0


def show(answer: Answer, *, as_json: bool) -> None:
    """Print an answer on stdout."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(answer.data, enc_hook=_plain).decode() + "\n")
        return
    for part in answer.shown:
        if isinstance(part, str):
            print(part)
        else:
            _draw(part)


def _draw(table: Table) -> None:
    from rich.console import Console

    Console(highlight=False, width=None if sys.stdout.isatty() else WIDE).print(table, markup=False)


def table(rows: Iterable[Mapping[str, object]], *, title: str | None = None) -> Table:
    """Return a table of rows with the same keys; numbers stand on the right."""
    from rich import box
    from rich.table import Table

    rows = list(rows)
    drawn = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in rows[0] if rows else ():
        number = all(isinstance(row[name], int | float) and not isinstance(row[name], bool) for row in rows)
        drawn.add_column(name, justify="right" if number else "left")
    for row in rows:
        drawn.add_row(*(_cell(value) for value in row.values()))
    return drawn


def _cell(value: object) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
        case _:
            return str(value)


def _plain(value: object) -> object:
    """Return what JSON can carry of a numpy value, a path or a message."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)
