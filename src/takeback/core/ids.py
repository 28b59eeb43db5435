"""Identifiers of our own rows: UUID version 7 (RFC 9562), which sort in the order of their making."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from threading import Lock
from uuid import UUID

_VERSION = 7 << 76
_VARIANT = 0b10 << 62
_lock = Lock()
_last = 0


def uuid7() -> UUID:
    """Return a new UUID: 48 bits of Unix milliseconds, 12 bits of their fraction, 62 random bits.

    Within one process each is greater than the one before, even if the clock stands still or steps back
    (RFC 9562, section 6.2, method 3). Python's own `uuid.uuid7` comes with 3.14.
    """
    stamp = _next_stamp((time.time_ns() << 12) // 1_000_000)
    return UUID(int=(stamp >> 12) << 80 | _VERSION | (stamp & 0xFFF) << 64 | _VARIANT | secrets.randbits(62))


def uuid7_time(identifier: UUID) -> datetime:
    """Return when a version 7 UUID was made, to the millisecond, in UTC."""
    if identifier.version != 7:
        raise ValueError(f"not a UUID of version 7: {identifier}")
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def _next_stamp(stamp: int) -> int:
    global _last  # noqa: PLW0603 -- the order within a process needs one memory
    with _lock:
        _last = max(stamp, _last + 1)
        return _last
