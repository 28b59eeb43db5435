"""What a value must be like before the ledger keeps it for good: texts, identifiers, currencies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from takeback.core.currencies import CURRENCIES
from takeback.core.gbt34014 import BatteryCode
from takeback.core.identifiers import Identifier
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.core.scanning import read_code

LONGEST_CODE, LONGEST_NAME, LONGEST_TEXT = 200, 400, 4000
# Line breaks, control characters, halves of surrogate pairs, and the marks that turn the direction of writing.
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# What a message may hold: places with a plain name. Python's own format language could ask for much more.
_SENTENCE = re.compile(r"(?:[^{}]|\{[a-z][a-z0-9_]*\})*")
_THINGS = {"00", "8003", "8004", "8006", "8010"}  # besides serialised GTINs (01)


def wrong_text(value: str, longest: int = LONGEST_NAME) -> Message | None:
    """Return what a text of one line should be like, None when `value` is one."""
    if 0 < len(value) <= longest and not value.isspace() and (value.isprintable() or not _UNWANTED.search(value)):
        return None
    return msg("one line of 1 to {longest} characters", longest=longest)


def wrong_currency(value: str) -> Message | None:
    """Return what a currency should be like, None when `value` is one of ISO 4217."""
    return None if value in CURRENCIES else msg("three capital letters of ISO 4217, as {example}", example="CNY")


def storable(texts: Iterable[str]) -> list[str]:
    """Return the texts that the database can be asked for: those without the character U+0000."""
    return [text for text in texts if "\0" not in text]


def thing_uri(text: str) -> str:
    """Return the canonical URI of the one thing that `text` identifies.

    Raises
    ------
    Problem
        Those of `core.scanning.read_code`; `spine.not-a-thing` for a kind of thing, a lot or a place.
    """
    found = read_code(text)
    if isinstance(found, BatteryCode) or (found.level == "instance" and (found.ai == "01" or found.ai in _THINGS)):
        return found.uri
    raise Problem(
        "spine.not-a-thing",
        msg("This identifies a kind of thing or a place, and not one thing."),
        found=text,
        expected=msg("an SGTIN, SSCC, GRAI or GIAI, or a battery code"),
    )


def wrong_key(ai: str, value: str) -> Problem | None:
    """Return what is wrong with a GTIN (`ai` 01) or a GLN (414), None when it is right."""
    try:
        Identifier.of(ai, value)
    except Problem as problem:
        return problem
    return None


def wrong_sentence(said: Any) -> Message | None:
    """Return what a message in a body should be like (`msgid`, `params`), None when `said` is one."""
    msgid, params = (said.get("msgid"), said.get("params", {})) if isinstance(said, dict) else (None, None)
    right = (
        isinstance(msgid, str)
        and wrong_text(msgid, LONGEST_TEXT) is None
        and _SENTENCE.fullmatch(msgid) is not None
        and isinstance(params, dict)
    )
    return None if right else msg("an object with a text msgid, places as {{name}}, and an object params")
