"""Real input: returns and retired cells that nobody here invented, and declared assumptions for what they lack."""

from __future__ import annotations

import csv
import gzip
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.demo import keys
from takeback.demo.market import Line, Market
from takeback.demo.parameters import Row, Table
from takeback.demo.world import Dates, Floats, Ints, Texts
from takeback.plan.grading.batteries.problem import Settings
from takeback.plan.grading.batteries.tables import PulseTable, read_pulse_table
from takeback.plan.grading.batteries.train import train

Mark = Literal["real", "simulated", "estimated", "declared"]
GRADES = ("A", "B", "C", "D", "E")
MINOR = 100.0
SHEET = "SOC50"
PARTS = (1, 2)


class MassWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mass of one piece whose description holds the word."""

    word: str
    mass_g: int


class ReturnAssumptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the returns lack: category, mass, condition, prices. Money in `currency`, major units."""

    source: str
    currency: str
    prefix: str
    rows: int
    category: str
    zh: str
    grades: Row
    grades_source: str
    decay_per_week: float
    decay_source: str
    mass_g: int
    mass_source: str
    mass_words: tuple[MassWord, ...]
    options: tuple[str, ...]
    price: Table
    penalty: Table
    handling: Row
    days_to_money: tuple[int, ...]
    price_sd: float
    open_box_places: float
    prices_source: str


class CellType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A type of cell: its folder in the data, and what the tables do not say of it."""

    folder: str
    cell_type: str
    cathode: str
    nominal_v: float
    mass_g: int
    mass_source: str


class CellAssumptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the cells lack: mass and prices."""

    source: str
    currency: str
    prefix: str
    options: tuple[str, ...]
    price_cny_per_kwh: float
    soh: Row
    share_of_price: Row
    repurpose_cost_cny_per_kwh: float
    recycle_cny_per_kwh: dict[str, float]
    handling_cny: Row
    days_to_money: tuple[int, ...]
    decay_per_week: float
    price_sd: float
    matching_cells_per_day: float
    prices_source: str
    types: tuple[CellType, ...]


class Assumptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All declared assumptions about real input."""

    returns: ReturnAssumptions
    cells: CellAssumptions


@dataclass(frozen=True, slots=True)
class RealReturns:
    """Returned order lines, n rows, oldest return first.

    - `epc`: canonical Digital Link under the demonstration prefix. `order`: invoice; `customer`, `country`, `sku`,
      `description` as in the data. `ordered_at`, `returned_at`: minutes.
    - `quantity`: pieces returned; `value_minor`: quantity x unit price; `mass_g`: of all pieces.
    - `marks`: for each field whether it is real, simulated, estimated or declared.
    """

    epc: Texts
    order: Texts
    customer: Texts
    country: Texts
    sku: Texts
    description: Texts
    ordered_at: Dates
    returned_at: Dates
    quantity: Ints
    value_minor: Ints
    mass_g: Ints
    marks: Mapping[str, Mark]

    def __len__(self) -> int:
        return len(self.order)


@dataclass(frozen=True, slots=True)
class RealCells:
    """Retired cells, one row a physical cell at its last test.

    - `epc`: canonical Digital Link (GIAI); `identifier` as in the data; `type_of` (n,): row of the assumptions' types.
    - `nominal_ah`, `capacity_ah`, `soh` measured by a full test; `voltages` (n, 21) of the pulse test at 50 % charge.
    - `estimate`, `estimate_sd`: state of health as the grading engine finds it from the pulses of a cell that its model
      has not seen. `energy_wh`: nominal; `mass_g`.
    """

    epc: Texts
    identifier: Texts
    type_of: Ints
    nominal_ah: Floats
    capacity_ah: Floats
    soh: Floats
    voltages: Floats
    estimate: Floats
    estimate_sd: Floats
    energy_wh: Floats
    mass_g: Ints
    marks: Mapping[str, Mark]

    def __len__(self) -> int:
        return len(self.identifier)


@cache
def assumptions() -> Assumptions:
    """Return the declared assumptions that come with the product."""
    text = files("takeback.demo").joinpath("worlds/real_assumptions.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Assumptions)


def read_returns(folder: Path, declared: Assumptions, *, rows: int | None = None) -> RealReturns:
    """Return the first `rows` returned lines (default: as declared) of the data's `returns` folder.

    Raises `Problem` (`demo.no-data`, `demo.bad-data`) naming the file and the row.
    """
    a = declared.returns
    products = _lines(folder / "returns" / "products.csv.gz")
    named = {line["StockCode"]: line["Description"] for _, line in products}
    found = [_returned(path, at, line, named) for path, at, line in _purchases(folder)]
    found.sort(key=lambda line: (line.returned_at, line.order, line.sku))
    kept = found[: a.rows if rows is None else rows]
    quantity = np.array([line.quantity for line in kept], dtype=np.int64)
    pence = np.array([line.unit_price_minor for line in kept], dtype=np.int64)
    piece = np.array([_piece_mass(a, line.description) for line in kept], dtype=np.int64)
    return RealReturns(
        epc=np.array(_return_epcs(a, kept), dtype=np.str_),
        order=np.array([line.order for line in kept], dtype=np.str_),
        customer=np.array([line.customer for line in kept], dtype=np.str_),
        country=np.array([line.country for line in kept], dtype=np.str_),
        sku=np.array([line.sku for line in kept], dtype=np.str_),
        description=np.array([line.description for line in kept], dtype=np.str_),
        ordered_at=np.array([line.ordered_at for line in kept], dtype="datetime64[m]"),
        returned_at=np.array([line.returned_at for line in kept], dtype="datetime64[m]"),
        quantity=quantity,
        value_minor=np.maximum(quantity * pence, 1),
        mass_g=quantity * piece,
        marks=_RETURN_MARKS,
    )


_RETURN_MARKS: dict[str, Mark] = {
    "epc": "declared",
    "order": "real",
    "customer": "real",
    "country": "real",
    "sku": "real",
    "description": "real",
    "ordered_at": "real",
    "returned_at": "real",
    "quantity": "real",
    "value": "real",
    "category": "declared",
    "mass": "declared",
    "condition": "declared",
    "price": "declared",
    "place": "declared",
}


@dataclass(frozen=True, slots=True)
class _Returned:
    order: str
    customer: str
    country: str
    sku: str
    description: str
    ordered_at: np.datetime64
    returned_at: np.datetime64
    quantity: int
    unit_price_minor: int


def _purchases(folder: Path) -> Iterator[tuple[Path, int, dict[str, str]]]:
    """Yield what came back, with file and row; nineteen lines in twenty are kept by their buyers and never parsed."""
    for part in PARTS:
        path = folder / "returns" / f"purchases_with_returns_{part}.csv.gz"
        for at, line in _lines(path, but=",0,"):
            yield path, at, line


def _lines(path: Path, *, but: str | None = None) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (row, fields) of the file, without the lines that end with `but`."""
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            header = next(csv.reader([file.readline()]))
            for at, text in enumerate(file, start=2):
                if but is None or not text.rstrip().endswith(but):
                    yield at, dict(zip(header, next(csv.reader([text])), strict=False))
    except FileNotFoundError:
        raise _no_data(path) from None


def _returned(path: Path, at: int, line: dict[str, str], named: dict[str, str]) -> _Returned:
    try:
        ordered = np.datetime64(line["ordered_at"], "m")
        days = float(line["return_lag_days"])
        return _Returned(
            order=line["invoice"],
            customer=line["customer"],
            country=line["country"],
            sku=line["sku"],
            description=(named.get(line["sku"]) or line["sku"]).strip(),
            ordered_at=ordered,
            returned_at=ordered + np.timedelta64(round(days * 1440), "m"),
            quantity=int(line["returned_qty"]),
            unit_price_minor=round(100 * float(line["unit_price"])),
        )
    except (KeyError, ValueError) as error:
        title = msg("A line of the data cannot be read")
        raise Problem("demo.bad-data", title, where=f"{path.name}, row {at}", found=str(error)) from None


def _piece_mass(a: ReturnAssumptions, description: str) -> int:
    words = description.upper()
    return next((rule.mass_g for rule in a.mass_words if rule.word in words), a.mass_g)


def _return_epcs(a: ReturnAssumptions, kept: list[_Returned]) -> list[str]:
    """Return an SGTIN for each line: kinds are numbered in the order they appear, serial = place in the list."""
    kinds: dict[str, str] = {}
    epcs = []
    for number, line in enumerate(kept):
        gtin = kinds.setdefault(line.sku, keys.gtin(a.prefix, len(kinds) + 1))
        epcs.append(keys.serialised(gtin, [f"{line.order}L{number}"])[0])
    return epcs


def read_cells(folder: Path, declared: Assumptions, *, rows: int | None = None) -> RealCells:
    """Return the retired cells of the data's `diagnostics/pulsebat` folder; `rows`: of each type at most so many.

    Raises `Problem` (`demo.no-data`), or the grading engine's own for a table that cannot be read.
    """
    parts = [_cells(folder, declared.cells, number, rows) for number in range(len(declared.cells.types))]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return RealCells(**columns, marks=_CELL_MARKS)


_CELL_MARKS: dict[str, Mark] = {
    "epc": "declared",
    "identifier": "real",
    "cathode": "real",
    "capacity": "real",
    "soh": "real",
    "voltages": "real",
    "estimate": "estimated",
    "energy": "declared",
    "mass": "declared",
    "price": "declared",
    "place": "declared",
}


def _cells(folder: Path, a: CellAssumptions, number: int, rows: int | None) -> dict[str, np.ndarray]:
    kind = a.types[number]
    table = read_pulse_table(_workbook(folder, kind), cell_type=kind.cell_type, sheet=SHEET)
    model, evidence = train(table.pulses, Settings(estimator="linear"))
    last = _last_tests(table)[:rows]
    n, nominal = len(last), table.nominal_ah
    soh = table.pulses.soh[last]
    return {
        "epc": np.array([keys.asset(a.prefix, f"C{number + 1}{i + 1:04d}") for i in range(n)], dtype=np.str_),
        "identifier": np.array([table.identifier[i] for i in last], dtype=np.str_),
        "type_of": np.full(n, number),
        "nominal_ah": np.full(n, nominal),
        "capacity_ah": soh * nominal,
        "soh": soh,
        "voltages": table.pulses.voltage[last],
        "estimate": evidence.held_out[last],
        "estimate_sd": np.full(n, model.report.rmse),
        "energy_wh": np.full(n, nominal * kind.nominal_v),
        "mass_g": np.full(n, kind.mass_g),
    }


def _last_tests(table: PulseTable) -> list[int]:
    """Return for each physical cell the row of its last test: the one with the least capacity."""
    worst: dict[str, int] = {}
    for row, (group, soh) in enumerate(zip(table.pulses.group, table.pulses.soh.tolist(), strict=True)):
        if group not in worst or soh < table.pulses.soh[worst[group]]:
            worst[group] = row
    return list(worst.values())


def _workbook(folder: Path, kind: CellType) -> Path:
    place = folder / "diagnostics" / "pulsebat" / "ProcessedData_adjustable" / kind.folder
    found = sorted(place.glob("*.xlsx"))
    if not found:
        raise _no_data(place)
    return found[0]


def _no_data(path: Path) -> Problem:
    return Problem(
        "demo.no-data",
        msg("The reference data is not there"),
        where=str(path),
        remedy=msg("Give the folder that holds returns/ and diagnostics/ with --data."),
    )


def returns_market(declared: Assumptions) -> Market:
    """Return the declared market of the real returns. An item's size is its value in minor units."""
    a = declared.returns
    shape = (1, len(GRADES), len(a.options))
    limited = "open_box"
    return Market(
        vertical="returns",
        categories=(a.category,),
        conditions=GRADES,
        options=a.options,
        resource=tuple("outlet" if option == limited else None for option in a.options),
        lines=(Line("outlet", a.open_box_places, "items"),),
        price=np.array(a.price).reshape(shape),
        size_cost=np.array(a.penalty).reshape(shape),
        cost=np.broadcast_to(MINOR * np.array(a.handling), shape),
        load=np.array([[1.0 if option == limited else 0.0 for option in a.options]]),
        decay_per_day=np.array([a.decay_per_week / 7]),
        days=np.array(a.days_to_money, dtype=np.float64),
        price_sd=a.price_sd,
        allowed=np.ones((1, len(a.options)), dtype=np.bool_),
        storage=0.0,
        longest_hold_days=0,
        currency=a.currency,
    )


def cells_market(declared: Assumptions) -> Market:
    """Return the declared market of the real cells: types x state of health. An item's size is its nominal kWh."""
    a = declared.cells
    soh = np.arange(0.51, 1.0, 0.02)
    shape = (len(a.types), len(soh), len(a.options))
    price, work = np.zeros(shape), np.zeros(shape)
    for t, kind in enumerate(a.types):
        metal = a.recycle_cny_per_kwh[kind.cathode]
        for d, option in enumerate(a.options):
            repurposed = option == "repurpose"
            sold = np.interp(soh, a.soh, a.share_of_price) * a.price_cny_per_kwh if repurposed else max(metal, 0.0)
            price[t, :, d] = MINOR * sold
            work[t, :, d] = MINOR * (a.repurpose_cost_cny_per_kwh if repurposed else max(-metal, 0.0))
    return Market(
        vertical="batteries",
        categories=tuple(kind.cell_type for kind in a.types),
        conditions=tuple(f"{100 * s:.0f} %" for s in soh),
        options=a.options,
        resource=tuple("matching bench" if option == "repurpose" else None for option in a.options),
        lines=(Line("matching bench", a.matching_cells_per_day, "cells"),),
        price=price,
        size_cost=work,
        cost=np.broadcast_to(MINOR * np.array(a.handling_cny), shape),
        load=np.array([[1.0 if option == "repurpose" else 0.0 for option in a.options]] * len(a.types)),
        decay_per_day=np.full(len(a.types), a.decay_per_week / 7),
        days=np.array(a.days_to_money, dtype=np.float64),
        price_sd=a.price_sd,
        allowed=np.ones((len(a.types), len(a.options)), dtype=np.bool_),
        storage=0.0,
        longest_hold_days=0,
        currency=a.currency,
        condition_value=soh,
    )
