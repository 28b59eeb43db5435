"""Canonical JSON (RFC 8785, JCS): one value, one text, so that a hash means something."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.native import quick

LARGEST_EXACT = 2**53  # beyond this an integer is not safe as an IEEE 754 double, which JSON numbers are

_SORTED = msgspec.json.Encoder(order="sorted")
_AS_GIVEN = msgspec.json.Encoder()
_PLAIN = frozenset({str, bool, type(None)})


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 bytes of `value`: mappings with string keys, lists, tuples, strings, numbers, None.

    Raises `Problem` for what JSON cannot carry exactly (NaN, infinities, integers that no IEEE 754
    double stands for, lone surrogates) and `TypeError` for other Python objects: dates and decimals are written as text
    by whoever knows how.
    """
    try:
        # msgspec writes the same bytes where every number is ordinary and every key is ASCII; the walk costs little.
        plain = (quick is not None and quick.is_plain(value)) or _is_plain(value)
        return _SORTED.encode(value) if plain else _AS_GIVEN.encode(_prepared(value))
    except UnicodeEncodeError as error:
        raise Problem(
            "canonical.text",
            msg("This text holds half of a character pair and cannot be written as UTF-8"),
            found=ascii(error.object),
        ) from None


def canonical_number(value: float) -> str:
    """Return a number as ECMAScript writes it (RFC 8785 section 3.2.2.3): `1`, `0.002`, `1e+21`, `5e-324`."""
    if isinstance(value, int):
        if abs(value) <= LARGEST_EXACT:
            return str(value)
        value = _as_double(value)
    if not math.isfinite(value):
        raise _no_number(value, "a finite number")
    if value == 0:
        return "0"  # also for -0.0
    text = repr(value)  # the shortest digits that give this double again, as ECMAScript requires
    return text.removesuffix(".0") if "e" not in text else _scientific(text)


def _is_plain(value: object) -> bool:
    """Tell whether msgspec writes a value as RFC 8785 wants it. Texts make most of it: they are not looked at."""
    stack = [value]
    while stack:
        one = stack.pop()
        kind = type(one)
        if kind is dict:
            if not "".join(one).isascii():  # type: ignore[arg-type]
                return False
            stack += [item for item in one.values() if type(item) is not str]  # type: ignore[attr-defined]
        elif kind is list or kind is tuple:
            stack += [item for item in one if type(item) is not str]  # type: ignore[attr-defined]
        elif not _is_plain_scalar(one, kind):
            return False
    return True


def _is_plain_scalar(value: object, kind: type) -> bool:
    if kind is int:
        return -LARGEST_EXACT <= value <= LARGEST_EXACT  # type: ignore[operator]
    if kind is float:  # in this range both write the shortest digits without exponent; "1.0" is msgspec's only
        return 1e-4 <= abs(value) < 1e15 and not value.is_integer()  # type: ignore[arg-type, attr-defined]
    return kind in _PLAIN


def _prepared(value: object) -> object:
    """Return `value` with its keys in the order of UTF-16 code units and its numbers as ECMAScript's text."""
    if type(value) in _PLAIN or isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        return msgspec.Raw(canonical_number(value).encode())
    if isinstance(value, (dict, Mapping)):  # dict first: the other is slow to tell
        return {key: _prepared(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, (list, tuple)):
        return [_prepared(item) for item in value]
    raise TypeError(f"canonical JSON cannot carry {type(value).__name__}")


def _utf16(key: object) -> bytes:
    if not isinstance(key, str):
        raise TypeError("the keys of a JSON object are strings")
    return key.encode("utf-16-be", "surrogatepass")


def _as_double(value: int) -> float:
    """Return the double that `value` is, or whose shortest text it is: 10**30 is what a reader makes of `1e+30`."""
    try:
        double = float(value)
    except OverflowError:
        double = math.inf
    if double != value and (math.isinf(double) or Decimal(repr(double)) != value):
        raise _no_number(value, "an integer that a JSON number holds exactly, or text")
    return double


def _scientific(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.removeprefix("-").partition(".")
    digits = (whole + fraction).rstrip("0") or "0"
    point = int(exponent) + 1  # where the decimal point stands, counted from the first digit
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    rest = "." + digits[1:] if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"


def _no_number(value: float, expected: str) -> Problem:
    return Problem(
        "canonical.number",
        msg("JSON cannot carry this number without changing it"),
        found=str(value),
        expected=expected,
    )
