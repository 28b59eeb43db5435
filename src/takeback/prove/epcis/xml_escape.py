"""Text, attribute values and names as XML can hold them."""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BAD_NAME = re.compile(r"[^\w.-]|^[^\w]|^[\d.-]|_(?=x[0-9A-Fa-f]{4,6}_)")


def escaped(value: str) -> str:
    """Return a text or attribute value; characters that XML does not have become U+FFFD."""
    if "&" in value or "<" in value or ">" in value:
        value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not value.isprintable():  # line ends and tabs would be changed by the parser
        value = _ILLEGAL.sub("\ufffd", value)
        value = value.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")
    return value.replace('"', "&quot;")


def local_name(name: str) -> str:
    """Return a name without prefix; characters that XML names do not have as `_x003A_`, which reading undoes."""
    return _BAD_NAME.sub(lambda match: f"_x{ord(match[0]):04X}_", name) or "_x_"
