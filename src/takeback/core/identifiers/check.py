"""Check digits and character sets of the GS1 General Specifications (sections 7.9 and 7.11)."""

from __future__ import annotations

import re

from takeback.core.message import msg
from takeback.core.problem import Problem

CHARACTERS = {
    "N": re.compile(r"[0-9]*"),
    "X": re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*"""),  # character set 82
    "Y": re.compile(r"[#\-/0-9A-Z]*"),  # character set 39
}
_NAMES = {
    "N": msg("digits only"),
    "X": msg("letters, digits and ! \" % & ' ( ) * + , - . / : ; < = > ? _ (GS1 character set 82)"),
    "Y": msg("capital letters, digits and # - / (GS1 character set 39)"),
}


def check_digit(digits: str) -> str:
    """Return the check digit that follows `digits`: weights 3, 1, 3, ... from the right, modulo 10."""
    total = 3 * sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2]))
    return str(-total % 10)


def require_check_digit(digits: str, name: str) -> None:
    """Raise a `Problem` that names the expected digit unless the last one of `digits` is right."""
    expected = check_digit(digits[:-1])
    if digits[-1] != expected:
        raise Problem(
            "identifier.check-digit",
            msg("The check digit of this {name} is wrong", name=name),
            found=digits,
            expected=msg("{expected} at the end instead of {digit}", expected=expected, digit=digits[-1]),
            remedy=msg("Compare the number with the label: a digit may be mistyped, or two exchanged."),
        )


def require_text(text: str, kind: str, longest: int, name: str, *, shortest: int = 1) -> None:
    """Raise a `Problem` unless `text` has `shortest` to `longest` characters of the set `kind` (N, X, Y)."""
    if not CHARACTERS[kind].fullmatch(text):
        raise Problem(
            "identifier.characters",
            msg("This {name} has a character that GS1 does not allow", name=name),
            found=text,
            expected=_NAMES[kind],
        )
    if not shortest <= len(text) <= longest:
        raise Problem(
            "identifier.length",
            msg("This {name} has the wrong length: {length}", name=name, length=len(text)),
            found=text,
            expected=_length(shortest, longest),
        )


def _length(shortest: int, longest: int) -> str:
    return str(msg("{count} characters", count=longest if shortest == longest else f"{shortest}-{longest}"))
