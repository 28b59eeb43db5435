"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.decimals import exact, format_decimal, parse_decimal
from takeback.core.problem import Problem


@given(st.decimals(-(10**12), 10**12, places=6))
def test_what_is_written_reads_back(value: Decimal) -> None:
    """Whatever we write, thin spaces and true minus included, we read as the same number."""
    assert parse_decimal(format_decimal(value)) == value
    assert parse_decimal(format_decimal(value, 6)) == value


@given(st.integers(0, 10**12), st.integers(0, 99), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]))
def test_thousands_and_decimals_of_every_country(whole: int, cents: int, marks: tuple[str, str]) -> None:
    """With both marks in it a number can be read in one way only, whatever the country."""
    group, point = marks
    assert parse_decimal(f"{whole:,}".replace(",", group) + f"{point}{cents:02d}") == whole + Decimal(cents) / 100


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("-0,500", "-0.5"),
        ("1.234", "1.234"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        (" +7 ", "7"),
        (".5", "0.5"),
        ("−3e-4", "-0.0003"),
        ("１２．５", "12.5"),
        ("1\u202f234\u00a0567", "1234567"),
        ("12345,678", "12345.678"),
    ],
)
def test_known_spellings(text: str, value: str) -> None:
    """Spellings of several countries, full-width digits and the true minus are read."""
    assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1,234", "-999,000", "12,345"])
def test_one_comma_before_three_digits_is_not_guessed(text: str) -> None:
    """A number that means a thousand times more in another country is refused, with both readings."""
    with pytest.raises(Problem) as caught:
        parse_decimal(text)
    assert caught.value.kind == "number.ambiguous"
    assert " or " in str(caught.value.expected)
    assert parse_decimal(text, decimals=2) == int(text.replace(",", ""))


@pytest.mark.parametrize(
    "text", ["", " ", "-", "1,23,456", "1.2.3", "1 23", "12a", "1e", "0x10", "NaN", "inf", "1,2,3", "1e9999"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    """What is a number in no country is refused."""
    with pytest.raises(Problem) as caught:
        parse_decimal(text)
    assert caught.value.kind == "number.unreadable"


def test_a_float_is_the_decimal_it_prints() -> None:
    """0.1 means a tenth, not the double next to it."""
    assert exact(0.1) == Fraction(1, 10)
    assert format_decimal(0.1) == "0.1"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (12430.5, None, "12 430.5"),
        (-0.004, 2, "0.00"),
        (2.5, 0, "2"),
        (-1234.5, 1, "−1 234.5"),
        (10**7, None, "10 000 000"),
    ],
)
def test_format(value: float, digits: int | None, text: str) -> None:
    """Thousands are set apart by a thin space, halves go to the even neighbour, minus zero is zero."""
    assert format_decimal(value, digits) == text.replace(" ", "\u202f")


def test_an_endless_fraction_is_cut() -> None:
    """A third is written with twelve digits."""
    assert format_decimal(Fraction(1, 3)) == "0.333333333333"
