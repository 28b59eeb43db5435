"""How moments, spans and lists are said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from takeback.core.message import Message, msg


def clock(seconds: int) -> str:
    """Return seconds since the day's origin as hours and minutes, seconds where there are any; days not split off."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{rest:02d}" if rest else "")


def span(seconds: int) -> str:
    """Return a length of time: `45 s`, `20 min`, `3 h 20 min`, `3 h 20 min 5 s`."""
    hours, minutes, rest = seconds // 3_600, seconds % 3_600 // 60, seconds % 60
    parts = [f"{amount} {unit}" for amount, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if amount]
    return " ".join(parts) or "0 s"


def listed(messages: Sequence[Message]) -> Message:
    """Return the messages one after the other."""
    return reduce(lambda one, other: msg("{one}; {other}", one=one, other=other), messages)


def either(messages: Sequence[Message]) -> Message:
    """Return the messages as a choice."""
    return reduce(lambda one, other: msg("{one}; or {other}", one=one, other=other), messages)


def together(messages: Sequence[Message]) -> Message:
    """Return the messages as what is all needed."""
    return reduce(lambda one, other: msg("{one}; and {other}", one=one, other=other), messages)
