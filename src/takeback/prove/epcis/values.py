"""Values as the event hash writes them: moments in UTC with milliseconds, numbers without trailing zeros, URIs.

CBV 2.0 section 8.9, rules 5 to 9 and 14 to 18. Where its text and the published vectors differ, the vectors win.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import isfinite

from takeback.prove.epcis.canonical import HOST, canonical_uri
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.vocabulary import web_uri

EXACT = 2**53
LONGEST = 200  # characters of a text that is remembered: nobody fills the memory with it


def moment(text: str) -> str:
    """Return a moment as the hash writes it, `2020-03-04T10:00:30.000Z`; what is no moment as it is."""
    text = text.strip()
    if text[-1:] == "Z" and text[10:11] == "T":
        if len(text) == 24 and text[19] == ".":
            return text
        if len(text) == 20:
            return text[:19] + ".000Z"
    elif len(text) == 29 and text[19] == ".":
        return _minute(text[:16], text[23:]) + text[16:23] + "Z" if text[23] in "+-" else _moment(text)
    elif len(text) == 25 and text[19] in "+-":
        return _minute(text[:16], text[19:]) + text[16:19] + ".000Z"
    return _moment(text)


@lru_cache(maxsize=8192)
def _minute(minute: str, offset: str) -> str:
    """Return a minute in UTC: offsets have no seconds, so that these and their fractions stay."""
    try:
        return datetime.fromisoformat(f"{minute}:00{offset}").astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    except (ValueError, OverflowError):
        return minute


def _moment(text: str) -> str:
    try:
        exact = datetime.fromisoformat(text)
        # Without an offset: UTC. The reference implementation takes the zone of its machine, which nobody can check.
        exact = (exact if exact.tzinfo else exact.replace(tzinfo=UTC)).astimezone(UTC)
        # To the even millisecond, as the vectors' own implementation rounds: .1415 becomes .142.
        rounded = exact.replace(microsecond=0) + timedelta(milliseconds=round(exact.microsecond / 1000))
    except (ValueError, OverflowError):
        return text
    return rounded.isoformat(timespec="milliseconds")[:-6] + "Z"


def number(value: float) -> str:
    """Return a JSON number as the hash writes it: `26` for 26.0."""
    if isinstance(value, int):
        return str(value) if -EXACT <= value <= EXACT else _double(float(value), str(value))
    return _double(value, "")


def plain(value: object) -> str:
    """Return any value that is neither list nor mapping as the hash writes it."""
    if isinstance(value, str):
        return fresh_text(value)
    if value is True or value is False:
        return "true" if value else "false"
    return number(value) if isinstance(value, (int, float)) else ""


def fresh_text(value: str) -> str:
    """Return a text as the hash writes it: trimmed, a number or an identifier in its canonical form, else itself."""
    value = value.strip()
    if value[:1] in _BEGINS_NUMBER:
        return _numeral(value) if value else value
    if ":" not in value:
        return value
    if value[:4] in _BEGINS_URI:
        return web_uri(value) if value[4:18] == "epcglobal:cbv:" else canonical_uri(value)
    return _full(value) if value.startswith(_CURIES) else value


_remembered = lru_cache(maxsize=16384)(fresh_text)


def text(value: str) -> str:
    """Return the same for a text that comes again and again, such as a place or a party."""
    return _remembered(value) if is_kept(value) else fresh_text(value)


def is_kept(value: str) -> bool:
    """Tell whether the written form of a text may be remembered as a whole.

    What stands under a beginning may not: `canonical` remembers the beginning, and what is found here would not
    teach it again once it was forgotten, so that the fast paths would not know it any more.
    """
    return len(value) <= LONGEST and not value.startswith(_UNDER_A_BEGINNING)


_BEGINS_NUMBER = frozenset("0123456789+-.") | {""}
_BEGINS_URI = frozenset({"urn:", "URN:", "http", "HTTP"})
_CURIES = ("gs1:", "cbv:", "epcis:")
_UNDER_A_BEGINNING = ("urn:epc:", HOST)


def _full(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return STANDARD[prefix] + local


def _numeral(value: str) -> str:
    """Return a number in text as the hash writes it: `12.1` for `12.10000`; other texts as they are.

    Numbers go through IEEE 754 doubles, digits beyond the 17th are lost: so the vectors
    (SensorDataExamples.xml, stringValue).
    """
    if "_" in value or not value.isascii():
        return value
    try:
        return _double(float(value), value)
    except ValueError:
        return value


def _double(value: float, otherwise: str) -> str:
    if not isfinite(value):
        return otherwise
    return str(int(value)) if value.is_integer() else repr(value)
