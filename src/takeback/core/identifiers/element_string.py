"""GS1 element strings: with brackets as people write them, with FNC1 separators as scanners send them."""

from __future__ import annotations

import re

from takeback.core.identifiers.keys import AI_LENGTH, PREDEFINED_LENGTH
from takeback.core.message import Message, msg
from takeback.core.problem import Problem

# The separator of scanners (GS), and what people and programs write in its place; none is a GS1 character.
_SEPARATORS = re.compile("\x1d|\N{SYMBOL FOR GROUP SEPARATOR}|\\^|\\{GS\\}|\\{FNC1\\}")
_SYMBOLOGY = re.compile(r"\](C1|e0|d2|Q3|J1)")
# A bracket begins an identifier only in this form, so that most brackets in serial numbers do no harm.
_BRACKETED = re.compile(r"(?<!\\)\(([0-9]{2,4})\)")

Pair = tuple[str, str]


def is_bracketed(text: str) -> bool:
    r"""Tell whether the text is an element string with brackets, such as `(01)09506000134352(21)12345`."""
    return _BRACKETED.match(text) is not None


def read_bracketed(text: str) -> list[Pair]:
    r"""Return (application identifier, value) in order; `\(` in a value is a bracket. Raises `Problem`."""
    _, *fields = _BRACKETED.split(text)
    pairs = [(ai, value.replace(r"\(", "(")) for ai, value in zip(fields[::2], fields[1::2], strict=True)]
    for ai, value in pairs:
        if AI_LENGTH.get(ai[:2]) != len(ai):
            raise _unreadable(text, msg("a GS1 application identifier instead of ({ai})", ai=ai))
        if not value:
            raise _unreadable(text, msg("a value after ({ai})", ai=ai))
    return pairs


def read_plain(text: str) -> list[Pair]:
    """Return (application identifier, value) in order, from a scanner's text. Raises `Problem`."""
    rest = _SEPARATORS.sub("\x1d", _SYMBOLOGY.sub("", text, count=1)).lstrip("\x1d")
    pairs = []
    while rest:
        ai = rest[: AI_LENGTH.get(rest[:2], 0)]
        if not ai.isdigit():
            raise _unreadable(text, msg("a GS1 application identifier at {rest}", rest=rest[:8]))
        value, rest = _field(rest, ai)
        if not value:
            raise _unreadable(text, msg("a value after {ai}", ai=ai))
        pairs.append((ai, value))
    return pairs


def _field(rest: str, ai: str) -> tuple[str, str]:
    length = PREDEFINED_LENGTH.get(ai[:2])
    field, separator, after = rest.partition("\x1d")
    if length and len(field) > length:
        return field[len(ai) : length], rest[length:]
    return field[len(ai) :], after if separator else ""


def _unreadable(text: str, expected: Message) -> Problem:
    return Problem(
        "identifier.bad-element-string",
        msg("This GS1 element string cannot be read"),
        found=text.replace("\x1d", "{GS}"),
        expected=expected,
    )
