"""Numbers as people write them: read without guessing, written so that they read back."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from takeback.core.message import msg
from takeback.core.problem import Problem

GROUP = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_GROUP_DIGITS = 3

Number = int | float | Decimal | Fraction

# One comma before three digits is a thousand to one half of the world and a decimal point to the other.
_AMBIGUOUS = re.compile(r"[+-]?([1-9]\d{0,2}),(\d{3})")
# Ways to write thousands, and the mark between them; after it the other mark can only be the decimal point.
_GROUPED = (
    (re.compile(r"[+-]?[1-9]\d{0,2}( \d{3})+([.,]\d*)?"), " "),
    (re.compile(r"[+-]?[1-9]\d{0,2}('\d{3})+([.,]\d*)?"), "'"),
    (re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?"), ","),
    (re.compile(r"[+-]?[1-9]\d{0,2}((\.\d{3}){2,}(,\d*)?|\.\d{3},\d*)"), "."),
)
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")


def parse_decimal(text: str, *, decimals: int | None = None) -> Decimal:
    """Return the number that `text` writes, exactly.

    Reads `1234.5`, `12,5`, `1,234.5`, `1.234,5`, `1 234,5`, `1'234`, `-3e-4`, full-width digits and the true
    minus. Raises `Problem` for what is no number, and for `1,234`, which can be read in two ways; `decimals`,
    the greatest number of decimals that can be meant, may settle that.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace(MINUS, "-").replace("’", "'")
    ambiguous = _AMBIGUOUS.fullmatch(plain)
    if ambiguous and (decimals is None or decimals >= _GROUP_DIGITS):
        whole, rest = ambiguous.groups()
        raise Problem(
            "number.ambiguous",
            msg("This number can be read in two ways"),
            found=text,
            expected=msg("{thousands} or {decimal}", thousands=whole + rest, decimal=f"{whole}.{rest}"),
            remedy=msg("Write it with a decimal point and without separators between thousands."),
        )
    plain = next((plain.replace(mark, "") for form, mark in _GROUPED if form.fullmatch(plain)), plain)
    plain = plain.replace(",", ".", 1)
    if not _PLAIN.fullmatch(plain):
        raise Problem(
            "number.unreadable",
            msg("This is not a number"),
            found=text,
            expected=msg("digits with a decimal point, such as 1234.5"),
        )
    return Decimal(plain)


def format_decimal(value: Number, digits: int | None = None) -> str:
    """Return `value` with thin spaces between thousands and a true minus: `-12 430.5`.

    `digits` after the point, rounded half to even; None: as many as the value has, at most 12 significant.
    """
    number = _rounded(exact(value), digits)
    text = f"{number:f}" if digits is None else f"{number:.{digits}f}"
    whole, point, rest = text.lstrip("-").partition(".")
    sign = MINUS if text.startswith("-") and text.strip("-0.") else ""
    return sign + f"{int(whole):,}".replace(",", GROUP) + point + rest


def exact(value: Number | str) -> Fraction:
    """Return `value` as a fraction; a float stands for the decimal number that it prints (0.1 is a tenth)."""
    if isinstance(value, str):
        return Fraction(parse_decimal(value))
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _rounded(value: Fraction, digits: int | None) -> Decimal:
    if digits is not None:
        return Decimal(round(value * 10**digits)).scaleb(-digits)
    number = Decimal(value.numerator) / value.denominator
    number = number if Fraction(number) == value else Decimal(f"{number:.12g}")
    return number.normalize()
