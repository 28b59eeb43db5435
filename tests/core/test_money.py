"""Money: nothing is lost in a division, nothing is added across currencies."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from takeback.core.currencies import CURRENCIES
from takeback.core.money import Money
from takeback.core.problem import Problem

amounts = st.builds(Money, st.integers(-(10**15), 10**15), st.sampled_from(["CNY", "JPY", "KWD", "EUR"]))
weights = st.lists(st.fractions(0, 1000) | st.integers(0, 10**9) | st.floats(0, 1e9), min_size=1, max_size=20)


@given(amounts, weights)
def test_parts_add_up_and_are_fair(amount: Money, shares: list[float | Fraction]) -> None:
    """Parts add up to the whole exactly; none is off its exact share by a whole unit; weight 0 gets nothing."""
    exact = [Fraction(repr(w)) if isinstance(w, float) else Fraction(w) for w in shares]
    assume(sum(exact) > 0)
    parts = amount.split(shares)
    assert sum(parts, start=Money(0, amount.currency)) == amount
    for part, share in zip(parts, exact, strict=True):
        assert abs(part.minor - amount.minor * share / sum(exact)) < 1
        assert share or not part


@given(amounts, weights)
def test_a_debt_is_divided_like_a_claim(amount: Money, shares: list[float | Fraction]) -> None:
    """The parts of a negative amount are the negative parts of the positive one."""
    assume(sum(shares) > 0)
    assert (-amount).split(shares) == [-part for part in amount.split(shares)]


def test_ties_go_to_the_earlier() -> None:
    """Of equal remainders the earlier part gets the odd unit, always."""
    assert [part.minor for part in Money(1000, "CNY").split([1, 1, 1])] == [334, 333, 333]
    assert [part.minor for part in Money(5, "JPY").split([1, 1, 1, 1])] == [2, 1, 1, 1]


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1]])
def test_impossible_weights(shares: list[int]) -> None:
    """Nothing can be divided by weights that are negative or all zero."""
    with pytest.raises(ValueError, match="weights"):
        Money(1, "CNY").split(shares)


@given(amounts)
def test_what_is_written_reads_back(amount: Money) -> None:
    """An amount written for people reads back as the same amount."""
    assert Money.parse(str(amount)) == amount
    assert Money.of(amount.major, amount.currency) == amount


@given(amounts, amounts)
def test_currencies_do_not_mix(a: Money, b: Money) -> None:
    """Amounts of one currency add and compare like integers; of two, not at all."""
    if a.currency == b.currency:
        assert (a + b - b, (a < b), (a >= b)) == (a, a.minor < b.minor, a.minor >= b.minor)
    else:
        assert a != b
        for wrong in (lambda: a + b, lambda: a - b, lambda: a < b, lambda: a.ratio(b)):
            with pytest.raises(Problem, match="two currencies"):
                wrong()


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("1 234.50 CNY", 123450, "CNY"),
        ("EUR 12,5", 1250, "EUR"),
        ("¥1,234", 123400, "CNY"),
        ("￥-3", -300, "CNY"),
        ("12.5元", 1250, "CNY"),
        ("1,200 JPY", 1200, "JPY"),
        ("0.005 kwd", 5, "KWD"),
        ("−€3", -300, "EUR"),
        ("7", 700, "CNY"),
    ],
)
def test_known_spellings(text: str, minor: int, currency: str) -> None:
    """Signs, codes, thousands and the full-width yen sign are read; the default fills what is not said."""
    assert Money.parse(text, "CNY") == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3", "money.no-currency"),
        ("$3", "money.no-currency"),
        ("3 XXX", "money.no-currency"),
        ("12.345 CNY", "money.too-precise"),
        ("0.5 JPY", "money.too-precise"),
        ("1,234 KWD", "number.ambiguous"),
        ("CNY", "money.unreadable"),
        ("EUR 3 CNY", "money.unreadable"),
        ("--3 CNY", "money.unreadable"),
        ("", "money.unreadable"),
    ],
)
def test_what_is_refused(text: str, kind: str) -> None:
    """An amount that is not certain is refused with its reason."""
    with pytest.raises(Problem) as caught:
        Money.parse(text)
    assert caught.value.kind == kind


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the reader fail in any way but with a problem."""
    try:
        Money.parse(text, "CNY")
    except Problem as problem:
        assert problem.kind.startswith(("money.", "number."))


def test_decimals_follow_iso_4217() -> None:
    """Yuan have two decimals, yen none, dinars of Kuwait three, the Chilean unit of account four."""
    assert [CURRENCIES[code] for code in ("CNY", "JPY", "KWD", "CLF")] == [2, 0, 3, 4]
    assert Money(12345, "KWD").major == Decimal("12.345")
    with pytest.raises(Problem, match="not a currency"):
        Money(1, "ABC")
    with pytest.raises(TypeError):
        Money(1.0, "CNY")  # type: ignore[arg-type]


def test_scaling_rounds_half_to_even() -> None:
    """Half a unit goes to the even neighbour; a float factor is the decimal it prints."""
    assert [Money(n, "CNY").scaled(0.5).minor for n in (1, 3, -1, -3)] == [0, 2, 0, -2]
    assert Money(10, "CNY").scaled(0.7) == Money(7, "CNY")
    assert Money(3, "CNY").ratio(Money(4, "CNY")) == Fraction(3, 4)
    assert sum([Money(1, "CNY"), Money(2, "CNY")]) == Money(3, "CNY")
