"""The language of indicators' formulas."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.targets.formula import (
    NoValueError,
    codes_in,
    cycle_in,
    read_formula,
    value_of,
)

KNOWN = {"a": Fraction(3), "b": Fraction(4), "r.x-y": Fraction(1, 2), "zero": Fraction(0)}


def _look(code: str, back: int) -> Fraction:
    if code not in KNOWN or back > 2:
        raise NoValueError(msg("There is no value of {code} in {year}", code=code, year=2026 - back))
    return KNOWN[code] - back


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4 / 8", Fraction(13, 2)),
        ("(1 + 2) * -3", Fraction(-9)),
        ("8 - 4 - 2", Fraction(2)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("round(100 * a / 7, 1)", Fraction(429, 10)),
        ("[r.x-y] * b", Fraction(2)),
        ("max(a, b, 2) + min(a, b) + abs(-1) + sum(1, 2)", Fraction(11)),
        ("a - prev(a)", Fraction(1)),
        ("total(a)", Fraction(3 + 2 + 1)),
        ("first(unknown, a / zero, b)", Fraction(4)),
    ],
)
def test_a_formula_has_its_exact_value(text: str, value: Fraction) -> None:
    """Products bind closer than sums, what stands left goes first, and a tenth is a tenth."""
    assert value_of(read_formula(text), _look, years=3) == value


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a +", 4), ("foo(1)", 1), ("a b", 3), ("1..2", 1), ("a; b", 2), ("2a", 1), ("min()", 5), ("(1", 3),
        ("", 1), ("total(1 + total(a))", 16), ("[ ]", 1), ("a ** b", 4), ("a.__class__(1)", 1), ("'a'", 1), ("１", 1),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_with_its_column(text: str, column: int) -> None:
    """The refusal says where, what was found and what could stand there."""
    with pytest.raises(Problem) as refused:
        read_formula(text)
    assert refused.value.kind == "centre.bad-formula"
    assert refused.value.where is not None
    assert refused.value.where.endswith(f"column {column}")
    assert refused.value.expected


@pytest.mark.parametrize("text", ["(" * 21 + "1" + ")" * 21, "-" * 400 + "1", "1+" * 300 + "1"])
def test_a_formula_that_would_exhaust_the_machine_is_refused(text: str) -> None:
    """Neither depth nor length is without limit."""
    with pytest.raises(Problem, match="formula"):
        read_formula(text)


def test_division_by_zero_and_numbers_without_end_have_no_value() -> None:
    """The reason is told instead of a figure."""
    with pytest.raises(NoValueError, match="zero"):
        value_of(read_formula("a / zero"), _look)
    with pytest.raises(NoValueError, match="too long"):
        value_of(read_formula("*".join(["999999999999999999999999999999"] * 15) + "*a"), lambda *_: Fraction(10**999))


def test_a_ring_of_indicators_is_found_whole() -> None:
    """a -> b -> c -> a is told in that order; what leads into the ring is not part of it."""
    rings = {"start": frozenset({"a"}), "a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset({"a"})}
    assert cycle_in(rings) == ["a", "b", "c", "a"]
    assert cycle_in({"a": frozenset({"b", "c"}), "b": frozenset({"c"}), "c": frozenset({"figure.x"})}) is None
    assert cycle_in({"a": frozenset({"a"})}) == ["a", "a"]


_NUMBERS = st.integers(0, 99).map(lambda n: (str(n), Fraction(n)))


def _joined(parts: st.SearchStrategy[tuple[str, Fraction]]) -> st.SearchStrategy[tuple[str, Fraction]]:
    def join(left: tuple[str, Fraction], sign: str, right: tuple[str, Fraction]) -> tuple[str, Fraction]:
        (a, x), (b, y) = left, right
        return f"({a} {sign} {b})", {"+": x + y, "-": x - y, "*": x * y}[sign]

    return st.builds(join, parts, st.sampled_from("+-*"), parts)


@given(st.recursive(_NUMBERS, _joined, max_leaves=12))
def test_a_formula_says_what_its_tree_says(made: tuple[str, Fraction]) -> None:
    """A formula written out from a tree has the tree's value."""
    text, value = made
    assert value_of(read_formula(text), _look) == value


@given(st.text(max_size=40))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    """Nothing but a formula or a Problem comes of any text."""
    try:
        assert isinstance(codes_in(read_formula(text)), frozenset)
    except Problem as refused:
        assert refused.kind == "centre.bad-formula"
