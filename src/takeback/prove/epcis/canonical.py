"""One spelling for one thing: EPC URNs and Digital Links of any host as canonical `https://id.gs1.org/...`.

CBV 2.0 section 8.9 (rules 17 and 18 of the event hash): the key and its finest qualifier, nothing else. Check digits
are not verified: foreign events are named as they are.

Most identifiers of a stream are new, but their beginnings (company prefix and reference) repeat: these are looked up,
and only a plain serial number is appended. Everything else goes through `takeback.core.identifiers`, remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from takeback.core.identifiers import scan
from takeback.core.problem import Problem

HOST = "https://id.gs1.org/"
REMEMBERED = 65536  # beginnings and odd spellings kept, some 10 MB
# What a canonical path carries unescaped; a serial of these alone needs no work.
_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"
_LONGEST_SERIAL = 20
_LONGEST_ASSET = 30
_heads: dict[str, str] = {}


def canonical_uri(text: str) -> str:
    """Return the canonical Digital Link of an EPC URN or a Digital Link; anything else as it is."""
    reader = _READERS.get(text[:16])
    return (reader(text) if reader else "") or _other(text)


def canonical_uris(texts: Sequence[str]) -> list[str]:
    """Return the canonical URIs of a list; of what has none, the text without space around it."""
    found = []
    for text in texts:
        end = _HEAD if text[:1] == "h" else 32  # of a Digital Link, else of an SGTIN
        start, serial = _heads.get(text[:end]), text[end:]
        if start and len(serial) <= _LONGEST_SERIAL and serial.isalnum() and serial.isascii():
            found.append(start + serial)
        else:
            uri = canonical_uri(text)
            found.append(text.strip() if uri is text else uri)
    return found


def _headed(head: str, serial: str) -> str:
    """Return the canonical URI for a URN that begins with `head` (as far as its reference) and ends with `serial`."""
    start = _heads.get(head)
    if start is None:
        start = _learned(head)
    return start + serial if start and len(serial) <= _LONGEST_SERIAL and _is_safe(serial) else ""


def _is_safe(serial: str) -> bool:
    """Tell whether a serial stands in a canonical path as it is."""
    return (serial.isalnum() and serial.isascii()) or (bool(serial) and not serial.strip(_SAFE))


def _learned(head: str) -> str:
    """Return and keep what the URI of every serial under `head` begins with; "" where there is none."""
    sample = _other(head + "1")
    start = sample[:-1] if sample.startswith(HOST) else ""
    _keep(head, start)
    return start


def _keep(head: str, start: str) -> None:
    if len(_heads) >= REMEMBERED:
        _heads.clear()
    _heads[head] = start


def _sgtin(text: str) -> str:
    return _headed(text[:32], text[32:]) if text[31:32] == "." else ""


def _lgtin(text: str) -> str:
    return _headed(text[:35], text[35:]) if text[:20] == "urn:epc:class:lgtin:" and text[34:35] == "." else ""


def _sgln(text: str) -> str:
    serial = text[30:]
    return _headed(text[:30], serial) if text[29:30] == "." and serial != "0" else ""


def _grai(text: str) -> str:
    return _headed(text[:30], text[30:]) if text[29:30] == "." and len(text) <= 46 else ""


def _sscc(text: str) -> str:
    prefix, _, serial = text[16:].partition(".")
    digits = serial[:1] + prefix + serial[1:]
    if len(digits) != 17 or not 6 <= len(prefix) <= 12 or not digits.isdecimal() or not digits.isascii():
        return ""
    places = digits.encode()
    # Weights 3, 1, 3, ... from the right; the codes of the digits begin at 48: 48 * (3 * 9 + 8) = 1680.
    return f"{HOST}00/{digits}{-(3 * sum(places[::2]) + sum(places[1::2])) % 10}"


def _giai(text: str) -> str:
    prefix, _, reference = text[16:].partition(".")
    if not 6 <= len(prefix) <= 12 or not prefix.isdecimal() or not reference or reference.strip(_SAFE):
        return ""
    asset = prefix + reference
    return f"{HOST}8004/{asset}" if len(asset) <= _LONGEST_ASSET and prefix.isascii() else ""


def _link(text: str) -> str:
    """Return a Digital Link on `id.gs1.org` that is canonical already; "" where that is not plain to see."""
    head, serial = text[:_HEAD], text[_HEAD:]
    if head in _heads or (serial and _is_link_head(head)):
        return text if len(serial) <= _LONGEST_SERIAL and _is_safe(serial) else ""
    ai, _, key = text[len(HOST) :].partition("/")
    if ai == "8003":
        return text if 14 < len(key) <= 30 and key[:14].isdecimal() and key[0] == "0" and _is_safe(key) else ""
    if ai == "8004":
        return text if 4 < len(key) <= _LONGEST_ASSET and key[:4].isdecimal() and not key.strip(_SAFE) else ""
    return text if _LENGTHS.get(ai) == len(key) and key.isdecimal() and key.isascii() else ""


def _is_link_head(head: str) -> bool:
    """Tell, and remember, whether a text is the Digital Link of a GTIN as far as `/21/` or `/10/`."""
    gtin = head[22:36]
    if not (head.startswith(f"{HOST}01/") and head[36:] in ("/21/", "/10/") and gtin.isdecimal() and gtin.isascii()):
        return False
    _keep(head, head)
    return True


_HEAD = 40  # https://id.gs1.org/01/ and 14 digits and /21/
_LENGTHS = {"00": 18, "01": 14, "414": 13, "417": 13}
_READERS: dict[str, Callable[[str], str]] = {
    "urn:epc:id:sgtin": _sgtin,
    "urn:epc:id:sscc:": _sscc,
    "urn:epc:id:sgln:": _sgln,
    "urn:epc:id:grai:": _grai,
    "urn:epc:id:giai:": _giai,
    "urn:epc:class:lg": _lgtin,
    "https://id.gs1.o": _link,
}


def _other(text: str) -> str:
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _by_rule(text)


def _by_rule(text: str) -> str:
    if not text.lstrip()[:8].lower().startswith(("urn:epc:", "http://", "https:/")):
        return text
    try:
        return scan(text, verify=False).identifier.uri
    except Problem:
        return text


_LONGEST_REMEMBERED = 200  # characters: nobody fills the memory with it
_remembered = lru_cache(maxsize=REMEMBERED)(_by_rule)
