"""The item's key: a number that follows from its canonical URI and nothing else."""

from __future__ import annotations

import re
from hashlib import sha256

from takeback.core.message import msg
from takeback.core.problem import Problem

_HEX = re.compile(r"[0-9a-f]{16}")


def item_key(uri: str) -> int:
    """Return the 63-bit key of the item with this canonical URI (see `identifiers.Identifier.uri`).

    First 8 bytes of the SHA-256 of the URI, shifted right by one: never negative as a PostgreSQL bigint.
    Two of a thousand million items share a key with a probability of about 5 %; the store refuses the second.
    """
    return int.from_bytes(sha256(uri.encode()).digest()[:8], "big") >> 1


def item_hex(key: int) -> str:
    """Return the key as it stands in URLs: 16 lower-case hexadecimal digits (JSON numbers are too short)."""
    return f"{key:016x}"


def item_key_of_hex(text: str) -> int:
    """Return the key that `item_hex` wrote; a `Problem` (status 404) where the text is not one."""
    if not _HEX.fullmatch(text) or (key := int(text, 16)) >> 63:
        raise Problem(
            "item.bad-key",
            msg("This is not the key of an item"),
            found=text,
            expected=msg("16 hexadecimal digits"),
            status=404,
        )
    return key
