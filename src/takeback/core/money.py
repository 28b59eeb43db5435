"""Money in integer minor units: what is divided always adds up again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from takeback.core.currencies import CURRENCIES, NO_CURRENCY
from takeback.core.decimals import Number, exact, format_decimal, parse_decimal
from takeback.core.message import msg
from takeback.core.problem import Problem

_SIGNS = {"€": "EUR", "£": "GBP", "元": "CNY", "人民币": "CNY", "RMB": "CNY", "CN¥": "CNY", "US$": "USD"}
_TEXT = re.compile(r"([+-]?)\s*([^\d\s+-]*)\s*([+-]?[\d.,' ]*\d[.,]?)\s*(\D*)")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: `minor` counts the smallest unit of `currency` (fen and cents are hundredths, yen whole).

    Sums, differences and comparisons need one currency (`Problem` otherwise). `sum(amounts)` works: its 0 is
    no amount of any currency and is left away.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"money counts whole minor units, not {type(self.minor).__name__}")
        if self.currency not in CURRENCIES and self.currency != NO_CURRENCY:
            raise Problem(
                "money.unknown-currency",
                msg("This is not a currency"),
                found=self.currency,
                expected=msg("three letters of ISO 4217, such as CNY"),
            )

    @classmethod
    def of(cls, major: Number | str, currency: str) -> Money:
        """Return `major` units of the currency, exactly; `Problem` where it has more decimals than that."""
        minor = exact(major) * 10 ** CURRENCIES.get(currency, 0)
        if minor.denominator != 1 and currency in CURRENCIES:
            raise Problem(
                "money.too-precise",
                msg("This amount is finer than the smallest unit of {currency}", currency=currency),
                found=str(major),
                expected=msg("at most {decimals} decimals", decimals=CURRENCIES[currency]),
            )
        return cls(int(minor), currency)

    @classmethod
    def parse(cls, text: str, currency: str | None = None) -> Money:
        """Return the amount that `text` writes: `1 234.50 CNY`, `EUR 12,5`, `€3`, `12.5元`.

        `currency` is taken where the text names none, or only a sign that several share (`¥`, `$`). Raises
        `Problem` for what it cannot read for certain.
        """
        match = _TEXT.fullmatch(unicodedata.normalize("NFKC", text.strip()).replace("−", "-").replace("’", "'"))
        if match is None:
            raise _unreadable(text)
        sign, before, number, after = (part.strip() for part in match.groups())
        if (before and after) or (sign and number[0] in "+-"):
            raise _unreadable(text)
        code = _currency(before or after, currency, text)
        return cls.of(parse_decimal(sign + number, decimals=CURRENCIES[code]), code)

    @property
    def decimals(self) -> int:
        """How many decimals the currency has (ISO 4217)."""
        return CURRENCIES.get(self.currency, 0)

    @property
    def major(self) -> Decimal:
        """The amount in the currency's main unit, exactly: 1234 minor units of CNY are 12.34."""
        return Decimal(self.minor).scaleb(-self.decimals)

    def __str__(self) -> str:
        return f"{format_decimal(self.major, self.decimals)}\N{NO-BREAK SPACE}{self.currency}"

    def __bool__(self) -> bool:
        return self.minor != 0

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __radd__(self, other: int) -> Money:
        return self if other == 0 else NotImplemented  # the beginning of sum()

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.minor * count, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def scaled(self, factor: Number) -> Money:
        """Return the amount times `factor`, rounded half to even to the minor unit."""
        return Money(round(self.minor * exact(factor)), self.currency)

    def ratio(self, other: Money) -> Fraction:
        """Return how many times `other` this amount is, exactly. Raises `ZeroDivisionError`."""
        return Fraction(self.minor, self._same(other))

    def split(self, weights: Sequence[Number]) -> list[Money]:
        """Return the amount divided by `weights`: the parts add up to it exactly.

        Largest remainder (Hamilton): no part differs from its exact share by a whole minor unit; of equal
        remainders the earlier part's counts more; a negative amount is divided like its positive counterpart.
        Raises `ValueError` unless the weights are finite, not negative and not all 0.
        """
        shares = [exact(weight) for weight in weights]
        total = sum(shares)
        if not total or min(shares) < 0:
            raise ValueError("weights must not be negative, nor all 0")
        exactly = [abs(self.minor) * share / total for share in shares]
        parts = [int(part) for part in exactly]
        by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exactly[i])
        for i in by_remainder[: abs(self.minor) - sum(parts)]:
            parts[i] += 1
        return [Money(-part if self.minor < 0 else part, self.currency) for part in parts]

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money goes with money only, not with {type(other).__name__}")
        if other.currency != self.currency:
            raise Problem(
                "money.two-currencies",
                msg("Amounts of two currencies cannot be added or compared"),
                found=f"{self.currency}, {other.currency}",
                remedy=msg("Convert one of them first, with the rate and its date."),
            )
        return other.minor


def _currency(name: str, default: str | None, text: str) -> str:
    if name.upper() in CURRENCIES:
        return name.upper()
    if name in _SIGNS:
        return _SIGNS[name]
    if name in ("", "¥", "$") and default in CURRENCIES:
        return default
    raise Problem(
        "money.no-currency",
        msg("The amount does not say clearly which currency it is in"),
        found=text,
        expected=msg("three letters of ISO 4217, such as CNY"),
    )


def _unreadable(text: str) -> Problem:
    return Problem(
        "money.unreadable",
        msg("This is not an amount of money."),
        found=text,
        expected=msg("a number and a currency, such as 1234.50 CNY"),
    )
