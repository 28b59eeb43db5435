"""Units of UN/CEFACT Recommendation 20: exact, there and back, and never across kinds."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest

from takeback.core.units import Unit
from takeback.prove.epcis.query.units import UNITS, converted


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "expected"),
    [
        ("1", "TNE", "KGM", "1000"),
        ("2.5", "KGM", "GRM", "2500"),
        ("1", "LBR", "KGM", "0.45359237"),
        ("-40", "CEL", "FAH", "-40"),
        ("0", "KEL", "CEL", "-273.15"),
        ("1", "KWH", "3B", "3.6"),
        ("3500", "E09", "AMH", "3.5"),
        ("3700", "2Z", "VLT", "3.7"),
        ("25", "E45", "OHM", "0.025"),
        ("36", "KMH", "MTS", "10"),
        ("1", "BAR", "KPA", "100"),
        ("50", "P1", "C62", "0.5"),
        ("1", "B35", "23", "1"),
        ("1", "MTQ", "LTR", "1000"),
    ],
)
def test_known_values(value: str, unit: str, wanted: str, expected: str) -> None:
    """Values that are known by heart come out exactly."""
    assert converted(Fraction(value), unit, wanted) == Fraction(expected)


def test_there_and_back() -> None:
    """Between any two units of a kind a value comes back as it was; between kinds there is none."""
    for one, other in combinations(UNITS, 2):
        there = converted(Fraction("36.6"), one, other)
        assert (there is not None) is (UNITS[one][0] == UNITS[other][0])
        if there is not None:
            assert converted(there, other, one) == Fraction("36.6")


def test_a_span_has_no_zero() -> None:
    """A standard deviation of 9 degrees Fahrenheit is one of 5 kelvin."""
    assert converted(Fraction(9), "FAH", "KEL", difference=True) == 5


def test_an_unknown_code_fits_itself_only() -> None:
    """Codes outside the table are compared as they are."""
    assert converted(Fraction(1), "ZZ", "ZZ") == 1
    assert converted(Fraction(1), "ZZ", "KGM") is None


def test_the_units_of_the_house_have_the_same_size() -> None:
    """Where `core.units` has a code too, both say the same of it."""
    ours = [unit for unit in Unit if unit.uncefact in UNITS]
    assert len(ours) > 15
    for one, other in combinations(ours, 2):
        if one.dimension == other.dimension and Unit.PERCENT not in (one, other):
            factor = converted(Fraction(1), one.uncefact, other.uncefact, difference=True)
            assert factor == one.factor / other.factor
