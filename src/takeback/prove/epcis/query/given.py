"""One parameter as it was given, and its value read as what the parameter wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.core.times import parse_moment
from takeback.prove.epcis.query.trouble import VALIDATION, wrong

MOST_VALUES = 10_000  # of one parameter; an address carries far fewer
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST_NUMBER = 400  # characters; longer digits are text
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# A list in an address is separated by | (REST binding: style pipeDelimited); a comma before a URI is understood.
_COMMA = re.compile(r",(?=urn:|https?://|ni:)")
_SPACE = re.compile(r" (?=\d\d:\d\d$)")  # an unescaped + of a time zone arrives as a space
_TRUE = frozenset({"true", "1", ""})
_FALSE = frozenset({"false", "0"})


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter: its name and values, texts of an address or values of a JSON query (`typed`)."""

    name: str
    values: tuple[object, ...]
    typed: bool = False
    listed: bool = False  # the JSON value was an array

    def texts(self, *, comma: bool = False) -> tuple[str, ...]:
        """Return the values of a list parameter, at least one; ``comma`` where no value can hold a comma."""
        found: list[str] = []
        for value in self.values:
            if not isinstance(value, str):
                raise self._mistyped(value, msg("a list of strings"))
            found += [value] if self.typed else _split(value, comma)
        texts = tuple(dict.fromkeys(text.strip() for text in found))
        if not texts or "" in texts or len(texts) > MOST_VALUES:
            raise wrong(self.name, "|".join(texts), msg("one to {most} values, separated by |", most=MOST_VALUES))
        return texts

    def text(self) -> str:
        """Return the one value as text."""
        value = self._single()
        if not isinstance(value, str):
            raise self._mistyped(value, msg("a string"))
        return value

    def moment(self) -> datetime:
        """Return the one value as a time with its zone."""
        value = self._single()
        if not isinstance(value, str):
            raise self._mistyped(value, msg("a date and time as a string"))
        return _moment(self.name, value)

    def number(self) -> Fraction:
        """Return the one value as a number, exactly."""
        return self._number(self._single())

    def numbers(self) -> tuple[Fraction, ...]:
        """Return the values as numbers, at least one."""
        values: Sequence[object] = self.values if self.typed else self.texts(comma=True)
        if not values:
            raise wrong(self.name, "", msg("at least one number"))
        return tuple(dict.fromkeys(map(self._number, values)))

    def count(self, least: int) -> int:
        """Return the one value as a whole number, not below ``least``."""
        value = self.number()
        if value.denominator != 1 or not least <= value < 2**31:
            raise wrong(self.name, self.values[0], msg("a whole number from {least}", least=least))
        return int(value)

    def flag(self) -> bool:
        """Return the one value as true or false."""
        value = self._single()
        text = str(value).lower()
        if text not in _TRUE | _FALSE or not text:
            raise wrong(self.name, value, "true, false")
        return text in _TRUE

    def wanted(self) -> bool:
        """Return whether an EXISTS_ parameter asks for something: it has no value, true, or a number (type void)."""
        value = self._single()
        if isinstance(value, int):
            return value != 0
        text = "" if value is None else str(value).lower()
        if text not in _TRUE | _FALSE:
            raise wrong(self.name, value, "true, false")
        return text in _TRUE

    def bound(self) -> Fraction | datetime:
        """Return the one value as the number or the time that it writes."""
        value = self._single()
        read = comparable(value, numeric_text=not self.typed)
        if read is None:
            raise wrong(self.name, value, msg("a number, or a date and time with its offset"))
        return read

    def _number(self, value: object) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise self._mistyped(value, msg("a number"))
        if isinstance(value, str) and self.typed:
            raise self._mistyped(value, msg("a number, without quotation marks"))
        read = number(value)
        if read is None:
            raise wrong(self.name, value, msg("a number with a decimal point, such as 15.5"))
        return read

    def _single(self) -> object:
        if len(self.values) != 1 or self.listed:
            raise wrong(self.name, list(self.values), msg("one value"))
        return self.values[0]

    def _mistyped(self, value: object, expected: object) -> Problem:
        return wrong(self.name, value, expected, kind=VALIDATION)  # type: ignore[arg-type]


def number(value: object) -> Fraction | None:
    """Return what a number or its text amounts to, exactly; None where it is none. A float is what it prints."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    text = repr(value) if isinstance(value, float) else str(value).strip()
    return Fraction(text) if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) else None


def moment(value: object) -> datetime | None:
    """Return the time that a text writes, or the first moment (UTC) of the day it writes; else None."""
    if not isinstance(value, str) or len(value) < 10 or value[4] != "-":
        return None
    try:
        if _DATE.fullmatch(value):
            day = date.fromisoformat(value)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        return parse_moment(value)
    except (Problem, ValueError):
        return None


def comparable(value: object, *, numeric_text: bool = True) -> Fraction | datetime | None:
    """Return the number or time of a value; texts are read as numbers where ``numeric_text``."""
    if isinstance(value, str):
        return moment(_SPACE.sub("+", value)) or (number(value) if numeric_text else None)
    return number(value)


def _split(text: str, comma: bool) -> list[str]:
    parts = text.split("|")
    pattern = re.compile(",") if comma else _COMMA
    return [piece for part in parts for piece in pattern.split(part)]


def _moment(name: str, text: str) -> datetime:
    try:
        read = parse_moment(_SPACE.sub("+", text))
        return read.astimezone(UTC)
    except Problem as problem:
        expected = problem.expected or msg("a date and time with its offset")
        raise wrong(name, text, expected) from None
    except OverflowError:
        raise wrong(name, text, msg("a date and time of the years 1 to 9999")) from None
