"""Pulse tables of the field, read from their Excel workbooks.

- PulseBat: Tao et al. 2024, doi:10.1038/s41467-024-54454-0; columns ID, SOH, SOC, U1...
- LFP pulse map: columns Q, SOH, SOC, U1.. and the published descriptors Fai_0.5C..; the capacity Q is unique to a cell
  and serves as its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.grading.batteries.leaks import physical_battery
from takeback.plan.grading.batteries.model import FloatArray
from takeback.plan.grading.batteries.problem import LabelledPulses

ALL_SHEETS = "SOC ALL"


@dataclass(frozen=True, slots=True)
class PulseTable:
    """A published table: labelled `pulses`, the makers' `descriptor` columns (m, d; d = 0 where there are none),
    `identifier` (m,) as written, nominal capacity (Ah)."""

    pulses: LabelledPulses
    descriptor: FloatArray
    identifier: tuple[str, ...]
    nominal_ah: float


def read_pulse_table(path: Path, *, cell_type: str, sheet: str = ALL_SHEETS) -> PulseTable:
    """Return one sheet of a PulseBat or LFP pulse map workbook (xlsx), row order kept.

    `cell_type` names chemistry and capacity ("NMC 2.1 Ah"): it decides what identifies a physical cell.
    Raises `Problem` (`grading.unreadable-table`) naming file, sheet, row and column.
    """
    header, rows = _sheet(path, sheet)
    column = {name: at for at, name in enumerate(header)}
    missing = [name for name in ("SOH", "SOC", "Qn", "Q", "U1", "U2") if name not in column]
    if missing:
        raise _unreadable(path, sheet, msg("A column is missing."), ", ".join(missing))
    points = [name for name in header if name.startswith("U") and name[1:].isdigit()]
    extra = [name for name in header if name.startswith("Fai_")]
    names = ["SOH", "SOC", "Qn", *points, *extra]
    table = _numbers(path, sheet, names, [[row[column[name]] for name in names] for row in rows])
    identifier = tuple(str(row[column.get("ID", column["Q"])]) for row in rows)
    pulses = LabelledPulses(
        cell_type=cell_type,
        voltage=table[:, 3 : 3 + len(points)],
        soh=table[:, 0],
        group=tuple(physical_battery(cell_type, name) for name in identifier),
        soc_percent=table[:, 1],
    )
    return PulseTable(pulses, table[:, 3 + len(points) :], identifier, float(table[0, 2]))


def _sheet(path: Path, sheet: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets zipfile, XML and its own errors through
        raise _unreadable(path, None, msg("This is not an Excel workbook."), str(error)) from error
    try:
        if sheet not in book.sheetnames:
            raise _unreadable(path, sheet, msg("The workbook has no such sheet."), ", ".join(book.sheetnames))
        rows = [row for row in book[sheet].iter_rows(values_only=True) if any(cell is not None for cell in row)]
    finally:
        book.close()
    if len(rows) < 2:
        raise _unreadable(path, sheet, msg("The sheet holds no rows."), len(rows))
    return [str(cell).strip() for cell in rows[0]], rows[1:]


def _numbers(path: Path, sheet: str, names: list[str], rows: list[list[Any]]) -> FloatArray:
    for at, row in enumerate(rows):
        for name, cell in zip(names, row, strict=True):
            if isinstance(cell, bool) or not isinstance(cell, int | float):
                raise _unreadable(path, f"{sheet}, row {at + 2}, column {name}", msg("A number is missing."), cell)
    return np.array(rows, dtype=np.float64)


def _unreadable(path: Path, place: str | None, title: Message, found: object) -> Problem:
    where = path.name if place is None else f"{path.name}, {place}"
    return Problem("grading.unreadable-table", title, where=where, found=found)
