"""CSV: one row a pair, with the columns `from`, `to`, `distance_m` and `duration_s`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from takeback.core.message import msg
from takeback.operate.distances.files.known import Known, bad_file

COLUMNS = ("from", "to", "distance_m", "duration_s")


class _Row(NamedTuple):
    line: int
    source: str
    target: str
    metres: float
    seconds: float


def read_csv(path: Path) -> Known:
    """Return what a CSV file says; a pair that has no row is a hole, and so is an empty field."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(_rows(path.name, csv.reader(stream)))
    ids = tuple(dict.fromkeys(name for row in rows for name in (row.source, row.target)))
    index = {name: k for k, name in enumerate(ids)}
    metres, seconds = np.full((2, len(ids), len(ids)), np.nan)
    np.fill_diagonal(metres, 0)
    np.fill_diagonal(seconds, 0)
    lines: dict[tuple[int, int], int] = {}
    for row in rows:
        pair = index[row.source], index[row.target]
        if pair in lines:
            told = f"row {row.line}, also row {lines[pair]}: {row.source} - {row.target}"
            raise bad_file(path.name, f"row {row.line}", told, msg("one row for each pair"))
        metres[pair], seconds[pair], lines[pair] = row.metres, row.seconds, row.line

    def where(field: str, i: int, j: int) -> str:
        line = lines.get((i, j))
        return f"row {line}, column {field}" if line else f"no row from {ids[i]} to {ids[j]}, column {field}"

    return Known(path.name, ids, metres, seconds, where)


def _rows(file: str, reader: Iterator[list[str]]) -> Iterator[_Row]:
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        expected = msg("the columns {columns}", columns=", ".join(COLUMNS))
        raise bad_file(file, "row 1", ", ".join(header) or "an empty file", expected)
    places = [header.index(name) for name in COLUMNS]
    for line, cells in enumerate(reader, start=2):
        if not any(cells):
            continue
        if len(cells) != len(header):
            raise bad_file(file, f"row {line}", len(cells), msg("{n} fields, as in the first row", n=len(header)))
        source, target, metres, seconds = (cells[place].strip() for place in places)
        for name, value in (("from", source), ("to", target)):
            if not value:
                raise bad_file(file, f"row {line}, column {name}", "", msg("the id of a place"))
        yield _Row(
            line,
            source,
            target,
            _number(file, line, "distance_m", metres),
            _number(file, line, "duration_s", seconds),
        )


def _number(file: str, line: int, column: str, text: str) -> float:
    try:
        return float(text) if text else float("nan")
    except ValueError as error:
        raise bad_file(file, f"row {line}, column {column}", text, msg("a number")) from error
