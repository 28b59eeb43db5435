"""Quantities with a unit: exact, and never added to what they do not fit."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from takeback.core.decimals import Number, exact, format_decimal, parse_decimal
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.core.units import UNITS, Dimension, Unit

__all__ = ["Quantity", "Unit"]

_TEXT = re.compile(r"((?:[^A-Za-z%°\u3400-\u9fff]|(?<=\d)[eE](?=[+-]?\d))*)(.*)", re.S)
# The unit that a product or quotient is given where no unit has exactly its size.
_USUAL = {
    unit.dimension: unit
    for unit in (
        Unit.KG,
        Unit.KWH,
        Unit.AH,
        Unit.KW,
        Unit.KM,
        Unit.M3,
        Unit.H,
        Unit.RATIO,
        Unit.KG_CO2E,
        Unit.PIECE,
    )
}


class Quantity:
    """A number of units, kept as an exact fraction.

    `Quantity(1, Unit.KG) == Quantity(1000, Unit.G)`: quantities are equal when they are the same amount, and
    hash alike. Sums and comparisons need one dimension; products and quotients give the unit that fits (kW x
    h = kWh). Temperatures are points on a scale: they convert, compare and subtract (to kelvin) only. What
    does not fit raises `Problem`. A float stands for the decimal number it prints.
    """

    __slots__ = ("unit", "value")
    value: Fraction
    unit: Unit

    def __init__(self, value: Number | str, unit: Unit) -> None:
        object.__setattr__(self, "value", exact(value))
        object.__setattr__(self, "unit", unit)

    @classmethod
    def parse(cls, text: str, like: Unit | None = None) -> Quantity:
        """Return what `text` writes: `12,5 kg`, `1 234.5 kWh`, `3.2吨`, `80 %`.

        `like`: the unit meant where the text has none, and what it must measure where it has one. Raises
        `Problem`.
        """
        number, name = _TEXT.fullmatch(unicodedata.normalize("NFKC", text).strip()).groups()  # type: ignore[union-attr]
        name = "".join(name.split())
        unit = (like or Unit.RATIO) if not name else UNITS.get(name)
        if unit is None:
            raise _unknown_unit(text, name, like)
        if like is not None and unit.dimension != like.dimension:
            raise _mismatch(text, msg("a quantity in {unit} or a like unit", unit=like.code))
        return cls(parse_decimal(number), unit)

    def to(self, unit: Unit) -> Quantity:
        """Return the same quantity in another unit of its dimension, exactly. Raises `Problem`."""
        self._require(unit.dimension, unit.code)
        return Quantity((self._base() - unit.offset) / unit.factor, unit)

    def whole(self, unit: Unit) -> int:
        """Return how many whole units this is, rounded half to even: the integers of the database (g, Wh)."""
        return round(self.to(unit).value)

    def decimal(self, digits: int) -> Decimal:
        """Return the number with `digits` after the point, rounded half to even."""
        return Decimal(round(self.value * 10**digits)).scaleb(-digits)

    def format(self, digits: int | None = None) -> str:
        """Return the quantity for people: `12 430.5 kg`; a percentage `78.4 %`."""
        return f"{format_decimal(self.value, digits)}\N{NO-BREAK SPACE}{self.unit.symbol}".rstrip()

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        return self.format()

    def __repr__(self) -> str:
        return f"Quantity('{self.value}', Unit.{self.unit.name})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a quantity does not change: {name}")

    def __reduce__(self) -> tuple[object, ...]:
        return Quantity, (self.value, self.unit)

    def __hash__(self) -> int:
        return hash((self._base(), self.unit.dimension))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        return self.unit.dimension == other.unit.dimension and self._base() == other._base()

    def __lt__(self, other: Quantity) -> bool:
        return self._base() < self._like(other)

    def __le__(self, other: Quantity) -> bool:
        return self._base() <= self._like(other)

    def __gt__(self, other: Quantity) -> bool:
        return self._base() > self._like(other)

    def __ge__(self, other: Quantity) -> bool:
        return self._base() >= self._like(other)

    def __bool__(self) -> bool:
        return self.value != 0

    def __neg__(self) -> Quantity:
        return self * -1

    def __abs__(self) -> Quantity:
        return self if self.value >= 0 else -self

    def __add__(self, other: Quantity) -> Quantity:
        self._require_amount()
        return Quantity(self.value + self._like(other) / self.unit.factor, self.unit)

    def __radd__(self, other: int) -> Quantity:
        return self if other == 0 else NotImplemented  # the beginning of sum()

    def __sub__(self, other: Quantity) -> Quantity:
        if self.unit.dimension.temperature:
            return Quantity(self._base() - self._like(other), Unit.K)
        return Quantity(self.value - self._like(other) / self.unit.factor, self.unit)

    def __mul__(self, other: Number | Quantity) -> Quantity:
        self._require_amount()
        if not isinstance(other, Quantity):
            return Quantity(self.value * exact(other), self.unit)
        other._require_amount()
        return self._combined(other, 1)

    __rmul__ = __mul__

    def __truediv__(self, other: Number | Quantity) -> Quantity:
        self._require_amount()
        if not isinstance(other, Quantity):
            return Quantity(self.value / exact(other), self.unit)
        other._require_amount()
        return self._combined(other, -1)

    def _combined(self, other: Quantity, sign: int) -> Quantity:
        """Return the product (sign 1) or quotient (-1), in the unit of just its size or the usual one."""
        mine, its = self.unit, other.unit
        dimension = Dimension(*(a + sign * b for a, b in zip(mine.dimension, its.dimension, strict=True)))
        if dimension not in _USUAL:
            found = f"{mine.code} {'x' if sign > 0 else '/'} {its.code}: {dimension}"
            raise _mismatch(found, msg("a product or quotient that has a unit"))
        size = mine.factor * its.factor**sign
        unit = mine if dimension == mine.dimension else its if dimension == its.dimension else None
        if unit is None:
            fitting = (u for u in Unit if u.dimension == dimension and u.factor == size)
            unit = next(fitting, _USUAL[dimension])
        return Quantity(self.value * other.value**sign * size / unit.factor, unit)

    def _base(self) -> Fraction:
        return self.value * self.unit.factor + self.unit.offset

    def _like(self, other: Quantity) -> Fraction:
        if not isinstance(other, Quantity):
            raise TypeError(f"a quantity goes with quantities only, not with {type(other).__name__}")
        self._require(other.unit.dimension, other.unit.code)
        return other._base()

    def _require(self, dimension: Dimension, code: str) -> None:
        if dimension != self.unit.dimension:
            raise _mismatch(f"{self.unit.code}, {code}", msg("two units of the same kind"))

    def _require_amount(self) -> None:
        if self.unit.dimension.temperature:
            raise _mismatch(str(self), msg("an amount: temperatures can only be compared and subtracted"))


def _mismatch(found: str, expected: Message) -> Problem:
    return Problem("quantity.wrong-dimension", msg("These units do not go together"), found=found, expected=expected)


def _unknown_unit(text: str, name: str, like: Unit | None) -> Problem:
    known = [unit.code for unit in Unit if like is None or unit.dimension == like.dimension]
    return Problem(
        "quantity.unknown-unit",
        msg("The unit {unit} is not known", unit=name),
        found=text,
        expected=", ".join(known),
    )
