"""Quantities: exact, and never added to what they do not fit."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.problem import Problem
from takeback.core.quantity import Quantity, Unit
from takeback.core.units import UNITS

units = st.sampled_from(list(Unit))
numbers = st.decimals(-(10**9), 10**9, places=6) | st.fractions(max_denominator=1000)
quantities = st.builds(Quantity, numbers, units)


def others(unit: Unit) -> list[Unit]:
    return [other for other in Unit if other.dimension == unit.dimension]


@given(quantities, st.data())
def test_conversion_there_and_back_is_exact(quantity: Quantity, data: st.DataObject) -> None:
    """Through any other unit of its kind a quantity comes back exactly, and stays equal on the way."""
    unit = data.draw(st.sampled_from(others(quantity.unit)))
    assert quantity.to(unit) == quantity
    assert hash(quantity.to(unit)) == hash(quantity)
    assert quantity.to(unit).to(quantity.unit).value == quantity.value


@given(quantities, quantities)
def test_sums_need_one_dimension(a: Quantity, b: Quantity) -> None:
    """Quantities of one kind add exactly, in the first one's unit; of two kinds, not at all."""
    if a.unit.dimension != b.unit.dimension:
        assert a != b
        for wrong in (lambda: a + b, lambda: a - b, lambda: a < b):
            with pytest.raises(Problem):
                wrong()
    elif a.unit.dimension.temperature:
        with pytest.raises(Problem, match="temperatures"):
            a + b
        assert (a - b).value == a.to(Unit.K).value - b.to(Unit.K).value
    else:
        assert (a + b).unit is a.unit
        assert a + b == b + a
        assert a + b - b == a
        assert (a < b) == ((a - b).value < 0)


@given(st.builds(Quantity, numbers, units), numbers.filter(bool))
def test_scaling_is_undone_by_division(quantity: Quantity, factor: Decimal | Fraction) -> None:
    """Times a number and divided by it gives the same; temperatures cannot be multiplied."""
    if quantity.unit.dimension.temperature:
        with pytest.raises(Problem):
            quantity * factor
    else:
        assert quantity * factor / factor == quantity


@given(st.decimals(-(10**8), 10**8, places=3), units)
def test_what_is_written_reads_back(number: Decimal, unit: Unit) -> None:
    """A quantity written for people reads back as the same quantity in the same unit."""
    read = Quantity.parse(Quantity(number, unit).format())
    assert (read.value, read.unit) == (Fraction(number), unit)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the reader fail in any way but with a problem."""
    try:
        Quantity.parse(text)
    except Problem as problem:
        assert problem.kind.startswith(("quantity.", "number."))


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("12,5 kg", Quantity("12.5", Unit.KG)),
        ("1\u202f234.5 kWh", Quantity("1234.5", Unit.KWH)),
        ("3.2吨", Quantity("3.2", Unit.T)),
        ("60度", Quantity(60, Unit.KWH)),
        ("80 %", Quantity(80, Unit.PERCENT)),
        ("25 ℃", Quantity(25, Unit.C)),
        ("1e3 g", Quantity(1, Unit.KG)),
        ("1.5E-3 t", Quantity("1.5", Unit.KG)),
        ("5 m³", Quantity(5000, Unit.L)),
        ("438.6 KGM", Quantity("438.6", Unit.KG)),
        ("3 ADR points", Quantity(3, Unit.ADR_POINT)),
        ("41.8 kg CO₂e", Quantity("41.8", Unit.KG_CO2E)),
        ("16个", Quantity(16, Unit.PIECE)),
        ("0.5", Quantity(50, Unit.PERCENT)),
    ],
)
def test_known_spellings(text: str, quantity: Quantity) -> None:
    """Units in English and Chinese, with and without blank, and the codes of UN/CEFACT are read."""
    read = Quantity.parse(text)
    assert (read, read.unit.dimension) == (quantity, quantity.unit.dimension)


@pytest.mark.parametrize(
    ("text", "like", "kind"),
    [
        ("12 stone", None, "quantity.unknown-unit"),
        ("7 mwh", None, "quantity.unknown-unit"),  # milli or mega: a thousand million times apart
        ("7 mj", None, "quantity.unknown-unit"),
        ("12 kWh", Unit.KG, "quantity.wrong-dimension"),
        ("kg", None, "number.unreadable"),
        ("1,234 kg", None, "number.ambiguous"),
    ],
)
def test_what_is_refused(text: str, like: Unit | None, kind: str) -> None:
    """What is not certain is refused with its reason."""
    with pytest.raises(Problem) as caught:
        Quantity.parse(text, like)
    assert caught.value.kind == kind


def test_products_find_their_unit() -> None:
    """Power times time is energy, energy by power is time, a share of a mass is a mass, mass by mass a ratio."""
    assert repr(Quantity(2, Unit.KW) * Quantity(3, Unit.H)) == "Quantity('6', Unit.KWH)"
    assert repr(Quantity(6, Unit.KWH) / Quantity(2, Unit.KW)) == "Quantity('3', Unit.H)"
    assert repr(Quantity(50, Unit.PERCENT) * Quantity(3, Unit.KG)) == "Quantity('3/2', Unit.KG)"
    assert repr(Quantity(3, Unit.KG) / Quantity(6, Unit.T)) == "Quantity('1/2000', Unit.RATIO)"
    with pytest.raises(Problem):
        Quantity(1, Unit.KG) * Quantity(1, Unit.KM)


def test_known_conversions() -> None:
    """Definitions of the units: joule, litre, degree Celsius, hour, per cent."""
    assert Quantity(1, Unit.KWH).to(Unit.MJ).value == Fraction(36, 10)
    assert Quantity(1, Unit.M3).to(Unit.L).value == 1000
    assert Quantity(25, Unit.C).to(Unit.K).value == Fraction("298.15")
    assert Quantity(1, Unit.D).to(Unit.MIN).value == 1440
    assert Quantity("78.4", Unit.PERCENT).to(Unit.RATIO).value == Fraction("0.784")
    assert Quantity("438.6", Unit.KG).whole(Unit.G) == 438_600
    assert Quantity(1, Unit.J).to(Unit.WH).value == Fraction(1, 3600)


def test_parse_without_unit_takes_the_one_meant() -> None:
    """A bare number is in the unit that the form asked for."""
    assert Quantity.parse("438,6", Unit.KG) == Quantity("438.6", Unit.KG)


def test_quantities_do_not_change_and_travel() -> None:
    """A quantity cannot be altered, and survives pickling."""
    quantity = Quantity("0.1", Unit.T)
    with pytest.raises(AttributeError):
        quantity.value = Fraction(2)
    assert pickle.loads(pickle.dumps(quantity)) == quantity
    assert sum([quantity, quantity]) == Quantity(200, Unit.KG)


def test_every_unit_is_found_by_its_codes() -> None:
    """Each unit is found by its code and by its UN/CEFACT code, and no two share one."""
    for unit in Unit:
        assert UNITS[unit.code.replace(" ", "")] is unit
        assert not unit.uncefact or UNITS[unit.uncefact] is unit
    codes = [unit.uncefact for unit in Unit if unit.uncefact]
    assert len(set(codes)) == len(codes)
