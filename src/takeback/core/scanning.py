"""What a scanner at a station may read: a GS1 identifier or a Chinese battery code."""

from __future__ import annotations

from takeback.core import gbt34014, identifiers
from takeback.core.gbt34014 import BatteryCode
from takeback.core.identifiers import Identifier


def read_code(text: str) -> Identifier | BatteryCode:
    """Return what `text` identifies; both kinds have a canonical `uri`. Raises `Problem`.

    The two never collide: the fourth and fifth characters of a battery code are letters, where a GS1 key has
    digits.
    """
    return gbt34014.parse(text) if gbt34014.is_battery_code(text) else identifiers.parse(text)
