"""What a URI in an event identifies: a thing, a class of things, a place, a party, or something that is not GS1's.

Sources: EPC Tag Data Standard 2.0, 6.3 (the pure identity URI of each scheme) and GS1 Digital Link 1.3. A stream of
events has millions of new URIs, so each scheme is one compiled pattern; beginnings of Digital Links are remembered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from takeback.prove.epcis.validation.digital_links import link_level

Level = Literal["instance", "class", "place", "party", "other", "malformed", "digit", "digit-elsewhere"]
"""`malformed`: in GS1's namespace, but not as its scheme wants it; `digit`: a wrong check digit on id.gs1.org."""

_PREFIX = "[0-9]{6,12}"
_SIGN = r"(?:[A-Za-z0-9\-._!'()*+,:;=]|%[0-9A-Fa-f]{2})"


def _serial(most: int) -> str:
    return rf"{_SIGN}{{1,{most}}}"


def _digits(count: int, *, ends: bool = False) -> str:
    """Return the company prefix and reference of a key, which have `count` digits together."""
    return rf"(?=[0-9.]{{{count + 1}}}{'$' if ends else '[.]'}){_PREFIX}\.[0-9]*"


_INSTANCES = {
    "sgtin": rf"{_digits(13)}\.{_serial(20)}",
    "sscc": _digits(17, ends=True),
    "grai": rf"{_digits(12)}\.{_serial(16)}",
    "giai": rf"{_PREFIX}\.{_serial(24)}",
    "gsrn": _digits(17, ends=True),
    "gsrnp": _digits(17, ends=True),
    "gdti": rf"{_digits(12)}\.{_serial(17)}",
    "sgcn": rf"{_digits(12)}\.[0-9]{{1,12}}",
    "cpi": rf"{_PREFIX}\.(?:[0-9A-Z\-]|%23|%2[Ff]){{1,24}}\.[0-9]{{1,12}}",
    "ginc": rf"{_PREFIX}\.{_serial(24)}",
    "gsin": _digits(16, ends=True),
    "itip": rf"{_digits(13)}\.[0-9]{{2}}\.[0-9]{{2}}\.{_serial(20)}",
    "upui": rf"{_digits(13)}\.{_serial(28)}",
    "gid": r"[0-9]+\.[0-9]+\.[0-9]+",
    "usdod": r"[A-HJ-NP-Z0-9]{5,6}\.[0-9]+",
    "adi": rf"[A-HJ-NP-Z0-9]{{5,6}}\.{_SIGN}*\.{_SIGN}+",
    "bic": r"[A-Z]{3}[JUZ][0-9]{7}",
    "imovn": r"[0-9]{7}",
}
_CLASSES = {
    "sgtin": rf"{_digits(13)}\.[*]",
    "grai": rf"{_digits(12)}\.[*]",
    "gdti": rf"{_digits(12)}\.[*]",
    "sgcn": rf"{_digits(12)}\.[*]",
    "cpi": rf"{_PREFIX}\.(?:[0-9A-Z\-]|%23|%2[Ff]){{1,24}}\.[*]",
    "itip": rf"{_digits(13)}\.(?:[0-9]{{2}}\.[0-9]{{2}}|[*]\.[*])\.[*]",
    "upui": rf"{_digits(13)}\.[*]",
    "gid": r"[0-9]+\.(?:[0-9]+|[*])\.[*]",
    "usdod": r"[A-HJ-NP-Z0-9]{5,6}\.[*]",
}
_PATTERNS: dict[str, tuple[re.Pattern[str], Level]] = {
    **{f"id:{name}": (re.compile(pattern), "instance") for name, pattern in _INSTANCES.items()},
    **{f"idpat:{name}": (re.compile(pattern), "class") for name, pattern in _CLASSES.items()},
    "class:lgtin": (re.compile(rf"{_digits(13)}\.{_serial(20)}"), "class"),
    "id:sgln": (re.compile(rf"{_digits(12)}\.{_serial(20)}"), "place"),
    "id:pgln": (re.compile(_digits(12, ends=True)), "party"),
}


# Characters of company prefix, dot and reference in schemes that end with a serial number.
_REFERENCE = {"id:sgtin": 14, "id:grai": 13, "id:sgln": 13}
_PLAIN = 16  # letters and digits that every scheme with a serial number allows after its reference
_REMEMBERED = 65536
_heads: dict[str, Level] = {}


def level(uri: str) -> Level:
    """Return what a URI identifies."""
    head, _, serial = uri.rpartition(".")
    found = _heads.get(head)
    if found is not None and serial.isalnum() and serial.isascii() and len(serial) <= _PLAIN:
        return found
    if uri.startswith("urn:epc:"):
        return _of_scheme(uri, head)
    if uri.startswith("http"):
        return link_level(uri)
    return _foreign(uri)


def _of_scheme(uri: str, head: str) -> Level:
    kind, _, rest = uri[8:].partition(":")
    name, _, body = rest.partition(":")
    known = _PATTERNS.get(f"{kind}:{name}")
    if known is None or not known[0].fullmatch(body):
        return "malformed"
    # Company prefix and reference are as they should be: what comes next under them is looked at no further.
    if len(head) == len("urn:epc:") + len(kind) + len(name) + 2 + _REFERENCE.get(f"{kind}:{name}", -100):
        if len(_heads) >= _REMEMBERED:
            forget()
        _heads[head] = known[1]
    return known[1]


level_again = lru_cache(maxsize=16384)(level)
"""The same for places, parties and classes, which come again and again."""


def forget() -> None:
    """Forget the beginnings, and the answers under them: an answer that is kept would not teach its beginning again."""
    _heads.clear()
    level_again.cache_clear()


@lru_cache(maxsize=4096)
def _foreign(uri: str) -> Level:
    # A scheme in capital letters is the same scheme, but not the canonical spelling that all others compare.
    return "malformed" if uri[:8].lower() == "urn:epc:" else "other"
