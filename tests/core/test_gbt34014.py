"""Chinese battery codes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core import gbt34014
from takeback.core.gbt34014 import compose, is_battery_code, parse
from takeback.core.identifiers import Identifier
from takeback.core.problem import Problem
from takeback.core.scanning import read_code

EVE = "04QCB76836300JBC40000903"
characters = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def words(length: int) -> st.SearchStrategy[str]:
    return st.text(characters, min_size=length, max_size=length)


codes = st.builds(
    compose,
    manufacturer=words(3),
    product_type=st.sampled_from("PMC"),
    battery_type=st.sampled_from("ABCDEFGZ"),
    specification=words(2),
    traceability=words(7),
    made=st.dates(date(2011, 1, 1), date(2041, 12, 31)),
    serial=st.integers(0, 9_999_999),
)


@given(codes)
def test_codes_read_back(code: gbt34014.BatteryCode) -> None:
    """A composed code reads back with every field, from its text, its URI and with blanks and small letters."""
    assert parse(code.code) == parse(code.uri) == parse(f" {code.code[:12]} {code.code[12:].lower()}") == code
    assert (len(code.code), code.repurposed) == (24, False)
    assert 1 <= len(code.readings) <= 3


@given(st.dates(date(2011, 1, 1), date(2041, 12, 31)))
def test_the_first_reading_is_the_date_composed(made: date) -> None:
    """The standard's own alphabet, which has just the 31 characters needed, comes first."""
    code = compose(manufacturer="001", product_type="P", battery_type="E", specification="01", made=made, serial=1,
                   traceability="0000000")  # fmt: skip
    assert code.readings[0].date == made
    assert code.readings[0].alphabets[0] == "without I, O, Q, Z"


def test_a_cell_of_2021() -> None:
    """A cell's code from a maker's plate, printed in two lines, says maker, type, chemistry and day."""
    code = parse("04qcb76836300j bc40000903")
    assert (code.manufacturer, code.product_type, code.battery_type) == ("04Q", "cell", "LFP")
    assert (code.specification, code.traceability, code.serial) == ("76", "836300J", "0000903")
    assert code.made == date(2021, 12, 4)
    assert code.uri == "urn:gbt34014:04QCB76836300JBC40000903"


def test_decoders_that_disagree_are_all_heard() -> None:
    """Of the code on which public decoders differ (July 2022 or 7 December 2020) both readings are given."""
    code = parse("07HCBC1P22G06AC700002596")
    found = [(r.year, r.month, r.day, r.shifted) for r in code.readings]
    assert found == [(2022, 7, None, False), (2020, 12, 7, True)]
    assert code.made is None


def test_readings_in_the_future_are_left_out() -> None:
    """What lies on the table was not made tomorrow: with a date, only readings up to it stay."""
    sample = "X12MCPM27KLPCLX2M2382320"  # the Catena-X sample; its year is 2040, 2041 or 2043
    assert [r.year for r in parse(sample).readings] == [2040, 2041, 2043]
    assert parse(sample, not_after=date(2026, 11, 22)).readings == ()
    assert parse(sample, not_after=date(2041, 12, 31)).readings[-1].year == 2041


def test_repurposed_products_have_their_own_form() -> None:
    """The 19 characters of a repurposed product have no traceability information and end in R and the type."""
    code = compose(manufacturer="09A", product_type="M", battery_type="B", specification="12", made=date(2026, 11, 22),
                   serial=42, repurposed=True)  # fmt: skip
    assert code.code == "09AMB12GBN0000042RM"
    assert (code.repurposed, code.traceability, code.likely_made) == (True, "", date(2026, 11, 22))
    assert code.made is None  # N may also be the 23rd or the 24th


def test_one_or_two_characters_more() -> None:
    """Some Data Matrix codes carry one or two characters more: they are kept apart from the code."""
    assert (parse(EVE + "7X").extra, parse(EVE + "7X").code) == ("7X", EVE)
    assert not is_battery_code(EVE + "7X9")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A765101015", "instead of 10"),
        ("JBC4000090304QCB76836300", "fourth character instead of 4"),
        ("04QCH76836300JBC40000903", "fifth character instead of H"),
        ("04QCB76836300JBC4000090A", "seven digits"),
    ],
)
def test_what_is_no_battery_code(text: str, expected: str) -> None:
    """A text that is no battery code is refused with the place that does not fit."""
    with pytest.raises(Problem) as caught:
        parse(text)
    assert expected in str(caught.value)


def test_years_without_a_character() -> None:
    """Outside 2011 to 2041 the standard's alphabet has no year."""
    with pytest.raises(Problem, match="year"):
        compose(manufacturer="001", product_type="P", battery_type="E", specification="01", made=date(2042, 1, 1),
                serial=1, traceability="0000000")  # fmt: skip


@given(codes)
def test_a_station_tells_the_two_kinds_apart(code: gbt34014.BatteryCode) -> None:
    """A scanned battery code is never taken for a GS1 element string, nor the other way round."""
    assert read_code(code.code) == code
    assert isinstance(read_code("010952012345678821" + code.code[:20]), Identifier)
