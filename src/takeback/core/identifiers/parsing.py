"""One door for every spelling of a GS1 identifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from takeback.core.identifiers import digital_link, element_string, urn
from takeback.core.identifiers.check import check_digit
from takeback.core.identifiers.identifier import Identifier
from takeback.core.identifiers.keys import KEYS
from takeback.core.message import msg
from takeback.core.problem import Problem

Pair = tuple[str, str]

_GTIN_LENGTHS = (8, 12, 13, 14)
_SHORT_KEYS = ("401", "8004", "8010")


@dataclass(frozen=True, slots=True)
class Scan:
    """What one code says: whom or what it identifies, and every other element by application identifier.

    A lot (10) beside a serial number is an element, not part of the identity; so is a variant (22).
    """

    identifier: Identifier
    elements: Mapping[str, str]


def parse(text: str, *, verify: bool = True) -> Identifier:
    """Return the identifier that `text` spells: an EPC URN, an element string, a Digital Link or a bare GTIN.

    `verify=False` accepts wrong check digits (foreign events are hashed as they are). Raises `Problem`.
    """
    return _parsed(text, verify)


@lru_cache(maxsize=16384)  # places and products come again and again in a stream of events
def _parsed(text: str, verify: bool) -> Identifier:
    return scan(text, verify=verify).identifier


def scan(text: str, *, verify: bool = True) -> Scan:
    """Return the identifier and the other elements of a code. Accepts and raises what `parse` does."""
    text = text.strip(" \t\r\n")
    start = text[:8].lower()
    if start == "urn:epc:":
        return Scan(Identifier.of(*urn.read(start + text[8:]), verify=verify), {})
    if start.startswith(("http://", "https:/")):
        path, query = digital_link.read(text)
        return _scan(path, text, verify, query)
    if element_string.is_bracketed(text):
        return _scan(element_string.read_bracketed(text), text, verify)
    if _is_bare_gtin(text):
        return Scan(Identifier.of("01", text, verify=verify), {})
    if text[:1].isdigit() or text[:1] in "]^{\x1d␝":
        return _scan(element_string.read_plain(text), text, verify)
    raise _no_key(text)


def _scan(pairs: list[Pair], text: str, verify: bool, query: Sequence[Pair] = ()) -> Scan:
    named = _without_repeats(pairs, text)
    ai = next((ai for ai in named if ai in KEYS), None)
    if ai is None:
        raise _no_key(text)
    qualifiers = [qualifier for qualifier in KEYS[ai].identity if qualifier in named]
    if {"21", "235"} <= set(qualifiers):
        raise Problem(
            "identifier.two-serials",
            msg("A code cannot carry a serial number (21) and a third-party serial number (235)"),
            found=text,
        )
    finest = qualifiers[0] if qualifiers else ""
    identifier = Identifier.of(ai, named[ai], finest, named.get(finest, ""), verify=verify)
    elements = _without_repeats([*pairs, *query], text)
    return Scan(identifier, {name: value for name, value in elements.items() if name not in (ai, finest)})


def _without_repeats(pairs: list[Pair], text: str) -> dict[str, str]:
    elements: dict[str, str] = {}
    for ai, value in pairs:
        if elements.setdefault(ai, value) != value:
            raise Problem(
                "identifier.contradiction",
                msg("The code says two different things for ({ai})", ai=ai),
                found=text,
                expected=msg("either {first} or {second}", first=elements[ai], second=value),
            )
    return elements


def _is_bare_gtin(text: str) -> bool:
    """Tell whether a number without identifiers is a GTIN, rather than a short key with its identifier."""
    if len(text) not in _GTIN_LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    return check_digit(text[:-1]) == text[-1] or not text.startswith(_SHORT_KEYS)


def _no_key(text: str) -> Problem:
    return Problem(
        "identifier.unreadable",
        msg("This is not a GS1 identifier"),
        found=text,
        expected=msg(
            "an EPC URN (urn:epc:id:...), an element string such as (01)09506000134352(21)12345, "
            "a GS1 Digital Link or a GTIN of 8, 12, 13 or 14 digits"
        ),
    )
