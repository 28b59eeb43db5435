"""Canonical JSON against RFC 8785 and against a plain writing of its rules."""

from __future__ import annotations

import json
import struct
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.canonical import canonical_json, canonical_number
from takeback.core.problem import Problem

# RFC 8785, appendix B: IEEE 754 bits and ECMAScript's text.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_numbers_of_the_rfc(bits: str, text: str) -> None:
    """Every number of the RFC's appendix B has the text given there."""
    assert canonical_number(struct.unpack(">d", bytes.fromhex(bits))[0]) == text


def test_example_of_the_rfc() -> None:
    """The example of section 3.2.3 has the bytes given in section 3.2.4."""
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert (
        canonical_json(value)
        == (
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        ).encode()
    )


def test_keys_sort_by_utf_16_code_units() -> None:
    """The keys of the RFC's sorting example come in its order: a character beyond U+FFFF before U+FB33."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    text = canonical_json(dict.fromkeys(keys, 0)).decode()
    assert list(json.loads(text)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    scalars | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def plainly(value: object) -> str:
    """Write canonical JSON by the letter of the RFC, slowly."""
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: [*struct.iter_unpack(">H", item[0].encode("utf-16-be"))])
        return "{" + ",".join(f"{plainly(k)}:{plainly(v)}" for k, v in items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(plainly, value)) + "]"
    if isinstance(value, float):
        return canonical_number(value)
    return json.dumps(value, ensure_ascii=False)


@given(values)
def test_equal_to_a_plain_writing_of_the_rules(value: object) -> None:
    """The fast path and the slow one give the bytes that the RFC's rules give, written without any library."""
    assert canonical_json(value).decode() == plainly(value)


@given(st.floats(1e-5, 1e16), st.sampled_from([1, -1]))
def test_ordinary_numbers_take_the_fast_path_unchanged(value: float, sign: int) -> None:
    """Around the limits of the fast path every number still has ECMAScript's text."""
    assert canonical_json(sign * value).decode() == canonical_number(sign * value)


@given(values)
def test_what_is_read_back_has_the_same_bytes(value: object) -> None:
    """A value that went through any JSON reader has the same canonical bytes."""
    once = canonical_json(value)
    assert canonical_json(json.loads(once)) == once


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_database_may_spell_numbers_out(value: float) -> None:
    """A database that keeps numbers as decimals gives them back without exponent: the bytes stay the same."""
    text = canonical_number(value)
    assert canonical_number(json.loads(f"{Decimal(text):f}")) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_as_the_same_double(value: float) -> None:
    """No number is changed by being written."""
    assert float(canonical_number(value)) == value


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**53 + 1, 10**400, "\ud800", {"\ud800": 1}, [1.5, "\ud800"]]
)
def test_what_json_cannot_carry_is_refused(value: object) -> None:
    """Numbers that would change and broken text are a problem, not other bytes."""
    with pytest.raises(Problem):
        canonical_json({"a": value})


@pytest.mark.parametrize("value", [{1: 2}, {1: 2.5}, b"x", {1, 2}, object()])
def test_other_objects_are_the_programmers_mistake(value: object) -> None:
    """Keys that are not text and objects that are not JSON raise TypeError."""
    with pytest.raises(TypeError):
        canonical_json([value])


def test_text_enumerations_and_large_round_integers() -> None:
    """A StrEnum is its text; an integer that a double holds exactly is written as that double."""
    colour = StrEnum("colour", {"RED": "red"})
    assert canonical_json({colour.RED: colour.RED}) == b'{"red":"red"}'
    assert canonical_json([10**21, 2**60]) == b"[1e+21,1152921504606847000]"
