"""GS1 Digital Links in events: which key they carry, and whether its check digit is right."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from takeback.core.identifiers.check import check_digit
from takeback.core.identifiers.keys import KEYS, SHORT_NAMES

Level = Literal["instance", "class", "place", "party", "other", "malformed", "digit", "digit-elsewhere"]

_NAMES = "|".join((*KEYS, *(short for short, ai in SHORT_NAMES.items() if ai in KEYS)))
# The resolver's own path, the key, and pairs of qualifiers after it.
_LINK = re.compile(rf"https?://([^/?#\s]+)(?:/[^?#]*?)?/({_NAMES})/([^/?#]+)((?:/[^/?#]+/[^/?#]+)*)/?(?:[?#].*)?")
_SERIAL = re.compile(
    r"(https?://[^?#]+/(?:01|8006|gtin|itip)/[0-9]{8,18}(?:/(?:22|10)/[^/?#]{1,60})?/(?:21|10)/)[^/?#]+"
)
_SSCC = re.compile(r"https://id\.gs1\.org/00/([0-9]{18})")
_LEVELS: dict[str, Level] = {"414": "place", "417": "party"}
_GS1_HOST = "id.gs1.org"


def link_level(uri: str) -> Level:
    """Return what a web address identifies; "other" where it is no Digital Link."""
    if match := _SERIAL.fullmatch(uri):
        return _level(match[1] + "1")  # any serial number: the beginning tells all
    if match := _SSCC.fullmatch(uri):
        return "instance" if check_digit(match[1][:-1]) == match[1][-1] else "digit"
    return _level(uri)


@lru_cache(maxsize=16384)
def _level(uri: str) -> Level:
    match = _LINK.fullmatch(uri)
    if match is None:
        return "other"
    host, name, value, rest = match.groups()
    ai = SHORT_NAMES.get(name, name)
    own = host.lower() == _GS1_HOST
    if not _has_form(ai, value):
        return "malformed" if own else "other"  # another host's path may mean anything
    front = _filled(ai, value)[: KEYS[ai].checked]
    if front and check_digit(front[:-1]) != front[-1]:
        return "digit" if own else "digit-elsewhere"
    return _LEVELS.get(ai) or _thing(ai, value, rest)


def _has_form(ai: str, value: str) -> bool:
    key = KEYS[ai]
    if ai == "01":
        return len(value) in (8, 12, 13, 14) and value.isdecimal() and value.isascii()
    front, tail = value[: key.checked], value[key.checked :]
    if len(front) != key.checked or (front and not (front.isdecimal() and front.isascii())):
        return False
    # Escapes count as one character.
    return key.tail_least <= len(re.sub("%[0-9A-Fa-f]{2}", "x", tail)) <= key.tail_most


def _filled(ai: str, value: str) -> str:
    return value.zfill(14) if ai == "01" else value


def _thing(ai: str, value: str, rest: str) -> Level:
    names = [SHORT_NAMES.get(name, name) for name in rest.split("/")[1::2]]
    if ai in ("01", "8006", "8010"):
        return "instance" if {"21", "235", "8011"}.intersection(names) else "class"
    if ai in ("253", "255", "8003"):
        return "instance" if len(value) > KEYS[ai].checked else "class"
    return "instance"
