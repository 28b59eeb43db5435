"""EPC URNs (pure identity, class and pattern) of the EPC Tag Data Standard, read and written by one table."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from takeback.core.identifiers.check import check_digit
from takeback.core.identifiers.keys import KEYS
from takeback.core.message import Message, msg
from takeback.core.problem import Problem

PREFIX_LENGTHS = range(6, 13)
# Characters that stand unescaped in an EPC URN, besides letters, digits and "-._".
_UNESCAPED = "!'()*+,:;="
_DIGITS = re.compile(r"[0-9]+")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Scheme(NamedTuple):
    """How a URN maps to a key: digits of prefix and reference together, and where its further fields go.

    `moved`: the first digit of the reference (indicator, extension) stands before the prefix in the key.
    `fields`: one letter for each further field: t tail of the key, q qualifier, p piece or total.
    """

    ai: str
    digits: int
    qualifier: str = ""
    fields: str = ""
    moved: bool = False


SCHEMES = {
    "id:sgtin": Scheme("01", 13, "21", "q", True),
    "id:upui": Scheme("01", 13, "235", "q", True),
    "class:lgtin": Scheme("01", 13, "10", "q", True),
    "id:itip": Scheme("8006", 13, "21", "ppq", True),
    "id:sscc": Scheme("00", 17, moved=True),
    "id:sgln": Scheme("414", 12, "254", "q"),
    "id:pgln": Scheme("417", 12),
    "id:grai": Scheme("8003", 12, "", "t"),
    "id:gdti": Scheme("253", 12, "", "t"),
    "id:sgcn": Scheme("255", 12, "", "t"),
    "id:gsrn": Scheme("8018", 17),
    "id:gsrnp": Scheme("8017", 17),
    "id:gsin": Scheme("402", 16),
    "id:giai": Scheme("8004", 0),
    "id:ginc": Scheme("401", 0),
    "id:cpi": Scheme("8010", 0, "8011", "q"),
}
# A class of things is a pattern with `*` for the serial number; only these have a Digital Link.
_PATTERNS = frozenset({"sgtin", "upui", "itip", "grai", "gdti", "sgcn", "cpi"})


def read(text: str) -> tuple[str, str, str, str]:
    """Return (key, value, qualifier, qualifier value) of an EPC URN, check digit added. Raises `Problem`."""
    kind, _, rest = text[len("urn:epc:") :].partition(":")
    name, _, body = rest.partition(":")
    is_pattern = kind == "idpat" and name in _PATTERNS
    scheme = SCHEMES.get(f"id:{name}" if is_pattern else f"{kind}:{name}")
    if scheme is None:
        raise _unreadable(text, msg("one of: {schemes}", schemes=", ".join(SCHEMES)))
    parts = body.split(".", 1 + len(scheme.fields))
    if len(parts) != 2 + len(scheme.fields) or "" in (parts[0], *parts[2:]):
        raise _unreadable(text, msg("{count} parts separated by dots", count=2 + len(scheme.fields)))
    if is_pattern:
        if parts.pop() != "*" or "*" in parts:
            raise _unreadable(text, msg("* in place of the serial number only: no other has a Digital Link"))
        parts.append("")
    return _assembled(scheme, parts, text)


def write(ai: str, value: str, qualifier: str, qualifier_value: str, prefix_length: int) -> str:
    """Return the EPC URN of an identity that `Identifier` has checked. Raises `Problem`."""
    kind, scheme = _scheme_of(ai, qualifier, value)
    prefix, reference = _split(scheme, value, prefix_length)
    parts = [prefix, reference]
    tail = value[KEYS[ai].checked :]
    if "p" in scheme.fields:
        parts += [tail[:2], tail[2:]]
    if scheme.fields:
        last = tail if scheme.fields == "t" else qualifier_value
        if not last and ai != "414":
            kind = kind.replace("id:", "idpat:")
        parts.append(_escaped(last) or ("0" if ai == "414" else "*"))
    return f"urn:epc:{kind}:{'.'.join(parts)}"


def _assembled(scheme: Scheme, parts: list[str], text: str) -> tuple[str, str, str, str]:
    prefix, reference = parts[0], parts[1]
    if not _DIGITS.fullmatch(prefix) or len(prefix) not in PREFIX_LENGTHS:
        raise _unreadable(text, msg("a GS1 company prefix of 6 to 12 digits first"))
    value = _checked(scheme, prefix, reference, text) if scheme.digits else prefix + _unescaped(reference, text)
    if "p" in scheme.fields:
        value += _piece(parts[2], text) + _piece(parts[3], text)
    last = _unescaped(parts[-1], text) if scheme.fields else ""
    if scheme.fields == "t":
        return scheme.ai, value + last, "", ""
    return scheme.ai, value, scheme.qualifier if last else "", last


def _checked(scheme: Scheme, prefix: str, reference: str, text: str) -> str:
    if len(prefix) + len(reference) != scheme.digits or not _DIGITS.fullmatch(reference or "0"):
        raise _unreadable(text, msg("{count} digits in the first two parts", count=scheme.digits))
    digits = reference[:1] + prefix + reference[1:] if scheme.moved else prefix + reference
    filled = digits.zfill(KEYS[scheme.ai].checked - 1)  # a GRAI begins with a filling zero
    return filled + check_digit(filled)


def _piece(digits: str, text: str) -> str:
    if len(digits) != 2 or not _DIGITS.fullmatch(digits):
        raise _unreadable(text, msg("two digits each for the piece and the number of pieces"))
    return digits


def _split(scheme: Scheme, value: str, prefix_length: int) -> tuple[str, str]:
    checked = KEYS[scheme.ai].checked
    digits = value[checked - scheme.digits - 1 : checked - 1] if scheme.digits else value
    if scheme.moved:
        digits = digits[1 : prefix_length + 1] + digits[0] + digits[prefix_length + 1 :]
    prefix, reference = digits[:prefix_length], digits[prefix_length:]
    if prefix_length not in PREFIX_LENGTHS or not _DIGITS.fullmatch(prefix) or not (reference or scheme.digits):
        raise Problem(
            "identifier.prefix-length",
            msg("The GS1 company prefix of this identifier cannot have that many digits"),
            found=prefix_length,
            expected="6-12",
        )
    return prefix, _escaped(reference)


def _scheme_of(ai: str, qualifier: str, value: str) -> tuple[str, Scheme]:
    for kind, scheme in SCHEMES.items():
        if scheme.ai == ai and qualifier in ("", scheme.qualifier):
            return kind, scheme
    raise Problem(
        "identifier.no-urn",
        msg("The EPC Tag Data Standard has no URN for this identifier"),
        found=f"({ai}){value}({qualifier})",
    )


def _escaped(text: str) -> str:
    return quote(text, _UNESCAPED)


def _unescaped(text: str, whole: str) -> str:
    if _BAD_ESCAPE.search(text):
        raise _unreadable(whole, msg("two hexadecimal digits after each %"))
    return unquote(text)


def _unreadable(text: str, expected: Message) -> Problem:
    return Problem("identifier.bad-urn", msg("This EPC URN cannot be read"), found=text, expected=expected)
