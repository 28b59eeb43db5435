"""Real input: what is real stays as it is, what is declared is marked and sourced."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from takeback.core import identifiers
from takeback.core.problem import Problem
from takeback.demo.real import (
    RealCells,
    RealReturns,
    assumptions,
    cells_market,
    read_cells,
    read_returns,
    returns_market,
)
from tests.reference import reference_data


@pytest.fixture(scope="module")
def returns() -> RealReturns:
    """The first 300 real returns."""
    return read_returns(reference_data("returns").parent, assumptions(), rows=300)


@pytest.fixture(scope="module")
def cells() -> RealCells:
    """All retired cells."""
    return read_cells(reference_data("diagnostics").parent, assumptions())


def test_returns_are_as_the_shop_wrote_them(returns: RealReturns) -> None:
    """The first return of the data comes first, with its invoice, quantity, price and times."""
    assert len(returns) == 300
    assert (returns.returned_at >= returns.ordered_at).all() and (
        np.diff(returns.returned_at) >= np.timedelta64(0)
    ).all()
    at = returns.order.tolist().index("536374")
    assert (returns.sku[at], returns.quantity[at], returns.value_minor[at]) == ("21258", 12, 12 * 1095)
    assert returns.description[at] == "VICTORIAN SEWING BOX LARGE"
    assert returns.returned_at[at] - returns.ordered_at[at] == np.timedelta64(round(6.3 * 1440), "m")


def test_identifiers_made_for_real_things_are_valid_and_unique(returns: RealReturns, cells: RealCells) -> None:
    """Declared identifiers parse to themselves; no two things share one."""
    epcs = [*returns.epc.tolist(), *cells.epc.tolist()]
    assert len(set(epcs)) == len(epcs)
    assert all(identifiers.parse(epc).uri == epc for epc in epcs)


def test_every_field_is_marked(returns: RealReturns, cells: RealCells) -> None:
    """What the files hold is real, what they lack is declared, the state of health from pulses is estimated."""
    assert {returns.marks[name] for name in ("order", "ordered_at", "returned_at", "quantity", "value", "sku")} == {
        "real"
    }
    assert {returns.marks[name] for name in ("mass", "condition", "price", "place", "category")} == {"declared"}
    assert {cells.marks[name] for name in ("capacity", "soh", "voltages", "identifier")} == {"real"}
    assert {cells.marks[name] for name in ("mass", "price", "place")} == {"declared"}
    assert cells.marks["estimate"] == "estimated"


def test_cells_are_physical_cells(cells: RealCells) -> None:
    """A cell tested at several ages is one item, at its last age: 95 LMO, 52 and 12 NMC, 56 LFP."""
    assert np.bincount(cells.type_of).tolist() == [12, 95, 52, 56]
    np.testing.assert_allclose(cells.capacity_ah / cells.nominal_ah, cells.soh)
    assert cells.voltages.shape == (215, 21) and (cells.energy_wh > 0).all()


def test_cells_are_estimated_without_having_been_seen(cells: RealCells) -> None:
    """The pulse estimate errs by less than 4 points RMS and is not the measurement itself."""
    error = cells.estimate - cells.soh
    assert 0.002 < float(np.sqrt((error**2).mean())) < 0.04


def test_declared_markets_cover_every_item(returns: RealReturns, cells: RealCells) -> None:
    """Each vertical's declared market has a category, a price table and sources for what the data lack."""
    a = assumptions()
    goods, batteries = returns_market(a), cells_market(a)
    assert goods.categories == (a.returns.category,) and len(batteries.categories) == len(a.cells.types)
    for market in (goods, batteries):
        assert market.price.shape == (len(market.categories), len(market.conditions), len(market.options))
        assert (market.price >= 0).all() and market.longest_hold_days == 0
    told = [a.returns.grades_source, a.returns.mass_source, a.returns.prices_source, a.cells.prices_source]
    assert all(source.startswith("assumption") for source in (*told, *(kind.mass_source for kind in a.cells.types)))


def test_missing_and_broken_data_are_told(tmp_path: Path) -> None:
    """A folder without the files, and a line that cannot be read, end in a problem that names the place."""
    with pytest.raises(Problem) as caught:
        read_returns(tmp_path, assumptions())
    assert caught.value.kind == "demo.no-data" and "products.csv.gz" in str(caught.value.where)
    with pytest.raises(Problem, match="not there"):
        read_cells(tmp_path, assumptions())
    (tmp_path / "returns").mkdir()
    header = "invoice,ordered_at,customer,country,sku,qty,unit_price,returned_qty,return_lag_days"
    for name, text in (
        ("products.csv.gz", "StockCode,Description\n1,BOX\n"),
        (
            "purchases_with_returns_1.csv.gz",
            f"{header}\n1,2010-12-01T08:26,2,UK,1,6,2.55,0,\n1,yesterday,2,UK,1,6,2,1,3\n",
        ),
        ("purchases_with_returns_2.csv.gz", f"{header}\n"),
    ):
        (tmp_path / "returns" / name).write_bytes(gzip.compress(text.encode()))
    with pytest.raises(Problem) as caught:
        read_returns(tmp_path, assumptions())
    assert caught.value.kind == "demo.bad-data" and caught.value.where == "purchases_with_returns_1.csv.gz, row 3"
